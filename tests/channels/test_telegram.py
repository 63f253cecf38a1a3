"""Telegram from outside: what visitors do there, and what they see."""

import itertools
import json
import time

import pytest

from bot.clinic.conversation import Choice, Said
from bot.clock import utc_now
from tests.channels.fake_telegram import USERNAME, Trouble, message, pressed

CALENDAR = "Add to your calendar"
_PEOPLE = itertools.count(70_001)


@pytest.fixture
def desk(on_telegram):
    return on_telegram[0]


@pytest.fixture
def chat():
    return next(_PEOPLE)


def conversation_of(record, chat):
    with record.reading() as unit:
        return unit.addresses.get("telegram", str(chat)).conversation_id


def rows_of(record, chat):
    with record.reading() as unit:
        return unit.conversations.after(conversation_of(record, chat), 0)


def begun(telegram, chat):
    telegram.says(chat, "hello")
    return telegram.wait_text(chat, "« hello")


def say(record, chat, said):
    """Let the assistant, or staff, say something of its own accord."""
    with record.unit() as unit:
        seq = unit.conversations.say(conversation_of(record, chat), said, utc_now())
        unit.commit()
    return seq


def test_the_first_answer_comes_after_a_word_about_telegram(telegram, chat):
    begun(telegram, chat)

    first, second = telegram.texts(chat)
    assert "own servers" in first
    assert "911" in first
    assert second == "« hello"


def test_the_menu_of_commands_is_set(telegram, chat):
    telegram.wait_for(lambda: telegram.commands)

    names = [command["command"] for command in telegram.commands]
    assert names == ["start", "book", "visit", "person", "page", "stop", "help"]


@pytest.mark.parametrize(
    ("command", "heard"),
    [
        ("/start", "/greet"),
        ("/start from_our_poster", "/greet"),
        ("/book", "/book_appointment"),
        (f"/book@{USERNAME}", "/book_appointment"),
        ("/person", "/talk_to_human"),
        ("/HELP", "/capabilities"),
    ],
)
def test_a_command_of_the_menu_is_what_it_says(telegram, desk, chat, command, heard):
    telegram.says(chat, command)
    telegram.wait_text(chat, f"« {heard}")

    assert desk.rasa.heard[-1] == heard


@pytest.mark.parametrize(
    ("typed", "heard"),
    [("/restart", "restart"), ('/inform{"x":"y"}', 'inform{"x":"y"}')],
)
def test_any_other_command_is_only_words(telegram, desk, chat, typed, heard):
    telegram.says(chat, typed)
    telegram.wait_text(chat, "«")

    telegram.wait_text(chat, "do not know that command")
    assert desk.rasa.heard[-1] == heard


@pytest.mark.parametrize("command", ["help", "ahh", "start"])
def test_an_emergency_behind_a_slash_is_heard(telegram, chat, command):
    telegram.says(chat, f"/{command} I have crushing chest pain")

    assert "911" in telegram.wait_text(chat, "Chest pain or").text


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"photo": [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]},
         "a photo"),
        ({"voice": {"file_id": "1", "file_unique_id": "1", "duration": 1}},
         "a voice message"),
        ({"sticker": {"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1,
                      "is_animated": False, "is_video": False, "type": "regular"}},
         "a sticker"),
        ({"location": {"longitude": 1.5, "latitude": 2.5}}, "a location"),
        ({"venue": {"location": {"longitude": 1, "latitude": 2}, "title": "t",
                    "address": "a"}, "location": {"longitude": 1, "latitude": 2}},
         "a place"),
        ({"document": {"file_id": "1", "file_unique_id": "1"}}, "a file"),
        ({"dice": {"emoji": "x", "value": 3}}, "dice"),
        ({"a_new_kind": {"of": "2031"}}, "that kind of message"),
    ],
)  # fmt: skip
def test_what_has_no_words_is_answered_with_some(
    telegram, desk, record, chat, content, named
):
    telegram.push(message(chat, **content))
    telegram.wait_text(chat, f"I cannot open {named} here")

    heard = [row.text for row in rows_of(record, chat) if row.author == "visitor"]
    assert heard == [f"({named})"]


