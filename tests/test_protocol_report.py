"""The rules as one page for the clinicians who sign them."""

import io

import pytest

from bot.house import load_shelf
from bot.protocol_report import say, write
from bot.settings import load
from tests.screening import protocol


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("report") / "protocol.html"
    out = io.StringIO()
    write(load_shelf(load()), path, out)
    assert str(path) in out.getvalue()
    return path.read_text(encoding="utf-8")


def test_every_rule_stands_there_with_reason_and_source(page):
    for rule in protocol().rules.criteria:
        assert f'id="{rule.id}"' in page
        assert rule.sources[0] in page


def test_an_unsigned_protocol_says_so(page):
    assert "Nobody has signed any version" in page
    assert f"Version {protocol().rules.version} is not signed" in page
    assert "Not a diagnosis" in page


def test_every_worked_case_comes_out_as_expected(page):
    assert "85 of 85 come out as expected" in page


def test_every_source_of_a_rule_is_resolved_there(page):
    for rule in protocol().rules.criteria:
        for key in rule.sources:
            source = protocol().sources[key]
            assert f'href="#source-{key}"' in page
            assert f'id="source-{key}"' in page
            assert not source.url or f'href="{source.url}"' in page


def test_how_far_a_source_was_read_is_said(page):
    row = page.split('id="source-FIN2020"')[1].split("</tr>")[0]

    assert "the abstract read" in row
    assert "details of its tables are from memory" in row
    assert "U07" in row


def test_a_condition_is_said_in_words():
    rule = next(one for one in protocol().rules.criteria if one.id == "E09")

    said = say(protocol().questionnaire, rule.condition)

    assert said == (
        "Pulsing tummy or aneurysm: yes or unsure AND "
        "How long this time: Less than 3 days"
    )
