"""Reads the condition language of the screening's files and checks every word of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.clinic.screening import (
    OPERATORS,
    All,
    AnyOf,
    Compare,
    Condition,
    Not,
)
from bot.content.files import Document, Key, plain

_FOR_ONE_VALUE = ("eq", "in")
_FOR_NUMBERS = ("eq", "lt", "lte", "gt", "gte")
_FOR_TICKS = ("has", "has_any", "count_gte")
_ALLOWED = {
    "bool": ("eq",),
    "ynu": _FOR_ONE_VALUE,
    "choice": _FOR_ONE_VALUE,
    "multi": _FOR_TICKS,
    "int": _FOR_NUMBERS,
}
_LISTS = ("in", "has_any")


@dataclass(frozen=True)
class Known:
    """What a condition may speak of.

    Args:
        type: bool, ynu, choice, multi or int.
        options: the values that an answer may have; empty for bool and int.
    """

    type: str
    options: Collection[str] = ()


def condition(
    document: Document, key: Key, node: Any, known: Mapping[str, Known]
) -> Condition:
    """Read one condition.

    Args:
        document: the file it stands in.
        key: the way down to it.
        node: the condition as read: a comparison, or all / any / not.
        known: the questions by id.

    Raises:
        BadContent: an unknown question, option, operator or shape.
    """
    if not isinstance(node, Mapping):
        raise document.bad(key, "expected a condition such as {q: fever, eq: 'yes'}")
    names = list(node)
    if names in (["all"], ["any"]):
        parts = _parts(document, [*key, names[0]], node[names[0]], known)
        return All(parts) if names == ["all"] else AnyOf(parts)
    if names == ["not"]:
        return Not(condition(document, [*key, "not"], node["not"], known))
    return _comparison(document, key, node, known)


def _parts(
    document: Document, key: Key, nodes: Any, known: Mapping[str, Known]
) -> tuple[Condition, ...]:
    if not isinstance(nodes, list) or not nodes:
        raise document.bad(key, "expected a list of conditions")
    return tuple(
        condition(document, [*key, index], node, known)
        for index, node in enumerate(nodes)
    )


def _comparison(
    document: Document, key: Key, node: Mapping[str, Any], known: Mapping[str, Known]
) -> Compare:
    name, operator, value = _split(document, key, node)
    question = known.get(name)
    if question is None:
        raise document.bad([*key, "q"], f"there is no question {name!r}")
    if operator not in _ALLOWED[question.type]:
        raise document.bad(
            [*key, operator],
            f"{operator!r} does not go with {name!r}, a question of type "
            f"{question.type}",
        )
    _check_value(document, [*key, operator], question, operator, value)
    return Compare(name, operator, tuple(value) if operator in _LISTS else value)


def _split(
    document: Document, key: Key, node: Mapping[str, Any]
) -> tuple[str, str, Any]:
    """Return question, operator and value of a comparison."""
    operators = [name for name in node if name != "q"]
    if "q" not in node or len(operators) != 1:
        raise document.bad(key, "expected a question `q` and one operator")
    if operators[0] not in OPERATORS:
        raise document.bad(
            [*key, operators[0]], f"there is no operator {operators[0]!r}"
        )
    return str(node["q"]), operators[0], plain(node[operators[0]])


def _check_value(
    document: Document, key: Key, question: Known, operator: str, value: Any
) -> None:
    if operator in _LISTS and not (isinstance(value, list) and value):
        raise document.bad(key, f"{operator!r} needs a list of values")
    if operator == "count_gte" or question.type == "int":
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise document.bad(key, f"{value!r} is not a number")
    elif question.type == "bool":
        if not isinstance(value, bool):
            raise document.bad(key, f"{value!r} is neither true nor false")
    else:
        for one in value if operator in _LISTS else [value]:
            if one not in question.options:
                raise document.bad(key, f"{one!r} is not an answer of this question")
