"""Signed tokens: the only way into a conversation, and behind every link we send."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.clinic.errors import NotAllowed

_SECONDS_A_DAY = 86_400


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
