"""A crisis at the console: named staff read it, the others read that it is there."""

import uuid
from datetime import timedelta

import pytest

from bot.clinic.conversation import Said
from bot.clinic.restricted import HELD_BACK
from bot.clock import utc_now
from bot.desk.emergency import alarm
from bot.store.tables import audit
from tests.console import scene

WORDS = "i want to end my life tonight"


@pytest.fixture
def crisis(place):
    chat = scene.chat(
        place.store,
        utc_now() - timedelta(hours=1),
        ("visitor", "what do you charge?"),
        ("assistant", "A first visit is $125."),
        ("visitor", WORDS),
    )
    with place.store.unit() as unit:
        alarm(unit, chat, "CRISIS", "plan", utc_now())
        unit.commit()
    return chat


def about(place, chat, name):
    with place.store.engine.connect() as connection:
        rows = connection.execute(
            audit.select().where(
                audit.c.conversation_id == chat,
                audit.c.deed == "read",
                audit.c.name == name,
            )
        ).all()
    return [row.about for row in rows]


def test_the_front_desk_reads_that_it_is_there_and_not_the_words(place, sam, crisis):
    page = sam.get(f"/staff/conversations/{crisis}").text

    assert WORDS not in page
    assert HELD_BACK in page
    assert "what do you charge?" in page
    assert "practitioners and administrators" in page
    assert about(place, crisis, "Sam")[-1].endswith("crisis answers held back")


def test_who_may_read_it_does_and_it_is_written_down(place, priya, crisis):
    page = priya.get(f"/staff/conversations/{crisis}").text

    assert WORDS in page
    assert HELD_BACK not in page
    assert about(place, crisis, "Priya")[-1].endswith("crisis answers")


def test_a_search_for_its_words_tells_the_front_desk_nothing(sam, priya, crisis):
    assert crisis not in sam.get("/staff/search?text=end+my+life").text
    assert crisis not in sam.get("/staff/search?flag=CRISIS").text
    assert crisis in priya.get("/staff/search?text=end+my+life").text


def written(place, chat, author, text, name=None):
    with place.store.unit() as unit:
        if author == "visitor":
            unit.conversations.hear(chat, text, None, str(uuid.uuid4()), utc_now())
        else:
            unit.conversations.say(chat, Said(text, author, name=name), utc_now())
        unit.commit()


@pytest.mark.parametrize("form", ["", ".json"])
def test_a_transcript_leaves_its_words_out_for_the_front_desk(
    place, sam, priya, crisis, form
):
    path = f"/staff/conversations/{crisis}/transcript{form}"

    assert WORDS not in sam.get(path).text
    assert HELD_BACK in sam.get(path).text
    assert WORDS in priya.get(path).text


def test_what_is_told_to_a_person_afterwards_is_held_back_too(
    place, sam, priya, crisis
):
    priya.post(f"/staff/conversations/{crisis}/take")
    written(place, crisis, "visitor", "it has been dark since march")
    page = f"/staff/conversations/{crisis}"

    assert "dark since march" not in sam.get(page).text
    assert "dark since march" in priya.get(page).text


def test_who_holds_it_reads_what_is_said_to_them(place, sam, crisis):
    page = f"/staff/conversations/{crisis}"
    sam.post(f"{page}/take")
    written(place, crisis, "visitor", "it has been dark since march")

    shown = sam.get(page).text

    assert "dark since march" in shown
    assert WORDS not in shown


def test_its_missed_questions_are_not_listed_for_the_front_desk(
    place, sam, priya, crisis
):
    written(place, crisis, "visitor", "qwerty of the dark")
    with place.store.unit() as unit:
        seq = unit.conversations.get(crisis).last_seq
        unit.misses.add(crisis, seq, [])
        unit.commit()

    assert "qwerty of the dark" not in sam.get("/staff/misses").text
    assert "qwerty of the dark" in priya.get("/staff/misses").text
