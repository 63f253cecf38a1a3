"""The chat without JavaScript: every form, and what a stranger may not do."""

import re
import uuid
from contextlib import contextmanager

import httpx
import pytest
from sanic.request import RequestParameters

from bot.channels.plain import sent
from bot.channels.plain_page import PlainPage, open_question
from bot.clinic.conversation import Message
from bot.content import profile
from bot.settings import ROOT
from tests.conftest import NOW


@pytest.fixture
def visitor(desk):
    desk.rasa.away = False
    with httpx.Client(base_url=desk.url, follow_redirects=True, timeout=30) as client:
        yield client


def texts(answer):
    return re.findall(r'<p class="text">(.*?)</p>', answer.text, re.S)


def message(seq, author="assistant", **extras):
    return Message(seq, author, None, f"text {seq}", extras, None, NOW)


def test_looking_begins_no_conversation(visitor):
    answer = visitor.get("/plain")

    assert answer.status_code == 200
    assert "automated assistant" in texts(answer)[0]
    assert visitor.cookies == {}
    assert "script" not in answer.text


def test_written_message_comes_back_with_its_answer(visitor):
    answer = visitor.post("/plain", data={"text": "hello"})

    assert answer.history[0].status_code == 303
    assert texts(answer)[1:] == ["hello", "« hello"]
    assert 'name="choice"' in answer.text


def test_button_is_a_choice_and_dead_afterwards(visitor):
    page = visitor.post("/plain", data={"text": "hello"}).text
    (button,) = re.findall(r'name="choice" value="([^"]+)"', page)

    answer = visitor.post("/plain", data={"choice": button})

    assert texts(answer)[3:] == ["Yes", "« /yes"]
    assert len(re.findall('name="choice"', answer.text)) == 1


def test_button_of_a_page_gone_back_to_is_no_answer_to_the_newest(visitor, desk):
    page = visitor.post("/plain", data={"text": "hello"}).text
    (button,) = re.findall(r'name="choice" value="([^"]+)"', page)
    visitor.post("/plain", data={"text": "no, friday"})

    visitor.post("/plain", data={"choice": button})

    assert desk.rasa.heard[-1] == "/yes"
    assert desk.rasa.seen["/yes"] is False


def test_form_sent_twice_is_one_message(visitor):
    form = {"text": "once", "form_id": str(uuid.uuid4())}
    visitor.post("/plain", data=form)

    answer = visitor.post("/plain", data=form)

    assert texts(answer).count("once") == 1


def test_old_page_may_still_send_something_else(visitor):
    form_id = str(uuid.uuid4())
    visitor.post("/plain", data={"text": "one", "form_id": form_id})

    answer = visitor.post("/plain", data={"text": "two", "form_id": form_id})

    assert texts(answer)[1:] == ["one", "« one", "two", "« two"]


def test_emergency_shows_the_number_first(visitor):
    answer = visitor.post("/plain", data={"text": "I have chest pain, cannot breathe"})

    assert 'class="assistant emergency-note"' in answer.text
    assert answer.text.index('href="tel:911">Call 911') < answer.text.index(
        "Please call 911 now"
    )


def test_looking_without_end_is_told_to_wait(visitor):
    answer = visitor.post("/plain", data={"text": "hello"})
    while answer.status_code == 200:
        answer = visitor.get("/plain")

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert "Please wait a moment" in answer.text


def test_what_is_typed_is_shown_as_text(visitor):
    answer = visitor.post("/plain", data={"text": "<script>x</script> &amp;"})

    assert texts(answer)[1] == "&lt;script&gt;x&lt;/script&gt; &amp;amp;"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"text": " "}, 422),
        ({}, 422),
        ({"text": "x" * 4001}, 413),
        ({"choice": "unknown"}, 422),
        ({"checklist": "1"}, 422),
        ({"text": "a", "choice": "b"}, 422),
    ],
)
def test_what_cannot_be_sent_says_why_and_keeps_the_words(visitor, form, status):
    visitor.post("/plain", data={"text": "hello"})

    answer = visitor.post("/plain", data=form)

    assert answer.status_code == status
    assert "<strong>Not sent.</strong>" in answer.text
    assert f">{form.get('text', '')}</textarea>" in answer.text
    assert texts(answer)[1:] == ["hello", "« hello"]


@contextmanager
def failing(record):
    """Take the desk's record away for a moment."""
    with record.engine.begin() as wire:
        wire.exec_driver_sql("ALTER TABLE conversations RENAME TO away")
    try:
        yield
    finally:
        with record.engine.begin() as wire:
            wire.exec_driver_sql("ALTER TABLE away RENAME TO conversations")


def hidden(answer):
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text))


def test_desk_that_fails_says_so_on_a_page_with_the_number(visitor, record):
    visitor.post("/plain", data={"text": "hello"})
    with failing(record):
        answer = visitor.get("/plain")

    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert "Something went wrong" in answer.text
    assert 'href="tel:' in answer.text.partition("<main>")[2]


