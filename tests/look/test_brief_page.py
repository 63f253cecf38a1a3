"""The screening as staff see it on a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.clinic.brief import brief
from bot.clinic.screening import Answer
from bot.look import pages
from bot.look.brief import values
from tests.clinic.test_brief import screened
from tests.conftest import NOW
from tests.screening import a_clinic, healthy, protocol


def shown(**answers: Answer) -> str:
    found = brief(protocol(), [screened(healthy(**answers))], {})
    assert found
    page = pages.environment(Path(__file__).parent).get_template("brief.html")
    return page.render(**values(found, a_clinic(), NOW))


def filled(page: str) -> list[str]:
    return re.findall(r'class="part here"', page)


def test_the_result_comes_before_the_answers():
    page = shown(fever="yes")

    assert (
        page.index("Doctor today") < page.index("Why") < page.index("Emergency signs")
    )


def test_the_reason_stands_with_its_rule_and_source():
    page = shown(fever="yes")

    assert "Back pain with fever" in page
    assert "U02, NHS-BP, YUSUF2019" in page


@pytest.mark.parametrize("site", protocol().questionnaire.questions["site"].options)
def test_the_body_map_fills_what_hurts_and_nothing_else(site):
    page = shown(site=site)

    nowhere = site in ("other", "no_pain")
    assert bool(filled(page)) is not nowhere


def test_the_body_map_is_told_in_words_too():
    assert "<title>Body map: Low back</title>" in shown()


def test_the_page_says_that_it_does_not_diagnose():
    assert "do not diagnose" in shown()


def test_nothing_stands_inline_that_the_policy_forbids():
    page = shown(fever="yes")

    assert "style=" not in page
    assert "<script" not in page