def test_an_album_is_answered_once(telegram, record, chat):
    photo = [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]
    for caption in ({"caption": "my back"}, {}, {}):
        telegram.push(message(chat, photo=photo, media_group_id="7", **caption))
    telegram.says(chat, "and then")
    telegram.wait_text(chat, "« and then")

    told = [text for text in telegram.texts(chat) if "cannot open a photo" in text]
    heard = [row.text for row in rows_of(record, chat) if row.author == "visitor"]
    assert len(told) == 1
    assert heard == ["my back", "(a photo)", "(a photo)", "and then"]


def test_the_words_under_a_photo_are_heard(telegram, chat):
    photo = [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]
    telegram.push(message(chat, photo=photo, caption="crushing chest pain"))

    assert "911" in telegram.wait_text(chat, "Chest pain or").text
    telegram.wait_text(chat, "cannot open a photo")


def test_a_shared_contact_is_its_number(telegram, desk, chat):
    contact = {"phone_number": "+17805550142", "first_name": "A", "user_id": chat}
    telegram.push(message(chat, contact=contact))
    telegram.wait_text(chat, "« +17805550142")

    assert desk.rasa.heard[-1] == "+17805550142"


def test_an_edited_message_is_heard_again(telegram, chat):
    first = message(chat, text="how mcuh")
    telegram.push(first)
    telegram.wait_text(chat, "« how mcuh")
    edited = {**first["message"], "text": "how much", "edit_date": 1_700_000_001}
    telegram.push({"edited_message": edited})

    telegram.wait_text(chat, "« how much")


def test_an_edited_message_does_not_answer_the_newest_question(telegram, desk, chat):
    first = message(chat, text="no it dont hurt")
    telegram.push(first)
    telegram.wait_text(chat, "« no it dont hurt")
    edited = {**first["message"], "text": "no it doesnt hurt", "edit_date": 1}
    telegram.push({"edited_message": edited})
    telegram.wait_text(chat, "« no it doesnt hurt")

    assert desk.rasa.seen["no it dont hurt"] is True
    assert desk.rasa.seen["no it doesnt hurt"] is False
    assert desk.rasa.changed[-1:] == ["no it doesnt hurt"]
    assert "no it dont hurt" not in desk.rasa.changed


def test_a_message_that_only_gets_a_preview_is_not_heard_again(telegram, desk, chat):
    first = message(chat, text="see clinic.example.org")
    telegram.push(first)
    shown = telegram.wait_text(chat, "« see clinic.example.org")
    telegram.push({"edited_message": {**first["message"], "edit_date": 1}})
    telegram.presses(chat, shown, shown.buttons[0][0]["callback_data"])
    telegram.wait_text(chat, "« /yes")

    assert desk.rasa.heard.count("see clinic.example.org") == 1


def test_an_emergency_in_an_edited_message_is_heard(telegram, chat):
    first = message(chat, text="I have a pan")
    telegram.push(first)
    telegram.wait_text(chat, "«")
    corrected = "I have crushing chest pain"
    edited = {**first["message"], "text": corrected, "edit_date": 1}
    telegram.push({"edited_message": edited})

    assert "911" in telegram.wait_text(chat, "Chest pain or").text


@pytest.mark.parametrize(
    "text",
    [
        "🙂" * 300,
        "\u202e\u05e9\u05dc\u05d5\u05dd \u0645\u0631",
        "null \0 byte",
        "half an emoji \ud83d",
        "<b>&amp;</b>",
        "*_[`",
    ],
)
def test_odd_text_is_kept_and_answered(telegram, chat, text):
    telegram.says(chat, text)

    telegram.wait_for(lambda: len(telegram.texts(chat)) == 2)


def test_unknown_fields_and_shapes_do_no_harm(telegram, chat):
    strange = message(chat, text="hello", from_2031={"deep": [1, {"x": None}]})
    telegram.push({**strange, "surprise": True})
    telegram.push({"message": "no message at all"})
    telegram.push({"callback_query": {"id": 7}})
    telegram.push({"message": {"chat": {"id": chat}, "text": 5}})
    telegram.push({"message": {**strange["message"], "text": 5}})
    telegram.push({"message": {**strange["message"], "from": None, "text": "or so"}})
    telegram.push({"message": {**strange["message"], "photo": [], "caption": [1]}})
    telegram.push({})
    telegram.says(chat, "still there?")

    telegram.wait_text(chat, "« hello")
    telegram.wait_text(chat, "« or so")
    telegram.wait_text(chat, "« still there?")


