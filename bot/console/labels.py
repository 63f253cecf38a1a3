"""What the assistant's labels are called on a page."""

from __future__ import annotations

from collections.abc import Mapping

from bot.clinic.faq import Answer

_ASKING = "faq/"
_NOT_OURS = "out_of_scope"
_UNSURE = "nlu_fallback"
_NAMES: Mapping[str, str] = {
    "book_appointment": "Book a visit",
    "reschedule_appointment": "Move a visit",
    "cancel_appointment": "Cancel a visit",
    "check_appointment": "When is my visit?",
    "start_screening": "Would it suit me?",
    "talk_to_human": "Talk to a person",
    "progress_update": "How it is after visits",
    "complaint": "Complaint",
    _NOT_OURS: "Not ours to answer",
}


def name_of(label: str, answers: Mapping[str, Answer]) -> str:
    """Return what a label is called: `faq/cost` is "What does it cost?"."""
    topic = label.removeprefix(_ASKING)
    if topic != label and topic in answers:
        return answers[topic].title
    if label == _UNSURE:
        return "Not understood"
    return _NAMES.get(label) or label.replace("_", " ").capitalize()


def choices(
    answers: Mapping[str, Answer],
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what an example may stand for: groups of label and name.

    Emergencies are not among them: what is missed there is for the words and rules
    that clinicians sign (docs/safety.md).
    """
    topics = [(f"{_ASKING}{topic}", one.title) for topic, one in answers.items()]
    deeds = [(label, name) for label, name in _NAMES.items() if label != _NOT_OURS]
    return [
        ("Questions", sorted(topics, key=lambda one: one[1].casefold())),
        ("Wishes", deeds),
        ("Neither", [(_NOT_OURS, _NAMES[_NOT_OURS])]),
    ]
