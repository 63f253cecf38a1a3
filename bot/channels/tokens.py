"""Signed conversation tokens: the only way into a conversation."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.clinic.errors import NotAllowed

_SECONDS_A_DAY = 86_400


class Tokens:
    """Signs and reads tokens.

    Args:
        secret: the clinic's own; another secret makes every token worthless.
        days: how long a token is taken.
    """

    def __init__(self, secret: str, days: int) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="conversation")
        self._seconds = days * _SECONDS_A_DAY

    def issue(self, conversation_id: str) -> str:
        """Sign a conversation's id."""
        return str(self._signer.dumps(conversation_id))

    def read(self, token: str) -> str:
        """Return the conversation's id.

        Raises:
            NotAllowed: the token is forged, damaged or too old.
        """
        try:
            return str(self._signer.loads(token, max_age=self._seconds))
        # A header may hold bytes that are no text at all.
        except (BadSignature, UnicodeError):
            raise NotAllowed("This conversation's key is not valid any more.") from None
