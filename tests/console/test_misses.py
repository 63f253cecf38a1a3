"""The page of missed questions, and what staff do with them."""

import uuid
from dataclasses import replace

import httpx
import pytest

from bot import learning
from bot.clock import utc_now
from bot.content.learned import read_learned
from bot.learning import Progress
from bot.settings import load
from bot.store.tables import audit
from tests.people import COLLEAGUE, RECEPTIONIST, begin_conversation


@pytest.fixture
def learned(place):
    return place.live.data_dir / "learned"


def missed(place, text, ranking=(("faq/cost", 0.4), ("book_appointment", 0.2))):
    chat = begin_conversation(place.store, utc_now())
    with place.store.unit() as unit:
        seq = unit.conversations.hear(chat, text, None, str(uuid.uuid4()), utc_now())
        unit.conversations.set_state(chat, seq, "done")
        unit.misses.add(chat, seq, ranking)
        unit.commit()
    return f"{chat}:{seq}"


def waits(place, key):
    chat, _, seq = key.partition(":")
    with place.store.reading() as unit:
        return unit.misses.get(chat, int(seq)) is not None


def deeds(place, key):
    with place.store.engine.connect() as connection:
        rows = connection.execute(
            audit.select().where(audit.c.conversation_id == key.partition(":")[0])
        ).all()
    return [(row.name, row.deed, row.about) for row in rows]


def teach(person, key, text, label="faq/cost", clean="1"):
    return person.post(
        "/staff/misses/teach", miss=key, text=text, label=label, clean=clean
    )


def test_a_miss_is_shown_with_its_guesses_and_what_came_next(place, priya):
    key = missed(place, "wots the <b>damage")
    chat = key.partition(":")[0]
    with place.store.unit() as unit:
        unit.conversations.hear(chat, "price?", None, str(uuid.uuid4()), utc_now())
        unit.commit()

    page = priya.get("/staff/misses").text

    assert "wots the &lt;b&gt;damage" in page
    assert "What does it cost? 40%, Book a visit 20%" in page
    assert "Then wrote <q>price?</q>" in page
    assert deeds(place, key) == [(RECEPTIONIST, "read miss", "message 1")]


def test_a_file_that_was_broken_by_hand_is_named(place, priya, learned):
    learned.mkdir(exist_ok=True)
    broken = learned / "broken.yml"
    broken.write_text("nlu: [")

    page = priya.get("/staff/misses")
    broken.unlink()

    assert page.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "broken.yml" in page.text


def test_an_example_is_kept_as_it_was_edited_and_written_down(place, priya, learned):
    key = missed(place, "im Bo Lund, wots the damage at 44 Elm St")
    form = priya.get(f"/staff/misses/one?conversation={key.replace(':', '&seq=')}").text

    answer = teach(priya, key, "wots the damage then")

    assert "im Bo Lund" in form
    assert '<option value="faq/cost" selected>' in form
    assert answer.status_code == httpx.codes.SEE_OTHER
    kept = [one for one in read_learned(learned) if one.text == "wots the damage then"]
    assert [(one.label, one.by) for one in kept] == [("faq/cost", RECEPTIONIST)]
    assert "Bo Lund" not in (learned / "faq_cost.yml").read_text()
    assert not waits(place, key)
    assert (RECEPTIONIST, "teach", "message 1 as faq/cost") in deeds(place, key)


@pytest.mark.parametrize(
    ("text", "label", "clean", "reason"),
    [
        ("", "faq/cost", "1", "a word or two"),
        ("pay [50](price)", "faq/cost", "1", "leave out the sign ["),
        ("call 780 555 0142", "faq/cost", "1", "telephone numbers"),
        ("x" * 300, "faq/cost", "1", "200 characters"),
        ("how much does it cost", "faq/cost", "1", "knows this already"),
        ("How much does it cost?!", "greet", "1", "choose what it is"),
        ("my chest is tight and I can't breathe", "faq/cost", "1", "an emergency"),
        ("plonk the narg", "report_emergency", "1", "choose what it is"),
        ("plonk the narg", "faq/nothing", "1", "choose what it is"),
        ("plonk the narg", "faq/cost", "", "confirm that nothing"),
    ],
)
def test_what_will_not_do_comes_back_with_its_text(
    place, priya, learned, text, label, clean, reason
):
    key = missed(place, "plonk")
    before = read_learned(learned)

    answer = teach(priya, key, text, label, clean)

    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert reason in answer.text.replace("&#39;", "'")
    assert waits(place, key)
    assert read_learned(learned) == before


