"""Says what a message means, from a trained model, without Rasa."""

from __future__ import annotations

import io
import json
import re
import tarfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from bot.clinic.course_words import course_alone
from bot.clinic.earlier_words import earlier_time_alone
from bot.clinic.red_flags import RedFlags
from bot.content import red_flags
from bot.nlu.clauses import Clauses, clauses
from bot.nlu.danger import SAFETY, Danger, WrongModel
from bot.nlu.encoder import Encoder, readable
from bot.nlu.encoder_files import encoder_folder
from bot.nlu.head import OUT_OF_SCOPE, Head, Reading
from bot.nlu.spelling import Speller
from bot.settings import ROOT

Route = Literal["emergency", "crisis", "assistant", "fallback"]

FALLBACK = "nlu_fallback"
HEAD_ARRAYS, HEAD_PLAIN, WORDS = "head.npz", "head.json", "words.json"
DANGER_ARRAYS, DANGER_PLAIN = "danger.npz", "danger.json"

_ROUTES: Mapping[str, Route] = {
    "report_emergency": "emergency",
    "crisis": "crisis",
    OUT_OF_SCOPE: "fallback",
    # An answer to a question that nobody asked; forms read their replies themselves.
    "inform": "fallback",
    FALLBACK: "fallback",
}
_ASKING = "faq"
_MOST_QUESTIONS = 3
_SURE_PART = 0.5
_SURE_DEED = 0.5
# What a visitor wants done; a question beside it is answered first.
DEEDS = frozenset(
    {
        "book_appointment",
        "reschedule_appointment",
        "cancel_appointment",
        "check_appointment",
        "start_screening",
        "talk_to_human",
        "progress_update",
    }
)
# A part of a message is enough to begin these; that a part tells of a pain is not.
_BEGUN_BY_A_PART = DEEDS - {"start_screening", "progress_update"}
# Beside these a question is what the message is about.
_LIGHT = frozenset(
    {
        _ASKING,
        FALLBACK,
        "inform",
        "affirm",
        "deny",
        "greet",
        "thanks",
        "goodbye",
    }
)
# What a bare "once a week for six weeks" may be taken for, and what it is.
_ASKS = ("faq", OUT_OF_SCOPE, FALLBACK)
_BOOK = "book_appointment"
# What a fee is for, beside a deed.
_FEE_OF = {
    ("cancel_appointment", "cost"): "cancellation_policy",
    ("reschedule_appointment", "cost"): "cancellation_policy",
}
# The encoder read English only; of other scripts it sees single letters at most.
_LATIN = re.compile(r"[a-zA-ZÀ-ɏ]")
# No English word is longer; the tokenizer takes one of over 100 letters for nothing.
_LONGEST_WORD = 45


@dataclass(frozen=True)
class Beside:
    """A question in a message that also says something else.

    Attributes:
        topics: what is surely asked, in order; at least one. A second question of a
            message that wants nothing else is in `Parsed.also`.
        asked: the question's own words.
        told: the other words, "" where a question is the deed ("can I come at 5").
    """

    topics: tuple[str, ...]
    asked: str
    told: str


@dataclass(frozen=True)
class Parsed:
    """What a message means.

    Attributes:
        intent: the intent's name (`faq`, `greet`), `nlu_fallback` when unsure.
        topic: the FAQ topic (`needle_pain`), None for other intents.
        confidence: 0 to 1; of the topic where there is one, else of the intent.
        route_hint: where the assistant would take the message on its own; the
            emergency matcher in front of it may say otherwise.
        ranking: full labels (`faq/needle_pain`) and probabilities, best first.
        similarity: cosine to the nearest example in scope, -1 to 1.
        worrying: see `bot.nlu.head.Reading`.
        also: the topic of a second question in the same message.
        beside: a question and something else in one message.
    """

    intent: str
    topic: str | None
    confidence: float
    route_hint: Route
    ranking: tuple[tuple[str, float], ...]
    similarity: float
    worrying: bool = False
    also: str | None = None
    beside: Beside | None = None

    @property
    def intents(self) -> list[tuple[str, float]]:
        """Intents with the sum of their topics' probabilities, the chosen one first.

        The best label decides, not the best sum, so that intent and topic agree; it
        costs nothing that can be told from chance (unseen 86.1 % against 86.7 %).
        """
        sums: dict[str, float] = {}
        for label, chance in self.ranking:
            intent = label.partition("/")[0]
            sums[intent] = sums.get(intent, 0.0) + chance
        chosen = (self.intent, sums.pop(self.intent, self.confidence))
        return [chosen, *sorted(sums.items(), key=lambda pair: -pair[1])]


