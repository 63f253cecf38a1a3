import pytest
import time_machine

from bot.clinic.errors import NotAllowed
from bot.tokens import Tokens


def test_a_token_leads_back_to_its_conversation():
    tokens = Tokens("secret", days=1)

    assert tokens.read(tokens.issue("c-1")) == "c-1"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é" * 40, "." * 500])
def test_nonsense_is_refused(token):
    with pytest.raises(NotAllowed):
        Tokens("secret", days=1).read(token)


def test_another_secret_is_refused():
    token = Tokens("theirs", days=1).issue("c-1")

    with pytest.raises(NotAllowed):
        Tokens("ours", days=1).read(token)


def test_a_tampered_token_is_refused():
    tokens = Tokens("secret", days=1)
    token = tokens.issue("c-1")

    with pytest.raises(NotAllowed):
        tokens.read(("A" if token[0] != "A" else "B") + token[1:])


def test_an_old_token_is_refused():
    tokens = Tokens("secret", days=1)
    with time_machine.travel("2026-11-01T00:00:00Z", tick=False):
        token = tokens.issue("c-1")

    with (
        time_machine.travel("2026-11-02T00:00:02Z", tick=False),
        pytest.raises(NotAllowed),
    ):
        tokens.read(token)


def test_a_token_for_another_purpose_is_refused():
    token = Tokens("secret", days=1, purpose="visit").issue("c-1")

    with pytest.raises(NotAllowed):
        Tokens("secret", days=1).read(token)
