"""The results as a table, Meridian and Rasa's default pipeline side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.accuracy import Accuracy
from bench.serving import Served
from bench.stats import Times

_NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Side:
    """All that was measured of one of the two.

    Attributes:
        train_cpu_seconds: processor time of training on the known examples; None
            where it was cut short.
        parse_cpu_ms: processor time of understanding one held-out example in Rasa.
    """

    train_cpu_seconds: float | None
    parse_cpu_ms: Times
    accuracy: Accuracy | None
    served: Served | None


def table(meridian: Side, default: Side | None) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield "| | Meridian | default pipeline |"
    yield "|---|---:|---:|"
    rows = [*(_served_rows() if meridian.served else ()), *_rows()]
    for name, read in rows:
        theirs = read(default) if default else "not run"
        yield f"| {name} | {read(meridian)} | {theirs} |"


def _served_rows() -> Iterator[tuple[str, Callable[[Side], str]]]:
    for way, words in (("desk", "desk's API"), ("webhook", "Rasa's REST channel")):
        for length in (20, 200):
            key = f"{way} {length}"
            name = f"{words}, {length} messages a conversation"
            yield f"{name}: first answer, p50 / p95 / max ms", _answer(key)
            yield "processor ms a message, by process", _cpu(key)
            yield "messages that nothing came back for", _silent(key)
    yield "start: seconds until ready", _of_served(lambda one: f"{one.start_seconds}")
    yield (
        "start: processor s, by process",
        _of_served(lambda one: _each(one.start_cpu_seconds)),
    )
    yield (
        "memory after the run, MB, by process",
        _of_served(lambda one: _each(one.memory_mb)),
    )


def _rows() -> Iterator[tuple[str, Callable[[Side], str]]]:
    yield "training, processor s", _train
    yield (
        "parsing, processor ms, p50 / p95 / max",
        lambda side: _times(side.parse_cpu_ms),
    )
    for field, words in _SHARES.items():
        yield words, _share(field)


_SHARES = {
    "topics": "FAQ question gets its topic's answer",
    "topics_guessed": "the same, gate open",
    "deeds": "deed taken for what it is",
    "deeds_guessed": "the same, gate open",
    "safety": "emergency or crisis taken for one (classifier alone)",
    "everything": "all in scope taken for what it is",
    "kept": "in scope, let through",
    "rejected": "out of scope, turned away",
    "rejected_at_equal_kept": "out of scope, turned away where 95 % in scope is kept",
}


def _train(side: Side) -> str:
    seconds = side.train_cpu_seconds
    return _NOT_MEASURED if seconds is None else f"{seconds:.0f}"


def _of_served(read: Callable[[Served], str]) -> Callable[[Side], str]:
    return lambda side: read(side.served) if side.served else _NOT_MEASURED


def _answer(key: str) -> Callable[[Side], str]:
    def read(served: Served) -> str:
        cost = served.costs.get(key)
        return _times(cost.first_answer_ms) if cost else "has none"

    return _of_served(read)


def _cpu(key: str) -> Callable[[Side], str]:
    def read(served: Served) -> str:
        cost = served.costs.get(key)
        return _each(cost.cpu_ms) if cost else "has none"

    return _of_served(read)


def _silent(key: str) -> Callable[[Side], str]:
    def read(served: Served) -> str:
        cost = served.costs.get(key)
        return str(cost.silent) if cost else "has none"

    return _of_served(read)


def _share(field: str) -> Callable[[Side], str]:
    def read(side: Side) -> str:
        if side.accuracy is None:
            return _NOT_MEASURED
        value: float | None = getattr(side.accuracy, field)
        return "none held out" if value is None else f"{value:.1%}"

    return read


def _times(times: Times) -> str:
    return f"{times.p50:.1f} / {times.p95:.1f} / {times.max:.1f}"


def _each(values: dict[str, float] | dict[str, int]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())
