"""The client of Rasa's REST channel, with the wire swapped."""

import asyncio
import socket
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.assistant import RasaAssistant, one_payload
from bot.clinic.conversation import Choice
from bot.desk.answering import Asked, AssistantAway

ASKED = Asked("c-1:0", "hello", seq=1, seen=True)


def answering(answer, seen=None):
    """Stand in for a server: note what is posted, answer with this."""

    async def handle(request):
        if seen is not None and request.method == "POST":
            seen.append(await request.json())
        return answer()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    return TestServer(app)


def replies(body):
    return lambda: web.json_response(body)


def asked(rasa, actions=None, asked=ASKED):
    """Ask over the wire, on loopback; the actions answer well unless told."""

    async def ask():
        async with rasa, actions or answering(replies({})) as hands:
            assistant = RasaAssistant(str(rasa.make_url("")), str(hands.make_url("")))
            try:
                return await assistant.reply(asked)
            finally:
                await assistant.close()

    return asyncio.run(ask())


def test_stock_text_and_buttons_are_read():
    reply = {"text": "Hi", "buttons": [{"title": "Book", "payload": "/book"}]}

    (said,) = asked(answering(replies([reply])))

    assert said.text == "Hi"
    assert said.choices == (Choice("Book", "/book"),)


def test_several_messages_in_one_are_taken_apart():
    several = [
        {"text": "No.", "topic": "needle_pain"},
        {"text": "$65", "topic": "cost"},
    ]

    said = asked(answering(replies([{"custom": {"several": several}}])))

    assert [(one.text, one.extras["topic"]) for one in said] == [
        ("No.", "needle_pain"),
        ("$65", "cost"),
    ]


def test_an_answer_keeps_its_topic_and_sources():
    custom = {"text": "No.", "topic": "needle_pain", "sources": [{"title": "NHS"}]}

    (said,) = asked(answering(replies([{"custom": custom}])))

    assert said.extras["topic"] == "needle_pain"
    assert said.extras["sources"] == [{"title": "NHS"}]


def test_ticked_boxes_reach_rasa_as_one_payload():
    seen: list[Any] = []
    ticked = '/answer{"answer": "a"}\n/answer{"answer": "b"}'

    asked(answering(replies([]), seen), asked=replace(ASKED, text=ticked))

    assert seen[0]["message"] == '/answer{"answer": ["a", "b"]}'


def test_typed_lines_pass_as_they_are():
    assert one_payload("first\nsecond") == "first\nsecond"


@pytest.mark.parametrize(
    "answer",
    [lambda: web.Response(status=500), lambda: web.Response(text="<html>")],
)
def test_a_broken_answer_counts_as_away(answer):
    with pytest.raises(AssistantAway):
        asked(answering(answer))


def test_no_connection_counts_as_away():
    async def ask():
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # nobody listens behind it
            url = f"http://127.0.0.1:{taken.getsockname()[1]}"
            assistant = RasaAssistant(url, url)
            try:
                await assistant.reply(ASKED)
            finally:
                await assistant.close()

    with pytest.raises(AssistantAway):
        asyncio.run(ask())


def test_silence_counts_as_away_while_the_actions_are():
    with pytest.raises(AssistantAway):
        asked(answering(replies([])), answering(lambda: web.Response(status=503)))


def test_rasa_is_told_the_number_of_the_message():
    seen: list[Any] = []

    asked(answering(replies([]), seen))

    assert seen[0]["metadata"] == {"seq": 1, "seen": True}
