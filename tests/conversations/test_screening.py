"""A whole screening over HTTP, through the real processes."""

import pytest

from tests.conversations.journeys import answer_healthily
from tests.live import Live, Visitor

pytestmark = pytest.mark.model


def test_a_healthy_visitor_is_through_in_fourteen_turns(live: Live):
    visitor = Visitor(live.url)
    visitor.says("would acupuncture suit me?")

    said = answer_healthily(visitor)

    turns = [one for one in visitor.all_messages() if one["author"] == "visitor"]
    assert "You can book" in said or "Nothing in your answers stops you" in said
    assert len(turns) <= 14
