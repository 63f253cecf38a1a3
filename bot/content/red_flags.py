"""Reads the emergency matcher's words and rules from data/red_flags/."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bot.clinic.errors import BadContent
from bot.clinic.framing import FRAME_WORDS
from bot.clinic.phrases import Speech
from bot.clinic.red_flags import RedFlags, Rule, words_of
from bot.content.files import Document, build, read

# Read first: every other file may use these words.
SPEECH, WORDS = "speech.yml", "words.yml"
REAL_WORDS = "real_words.yml"
# Of two rules of one kind the one with the more pressing message comes first.
_PRESSING = {"crisis_support": 2, "crisis_now": 1}


@dataclass(frozen=True)
class _File:
    version: str
    signed_by: str
    needs_native_review: bool = False
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Not "rules": Rasa reads every file under data/ with that key as its own.
    signs: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class _RealWords:
    version: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class _SpeechFile:
    version: str
    signed_by: str
    skipped: tuple[str, ...]
    spellings: dict[str, str]
    idioms: tuple[str, ...]
    words: dict[str, tuple[str, ...]]


def load(directory: Path) -> RedFlags:
    """Read a folder of word lists and rules and build the matcher.

    `speech.yml` (how people type, deny, ask) and `words.yml` (words that several
    rules share) come first; then every other `*.yml` by name, those that need a native
    speaker last. A word list may be continued in a later file, which is how other
    languages are added.

    Args:
        directory: usually `data/red_flags`.

    Raises:
        BadContent: a file is missing or wrong, a rule uses a word list that nothing
            defines, or two rules have one id.
    """
    speech_document = read(directory / SPEECH)
    spoken = build(_SpeechFile, speech_document)
    for name in FRAME_WORDS:
        if name not in spoken.words:
            raise speech_document.bad(["words"], f"the list {name!r} is missing")
    words = dict(spoken.words)
    rules: list[Rule] = []
    names = sorted(
        {path.name for path in directory.glob("*.yml")} - {SPEECH, WORDS, REAL_WORDS}
    )
    documents = [read(directory / name) for name in (WORDS, *names)]
    parts = [(document, build(_File, document)) for document in documents]
    parts.sort(key=lambda part: part[1].needs_native_review)
    for _, part in parts:
        for concept, phrases in part.words.items():
            words[concept] = words.get(concept, ()) + phrases
    for document, part in parts:
        _check(document, part, words, {rule.id for rule in rules})
        rules += part.signs
    rules.sort(
        key=lambda rule: (rule.kind != "EMERGENCY", _PRESSING.get(rule.message, 0))
    )
    real_words = build(_RealWords, read(directory / REAL_WORDS)).words
    speech = Speech(spoken.skipped, spoken.spellings, real_words, spoken.idioms)
    try:
        return RedFlags(words, rules, speech)
    except ValueError as fault:
        raise BadContent(str(directory), None, "", str(fault)) from None


def _check(
    document: Document,
    part: _File,
    words: dict[str, tuple[str, ...]],
    taken: set[str],
) -> None:
    """Raise BadContent for a rule that cannot be used, at its line."""
    for number, rule in enumerate(part.signs):
        key: list[str | int] = ["signs", number]
        if rule.id in taken:
            raise document.bad([*key, "id"], f"there is another rule {rule.id!r}")
        taken.add(rule.id)
        if not rule.why or not rule.source or not rule.stands_for or not rule.when:
            raise document.bad(key, "why, source, stands_for and when must be filled")
        for name in (*words_of(rule), *rule.unless):
            if name not in words:
                raise document.bad([*key, "when"], f"no word list is called {name!r}")
