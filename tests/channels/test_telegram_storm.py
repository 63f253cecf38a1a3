"""A bad line: 429, 502, closed connections, slowness, repeats, a wrong order."""

import concurrent.futures
import contextlib
import copy
import time

import httpx
import pytest

from bot.clock import utc_now
from tests.channels import storm as storms
from tests.channels.conftest import Desk, telegram_desk
from tests.channels.fake_telegram import Trouble, message
from tests.live import free_port

SECOND = 0.05
BAD = Trouble(too_many=0.05, bad_gateway=0.05, closed=0.05, slow=0.1, again=0.3)


def test_polling_loses_nothing_and_repeats_nothing(tmp_path):
    with telegram_desk(tmp_path, SECOND) as (_, telegram):
        telegram.trouble = BAD
        storm, bodies = storms.make(telegram, chats=12, updates=96)
        telegram.push_all(bodies)
        storms.until_answered(telegram, storm, 120)

        assert storms.faults(telegram, storm, SECOND) == []
        seen = {call.outcome for call in telegram.sends()}
        assert seen >= {"429", "502", "closed", "slow"}


def test_a_restart_in_the_middle_loses_nothing(tmp_path):
    with telegram_desk(tmp_path, SECOND) as (desk, telegram):
        storm, bodies = storms.make(telegram, chats=8, updates=64)
        telegram.push_all(bodies)
        telegram.wait_for(lambda: storms.answered(telegram, storm) > 9)
        desk.live.kill("desk")
        desk.live.start("desk")
        storms.until_answered(telegram, storm, 120)

        # What was on the way when the desk died may come again, once a chat.
        for chat, texts in storm.said.items():
            got = [one[2:] for one in telegram.texts(chat) if one.startswith("« m")]
            assert list(dict.fromkeys(got)) == texts
            assert len(got) <= len(texts) + 1


@pytest.mark.parametrize("then", ["and on", "I have crushing chest pain"])
def test_it_waits_as_long_as_telegram_asks(tmp_path, then):
    chat = 600_002
    with telegram_desk(tmp_path, SECOND) as (_, telegram):
        telegram.trouble = Trouble(too_many=1.0, retry_after=3)
        telegram.says(chat, "hello")
        refused = telegram.wait_for(telegram.sends)[0]
        telegram.trouble = Trouble()
        telegram.says(chat, then)
        telegram.wait_for(lambda: telegram.texts(chat))

        first = telegram.sends()[1]
        assert (refused.outcome, first.method) == ("429", "sendMessage")
        assert 3.0 <= first.at - refused.at < 6.0


def test_after_a_quiet_week_it_listens_and_rests(tmp_path):
    with telegram_desk(tmp_path, SECOND) as (_, telegram):
        telegram.says(600_001, "before")
        telegram.wait_text(600_001, "« before")
        telegram.begin_anew(7)
        for text in ("one", "two"):
            telegram.says(600_001, text)
            telegram.wait_text(600_001, f"« {text}")
        polls = telegram.polls
        time.sleep(1.5)

        assert telegram.polls - polls <= 2
        assert telegram.texts(600_001)[1:] == ["« before", "« one", "« two"]


WEBHOOK = {"MERIDIAN_TELEGRAM_WEBHOOK_URL": "https://clinic.example.org/telegram"}


def test_after_a_quiet_week_webhooks_keep_their_order(tmp_path):
    chat, texts = 600_003, ("before", "one", "two")
    with telegram_desk(tmp_path, SECOND, **WEBHOOK) as (desk, telegram):
        telegram.wait_for(lambda: telegram.webhook)
        for number, text in ((800_000_000, 0), (8, 2), (7, 1)):
            body = {"update_id": number, **message(chat, text=texts[text])}
            assert bring(desk, telegram, body).status_code == 200
            if text == 0:
                telegram.wait_text(chat, "« before")
        telegram.wait_text(chat, "« two")

        assert telegram.texts(chat)[1:] == ["« before", "« one", "« two"]


@pytest.fixture(scope="module")
def by_webhook(tmp_path_factory):
    with telegram_desk(
        tmp_path_factory.mktemp("webhook"),
        SECOND,
        **WEBHOOK,
    ) as running:
        running[1].wait_for(lambda: running[1].webhook)
        yield running


def bring(desk, telegram, body, **headers):
    headers = headers or {
        "X-Telegram-Bot-Api-Secret-Token": telegram.webhook["secret_token"]
    }
    return httpx.post(f"{desk.url}/telegram", json=body, headers=headers, timeout=30)


def test_webhooks_at_once_in_any_order_are_each_handled_once(by_webhook):
    desk, telegram = by_webhook
    telegram.trouble = BAD
    storm, bodies = storms.make(telegram, chats=12, updates=96)
    with concurrent.futures.ThreadPoolExecutor(8) as connections:
        answers = list(
            connections.map(lambda body: bring(desk, telegram, body), bodies)
        )
    storms.until_answered(telegram, storm, 120)
    telegram.trouble = Trouble()

    assert {answer.status_code for answer in answers} == {200}
    assert storms.faults(telegram, storm, SECOND) == []
    assert telegram.polls == 0


def test_telegram_is_told_the_secret_and_what_is_wanted(by_webhook):
    _, telegram = by_webhook

    assert telegram.webhook["url"] == "https://clinic.example.org/telegram"
    assert len(telegram.webhook["secret_token"]) == 64
    assert "callback_query" in telegram.webhook["allowed_updates"]


