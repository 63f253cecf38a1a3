"""Puts one clinic together: its files, its record, and what the processes share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot import settings as environment
from bot.clinic.faq import Answer
from bot.clinic.profile import Clinic
from bot.clinic.questionnaire import ScreeningProtocol
from bot.clinic.red_flags import RedFlags
from bot.clinic.reviews import ToReview
from bot.content import (
    desk,
    faq,
    handoff,
    letters,
    profile,
    red_flags,
    replies,
    reviews,
    screening,
    telegram,
)
from bot.content.facts import facts
from bot.content.replies import WrittenReply
from bot.content.telegram import TelegramWords
from bot.desk.answering import DeskWords
from bot.desk.handoff_words import HandoffWords
from bot.desk.letter_words import LetterWords, Stationery
from bot.links import links
from bot.settings import ROOT, Settings
from bot.store.unit import Store

DATA = ROOT / "data"


@dataclass(frozen=True)
class Shelf:
    """Everything that the clinic's files say, read and checked once.

    Args:
        facts: what answers may say about the clinic, by placeholder.
        answers: the written answers, by topic.
    """

    clinic: Clinic
    facts: Mapping[str, str]
    answers: Mapping[str, Answer]
    protocol: ScreeningProtocol
    red_flags: RedFlags
    words: DeskWords
    handoff_words: HandoffWords
    letters: LetterWords
    replies: tuple[WrittenReply, ...]
    telegram: TelegramWords
    reviews: tuple[ToReview, ...]


@dataclass(frozen=True)
class House:
    """A clinic's files and its record, open for work."""

    settings: Settings
    shelf: Shelf
    store: Store


def load_shelf(settings: Settings) -> Shelf:
    """Read all of a clinic's files, or none.

    Raises:
        BadContent: the first mistake found, with file, line, key and reason.
    """
    clinic = profile.load(DATA / "clinics" / settings.clinic)
    known, answers = facts(clinic), faq.load(DATA)
    return Shelf(
        clinic=clinic,
        facts=known,
        answers=answers,
        protocol=screening.load(DATA / "screening", clinic),
        red_flags=red_flags.load(DATA / "red_flags"),
        words=desk.load(DATA / "desk.yml", known),
        handoff_words=handoff.load(DATA / "handoff.yml", clinic, known),
        letters=letters.load(DATA / "letters.yml"),
        replies=replies.load(DATA / "replies.yml", known),
        telegram=telegram.load(DATA / "telegram.yml", known),
        reviews=reviews.load(DATA, answers, clinic),
    )


def stationery(house: House) -> Stationery:
    """Return what letters are written with."""
    settings, shelf = house.settings, house.shelf
    return Stationery(
        clinic=shelf.clinic,
        words=shelf.letters,
        late_fee=shelf.facts.get("late_fee", ""),
        staff_email=settings.staff_email,
        links=links(settings),
    )


@lru_cache(maxsize=1)
def opened() -> House:
    """Open this process's one house, at its first use.

    Raises:
        BadContent: the clinic's files cannot be used.
    """
    settings = environment.load()
    return House(settings, load_shelf(settings), Store(settings.database_url))