@pytest.mark.parametrize("number", [None, True, "7"])
def test_a_message_of_no_chat_holds_nothing_up(telegram, desk, chat, number):
    said = message(chat, text=f"from nowhere {number}")["message"]
    telegram.push({"message": {**said, "chat": {**said["chat"], "id": number}}})
    telegram.push({"message": {**said, "chat": None}})
    begun(telegram, chat)

    assert said["text"] not in desk.rasa.heard


def test_an_update_of_ten_megabytes_is_passed_over(telegram, chat):
    telegram.push(message(chat, text="x" * 10_000_000))
    telegram.says(chat, "hello")
    telegram.wait_text(chat, "« hello")

    assert len(telegram.texts(chat)) == 2


def test_channel_posts_and_group_talk_get_no_answer(telegram, chat):
    group = {"id": -chat, "type": "supergroup", "title": "g"}
    post = {"message_id": 1, "date": 1, "chat": {**group, "type": "channel"}}
    telegram.push({"channel_post": {**post, "text": "news"}})
    telegram.push(
        {"message": {**message(chat, text="hi all")["message"], "chat": group}}
    )
    telegram.push(
        {"message": {**message(chat, text="/start")["message"], "chat": group}}
    )
    telegram.push(
        {"message": {**message(chat, text="/start")["message"], "chat": group}}
    )
    begun(telegram, chat)

    assert [USERNAME in text for text in telegram.texts(-chat)] == [True]
    assert "911" in telegram.texts(-chat)[0]


def test_a_pressed_button_is_taken_once_and_gone(telegram, desk, chat):
    shown = begun(telegram, chat)
    data = shown.buttons[0][0]["callback_data"]
    telegram.presses(chat, shown, data)
    telegram.wait_text(chat, "« /yes")
    telegram.push({**pressed(chat, shown, data)})
    telegram.wait_for(lambda: "no longer in use" in str(telegram.answers.values()))

    assert len(data.encode()) <= 64
    assert "yes" not in data.lower()
    assert telegram.wait_text(chat, "Your answer: Yes") is shown
    assert shown.buttons == []
    written = [call.body for call in telegram.sends() if "text" in call.body]
    assert all("is_disabled" in body["link_preview_options"] for body in written)
    assert telegram.texts(chat).count("« /yes") == 1


@pytest.mark.parametrize(
    "data", ["forged", "done:3", "done:x", "é" * 20, "done:99999999"]
)
def test_a_forged_button_is_refused_kindly(telegram, chat, data):
    shown = begun(telegram, chat)
    update = pressed(chat, shown, data)
    query = update["callback_query"]["id"]
    telegram.push(update)
    telegram.wait_for(lambda: query in telegram.answers)

    assert "no longer in use" in telegram.answers[query]
    assert len(telegram.texts(chat)) == 2


def test_another_visitors_button_is_refused_kindly(telegram, chat):
    shown = begun(telegram, chat)
    stranger = next(_PEOPLE)
    theirs = begun(telegram, stranger)
    update = pressed(stranger, theirs, shown.buttons[0][0]["callback_data"])
    query = update["callback_query"]["id"]
    telegram.push(update)
    telegram.wait_for(lambda: query in telegram.answers)

    assert "no longer in use" in telegram.answers[query]


def test_buttons_that_were_answered_in_words_go_away(telegram, chat):
    shown = begun(telegram, chat)
    telegram.says(chat, "in words")

    telegram.wait_for(lambda: shown.buttons == [])


@pytest.mark.parametrize("between", ["words", "question"])
def test_a_button_that_could_not_be_taken_away_is_dead(
    telegram, desk, record, chat, between
):
    shown = begun(telegram, chat)
    data = shown.buttons[0][0]["callback_data"]
    if between == "words":
        telegram.says(chat, "no, friday")
        telegram.wait_text(chat, "« no, friday")
    else:
        say(record, chat, Said("Friday?", choices=(Choice("Yes", "/yes"),)))
        telegram.wait_text(chat, "Friday?")
    heard = len(desk.rasa.heard)
    update = pressed(chat, shown, data)
    telegram.push(update)
    query = update["callback_query"]["id"]
    telegram.wait_for(lambda: query in telegram.answers)

    assert "no longer in use" in telegram.answers[query]
    assert desk.rasa.heard[heard:] == []