def test_words_are_kept_while_the_desk_fails_and_heard_once(visitor, record):
    visitor.post("/plain", data={"text": "hello"})
    form = {"text": "my <back>", "form_id": str(uuid.uuid4())}
    with failing(record):
        answer = visitor.post("/plain", data=form)

    assert ">my &lt;back&gt;</textarea>" in answer.text
    again = {**hidden(answer), "text": "my <back>"}
    visitor.post("/plain", data=again)
    seen = texts(visitor.post("/plain", data=again))
    assert again == form
    assert [text for text in seen if text == "my &lt;back&gt;"] == ["my &lt;back&gt;"]


def test_press_is_kept_while_the_desk_fails(visitor, record):
    page = visitor.post("/plain", data={"text": "hello"}).text
    (button,) = re.findall(r'name="choice" value="([^"]+)"', page)
    with failing(record):
        answer = visitor.post("/plain", data={"choice": button})

    assert texts(visitor.post("/plain", data=hidden(answer)))[3:] == ["Yes", "« /yes"]


def test_deleted_chat_is_gone_and_the_key_too(visitor):
    visitor.post("/plain", data={"text": "a secret"})

    answer = visitor.post("/plain/forget")

    assert "Your chat is deleted." in answer.text
    assert "a secret" not in answer.text
    assert len(texts(visitor.get("/plain"))) == 1


def test_emergency_stays_until_it_is_over(visitor):
    visitor.post("/plain", data={"text": "I have chest pain, cannot breathe"})

    answer = visitor.post("/plain/forget")

    assert answer.status_code == 409
    assert "chest pain" in answer.text


def test_key_is_for_this_page_only(visitor):
    visitor.post("/plain", data={"text": "hello"})
    answer = visitor.post("/plain", data={"text": "hello"}).history[0]
    kept = answer.headers["set-cookie"].lower()

    for part in ("path=/plain", "httponly", "samesite=lax"):
        assert part in kept
    assert "secure" not in kept  # http on this machine


def test_key_stays_on_https_behind_a_proxy(visitor):
    proxied = {"X-Forwarded-Proto": "https"}
    answer = visitor.post("/plain", data={"text": "a"}, headers=proxied).history[0]

    assert "secure" in answer.headers["set-cookie"].lower()


def test_forged_key_opens_nothing(visitor):
    visitor.cookies.set("meridian_plain", "forged")

    assert len(texts(visitor.get("/plain"))) == 1


def test_form_of_another_site_is_refused(visitor):
    visitor.post("/plain", data={"text": "hello"})

    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = visitor.post("/plain", data={"text": "not me"}, headers=headers)

    assert answer.status_code == 403
    assert "not me" not in answer.text
    assert "not me" not in visitor.get("/plain").text


def test_page_may_not_be_framed_or_kept(visitor):
    answer = visitor.get("/plain")

    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_scales_are_one_line_of_text():
    form = RequestParameters(
        {"line1": ["4"], "line3": ["3"], "line2": ["10"], "form_id": ["x"]}
    )

    assert sent(form)["text"] == "4, 10, 3"


def test_ticked_boxes_are_choices():
    form = RequestParameters({"checklist": ["1"], "choices": ["a", "b"]})

    assert sent(form)["choices"] == ["a", "b"]


@pytest.mark.parametrize(
    ("said", "answerable"),
    [
        ([], None),
        ([message(1, buttons=[{}])], 1),
        ([message(1, buttons=[{}]), message(2)], 1),
        ([message(1, buttons=[{}]), message(2, "visitor")], None),
        ([message(1, buttons=[{}]), message(2, "staff")], None),
        ([message(1, buttons=[{}]), message(2, urgent=True)], None),
        ([message(1, buttons=[{}]), message(2, checklist={"options": []})], 2),
    ],
)
def test_only_the_newest_question_can_be_answered(said, answerable):
    assert open_question(said) == answerable


def test_every_part_of_a_message_is_shown():
    page = PlainPage(profile.load(ROOT / "data" / "clinics" / "edmonton"))
    card = {
        "kind": "appointment",
        "title": "Booked",
        "rows": [["When", "Friday"]],
        "links": [
            {"label": "Map", "href": "https://map.example"},
            {"label": "Bad", "href": "javascript:alert(1)"},
        ],
        "calendar_url": "/visits/1.ics",
    }
    lines = ["How strong?", "How often?"]
    said = [
        message(1, card=card, sources=[{"title": "A review", "year": 2019}],
                reviewed_on="2026-10-02"),
        message(2, more={"label": "Why", "text": "Because"}, progress=[2, 9]),
        Message(3, "staff", "Priya", "Hello", {}, None, NOW),
        Message(4, "assistant", None, "Two numbers.\n" + "\n".join(lines),
                {"hint": {"kind": "scale", "lines": lines}}, None, NOW),
    ]  # fmt: skip
    shown = page.show(said).body.decode()

    for part in (
        "Booked", "Friday", 'href="/visits/1.ics"', "https://map.example", "A review",
        "(2019)", "2026-10-02", "Because", "2 of 9", "Priya, clinic staff",
    ):  # fmt: skip
        assert part in shown
    assert "javascript:" not in shown
    assert shown.count('type="radio"') == 22
    assert '<p class="text">Two numbers.</p>' in shown
