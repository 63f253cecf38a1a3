"""What may become an example, and how it is written down."""

import pytest

from bot.clinic.examples import LONGEST_EXAMPLE, folded, worded


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  wots   the\ndamage? ", "wots the damage?"),
        ("- how much", "how much"),
        ("/book_appointment", "book_appointment"),
        ("how\u200b much\u202e", "how much"),
        ("कितना खर्च आएगा", "कितना खर्च आएगा"),
        ("is it €60 or 70%? 🙂", "is it €60 or 70%? 🙂"),
        ("x" * LONGEST_EXAMPLE, "x" * LONGEST_EXAMPLE),
    ],
)
def test_an_example_is_one_plain_line(text, kept):
    assert worded(text) == kept


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "a word or two"),
        ("?!", "a word or two"),
        ("7", "a word or two"),
        ("x" * (LONGEST_EXAMPLE + 1), "200 characters at most"),
        ("I pay [50](price)", "leave out the sign \\["),
        ("what does it cost {x}", "leave out the sign {"),
        ("<b>bold</b>", "leave out the sign <"),
        ("a (b)", "leave out the sign \\("),
        ("call me on +1 (780) 555-0142", "leave out the sign"),
        ("call me on 780 555 0142", "telephone numbers"),
        ("mail tom@example.net", "telephone numbers and e-mail"),
    ],
)
def test_what_will_not_do_is_refused_with_its_reason(text, reason):
    with pytest.raises(ValueError, match=reason):
        worded(text)


def test_texts_that_differ_in_case_and_marks_only_are_the_same():
    assert folded("Wot's the DAMAGE?!") == folded("wot s the damage")
    assert folded("?!") == "?!"