@pytest.mark.parametrize("secret", [None, "", "wrong", "é"])
def test_without_the_secret_nothing_is_done(by_webhook, secret):
    desk, telegram = by_webhook
    number = telegram.number()
    body = {"update_id": number, **message(880_001, text="hello")}
    shown = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    answer = httpx.post(
        f"{desk.url}/telegram",
        json=body,
        headers={name: value.encode() for name, value in shown.items()},
    )
    store = desk.live.store()
    with store.reading() as unit:
        newest = unit.updates.newest("telegram")
    store.close()

    assert answer.status_code == 403
    assert newest is None or newest < number
    assert telegram.texts(880_001) == []


def test_ten_megabytes_are_refused_at_the_door(by_webhook):
    desk, telegram = by_webhook
    big = {"update_id": telegram.number(), **message(1, text="x" * 10_000_000)}
    try:
        answer = bring(desk, telegram, big)
    except httpx.WriteError:
        return  # the door was shut while it was still being said

    assert answer.status_code == 413


@pytest.mark.parametrize(
    "body", [[], "x", None, {}, {"update_id": "7"}, {"update_id": -1}]
)
def test_what_makes_no_sense_is_not_repeated_for_ever(by_webhook, body):
    desk, telegram = by_webhook

    assert bring(desk, telegram, body).status_code == 200


def test_a_full_text_of_pictures_is_let_in(by_webhook):
    desk, telegram = by_webhook
    text = "\U0001f642" * 2048
    said = {"update_id": telegram.number(), **message(880_002, text=text)}

    assert bring(desk, telegram, said).status_code == 200
    telegram.wait_text(880_002, text[:100])


@contextlib.contextmanager
def second_desk(desk):
    """Run another desk over the same record, as behind a proxy."""
    other = copy.copy(desk.live)
    other.ports = {**desk.live.ports, "desk": free_port()}
    other.url = f"http://127.0.0.1:{other.ports['desk']}"
    other._environment = {
        **desk.live._environment,
        "MERIDIAN_PORT": str(other.ports["desk"]),
    }
    other._processes = {}
    other.start("desk")
    try:
        other.wait_until_alive()
        yield Desk(other, desk.rasa)
    finally:
        other.stop()


def test_the_same_updates_at_two_receivers_are_heard_once(by_webhook):
    desk, telegram = by_webhook
    storm, bodies = storms.make(telegram, chats=4, updates=24, seed=3, first=510_000)
    with second_desk(desk) as other, concurrent.futures.ThreadPoolExecutor(8) as many:
        both = [(one, body) for body in bodies for one in (desk, other)]
        list(many.map(lambda at: bring(at[0], telegram, at[1]), both))
        storms.until_answered(telegram, storm, 120)

    # Each desk keeps Telegram's limits for itself; what is said is said once.
    faults = storms.faults(telegram, storm, SECOND)
    assert [fault for fault in faults if "lost" in fault] == []


ALARM = "I have crushing chest pain"


def burst(chat, count):
    """Return what somebody types at once, with an alarm as the last but one."""
    texts = [*(f"m{number:05d}" for number in range(count)), ALARM, "and so on"]
    return texts, [message(chat, text=text) for text in texts]


def push_burst(telegram, bodies):
    telegram.push_all([{"update_id": telegram.number(), **body} for body in bodies])


def heard(desk, chat):
    store = desk.live.store()
    with store.reading() as unit:
        of = unit.addresses.get("telegram", str(chat)).conversation_id
        rows = unit.conversations.after(of, 0)
        handoff = unit.handoffs.open_of(of)
    store.close()
    typed = [row.text for row in rows if row.author == "visitor"]
    return typed, [row.text for row in rows if row.extras.get("urgent")], handoff


def test_an_alarm_behind_a_burst_is_answered_before_it_and_once(tmp_path):
    chat = 600_010
    with telegram_desk(tmp_path, second=1.0) as (desk, telegram):
        texts, bodies = burst(chat, 150)
        push_burst(telegram, bodies)
        telegram.wait_text(chat, "Chest pain or", seconds=15)
        before, (typed, _, handoff) = telegram.texts(chat), heard(desk, chat)
        assert ALARM not in typed
        assert handoff.priority == "stat"
        telegram.wait_for(lambda: heard(desk, chat)[0][-1:] == texts[-1:], 60)
        telegram.wait_text(chat, "« m00000")

        # Telegram takes one message a second: what was on the way may come first.
        assert len([text for text in before if text.startswith("«")]) <= 4
        typed, advice, _ = heard(desk, chat)
        assert typed == texts
        assert len(advice) == 1


def test_an_alarm_that_a_dead_desk_left_is_answered_first_and_once(tmp_path):
    chat = 600_011
    with telegram_desk(tmp_path, second=1.0) as (desk, telegram):
        texts, bodies = burst(chat, 150)
        telegram.wait_for(lambda: telegram.commands)
        desk.live.kill("desk")
        stored = [{"update_id": telegram.number(), **body} for body in bodies]
        store = desk.live.store()
        with store.unit() as unit:
            for body in stored:
                number = body["update_id"]
                unit.updates.add("telegram", number, str(chat), body, utc_now())
            unit.commit()
        store.close()
        telegram.push_all(stored)  # not acknowledged, so they come once more
        desk.live.start("desk")
        telegram.wait_text(chat, "Chest pain or", seconds=30)
        desk.live.kill("desk")
        assert ALARM not in heard(desk, chat)[0]
        desk.live.start("desk")
        telegram.wait_for(lambda: heard(desk, chat)[0][-1:] == texts[-1:], 60)

        typed, advice, _ = heard(desk, chat)
        assert typed == texts
        assert len(advice) == 1
