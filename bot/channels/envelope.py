"""Puts a worded mail into the form that mail programs read, with its calendar file."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from email_validator import validate_email

from bot.clinic.letters import Mail
from bot.desk.letter_words import Stationery
from bot.ics import method_of, visit_file


def envelope(
    mail: Mail, paper: Stationery, address: str, now: datetime
) -> EmailMessage:
    """Put a mail into its final form.

    Args:
        address: who it comes from; answers go to the clinic's own address.

    Raises:
        ValueError: no mail can go to this address; a line break in it, which would
            smuggle in header lines, is one such case.
    """
    to = validate_email(mail.to, check_deliverability=False, test_environment=True)
    reader, clinic = to.ascii_email or to.normalized, paper.clinic
    message = EmailMessage(policy=SMTP if reader.isascii() else SMTPUTF8)
    message["From"] = Address(display_name=clinic.name, addr_spec=address)
    message["To"] = Address(addr_spec=reader)
    if clinic.email != address:
        message["Reply-To"] = Address(addr_spec=clinic.email)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail.id}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
    if mail.stop_link.startswith("https:"):
        # RFC 8058: the mail program's own button; our page takes the same POST.
        message["List-Unsubscribe"] = f"<{mail.stop_link}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    if mail.visits:
        file = visit_file(paper, mail.visits, now)
        message.add_attachment(
            file.decode(),
            subtype="calendar",
            filename="visit.ics" if len(mail.visits) == 1 else "visits.ics",
            params={"method": method_of(mail.visits)},
        )
    if mail.file is not None:
        maintype, _, subtype = mail.file.kind.partition("/")
        message.add_attachment(
            mail.file.content,
            maintype=maintype,
            subtype=subtype,
            filename=mail.file.name,
        )
    return message