def test_a_list_that_was_answered_in_words_can_not_be_ticked(telegram, chat, checklist):
    tick = box(checklist, "Chest pain")
    telegram.says(chat, "none of them")
    telegram.wait_text(chat, "« none of them")
    update = pressed(chat, checklist, tick)
    telegram.push(update)
    query = update["callback_query"]["id"]
    telegram.wait_for(lambda: query in telegram.answers)

    assert "no longer in use" in telegram.answers[query]


BOXES = (
    Choice("Chest pain", '/answer{"answer": "a"}'),
    Choice("Numb legs", '/answer{"answer": "b"}'),
    Choice("None", "/n"),
)


@pytest.fixture
def checklist(telegram, record, chat):
    begun(telegram, chat)
    say(record, chat, Said("Tick.", checklist=BOXES, none_of_these="/n"))
    return telegram.wait_text(chat, "Tick.")


def labels(shown):
    return [button["text"] for row in shown.buttons for button in row]


def box(shown, label):
    return next(
        button["callback_data"]
        for row in shown.buttons
        for button in row
        if label in button["text"]
    )


def test_boxes_are_ticked_and_sent_together(telegram, desk, chat, checklist):
    for label in ("Numb legs", "Chest pain", "Numb legs", "Numb legs"):
        telegram.presses(chat, checklist, box(checklist, label))
    telegram.wait_for(lambda: labels(checklist)[:2] == ["☑ Chest pain", "☑ Numb legs"])
    telegram.presses(chat, checklist, box(checklist, "Done"))
    telegram.wait_text(chat, "Your answer: Chest pain, Numb legs")

    telegram.wait_for(lambda: desk.rasa.heard[-1] == '/answer{"answer": ["a", "b"]}')
    assert checklist.buttons == []


def test_a_tick_is_shown_when_telegram_lets_it_be(telegram, chat, checklist):
    telegram.trouble = Trouble(too_many=1.0, retry_after=1)
    try:
        telegram.presses(chat, checklist, box(checklist, "Numb legs"))
        edit = "editMessageReplyMarkup"
        telegram.wait_for(lambda: telegram.sends()[-1].method == edit)
    finally:
        telegram.trouble = Trouble()

    telegram.wait_for(lambda: labels(checklist)[1] == "☑ Numb legs")


def test_long_lines_of_a_list_are_read_in_full(telegram, record, chat):
    line = "Sudden very bad tummy or back pain, with feeling faint, or passing out"
    begun(telegram, chat)
    boxes = (BOXES[0], Choice(line, '/answer{"answer": "c"}'), BOXES[2])
    say(record, chat, Said("Tick.", checklist=boxes, none_of_these="/n"))

    shown = telegram.wait_text(chat, f"2. {line}")

    assert labels(shown)[1].startswith("☐ 2. Sudden very bad")


@pytest.mark.parametrize("labels", [["None"], ["Numb legs", "Done"]])
def test_a_press_is_quicker_than_telegrams_own_answer(
    telegram, desk, record, chat, labels
):
    begun(telegram, chat)
    telegram.trouble = Trouble(late=1.0)
    try:
        say(record, chat, Said("Tick.", checklist=BOXES, none_of_these="/n"))
        shown = telegram.wait_text(chat, "Tick.")
        for label in labels:
            telegram.presses(chat, shown, box(shown, label))
        telegram.wait_text(chat, f"Your answer: {labels[0]}", seconds=2.5)
    finally:
        telegram.trouble = Trouble()
    heard = {"None": "/n", "Numb legs": '/answer{"answer": "b"}'}[labels[0]]
    telegram.wait_text(chat, f"« {heard}")

    assert [text for text in telegram.texts(chat) if "Tick." in text] == [shown.text]


def test_none_of_these_is_one_press(telegram, desk, chat, checklist):
    telegram.presses(chat, checklist, box(checklist, "Chest pain"))
    telegram.presses(chat, checklist, box(checklist, "None"))

    telegram.wait_for(lambda: desk.rasa.heard[-1] == "/n")


def test_nothing_ticked_is_not_none(telegram, desk, chat, checklist):
    update = pressed(chat, checklist, box(checklist, "Done"))
    telegram.push(update)
    query = update["callback_query"]["id"]
    telegram.wait_for(lambda: query in telegram.answers)

    assert "tick what is true" in telegram.answers[query]
    assert checklist.buttons


