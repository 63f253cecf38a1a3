"""Names, phone numbers and addresses as people really type them."""

import pytest

from bot.desk.people import (
    Unreadable,
    read_contact,
    read_email,
    read_name,
    read_new_name,
    read_phone,
    say_phone,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bob", "Bob"),
        ("it's Bob", "Bob"),
        ("my name is Mary-Jane O\u2019Connor", "Mary-Jane O'Connor"),
        ("hi, i'm Al", "Al"),
        ("im bob", "bob"),
        ("Im Yoon-ah", "Im Yoon-ah"),
        ("Name: Bob Ray", "Bob Ray"),
        ("name is Priya, thanks", "Priya"),
        ("this is Sam here", "Sam"),
        ("It's Mrs Eileen McAllister", "Mrs Eileen McAllister"),
        ("X", "X"),
        ("  Wei  ", "Wei"),
        ("\u0c86\u0cb6\u0cbe \u0cb0\u0cbe\u0cb5\u0ccd",) * 2,
        ("Jose\u0301", "Jos\u00e9"),
        ("Thisbe Ito", "Thisbe Ito"),
        ("her name is Rosa O'Neil", "Rosa O'Neil"),
        ("their name's Sky Lund", "Sky Lund"),
        ("my name is spelled D'Arcy Obrien", "D'Arcy Obrien"),
    ],
)
def test_names_are_taken_out_of_their_sentence(text: str, name: str) -> None:
    assert read_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "...",
        "R2D2",
        "780 555 0142",
        "A" * 300,
        "Bob\nBcc: everyone",
        "<b>Bob</b>",
        "'; DROP TABLE appointments;",
        "bob@example.org",
        "any news?",
    ],
)
def test_what_is_no_name_gets_a_reason(text: str) -> None:
    refused = read_name(text)

    assert isinstance(refused, Unreadable)
    assert refused.reason.endswith(".")


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("780 555 0142", "CA", "+17805550142"),
        ("(780) 555-0142", "CA", "+17805550142"),
        ("my number is 780.555.0142 ext 4", "CA", "+17805550142"),
        ("212-555-0187, as before", "US", "+12125550187"),
        ("98450 12345", "IN", "+919845012345"),
        ("call me on 780 555 0142 after 5pm", "CA", "+17805550142"),
        ("+44 7700 900321", "CA", "+447700900321"),
        ("+91 98450 12345", "US", "+919845012345"),
        ("+1 780 555 0142", "IN", "+17805550142"),
    ],
)
def test_numbers_become_international(text: str, country: str, number: str) -> None:
    assert read_phone(text, country) == number


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("call me", "digits"),
        ("555-0142", "area code"),
        ("07700 900321", "country code"),
        ("000 000 0000", "country code"),
        ("9" * 60, "country code"),
        ("780 555 0142 or 780 555 0143", "more than one"),
        ("5:30 on 12/12/2026", "country code"),
    ],
)
def test_numbers_that_nobody_can_call_get_a_reason(text: str, hint: str) -> None:
    refused = read_phone(text, "CA")

    assert isinstance(refused, Unreadable)
    assert hint in refused.reason


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("tom@example.net", "tom@example.net"),
        ("mail me at tom@example.net.", "tom@example.net"),
        ("e.macallister at example dot org", "e.macallister@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("<tom@Example.ORG>", "tom@example.org"),
    ],
)
def test_addresses_are_found_and_tidied(text: str, address: str) -> None:
    assert read_email(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "none",
        "tom@",
        "@example.org",
        "tom@localhost",
        "a@example.org, b@example.org",
        "tom@example.org\nBcc: all@example.org",
        "a" * 300 + "@example.org",
    ],
)
def test_what_is_no_address_gets_a_reason(text: str) -> None:
    assert isinstance(read_email(text), Unreadable)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("wrong name its Anna Maria", "Anna Maria"),
        ("names ana lopez not anna", "ana lopez"),
        ("no its Dana", "Dana"),
        ("my name is spelled D'Arcy Obrien", "D'Arcy Obrien"),
        ("it's spelt Kristoffer", "Kristoffer"),
        ("its friday i want", None),
    ],
)
def test_a_name_is_corrected_without_apostrophes_too(text, name):
    assert read_new_name(text) == name


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("+17805550142", "+1 780-555-0142"),
        ("+919845012345", "+91 98450 12345"),
        ("ask at the desk", "ask at the desk"),
        ("", ""),
    ],
)
def test_a_number_is_read_back_as_people_write_it(number, read):
    assert say_phone(number) == read


@pytest.mark.parametrize(
    "text",
    [
        "her name is Rosa O'Neil and the number is 780 555 0142",
        "Rosa O'Neil, her phone is 780 555 0142",
        "his name's Rosa O'Neil, his mobile: 780 555 0142",
    ],
)
def test_somebody_elses_name_and_number_come_apart(text):
    contact = read_contact(text, "CA")

    assert read_name(contact.name) == "Rosa O'Neil"
    assert contact.phone == "+17805550142"
