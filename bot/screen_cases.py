"""Evaluates a file of worked screening cases, for clinicians who review the rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from bot.clinic.screening import Rules, evaluate
from bot.content.files import plain, read
from bot.content.screening import FOLDER, read_rules
from bot.content.shape import mapping, some


def run(cases: Path, out: TextIO, folder: Path = FOLDER) -> int:
    """Write the verdict of each case as one JSON line.

    Args:
        cases: YAML with `defaults` (answers of everybody) and `cases` (id, answers);
            a null answer was not given.
        out: where the lines go: id, disposition, flags, rules.
        folder: the screening's files.

    Returns:
        The exit code: 0.

    Raises:
        BadContent: the cases or the screening's files cannot be read.
    """
    document = read(cases)
    rules = read_rules(folder)
    defaults = plain(mapping(document, [])).get("defaults") or {}
    for index, _ in enumerate(some(document, ["cases"])):
        case = plain(mapping(document, ["cases", index]))
        answers = defaults | (case.get("answers") or {})
        out.write(json.dumps(verdict_of(rules, str(case.get("id")), answers)) + "\n")
    return 0


def verdict_of(
    rules: Rules, case_id: str, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the rules make of one complete case."""
    verdict = evaluate(rules, answers, ended=True)
    return {
        "id": case_id,
        "disposition": verdict.disposition.value,
        "flags": sorted(verdict.flags),
        "rules": [criterion.id for criterion in verdict.rules],
    }