def test_a_list_that_is_done_can_not_be_ticked(telegram, chat, checklist):
    tick = box(checklist, "Chest pain")
    telegram.presses(chat, checklist, box(checklist, "None"))
    telegram.wait_text(chat, "« /n")
    update = pressed(chat, checklist, tick)
    telegram.push(update)
    query = update["callback_query"]["id"]
    telegram.wait_for(lambda: query in telegram.answers)

    assert "no longer in use" in telegram.answers[query]


def test_a_long_text_comes_in_parts(telegram, record, chat):
    begun(telegram, chat)
    text = " ".join(f"This is sentence number {n}." for n in range(400))
    say(record, chat, Said(text))
    telegram.wait_for(lambda: "number 399." in telegram.texts(chat)[-1])

    parts = telegram.texts(chat)[2:]
    assert len(parts) == 3
    assert all(part.endswith(".") for part in parts)
    assert " ".join(parts) == text


def test_what_is_about_health_goes_by_a_link(telegram, desk, record, chat):
    begun(telegram, chat)
    say(record, chat, Said("Is your leg numb?", extras={"health": True}))
    shown = telegram.wait_text(chat, "The next part is about your health")

    assert f"{desk.url}/c/" in shown.text
    assert not any("leg numb" in text for text in telegram.texts(chat))


def test_words_to_an_unseen_question_are_no_answer_to_it(telegram, desk, record, chat):
    begun(telegram, chat)
    say(record, chat, Said("Is your leg numb?", extras={"health": True}))
    telegram.says(chat, "yes")
    telegram.wait_text(chat, "« yes")
    telegram.says(chat, "yes indeed")
    telegram.wait_text(chat, "« yes indeed")

    assert desk.rasa.seen["yes"] is False
    assert desk.rasa.seen["yes indeed"] is True


def test_advice_in_an_emergency_is_never_held_back(telegram, record, chat):
    begun(telegram, chat)
    say(record, chat, Said("Call 911.", extras={"health": True, "urgent": True}))

    telegram.wait_text(chat, "Call 911.")


def test_a_visit_is_shown_as_text(telegram, record, chat):
    begun(telegram, chat)
    card = {"kind": "appointment", "title": "Booked", "rows": [["When", "Thu 10:00"]]}
    say(record, chat, Said("Your visit is booked.", extras={"card": card}))

    shown = telegram.wait_text(chat, "visit is booked")
    assert shown.text == "Your visit is booked.\n\nBooked\nWhen: Thu 10:00"


@pytest.mark.parametrize("how", ["words", "press"])
def test_a_visit_can_still_go_into_the_calendar_later(telegram, record, chat, how):
    begun(telegram, chat)
    address = "https://clinic.example.org/visits/1.ics"
    card = {"title": "Booked", "rows": [], "calendar_url": address}
    off = Choice("Cancel it", "/cancel_appointment")
    said = Said("Your visit is booked.", choices=(off,), extras={"card": card})
    say(record, chat, said)
    shown = telegram.wait_text(chat, "visit is booked")
    if how == "words":
        telegram.says(chat, "thank you")
    else:
        telegram.presses(chat, shown, box(shown, "Cancel it"))
    telegram.wait_for(lambda: shown.edits)

    assert shown.buttons == [[{"text": CALENDAR, "url": address}]]


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_visit_goes_into_the_calendar(telegram, record, chat, scheme):
    begun(telegram, chat)
    address = f"{scheme}://clinic.example.org/visits/1.ics"
    links = [{"label": "Map", "href": f"{scheme}://map.example.org"}]
    card = {"title": "Booked", "rows": [], "links": links, "calendar_url": address}
    say(record, chat, Said("Your visit is booked.", extras={"card": card}))
    shown = telegram.wait_text(chat, "visit is booked")

    buttons = [button for row in shown.buttons for button in row]
    if scheme == "https":
        assert (buttons[0]["text"], buttons[0]["url"]) == (CALENDAR, address)
    else:  # Telegram takes no such address on a button
        assert f"{CALENDAR}: {address}\n" in shown.text + "\n"


def test_sources_are_one_short_line(telegram, record, chat):
    begun(telegram, chat)
    sources = [{"title": "NHS", "year": 2023}, {"title": "NICE", "year": None}]
    extras = {"sources": sources, "reviewed_on": "2026-11-22"}
    say(record, chat, Said("Hardly.", extras=extras))

    shown = telegram.wait_text(chat, "Hardly.")
    last = shown.text.splitlines()[-1]
    assert last.startswith("From: NHS (2023); NICE. Last checked")


