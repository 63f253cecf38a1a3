"""Reads names, phone numbers and e-mail addresses as people type them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

LONGEST_NAME = 80
_LEAD_IN = re.compile(
    r"^(?:(?:hi|hello|hey|yes|sure|ok|okay)[,!. ]+)?"
    r"(?:(?:my|his|her|their|the|full|patient'?s?)\s+)*(?:name\s*(?:is|'s|:)|name's)\s+"
    r"(?:spel(?:led|t)\s+|written\s+)?"
    r"|^(?:(?:hi|hello|hey|yes|sure|ok|okay)[,!. ]+)?"
    # "im" only in small letters: Im is also a family name.
    r"(?:it\s+is|it'?s|i\s+am|i'm|(?-i:im)|this\s+is|call\s+me"
    r"|put\s+me\s+down\s+as)\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[,;]?\s+(?:please|thanks|thank you|here)$", re.IGNORECASE)
_MOST_WORDS = 5
_PLAIN_WORDS = 3
# Words of sentences, wishes, small talk and complaints. Some are names as well, so
# that a short capitalised name may hold them: "Mai Me", "No Hyun-ju".
_NO_NAMES = frozenset(
    """
    i i'm im i've me my mine myself you your it it's its this that these those the
    is am are was were be been has have had isn't don't dont can't cant won't
    not no nope nah never none nothing yes yeah yea yep yup ok okay sure fine maybe
    right wrong correct incorrect true false idk hmm
    hi hiya hello hey thanks thank cheers bye goodbye sorry please help
    wait stop quit exit skip cancel cancelled forget nevermind leave change changed
    move reschedule book booking booked appointment visit want wanna need mind idea
    know say tell guess why what what's when where which who whose how
    instead later again already actually just also with about now soon asap
    today tomorrow tonight morning afternoon evening noon next week weekend time times
    monday tuesday wednesday thursday friday saturday sunday
    dunno whatever whichever anything pls plz thx nvm lol
    name names number phone email address person human staff someone somebody nobody
    doctor nurse hospital ambulance emergency stroke pain painful hurt hurts hurting
    ache aches sore numb dizzy bleeding headache migraine back neck shoulder knee leg
    legs arm arms chest stomach breathe breathing pregnant sick unwell tired
    """.split()  # noqa: SIM905 - to be read as a page
)
_TOLD = re.compile(
    r"(?=\b(?:(?:name|it)(?:'?s|\s+is|\s+should\s+be|\s+to|\s*:)|call\s+me)\s+"
    r"(?:spel(?:led|t)\s+|written\s+)?(.+?)\s*(?:[,;!?]|\b(?:not|with|but|please|instead)\b|$))",
    re.IGNORECASE,
)
_SURNAME_FIRST = re.compile(
    r"\b(?:(?:name|it)(?:'?s|\s+is|\s*:)|call\s+me)\s+"
    r"([^,;!?]+,\s+(?-i:[A-Z])[^\s,;!?]*)\s*[.!]?$",
    re.IGNORECASE,
)
_ABOUT_NAME = re.compile(r"\b(?:sur)?names?\b", re.IGNORECASE)
_AMISS = re.compile(
    r"\b(?:wrong|incorrect|not|isn't|isnt|mis-?spel\w+|typo|mistake|change|correct)\b",
    re.IGNORECASE,
)
_PEOPLE = (
    r"wife|husband|partner|spouse|girlfriend|boyfriend|friend|mother|mum|mom|father|dad"
    r"|parents?|son|daughter|kids?|child|children|brother|sister|family|colleague"
)
_BRINGS = re.compile(
    rf"\b(?:my|our|a)\s+(?:\w+\s+)?(?:{_PEOPLE})\b.*"
    r"\b(?:too|as well|also|both|together|along|with me)\b"
    r"|\b(?:both|two) of us\b|\bfor (?:two|both)(?: people| please)*[.!?]*$"
    rf"|\b(?:me|I) and my (?:{_PEOPLE})\b|\bmy (?:{_PEOPLE}) and (?:me|I)\b",
    re.IGNORECASE,
)
_FOR_ANOTHER = re.compile(
    r"\b(?:for|book|bring|schedule|fit) (?:in )?(?:my|our) (?:\w+ )?"
    rf"(?:{_PEOPLE})\b(?!'s)|\b(?:my|our) (?:\w+ )?(?:{_PEOPLE}) (?:\w+ )?"
    r"(?:needs?|wants?|would like|could use|has to come)\b",
    re.IGNORECASE,
)
_NAME_MARKS = frozenset(" '-.,()")
_APOSTROPHES = str.maketrans("\u2019\u2018\u02bc\u00b4`\u2010\u2011", "'''''--")
_MAIL = re.compile(r"[^\s<>,;:()\"]+@[^\s<>,;:()\"]+")
_SPOKEN_AT = re.compile(r"\s+at\s+", re.IGNORECASE)
_SPOKEN_DOT = re.compile(r"\s+dot\s+", re.IGNORECASE)
_CONTACT_WORDS = re.compile(
    r"\b(?:and )?(?:(?:my|his|her|their|the) )?"
    r"(?:phone|mobile|cell|tel|number|e-?mail)(?: address)?"
    r"(?: number)?(?: is|:|'s)?(?=\s|$)",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"\s*(?:ext|extension|x)\.?\s*\d+\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Unreadable:
    """What was typed cannot be used.

    Args:
        reason: one short plain sentence for the person who typed it.
    """

    reason: str


@dataclass(frozen=True)
class Contact:
    """What one message says about who comes; "" where it does not say.

    Args:
        name: what is left of the message, not checked yet.
        phone: E.164.
    """

    name: str
    phone: str = ""
    email: str = ""


def read_contact(text: str, country: str) -> Contact:
    """Take a phone number and an e-mail address out of "Tom Ray, 780 555 0142"."""
    rest, phone, email = text, read_phone(text, country), read_email(text)
    if isinstance(email, str):
        rest = _MAIL.sub(" ", rest)
    if isinstance(phone, str):
        for found in phonenumbers.PhoneNumberMatcher(rest, country):
            rest = rest.replace(found.raw_string, " ")
    rest = _CONTACT_WORDS.sub(" ", rest)
    return Contact(
        name=" ".join(rest.split()).strip(" ,;/|"),
        phone=phone if isinstance(phone, str) else "",
        email=email if isinstance(email, str) else "",
    )


def read_name(text: str) -> str | Unreadable:
    """Return the name in a reply such as "it's Bob" or "O'Connor, Mary-Jane".

    One letter is a name; digits, addresses, questions, sentences and essays are not.
    """
    name = unicodedata.normalize("NFC", text).translate(_APOSTROPHES)
    if any(unicodedata.category(sign) == "Cc" for sign in name.strip()):
        return Unreadable("Please write the name on one line.")
    name = " ".join(_LEAD_IN.sub("", " ".join(name.split())).split())
    name = _TAIL.sub("", name).strip(' .,!?;:"')
    if not any(unicodedata.category(sign)[0] == "L" for sign in name):
        return Unreadable("Please type the name in letters.")
    if len(name) > LONGEST_NAME:
        return Unreadable(f"Please keep the name under {LONGEST_NAME} letters.")
    if any(sign.isdigit() for sign in name):
        return Unreadable("A name has no digits. Please type just the name.")
    if not all(_in_a_name(sign) for sign in name):
        return Unreadable("Please use letters, spaces, hyphens and apostrophes only.")
    asked = "?" in text and not _is_capitalised(name.split())
    if asked or _is_a_sentence(name.split()):
        return Unreadable("Please type just the name.")
    return name


def plainly_a_name(text: str) -> bool:
    """Tell whether a reply can hardly be anything but a name.

    Either it says so ("my name is yu"), or it is short and capitalised ("Yu",
    "No Hyun-ju").
    """
    name = read_name(text)
    if isinstance(name, Unreadable):
        return False
    return bool(_ABOUT_NAME.search(text)) or _is_capitalised(name.split())


def read_new_name(text: str) -> str | Unreadable | None:
    """Return the name that shall stand instead of the one that was read back.

    Returns:
        None where the text is not about the name; `Unreadable` where it only says
        that the name is wrong.
    """
    text = text.translate(_APOSTROPHES)
    about_name = bool(_ABOUT_NAME.search(text))
    for told in (*_SURNAME_FIRST.findall(text), *reversed(_TOLD.findall(text))):
        name = read_name(told)
        if isinstance(name, str) and (about_name or _is_capitalised(name.split())):
            return name
    if about_name and _AMISS.search(text):
        return Unreadable("Please type just the name.")
    return None


def brings_somebody(text: str) -> bool:
    """Tell whether a visit is wished for somebody else as well."""
    return bool(_BRINGS.search(text))


def for_another(text: str) -> bool:
    """Tell whether a visit is wished for somebody of whoever writes: "for my dad"."""
    return bool(_FOR_ANOTHER.search(text.translate(_APOSTROPHES)))


def read_phone(text: str, country: str) -> str | Unreadable:
    """Return the phone number in a reply, as E.164 such as `+17805550142`.

    Args:
        country: ISO code of the country whose numbers need no country code.
    """
    found = list(
        phonenumbers.PhoneNumberMatcher(
            _EXTENSION.sub("", text),
            country,
            leniency=phonenumbers.Leniency.POSSIBLE,
        )
    )
    numbers = {
        phonenumbers.format_number(one.number, phonenumbers.PhoneNumberFormat.E164)
        for one in found
        # With its country code written out, the right length is enough: lists of
        # valid ranges are never complete.
        if one.raw_string.startswith("+") or phonenumbers.is_valid_number(one.number)
    }
    if len(numbers) == 1:
        return numbers.pop()
    if len(numbers) > 1:
        return Unreadable("I see more than one number. Which one should we call?")
    digits = sum(sign.isdigit() for sign in text)
    if digits < 3:
        return Unreadable("I see no phone number there. Please type it in digits.")
    if digits <= 7:
        return Unreadable("That looks too short. Please add the area code.")
    return Unreadable(
        "I can't call that number. If it is from another country, "
        "please begin with + and the country code."
    )


def say_phone(phone: str) -> str:
    """Return an E.164 number as people write it: +1 780-555-0142.

    What is no such number, typed by staff perhaps, stays as it is.
    """
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    return phonenumbers.format_number(
        number, phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )


def read_email(text: str) -> str | Unreadable:
    """Return the e-mail address in a reply, e.g. "mail me at tom@example.net".

    Only its form is checked; no name server is asked.
    """
    if any(sign in text.strip() for sign in "\r\n\x00"):
        return Unreadable("Please write the e-mail address on one line.")
    candidates = _MAIL.findall(text) or _MAIL.findall(
        _SPOKEN_AT.sub("@", _SPOKEN_DOT.sub(".", text))
    )
    if not candidates:
        return Unreadable("I see no e-mail address there. It has an @ in it.")
    if len(candidates) > 1:
        return Unreadable("I see more than one address. Which one should we use?")
    try:
        checked = validate_email(
            candidates[0].rstrip(".!?"),
            check_deliverability=False,
            test_environment=True,
        )
    except EmailNotValidError:
        return Unreadable("That e-mail address is not complete. Please check it.")
    return checked.normalized


def _is_a_sentence(words: list[str]) -> bool:
    odd = [word for word in words if word.casefold().strip(".,()") in _NO_NAMES]
    if not odd or len(words) > _MOST_WORDS:
        return len(words) > _MOST_WORDS
    shouted = all(word.isupper() for word in words)
    return shouted or len(odd) == len(words) or not _is_capitalised(words)


def _is_capitalised(words: list[str]) -> bool:
    return len(words) <= _PLAIN_WORDS and all(
        word.lstrip("'(")[:1].isupper() for word in words
    )


def _in_a_name(sign: str) -> bool:
    return sign in _NAME_MARKS or unicodedata.category(sign)[0] in "LM"
