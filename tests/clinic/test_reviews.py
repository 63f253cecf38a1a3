"""What is due for review, and in which order it is shown."""

from datetime import date, timedelta

from bot.clinic.reviews import SOON, ToReview, due

TODAY = date(2026, 11, 25)


def text(title, days):
    by = None if days is None else TODAY + timedelta(days=days)
    return ToReview(title, f"data/faq/{title}.yml", review_by=by)


def test_what_is_past_or_near_is_due_and_nothing_else():
    texts = [text("past", -1), text("today", 0), text("near", 60), text("far", 61)]

    assert [one.title for one in due(texts, TODAY)] == ["past", "today", "near"]
    assert timedelta(days=60) == SOON


def test_what_nobody_ever_checked_comes_first():
    texts = [text("old", -400), text("never", None)]

    assert [one.title for one in due(texts, TODAY)] == ["never", "old"]


def test_a_text_is_past_from_the_day_after_its_date():
    assert [text("x", days).past(TODAY) for days in (None, -1, 0, 1)] == [
        True,
        True,
        False,
        False,
    ]