def test_staff_are_named(telegram, record, chat):
    begun(telegram, chat)
    say(record, chat, Said("Hello there.", author="staff", name="Priya"))

    assert telegram.wait_text(chat, "Hello there.").text == "Priya:\nHello there."


def test_whoever_blocks_us_is_left_alone_until_they_are_back(telegram, record, chat):
    begun(telegram, chat)
    telegram.blocked.add(chat)
    say(record, chat, Said("Are you there?"))
    telegram.wait_for(lambda: state_of(record, chat) == "blocked")
    tried = len([call for call in telegram.sends() if call.chat == chat])
    time.sleep(0.5)
    say(record, chat, Said("Anybody?"))
    time.sleep(2.5)
    still = len([call for call in telegram.sends() if call.chat == chat])
    telegram.blocked.discard(chat)
    telegram.says(chat, "I am back")
    telegram.wait_text(chat, "« I am back")

    assert tried == still
    assert telegram.texts(chat)[2:] == ["Are you there?", "Anybody?", "« I am back"]


def state_of(record, chat):
    with record.reading() as unit:
        return unit.addresses.get("telegram", str(chat)).state


def test_a_member_who_left_is_noted(telegram, record, chat):
    begun(telegram, chat)
    user = {"id": 42, "is_bot": True, "first_name": "M"}
    telegram.push(
        {
            "my_chat_member": {
                "chat": {"id": chat, "type": "private"},
                "from": {"id": chat, "is_bot": False, "first_name": "A"},
                "date": 1,
                "old_chat_member": {"status": "member", "user": user},
                "new_chat_member": {"status": "kicked", "user": user, "until_date": 0},
            }
        }
    )

    telegram.wait_for(lambda: state_of(record, chat) == "blocked")


def test_words_that_cannot_be_handled_are_kept_and_handed_over(telegram, record, chat):
    begun(telegram, chat)
    telegram.says(chat, "stumble over this")
    telegram.wait_text(chat, "« stumble over this")

    telegram.wait_text(chat, "omething went wrong")
    with record.reading() as unit:
        handoff = unit.handoffs.open_of(conversation_of(record, chat))
    assert handoff.reason == "something_went_wrong"


def test_an_emergency_is_heard_whatever_cannot_be_handled(telegram, chat):
    begun(telegram, chat)
    telegram.says(chat, "I stumble and have crushing chest pain")

    assert "911" in telegram.wait_text(chat, "Chest pain or").text


def test_a_press_that_cannot_be_handled_stops_waiting(telegram, chat):
    shown = begun(telegram, chat)
    update = pressed(chat, shown, "stumble")
    query = update["callback_query"]["id"]
    telegram.push(update)
    telegram.wait_text(chat, "omething went wrong")

    telegram.wait_for(lambda: query in telegram.answers)


def test_no_word_stays_with_a_handled_update(telegram, record, chat):
    begun(telegram, chat)

    with record.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT body FROM updates WHERE handled"
        ).fetchall()
    assert rows
    assert {row.body for row in rows} == {None}


def test_the_menu_leads_to_our_page(telegram, desk, chat):
    begun(telegram, chat)
    telegram.says(chat, "/page")

    assert f"{desk.url}/c/" in telegram.wait_text(chat, "go on with this chat").text


def test_json_of_the_keyboard_is_small(telegram, chat):
    begun(telegram, chat)

    keyboards = [
        call.body["reply_markup"]
        for call in telegram.sends()
        if call.chat == chat and "reply_markup" in call.body
    ]
    data = [
        button["callback_data"]
        for keyboard in keyboards
        for row in json.loads(keyboard)["inline_keyboard"]
        for button in row
    ]
    assert data
    assert all(len(one.encode()) <= 64 for one in data)


def test_the_apps_language_is_kept_for_staff(telegram, record, chat):
    sent = message(chat, text="namaste")
    sent["message"]["from"]["language_code"] = "hi"
    telegram.push(sent)
    telegram.wait_text(chat, "« namaste")

    with record.reading() as unit:
        talk = unit.conversations.get(conversation_of(record, chat))
    assert talk.language == "hi"
