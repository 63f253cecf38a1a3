"""What answers may say about this clinic, as short phrases by placeholder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency

from bot.clinic.profile import Clinic, Span, Treatment, Visit, Weekly
from bot.clinic.when import WEEKDAYS, say_time

OWN_FACTS = frozenset(
    {
        "hygiene_policy",
        "illness_exception",
        "insurers",
        "needle_brand_gauge",
        "non_needle_options",
        "package_terms",
        "payment_methods",
        "privacy_contact",
        "receipt",
        "retention",
    }
)
"""Placeholders that a clinic words itself; all others follow from its other entries."""

_GENDERS = {"woman": "women", "man": "men", "non_binary": "non-binary practitioners"}
_NAMED_PRACTITIONERS = 6
_NAMED_PLACES = 3
_LISTED_PLACES = 8
_NAMED_TREATMENTS = 8


def facts(clinic: Clinic) -> dict[str, str]:
    """Return the placeholders that answers may use, only those that are known.

    Every value is a phrase without a full stop, to stand inside a sentence.
    """
    told = {
        "clinic_name": clinic.name,
        "phone": clinic.phone,
        "email": clinic.email,
        "emergency": clinic.emergency,
        "address": _address(clinic),
        "directions": _directions(clinic),
        "hours": say_hours(clinic.hours),
        "treatments": _treatments(clinic),
        "first_visit_minutes": _minutes(clinic, "first"),
        "follow_up_minutes": _minutes(clinic, "follow_up"),
        "price_first": _prices(clinic, "first"),
        "price_followup": _prices(clinic, "follow_up"),
        "price_date": _price_date(clinic),
        "conditions_list": _listed(clinic, clinic.conditions),
        "techniques": _listed(clinic, clinic.techniques),
        "practitioner_gender_options": _genders(clinic),
        "practitioner_list": _practitioners(clinic),
        "register_link": clinic.register_link,
        "online_offered": _online(clinic),
        "cancel_hours": _cancel_hours(clinic),
        "late_fee": _late_fee(clinic),
    }
    told |= clinic.facts
    return {name: phrase for name, phrase in told.items() if phrase.strip()}


def say_hours(weekly: Weekly) -> str:
    """Say weekly hours: "Monday to Friday 9 am-5 pm; Saturday 10 am-2 pm".

    Returns:
        "" where no hours are known. Days that are left out are closed.
    """
    groups: list[tuple[list[int], tuple[Span, ...]]] = []
    for weekday in range(7):
        spans = weekly.get(weekday, ())
        if not spans:
            continue
        if groups and groups[-1][1] == spans and groups[-1][0][-1] == weekday - 1:
            groups[-1][0].append(weekday)
        else:
            groups.append(([weekday], spans))
    return "; ".join(f"{_days(days)} {say_spans(spans)}" for days, spans in groups)


def say_money(clinic: Clinic, amount: Decimal) -> str:
    """Say an amount in the clinic's currency and locale, without empty cents."""
    locale = Locale.parse(clinic.locale)
    pattern: str = locale.currency_formats["standard"].pattern
    if amount == amount.to_integral_value():
        pattern = pattern.replace(".00", "")
    return format_currency(
        amount, clinic.currency, pattern, locale=locale, currency_digits=False
    )


def _days(weekdays: Sequence[int]) -> str:
    first, last = WEEKDAYS[weekdays[0]], WEEKDAYS[weekdays[-1]]
    if len(weekdays) == 1:
        return first
    return f"{first} {'and' if len(weekdays) == 2 else 'to'} {last}"


def say_spans(spans: Iterable[Span]) -> str:
    """Say the stretches of a day: "9 am to 12 noon and 1 pm to 5 pm"."""
    return " and ".join(
        f"{say_time(span.opens)} to {say_time(span.closes)}" for span in spans
    )


def _listed(clinic: Clinic, words: Sequence[str]) -> str:
    return format_list(words, locale=clinic.locale)


def _address(clinic: Clinic) -> str:
    places = [place for place in clinic.places.values() if place.address]
    if len(places) == 1:
        return places[0].address
    if len(places) > _LISTED_PLACES:
        some = _listed(clinic, [one.name for one in places[:_NAMED_PLACES]])
        return f"{len(places)} places, among them {some}"
    if len(places) > _NAMED_PLACES:
        return f"{len(places)} places: {_listed(clinic, [one.name for one in places])}"
    return "; ".join(f"{place.name}, {place.address}" for place in places)


def _directions(clinic: Clinic) -> str:
    told = [place for place in clinic.places.values() if place.directions]
    return told[0].directions if len(told) == 1 else ""


def _treatments(clinic: Clinic) -> str:
    if len(clinic.treatments) > _NAMED_TREATMENTS:
        return _listed(clinic, list(clinic.therapies.values()))
    named = [
        f"{treatment.name} ({treatment.minutes} minutes)"
        for treatment in clinic.treatments.values()
    ]
    return "; ".join(named)


def _visits(clinic: Clinic, visit: Visit) -> list[Treatment]:
    return [
        treatment
        for treatment in clinic.treatments.values()
        if treatment.visit == visit and treatment.in_person
    ]


def _minutes(clinic: Clinic, visit: Visit) -> str:
    lengths = [treatment.minutes for treatment in _visits(clinic, visit)]
    return _range(sorted({str(one) for one in lengths}, key=int))


def _prices(clinic: Clinic, visit: Visit) -> str:
    amounts = {treatment.price for treatment in _visits(clinic, visit)}
    known = sorted(amount for amount in amounts if amount is not None)
    return _range([say_money(clinic, amount) for amount in known])


def _range(ordered: Sequence[str]) -> str:
    if not ordered:
        return ""
    if len(ordered) == 1:
        return ordered[0]
    return f"{ordered[0]} to {ordered[-1]}"


def _price_date(clinic: Clinic) -> str:
    if clinic.prices_checked_on is None:
        return ""
    return format_date(clinic.prices_checked_on, format="long", locale=clinic.locale)


def _genders(clinic: Clinic) -> str:
    present = {one.gender for one in clinic.practitioners.values()}
    return _listed(clinic, [word for key, word in _GENDERS.items() if key in present])


def _practitioners(clinic: Clinic) -> str:
    people = list(clinic.practitioners.values())
    if len(people) <= _NAMED_PRACTITIONERS:
        return "; ".join(f"{one.name}, {one.qualification}" for one in people)
    given = {therapy for one in people for therapy in one.therapies}
    names = [name for key, name in clinic.therapies.items() if key in given]
    return f"{len(people)} practitioners for {_listed(clinic, names)}"


def _online(clinic: Clinic) -> str:
    staffed = {place for one in clinic.practitioners.values() for place in one.places}
    if not any(clinic.places[place].kind == "online" for place in staffed):
        return "none, all visits are in person"
    named = [
        f"{treatment.name} ({treatment.minutes} minutes)"
        for treatment in clinic.treatments.values()
        if treatment.online
    ]
    return _listed(clinic, named)


def _cancel_hours(clinic: Clinic) -> str:
    hours = clinic.policy.cancel_hours
    return "" if hours is None else str(hours)


def _late_fee(clinic: Clinic) -> str:
    fee = clinic.policy.late_fee
    if fee is None:
        return ""
    return f"a fee of {say_money(clinic, fee)}" if fee else "no fee"
