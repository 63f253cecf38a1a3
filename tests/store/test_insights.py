"""Counts over real rows, on either database."""

from datetime import timedelta

from bot.clinic.conversation import Said
from bot.desk import conversation
from bot.desk.handoff import open_handoff
from bot.desk.insights import insights
from bot.store.tables import appointment_requests, screenings
from tests.people import begin_conversation


def count(store, now, days=7):
    with store.reading() as unit:
        return insights(unit, now - timedelta(days=days), now + timedelta(seconds=1))


def visit_from(store, at):
    chat = begin_conversation(store, at)
    with store.unit() as unit:
        conversation.hear_text(unit, chat, "c1", "does it hurt", at)
        for _ in range(2):
            said = Said("Little.", extras={"topic": "needle_pain"})
            unit.conversations.say(chat, said, at)
        unit.commit()
    return chat


def screen(store, chat, at, status):
    with store.engine.begin() as connection:
        connection.execute(
            screenings.insert().values(
                id=chat,
                conversation_id=chat,
                status=status,
                channel="web",
                rules_version="1",
                questions_version="1",
                started_at=at,
                expires_at=at,
            )
        )


def test_conversations_count_in_every_step_that_they_reached(store, now):
    begin_conversation(store, now)  # opened the chat, said nothing
    visit_from(store, now)
    screen(store, visit_from(store, now), now, "in-progress")
    booked = visit_from(store, now)
    screen(store, booked, now, "completed")
    with store.engine.begin() as connection:
        connection.execute(
            appointment_requests.insert().values(
                id="r",
                conversation_id=booked,
                preferred="mornings",
                patient_name="Ana",
                patient_phone="+17805550163",
                created_at=now,
            )
        )
    visit_from(store, now - timedelta(days=30))

    funnel = count(store, now).funnel

    assert (funnel.begun, funnel.asked, funnel.answered, funnel.booked) == (3, 2, 1, 1)


def test_topics_are_counted_by_answer(store, now):
    visit_from(store, now)
    visit_from(store, now - timedelta(days=8))

    assert list(count(store, now).topics) == [("needle_pain", 2)]


def test_handoffs_are_counted_in_their_days(store, now):
    for at in (now, now - timedelta(days=8)):
        chat = begin_conversation(store, at)
        with store.unit() as unit:
            open_handoff(unit, chat, "complaint", "urgent", at)
            unit.commit()

    found = count(store, now)

    assert list(found.reasons) == [("complaint", 1)]
    assert found.waiting[0].handoffs == 1
