"""Words what the assistant says: Rasa's responses, filled in for this clinic."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot import house, settings
from bot.clinic.faq import Answer, word

_FAQ = "utter_faq/"
# Rasa's name for what its REST channel writes to.
_REST = "collector"
_ASK_STAFF = {"title": "Ask a person", "payload": "/talk_to_human"}


class ClinicResponses(TemplatedNaturalLanguageGenerator):
    """Stock responses with the clinic's facts; FAQ answers with source and date.

    Named in endpoints.yml under `nlg`. On the `rest` channel an FAQ answer is one
    `custom` message that carries its topic, sources and version; elsewhere (`rasa
    shell`) it is plain text.
    """

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        """Load the clinic; `endpoint_config` is Rasa's convention and not needed."""
        super().__init__(domain.responses)
        shelf = house.load_shelf(settings.load())
        self._facts = shelf.facts
        self._answers = shelf.answers

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Word one response; None where the domain has no such response."""
        answer = self._answers.get(utter_action.removeprefix(_FAQ))
        if answer and utter_action.startswith(_FAQ):
            return self._answer(answer, output_channel, not tracker.active_loop_name)
        worded: dict[str, Any] | None = await super().generate(
            utter_action, tracker, output_channel, **{**self._facts, **kwargs}
        )
        return worded

    def _answer(
        self, answer: Answer, output_channel: str, at_rest: bool
    ) -> dict[str, Any]:
        worded = word(answer, self._facts)
        buttons = [] if worded.complete else [_ASK_STAFF]
        if output_channel != _REST:
            return {"text": worded.text, "buttons": buttons}
        return {
            "custom": {
                "text": worded.text,
                "buttons": buttons,
                "topic": answer.topic,
                "sources": [
                    {"title": source.title, "year": source.year}
                    for source in answer.sources
                ],
                "reviewed_on": answer.reviewed_on.isoformat(),
                "answer_version": worded.version,
                "at_rest": at_rest,
            }
        }
