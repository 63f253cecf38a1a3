"""Words what the assistant says: Rasa's responses, filled in for this clinic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot import house, settings
from bot.clinic.faq import Answer, word
from bot.clock import utc_now
from bot.content.follow_ups import topic_of
from bot.content.pointed import leaning_on, pointed

_FAQ = "utter_faq/"
_ASKING = "faq"
_IF_URGENT = "utter_if_urgent"
# Rasa's name for what its REST channel writes to.
_REST = "collector"
_ASK_STAFF = {"title": "Ask a person", "payload": "/talk_to_human"}

Body = dict[str, Any]


class ClinicResponses(TemplatedNaturalLanguageGenerator):
    """Stock responses with the clinic's facts; FAQ answers with source and date.

    Named in endpoints.yml under `nlg`. On the `rest` channel an FAQ answer is a
    `custom` message that carries its topic, sources and version; elsewhere (`rasa
    shell`) it is plain text. Where one message asks two things, or is worrying, what
    is said is several messages in one: `custom` holds them under `several`.
    """

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        """Load the clinic; `endpoint_config` is Rasa's convention and not needed."""
        super().__init__(domain.responses)
        shelf = house.load_shelf(settings.load())
        self._clinic = shelf.clinic
        self._facts = shelf.facts
        self._answers = shelf.answers

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Word one response; None where the domain has no such response.

        Without `kwargs` it is a rule that speaks; an action says by itself what a
        worrying message needs first.
        """
        bodies = self._faq(utter_action, tracker)
        if not bodies:
            worded = await self._stock(utter_action, tracker, output_channel, kwargs)
            if worded is None:
                return None
            bodies = [worded]
        if not kwargs and _asks_for_care(tracker):
            care = await self._stock(_IF_URGENT, tracker, output_channel, {})
            bodies = [care, *bodies] if care else bodies
        return _as_one(bodies, output_channel)

    async def _stock(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        values: Body,
    ) -> Body | None:
        worded: Body | None = await super().generate(
            utter_action, tracker, output_channel, **{**self._facts, **values}
        )
        return worded

    def _faq(self, utter_action: str, tracker: DialogueStateTracker) -> list[Body]:
        """Return the answers to what was asked; none where it is no FAQ response."""
        topic = utter_action.removeprefix(_FAQ)
        if topic == utter_action or topic not in self._answers:
            return []
        asked = tracker.latest_message
        text = str((asked.text if asked else None) or "")
        parsed = asked.parse_data if asked else {}
        also = str(parsed.get("also_asked") or "")
        # What is wanted beside the question is begun as soon as it is answered.
        deed = (parsed.get("beside") or {}) and _intent(parsed) != _ASKING
        at_rest = not (tracker.active_loop_name or deed)
        topics = [topic, also] if also in self._answers and also != topic else [topic]
        if len(topics) == 1 and not text.startswith("/"):
            before = _topic_before(tracker)
            topics = [leaning_on(text, before, self._clinic, utc_now()) or topic]
        return [self._answer(self._answers[one], text, at_rest) for one in topics]

    def _answer(self, answer: Answer, text: str, at_rest: bool) -> Body:
        worded = word(answer, self._facts)
        point = pointed(answer.topic, text, self._clinic, utc_now())
        return {
            "text": f"{point} {worded.text}" if point else worded.text,
            "buttons": [] if worded.complete else [_ASK_STAFF],
            "topic": answer.topic,
            "sources": [
                {"title": source.title, "year": source.year}
                for source in answer.sources
            ],
            "reviewed_on": answer.reviewed_on.isoformat(),
            "answer_version": worded.version,
            "at_rest": at_rest,
            "past_review": answer.review_by < utc_now().date(),
        }


def _as_one(bodies: Sequence[Body], output_channel: str) -> Body:
    """Put what is said into the one message that Rasa takes."""
    if output_channel != _REST:
        return {
            "text": "\n\n".join(str(body["text"]) for body in bodies),
            "buttons": [one for body in bodies for one in body.get("buttons") or []],
        }
    if len(bodies) > 1:
        return {"custom": {"several": list(bodies)}}
    (body,) = bodies
    return {"custom": body} if "topic" in body else body


def _intent(parsed: Mapping[str, Any]) -> str:
    return str((parsed.get("intent") or {}).get("name") or "")


def _topic_before(tracker: DialogueStateTracker) -> str | None:
    """Return what the assistant's last message before this one was about."""
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            return topic_of(event.data.get("custom") or {})
    return None


def _asks_for_care(tracker: DialogueStateTracker) -> bool:
    """Say whether the visitor's message is worrying and nothing was said to it yet."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return bool(event.parse_data.get("worrying"))
        if isinstance(event, BotUttered):
            return False
    return False
