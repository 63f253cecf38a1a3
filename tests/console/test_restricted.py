"""A crisis at the console: named staff read it, the others read that it is there."""

import pytest

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
        utc_now(),
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