class Understanding:
    """Encoder, speller and head, as one trained model has them."""

    def __init__(
        self,
        encoder: Encoder,
        speller: Speller,
        head: Head,
        only_named: Callable[[str], bool] | None = None,
    ) -> None:
        """Put the parts together.

        Args:
            only_named: says of a text that it names a danger that is none, as
                `bot.clinic.red_flags.RedFlags.only_named` does.
        """
        self.encoder = encoder
        self.speller = speller
        self.head = head
        self._only_named = only_named or (lambda _: False)

    @staticmethod
    def open(model: Path, encoder: Path | None = None) -> Understanding:
        """Open the trained model; under a second, no Rasa.

        Args:
            model: a model archive made by `bot.nlu.train` or `rasa train`.
            encoder: the encoder's folder; by default that of the environment.

        Raises:
            WrongModel: no model of ours, or one made with another encoder.
            EncoderMissing: the encoder was not built.
        """
        found: dict[str, bytes] = {}
        with tarfile.open(model) as archive:
            for member in archive:
                folder, _, name = member.name.rpartition("/")
                if "SentenceIntent" in folder and (data := archive.extractfile(member)):
                    found[name] = data.read()
        try:
            arrays, plain, words = (
                found[name] for name in (HEAD_ARRAYS, HEAD_PLAIN, WORDS)
            )
        except KeyError as error:
            raise WrongModel(f"{model} was not trained by Meridian") from error
        head = Head.load(io.BytesIO(arrays), plain.decode())
        if DANGER_ARRAYS in found:
            kept = io.BytesIO(found[DANGER_ARRAYS])
            danger = Danger.load(kept, found[DANGER_PLAIN].decode())
            head = replace(head, danger=danger)
        return Understanding.of(head, words.decode(), encoder)

    @staticmethod
    def of(head: Head, words: str, encoder: Path | None = None) -> Understanding:
        """Put a saved head and its `words.json` to the encoder they were made with.

        Raises:
            WrongModel: the encoder at hand is another one.
            EncoderMissing: the encoder was not built.
        """
        saved = json.loads(words)
        network = Encoder.open(encoder or encoder_folder())
        if saved["encoder"] != network.sha256:
            raise WrongModel("The model was trained with another encoder: make train")
        only_named = _matcher().only_named if head.danger else None
        understanding = Understanding(
            network, Speller(saved["words"]), head, only_named
        )
        understanding.read("")  # the first message does not wait for what is lazy
        return understanding

    def save(self, folder: Path) -> None:
        """Write all but the encoder into a folder, as plain numbers and JSON."""
        self.head.save(folder)
        words = {"encoder": self.encoder.sha256, "words": self.speller.words}
        (folder / WORDS).write_text(json.dumps(words, sort_keys=True))

    def read(self, text: str) -> Reading:
        """Return the head's reading of a text, misspelt words put right first.

        Where it suspects danger and the matcher knows that what is named is not so, it
        has to be surer.
        """
        vector = self.encoder.encode(self.speller.repair(readable(text)))
        reading = self.head.read(vector)
        suspected = reading.label in SAFETY or reading.worrying
        if suspected and self._only_named(text):
            return self.head.read(vector, framed=True)
        return reading

    def parse(self, text: str) -> Parsed:
        """Say what a text means; any text will do.

        About 1 ms on one thread beside the encoder, and as much again for each part
        where there is a question beside something else. Who says how often they want
        to come, or that it be at the time as before, wants to book, and asks nothing.
        """
        parsed = self._with_parts(text)
        asks = parsed.intent in _ASKS and course_alone(text)
        if asks or (parsed.intent not in SAFETY and earlier_time_alone(text)):
            return _as_booking(parsed)
        return parsed

    def _with_parts(self, text: str) -> Parsed:
        whole = self._parse(text)
        parts = clauses(text)
        alone = len(parts.asking) + bool(parts.telling) < 2
        if alone or whole.intent not in _LIGHT | DEEDS:
            return whole
        read = {one: self._parse(one) for one in parts.asking[:_MOST_QUESTIONS]}
        asked = {
            clause: part
            for clause, part in read.items()
            if part.topic and part.confidence >= _SURE_PART
        }
        if not asked:
            return whole
        told = [self._parse(parts.telling)] if parts.telling else []
        # What sounds like danger beside a question is not drowned by it.
        if any(part.route_hint in ("emergency", "crisis") for part in told):
            whole = replace(whole, worrying=True)
        wishes = () if parts.supposes else (*told, *read.values())
        return _several(whole, _deed(whole, wishes), asked, parts)

    def _parse(self, text: str) -> Parsed:
        reading = self.read(text)
        labels = self.head.labels
        order = reading.chances.argsort()[::-1]
        ranking = tuple((labels[row], float(reading.chances[row])) for row in order)
        label = reading.label if understood(text, reading) else FALLBACK
        confidence = dict(ranking).get(label, 1.0 - ranking[0][1])
        intent, _, topic = label.partition("/")
        return Parsed(
            intent=intent,
            topic=topic or None,
            confidence=confidence,
            route_hint=_ROUTES.get(intent, "assistant"),
            ranking=ranking,
            similarity=reading.similarity,
            worrying=reading.worrying and readable_letters(text),
        )


