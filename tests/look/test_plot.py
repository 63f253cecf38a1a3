"""The plot of pain over visits."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clinic.progress import Told
from bot.look import pages, plot
from tests.conftest import NOW
from tests.screening import a_clinic


def told(*pains: int) -> list[Told]:
    return [
        Told(NOW + timedelta(days=7 * number), number, pain, None, "better")
        for number, pain in enumerate(pains)
    ]


def drawn(*pains: int) -> str:
    page = pages.environment(Path(__file__).parent).get_template("progress.html")
    return page.render(plot=plot.values(told(*pains), a_clinic(), NOW))


def test_the_plot_says_itself_in_words_and_as_a_table():
    page = drawn(8, 6, 3)

    assert "<title>Pain over visits</title>" in page
    assert "Pain 8 of 10 at first, 3 of 10 last, told 3 times." in page
    assert page.count("<tr>") == 4


def test_more_pain_stands_higher():
    values = plot.values(told(10, 5, 0), a_clinic(), NOW)

    heights = [point["y"] for point in values["points"]]
    assert heights == sorted(heights)
    assert heights == [y for y, _ in reversed(values["lines"])]


@pytest.mark.parametrize("count", [1, 2, 50])
def test_every_point_stays_inside_the_frame(count):
    values = plot.values(told(*[10, 0][: 1 + count % 2] * count), a_clinic(), NOW)

    for point in values["points"]:
        assert values["left"] <= point["x"] <= values["right"]
        assert 0 < point["y"] < values["height"]


def test_without_numbers_nothing_is_drawn():
    assert not re.search(r"<svg", drawn())
