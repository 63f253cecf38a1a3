from bot.look.pages import dial


def test_a_number_is_dialled_without_its_spaces():
    assert dial("780 555 0100") == '<a href="tel:7805550100">780 555 0100</a>'


def test_a_number_may_stand_in_words_and_never_as_markup():
    link = dial("<911>", "Call {}", "button call")

    assert link == (
        '<a class="button call" href="tel:&lt;911&gt;">Call &lt;911&gt;</a>'
    )
