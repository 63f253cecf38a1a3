"""The page on which a visitor reads and prints what they told us."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest

from bot.channels.told import PURPOSE
from bot.clinic.interview import DONE, FOLLOW_UP
from bot.clinic.screened import Screening
from bot.clinic.screening import Disposition
from bot.tokens import Tokens
from tests.people import told_all
from tests.screening import healthy


@pytest.fixture
def screening(desk) -> Screening:
    return kept(desk)


def kept(desk, **changes: Any) -> Screening:
    known = {
        "answers": healthy(blood_thinner=["warfarin"], site="neck"),
        "disposition": Disposition.PRACTITIONER_REVIEW,
        "messages": ("review", "review_thinner"),
    }
    store = desk.live.store()
    one = told_all(store, **{**known, **changes})
    store.close()
    return one


def token_of(desk, screening_id: str, purpose: str = PURPOSE) -> str:
    secret = (desk.live.data_dir / "secret").read_text()
    return Tokens(secret, 30, purpose).issue(screening_id)


def page(desk, token: str) -> httpx.Response:
    return httpx.get(f"{desk.url}/{PURPOSE}/{token}", timeout=30)


def test_the_page_shows_the_answers_and_what_was_said(desk, screening):
    shown = page(desk, token_of(desk, screening.id))

    assert shown.status_code == httpx.codes.OK
    assert "Warfarin" in shown.text
    assert "Body map: Neck" in shown.text
    assert "keep taking your medicine" in shown.text
    assert "not a diagnosis" in shown.text


def test_nobody_keeps_or_finds_the_page(desk, screening):
    shown = page(desk, token_of(desk, screening.id))

    assert shown.headers["Cache-Control"] == "no-store"
    assert "noindex" in shown.headers["X-Robots-Tag"]
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert "script-src 'self'" in shown.headers["Content-Security-Policy"]
    assert "style=" not in shown.text


@pytest.mark.parametrize("token", ["x", "..%2Fx", "%00", "a" * 3000, "é.b.c"])
def test_a_link_that_is_not_ours_opens_nothing(desk, token):
    shown = page(desk, token)

    assert shown.status_code in (404, 414)
    assert "Warfarin" not in shown.text


def test_the_token_of_a_conversation_opens_no_answers(desk, screening):
    token = token_of(desk, screening.id, purpose="conversation")

    assert page(desk, token).status_code == httpx.codes.NOT_FOUND


def test_answers_that_are_gone_are_said_to_be_gone(desk):
    shown = page(desk, token_of(desk, str(uuid.uuid4())))

    assert shown.status_code == httpx.codes.NOT_FOUND
    assert "does not work any more" in shown.text


@pytest.mark.parametrize(
    ("since_visit", "said"), [("worse", "sorry to hear"), ("better", "I noted this")]
)
def test_after_a_visit_the_page_says_what_the_chat_said(desk, since_visit, said):
    one = kept(
        desk,
        answers=healthy(since_visit=since_visit),
        asked={FOLLOW_UP: DONE},
        disposition=Disposition.OK_TO_BOOK,
        messages=("ok_plain", "ok_end"),
    )

    shown = page(desk, token_of(desk, one.id)).text

    assert said in shown
    assert "stops you booking" not in shown
    assert "not a medical check" in shown
