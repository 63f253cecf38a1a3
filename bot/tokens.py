"""Signed tokens: the only way into a conversation, and behind every link we send."""

from __future__ import annotations

import uuid

from itsdangerous import BadSignature, Signer, URLSafeTimedSerializer

from bot.clinic.errors import NotAllowed

_SECONDS_A_DAY = 86_400
_HEX = 32  # characters of a UUID


class Tokens:
    """Signs and reads tokens.

    Args:
        secret: the clinic's own; another secret makes every token worthless.
        days: how long a token is taken.
        purpose: what the token opens; one made for another purpose is refused.
    """

    def __init__(self, secret: str, days: int, purpose: str = "conversation") -> None:
        self._signer = URLSafeTimedSerializer(secret, salt=purpose)
        self._seconds = days * _SECONDS_A_DAY

    def issue(self, opened: str) -> str:
        """Sign the id of what the token opens."""
        return str(self._signer.dumps(opened))

    def read(self, token: str) -> str:
        """Return the id of what the token opens.

        Raises:
            NotAllowed: the token is forged, damaged or too old.
        """
        try:
            return str(self._signer.loads(token, max_age=self._seconds))
        # A header may hold bytes that are no text at all.
        except (BadSignature, UnicodeError):
            raise NotAllowed("This key is not valid any more.") from None


class Seal:
    """Signs an id so briefly that Telegram takes it along in a link (64 characters).

    It does not expire by itself: what it opens has to know how old it may be.

    Args:
        purpose: what the id opens; one sealed for another purpose is refused.
    """

    def __init__(self, secret: str, purpose: str) -> None:
        self._signer = Signer(secret, salt=purpose)

    def issue(self, opened: uuid.UUID) -> str:
        """Seal the id of what the link opens, in 59 letters, digits, "_" and "-"."""
        return opened.hex + self._signer.get_signature(opened.hex).decode()

    def read(self, sealed: str) -> uuid.UUID:
        """Return the id of what the link opens.

        Raises:
            NotAllowed: it is forged or damaged, or no seal at all.
        """
        opened, signature = sealed[:_HEX], sealed[_HEX:]
        if not sealed.isascii() or not self._signer.verify_signature(opened, signature):
            raise NotAllowed("This link is not valid.")
        return uuid.UUID(opened)
