"""What a newly trained model must show before it takes the place of the old one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from bot.content.files import build, read
from bot.nlu.understand import Parsed

Parse = Callable[[str], Parsed]
Check = Literal["emergency", "crisis", "false alarm", "understood", "out of scope"]

FOLDER = Path("data") / "checks"
ALARMS = ("emergency", "crisis")


@dataclass(frozen=True)
class Failed:
    """One sentence of the checks that the new model got wrong.

    Args:
        wanted: what it means.
        got: what the new model made of it.
    """

    check: Check
    text: str
    wanted: str
    got: str

    def as_plain(self) -> dict[str, str]:
        """Return it for a file."""
        return asdict(self)


@dataclass(frozen=True)
class _Heard:
    text: str
    about: str
    expect: Literal["EMERGENCY", "CRISIS"] | None = None


@dataclass(frozen=True)
class _Understood:
    topics: dict[str, tuple[str, ...]]
    deeds: dict[str, tuple[str, ...]]
    out_of_scope: tuple[str, ...]


@dataclass(frozen=True)
class Checks:
    """The sentences, by what they mean.

    Args:
        alarming: text to `emergency` or `crisis`.
        harmless: alarming words in harmless sentences.
        understood: text to its full label.
        out_of_scope: what the assistant has no answer to.
    """

    alarming: Mapping[str, Literal["emergency", "crisis"]]
    harmless: tuple[str, ...]
    understood: Mapping[str, str]
    out_of_scope: tuple[str, ...]


def load(folder: Path) -> Checks:
    """Read the sentences; `folder` is usually data/checks.

    Raises:
        BadContent: a file is missing or has another shape.
    """
    understood = build(_Understood, read(folder / "understood.yml"))
    labels = {f"faq/{topic}": texts for topic, texts in understood.topics.items()}
    labels.update(understood.deeds)
    return Checks(
        alarming={
            one.text: "crisis" if one.expect == "CRISIS" else "emergency"
            for one in _heard(folder / "emergencies_heard.yml")
        },
        harmless=tuple(one.text for one in _heard(folder / "harmless_heard.yml")),
        understood={text: label for label, texts in labels.items() for text in texts},
        out_of_scope=understood.out_of_scope,
    )


def _heard(path: Path) -> list[_Heard]:
    document = read(path)
    return [
        build(_Heard, document, row, [number])
        for number, row in enumerate(document.data)
    ]


def failures(checks: Checks, new: Parse, old: Parse) -> Iterator[Failed]:
    """Ask the new model everything; about 3 ms for each sentence and model.

    The classifier is the second net for emergencies, behind the matcher: alone it hears
    most of the sentences, never all. It must lose none that the model in use hears, and
    raise no false alarm that this one does not raise.

    Args:
        old: the model in use.
    """
    yield from _lost(checks, new, old)
    yield from _raised(checks, new, old)
    for text, label in checks.understood.items():
        got = full_label(new(text))
        if got != label:
            yield Failed("understood", text, label, got)
    for text in checks.out_of_scope:
        parsed = new(text)
        if parsed.route_hint != "fallback":
            yield Failed("out of scope", text, "no answer", full_label(parsed))


def _lost(checks: Checks, new: Parse, old: Parse) -> Iterator[Failed]:
    for text, kind in checks.alarming.items():
        got = new(text).route_hint
        if got != kind and old(text).route_hint == kind:
            yield Failed(kind, text, kind, got)


def _raised(checks: Checks, new: Parse, old: Parse) -> Iterator[Failed]:
    for text in checks.harmless:
        got = new(text).route_hint
        if got in ALARMS and old(text).route_hint not in ALARMS:
            yield Failed("false alarm", text, "no alarm", got)


def full_label(parsed: Parsed) -> str:
    """Return what was understood, in one word: `faq/cost`, `greet`."""
    return f"faq/{parsed.topic}" if parsed.topic else parsed.intent
