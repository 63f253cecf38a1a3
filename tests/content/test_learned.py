"""The files of what staff taught."""

import threading
from datetime import date

import pytest
from ruamel.yaml import YAML

from bot.clinic.errors import BadContent
from bot.clinic.examples import Example, folded
from bot.content.learned import drop, keep, known, merged, read_learned
from bot.house import DATA

DAY = date(2026, 11, 25)
ODD = ["wots the: damage #1", "'yes' : no", "null", "12e3", "कितना 🙂", "- dash", "@x"]


def example(text="wots the damage", label="faq/cost", by="Priya"):
    return Example(text, label, by, DAY)


def test_an_example_stands_in_the_file_of_its_topic_with_who_and_when(tmp_path):
    path = keep(tmp_path, example())

    assert path.name == "faq_cost.yml"
    (entry,) = YAML(typ="safe").load(path)["nlu"]
    assert entry["intent"] == "faq/cost"
    assert entry["examples"] == [
        {"text": "wots the damage", "metadata": {"by": "Priya", "on": "2026-11-25"}}
    ]


@pytest.mark.parametrize("text", ODD)
def test_any_text_comes_back_as_it_was(tmp_path, text):
    keep(tmp_path, example("first"))
    keep(tmp_path, example(text, by="Sam: #x"))

    assert read_learned(tmp_path)[1] == example(text, by="Sam: #x")


def test_a_file_changed_by_hand_keeps_its_comments(tmp_path):
    path = keep(tmp_path, example())
    path.write_text(path.read_text() + "  # ours\n")

    keep(tmp_path, example("the price tag"))

    assert "# ours" in path.read_text()
    assert len(read_learned(tmp_path)) == 2


@pytest.mark.parametrize(
    "text", ["nlu: [", "nlu: {}", "- 1", "nlu:\n- intent: other\n"]
)
def test_a_file_that_cannot_be_read_is_left_alone_and_named(tmp_path, text):
    path = tmp_path / "faq_cost.yml"
    path.write_text(text)

    with pytest.raises(BadContent, match=r"faq_cost\.yml"):
        keep(tmp_path, example())

    assert path.read_text() == text


def test_an_example_is_taken_out_and_the_others_stay(tmp_path):
    path = keep(tmp_path, example())
    path.write_text(path.read_text() + "  # ours\n")
    keep(tmp_path, example("the price tag"))
    keep(tmp_path, example("book me", "book_appointment"))

    assert drop(tmp_path, "faq/cost", "the price tag")
    assert not drop(tmp_path, "faq/cost", "the price tag")
    assert not drop(tmp_path, "faq/cost", "book me")

    assert "# ours" in path.read_text()
    assert [one.text for one in read_learned(tmp_path)] == ["book me", example().text]


@pytest.mark.parametrize("text", ODD)
def test_a_file_that_was_emptied_is_written_again(tmp_path, text):
    keep(tmp_path, example(text))

    assert drop(tmp_path, "faq/cost", text)
    assert read_learned(tmp_path) == []
    assert merged(tmp_path) == ""

    path = keep(tmp_path, example())
    assert read_learned(tmp_path) == [example()]
    assert "- text: wots the damage" in path.read_text()


def test_many_writers_lose_nothing(tmp_path):
    def write(number):
        keep(tmp_path, example(f"number {number}"))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(read_learned(tmp_path)) == 12


def test_where_nothing_can_be_written_it_says_so(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(ValueError, match="cannot be written"):
        keep(tmp_path / "file", example())


def test_all_examples_become_one_file_that_names_nobody(tmp_path):
    for text in ODD:
        keep(tmp_path, example(text))
    keep(tmp_path, example("book me", "book_appointment"))

    one = merged(tmp_path)

    first, second = YAML(typ="safe").load(one)["nlu"]
    assert first == {"intent": "book_appointment", "examples": [{"text": "book me"}]}
    assert [row["text"] for row in second["examples"]] == sorted(ODD)
    assert "Priya" not in one
    assert merged(tmp_path / "nothing") == ""


def test_what_is_known_says_what_it_means(tmp_path):
    keep(tmp_path, example("zibble narg"))

    found = known(DATA, tmp_path)

    assert found[folded("Zibble, narg!")] == "faq/cost"
    assert found[folded("how much does it cost")] == "faq/cost"
    assert len(found) > 5000