def test_the_same_example_is_kept_once(place, priya, learned):
    first, second = missed(place, "frob it"), missed(place, "frob it")
    teach(priya, first, "frob it, please")

    again = teach(priya, second, "Frob it please")

    assert "knows this already" in again.text
    assert sum("frob" in one.text for one in read_learned(learned)) == 1


def test_an_example_that_was_none_is_taken_out_again(place, priya, sam, learned):
    teach(priya, missed(place, "glorp"), "glorp the narg")
    page = priya.get("/staff/misses").text
    fields = {"text": "glorp the narg", "label": "faq/cost"}

    stranger = sam.post("/staff/misses/forget", **fields)
    gone = priya.post("/staff/misses/forget", **fields)
    late = priya.post("/staff/misses/forget", **fields)

    assert "<q>glorp the narg</q>" in page
    assert stranger.status_code == late.status_code == httpx.codes.NOT_FOUND
    assert gone.status_code == httpx.codes.SEE_OTHER
    assert "not there any more" in late.text
    assert "glorp the narg" not in [one.text for one in read_learned(learned)]


def test_of_two_who_teach_the_same_miss_one_is_told(place, priya, learned):
    key = missed(place, "quux it")
    teach(priya, key, "quux it well")

    late = teach(priya, key, "quux it badly")

    assert late.status_code == httpx.codes.NOT_FOUND
    assert "not on the list any more" in late.text
    assert "quux it badly" not in [one.text for one in read_learned(learned)]


def test_staff_leave_what_is_no_example_and_teach_nothing(place, sam):
    one, other = missed(place, "asdf"), missed(place, "asdfg")

    left = sam.client.post(
        "/staff/misses/leave",
        data={"csrf": csrf(sam), "miss": [one, other]},
    )

    assert left.status_code == httpx.codes.SEE_OTHER
    assert not waits(place, one)
    assert not waits(place, other)
    assert (COLLEAGUE, "leave miss", "message 1") in deeds(place, other)
    assert teach(sam, missed(place, "x y"), "x y z").status_code == 404


def csrf(person):
    page = person.get("/staff/account").text
    return page.split('name="csrf" value="', 1)[1].split('"', 1)[0]


@pytest.mark.parametrize("key", ["", "x", ":", "x:1", "x:-1", "x:" + "9" * 40])
def test_a_miss_that_is_none_is_not_found(priya, key):
    left = priya.post("/staff/misses/leave", miss=key)
    conversation, _, seq = key.partition(":")
    one = priya.get(f"/staff/misses/one?conversation={conversation}&seq={seq}")

    assert left.status_code in (404, 422)
    assert one.status_code == httpx.codes.NOT_FOUND


def test_how_the_training_went_stands_on_the_page(place, priya):
    settings = _settings(place)
    failed = {
        "check": "emergency",
        "text": "my chest",
        "wanted": "emergency",
        "got": "faq/cost",
    }
    learning.note(
        settings,
        Progress("refused", "Priya", utc_now(), utc_now(), failed=(failed,)),
    )

    page = priya.get("/staff/misses").text

    assert "something failed a check" in page
    assert "<q>my chest</q>" in page
    assert "Should be <q>Emergency</q>, was taken for <q>What does it cost?</q>" in page
    assert "The old model is in use" in page


def test_a_second_training_is_not_begun(place, priya, sam):
    learning.note(_settings(place), Progress("running", "Sam", utc_now()))

    page = priya.get("/staff/misses").text
    answer = priya.post("/staff/misses/train")

    assert "Training now" in page
    assert "Learn now" not in page
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "going on already" in answer.text
    assert sam.post("/staff/misses/train").status_code == httpx.codes.NOT_FOUND


def _settings(place):
    return replace(load(), data_dir=place.live.data_dir)