def _as_booking(parsed: Parsed) -> Parsed:
    return replace(
        parsed,
        intent=_BOOK,
        topic=None,
        confidence=dict(parsed.ranking).get(_BOOK, 0.0),
        route_hint="assistant",
    )


def _deed(whole: Parsed, wishes: Iterable[Parsed]) -> Parsed | None:
    """Return what the visitor wants done beside the question, if anything."""
    wanted = whole if whole.intent in DEEDS else None
    for part in wishes:
        surer = wanted is None or part.confidence > wanted.confidence
        if part.intent in _BEGUN_BY_A_PART and part.confidence >= _SURE_DEED:
            return part if surer else wanted
    return wanted


@lru_cache(maxsize=1)
def _matcher() -> RedFlags:
    return red_flags.load(ROOT / "data" / "red_flags")


def _several(
    whole: Parsed, deed: Parsed | None, asked: Mapping[str, Parsed], parts: Clauses
) -> Parsed:
    """Put a message together again from its questions and from what it wants."""
    topics: dict[str, Parsed] = {}
    for part in asked.values():
        topics.setdefault(str(part.topic), part)
    names = tuple(topics)
    if deed:
        names = tuple(dict.fromkeys(_FEE_OF.get((deed.intent, n), n) for n in names))
        beside = Beside(names, " ".join(asked), parts.telling)
        return replace(deed, worrying=whole.worrying, beside=beside)
    if whole.topic and len(names) == 1:
        names = (whole.topic,)  # what it stands with says more than the question alone
    first = whole if names == (whole.topic,) else topics.get(str(whole.topic))
    first = first or topics[names[0]]
    others = [name for name in names if name != first.topic]
    beside = Beside((str(first.topic),), " ".join(parts.asking), parts.telling)
    return replace(
        first,
        worrying=whole.worrying,
        also=others[0] if others else None,
        beside=beside if parts.telling else None,
    )


def understood(text: str, reading: Reading) -> bool:
    """Say whether a reading may be acted on: it is sure, and the text is in letters.

    A text without a Latin letter, or mostly in another script, means nothing to the
    encoder, however sure the head is.
    """
    return reading.sure and readable_letters(text)


def readable_letters(text: str) -> bool:
    """Say whether most letters of a text are Latin ones in words, and there are any."""
    letters = latin = 0
    for word in text.split():
        mine = [character for character in word if character.isalpha()]
        letters += len(mine)
        if len(word) <= _LONGEST_WORD:
            latin += sum(1 for letter in mine if _LATIN.match(letter))
    return latin > letters / 2
