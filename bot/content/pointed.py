"""Answers to the point: the price of the treatment, the hours of the day, by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from bot.clinic.profile import Clinic, Treatment
from bot.clinic.when import WEEKDAYS, say_day, say_time, today
from bot.content.facts import say_money, say_spans
from bot.content.follow_ups import follow_up
from bot.desk.wish_calendar import Calendar, Days
from bot.desk.wish_days import Found, read_days
from bot.desk.wish_feasts import find_feast

_MOST_PRICES = 3

# What visitors call the things that some clinics offer beside plain acupuncture.
_OFFERS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for name, words in {
        "cupping": r"cup+ing|cups|hijama",
        "moxibustion": r"moxa|moxibustion",
        "electroacupuncture": r"electro ?-?acupuncture|electro|e-?stim",
        "massage": r"massages?",
        "physiotherapy": r"physio|physiotherapy|physical therapy",
        "Ayurveda": r"ayurved\w*|panchakarma",
        "herbal medicine": r"herbs?|herbal(?: medicine)?",
        "posture coaching": r"posture(?: coaching)?",
        "an online visit": r"online|video|virtual|telehealth|zoom",
        "gua sha": r"gua ?sha",
        "reflexology": r"reflexology",
        "acupressure": r"acupressure",
        "yoga": r"yoga",
        "a home visit": r"home visits?|house calls?",
    }.items()
}

# Shorter words, "holiday" and weekdays are in too many names to tell one by.
_TELLING = re.compile(r"(?!holiday|\w+day\b)\w{6,}")


def pointed(topic: str, text: str, clinic: Clinic, now: datetime) -> str | None:
    """Return one sentence on the very thing that a question names.

    Args:
        topic: what the question is about; only prices and hours can be pointed.
        text: the question.
        clinic: whose prices and hours.
        now: aware UTC.

    Returns:
        None where nothing is named, or nothing more can be said than in general.
    """
    if topic == "cost":
        return _price(text, clinic)
    if topic == "hours":
        return _hours(text.casefold(), clinic, now)
    return None


def leaning_on(
    text: str, before: str | None, clinic: Clinic, now: datetime
) -> str | None:
    """Return the topic of a short question that leans on the one before it.

    Args:
        text: the question.
        before: the topic that was answered last; None where there was none.
        clinic: whose treatments and days it may name.
        now: aware UTC.

    Returns:
        None where the question stands on its own.
    """
    named = before is not None and pointed(before, text, clinic, now) is not None
    return follow_up(text, before, named)


def _price(text: str, clinic: Clinic) -> str | None:
    for name, words in _OFFERS.items():
        if words.search(text):
            priced = [one for one in _called(words, clinic) if one.price is not None]
            if not priced:
                return f"I don't know a price for {name} here; our staff can tell you."
            return f"{_list_prices(clinic, priced[:_MOST_PRICES])}."
    return None


def _called(words: re.Pattern[str], clinic: Clinic) -> Iterable[Treatment]:
    for treatment in clinic.treatments.values():
        therapy = clinic.therapies.get(treatment.therapy, "")
        online = "online" if treatment.online and not treatment.in_person else ""
        if words.search(f"{treatment.name} {therapy} {online}"):
            yield treatment


def _list_prices(clinic: Clinic, priced: Iterable[Treatment]) -> str:
    return "; ".join(
        f"{one.name} ({one.minutes} minutes): {say_money(clinic, one.price)}"
        for one in priced
        if one.price is not None
    )


def _hours(text: str, clinic: Clinic, now: datetime) -> str | None:
    if not clinic.hours:
        return None
    if re.search(r"\bnow\b", text):
        return _open_now(clinic, now)
    if weekdays := _weekdays(text):
        return " ".join(_usually(weekday, clinic) for weekday in weekdays)
    this_day = today(now, clinic.zone)
    feast = _feast(text, clinic, this_day)
    day = feast or _named_day(text, clinic, this_day)
    return _on(day, clinic, this_day, feast is not None) if day else None


def _open_now(clinic: Clinic, now: datetime) -> str:
    local = now.astimezone(clinic.zone)
    if not clinic.closed(local.date()):
        for span in clinic.hours.get(local.weekday(), ()):
            if span.opens <= local.time() < span.closes:
                return f"We are open now, until {say_time(span.closes)}."
    return "We are closed now."


def _weekdays(text: str) -> list[int]:
    """Return the weekdays that are asked for in general: "sundays", "the weekend"."""
    if re.search(r"\bweek ?ends?\b", text):
        return [5, 6]
    return [
        number
        for number, name in enumerate(WEEKDAYS)
        if re.search(rf"\b{name.casefold()}s\b", text)
    ]


def _usually(weekday: int, clinic: Clinic) -> str:
    spans = clinic.hours.get(weekday, ())
    return f"{WEEKDAYS[weekday]}: {say_spans(spans) if spans else 'closed'}."


def _feast(text: str, clinic: Clinic, this_day: date) -> date | None:
    """Find a feast that is named, by the calendar or by the clinic's closures."""
    if feast := find_feast(text, clinic.country, this_day):
        return feast
    for closure in sorted(clinic.closures, key=lambda one: one.first):
        telling = _TELLING.findall(closure.reason.casefold())
        if closure.last >= this_day and any(word in text for word in telling):
            return max(closure.first, this_day)
    return None


def _named_day(text: str, clinic: Clinic, this_day: date) -> date | None:
    found = read_days(text, Calendar(this_day, clinic.country))
    if not isinstance(found, Found):
        return None
    first: Days = found.readings[0]
    return first.first if first.first == first.last else None


def _on(day: date, clinic: Clinic, this_day: date, feast: bool) -> str:
    spoken = say_day(day, this_day, clinic.locale)
    spoken = spoken[0].upper() + spoken[1:]
    shut = [one for one in clinic.closures if one.covers(day) and not one.place]
    spans = clinic.hours.get(day.weekday(), ())
    if shut or not spans:
        why = f" ({shut[0].reason})" if shut and shut[0].reason else ""
        return f"{spoken}: closed{why}."
    if feast:
        return f"{spoken}: I know of no closure, but please check with our staff."
    return f"{spoken}: {say_spans(spans)}."
