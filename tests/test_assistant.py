"""The client of Rasa's REST channel, with the wire swapped."""

import asyncio
import json

import httpx
import pytest

from bot.assistant import RasaAssistant, one_payload
from bot.clinic.conversation import Choice
from bot.desk.turns import Asked, AssistantAway


def asked(handler, text="hello"):
    async def ask():
        assistant = RasaAssistant(
            "http://rasa", "http://actions", httpx.MockTransport(handler)
        )
        try:
            return await assistant.reply(Asked("c-1:0", text, seq=1, seen=True))
        finally:
            await assistant.close()

    return asyncio.run(ask())


def test_stock_text_and_buttons_are_read():
    def rasa(_request):
        reply = {"text": "Hi", "buttons": [{"title": "Book", "payload": "/book"}]}
        return httpx.Response(200, json=[reply])

    (said,) = asked(rasa)

    assert said.text == "Hi"
    assert said.choices == (Choice("Book", "/book"),)


def test_an_answer_keeps_its_topic_and_sources():
    custom = {"text": "No.", "topic": "needle_pain", "sources": [{"title": "NHS"}]}

    (said,) = asked(lambda _: httpx.Response(200, json=[{"custom": custom}]))

    assert said.extras["topic"] == "needle_pain"
    assert said.extras["sources"] == [{"title": "NHS"}]


def test_ticked_boxes_reach_rasa_as_one_payload():
    seen = []

    def rasa(request):
        if request.method == "POST":
            seen.append(json.loads(request.content)["message"])
        return httpx.Response(200, json=[])

    asked(rasa, '/answer{"answer": "a"}\n/answer{"answer": "b"}')

    assert seen == ['/answer{"answer": ["a", "b"]}']


def test_typed_lines_pass_as_they_are():
    assert one_payload("first\nsecond") == "first\nsecond"


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: httpx.Response(500),
        lambda _: httpx.Response(200, text="<html>"),
    ],
)
def test_a_broken_answer_counts_as_away(answer):
    with pytest.raises(AssistantAway):
        asked(answer)


def test_no_connection_counts_as_away():
    def refuse(request):
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(AssistantAway):
        asked(refuse)


def test_silence_counts_as_away_while_the_actions_are():
    def rasa(request):
        return httpx.Response(503 if request.url.host == "actions" else 200, json=[])

    with pytest.raises(AssistantAway):
        asked(rasa)


def test_rasa_is_told_the_number_of_the_message():
    seen = []

    def rasa(request):
        if request.method == "POST":
            seen.append(json.loads(request.content)["metadata"])
        return httpx.Response(200, json=[])

    asked(rasa)

    assert seen == [{"seq": 1, "seen": True}]
