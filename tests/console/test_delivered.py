"""Staff see how far messages on Telegram and letters by e-mail got."""

from dataclasses import replace

import pytest

from bot.clinic.booking import Patient
from bot.clinic.conversation import Said
from bot.clinic.delivery import Address
from bot.clinic.wish import Wish
from bot.clock import utc_now
from bot.desk.by_hand import book_by_hand
from bot.desk.openings import offer
from bot.links import links
from bot.settings import load
from tests.console import scene
from tests.people import RECEPTIONIST


@pytest.fixture
def chat(place):
    return scene.chat(
        place.store,
        utc_now(),
        ("visitor", "Does it hurt?"),
        ("assistant", "A needle is thin."),
        ("assistant", "You can ask more."),
    )


def on_telegram(place, chat, **state):
    with place.store.unit() as unit:
        unit.addresses.add(Address("telegram", f"chat-of-{chat}", chat))
        address = unit.addresses.get("telegram", f"chat-of-{chat}")
        unit.addresses.replace(replace(address, **state))
        unit.commit()


def page_of(person, chat):
    return person.get(f"/staff/conversations/{chat}").text


def test_on_the_clinics_page_alone_nothing_is_delivered_elsewhere(place, priya, chat):
    assert "Telegram:" not in page_of(priya, chat)


@pytest.mark.parametrize(
    ("state", "said", "times"),
    [
        ({"delivered_seq": 4}, "Telegram: sent", 1),
        ({"delivered_seq": 2}, "Telegram: waits to be sent", 1),
        ({"delivered_seq": 3, "apart": {"4": "refused"}}, "Telegram: not taken", 1),
        (
            {"state": "blocked"},
            "Telegram: not sent, the visitor wants nothing more there",
            1,
        ),
    ],
)
def test_each_message_says_how_far_it_got(place, priya, chat, state, said, times):
    on_telegram(place, chat, **state)
    with place.store.unit() as unit:
        unit.conversations.say(chat, Said("Hello", "staff", RECEPTIONIST), utc_now())
        unit.commit()

    assert page_of(priya, chat).count(said) == times


def test_the_wording_that_was_shown_is_named(place, priya, chat):
    assert "Answer needle_pain@2026-11-01" in page_of(priya, chat)


def test_letters_about_a_visit_are_listed(place, priya, chat):
    now, clinic = utc_now(), place.shelf.clinic
    wish = Wish(treatment_id="first_acupuncture", practitioner_id="tomasz_wren")
    with place.store.unit() as unit:
        (opening,) = offer(unit, clinic, wish, now, count=1)
        book_by_hand(
            unit,
            clinic,
            links(load()),
            chat,
            opening,
            Patient("Ada Brook", "+17805550391", "ada@example.org"),
            RECEPTIONIST,
            now,
        )
    with place.store.unit() as unit:
        letter = next(
            one for one in unit.letters.of_conversation(chat) if one.way == "mail"
        )
        unit.letters.end(letter.id, "failed", "smtp 550", now)
        unit.commit()

    page = page_of(priya, chat)

    assert "Confirmation by e-mail: <strong>failed</strong>" in page
    assert "(smtp 550)" in page
    assert "ada@example.org" in page
