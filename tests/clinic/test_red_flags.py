"""The emergency matcher, on the real word lists and on small ones of its own."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.clinic.phrases import Speech, spellings_of
from bot.clinic.red_flags import RedFlags, Rule
from bot.clinic.vocabulary import Vocabulary
from bot.content.red_flags import load

HERE = Path(__file__).parent
MATCHER = load(HERE.parents[1] / "data" / "red_flags")
MESSAGES = YAML(typ="safe").load(
    (HERE.parents[1] / "data" / "danger" / "told.yml").read_text("utf-8")
)
ALARMING = [text for texts in MESSAGES["alarming"].values() for text in texts]
HARMLESS = MESSAGES["harmless"]
CRISES = {"CRISIS", "SAFEGUARDING"}
SIDE_REMARKS = [
    "I would like to book for Thursday.",
    "My name is Anna.",
    "Thanks for your message.",
    "I live near the clinic!",
    "Sorry for the long text.",
    "My appointment is on Friday at 10.",
    "I don't have insurance.",
    "Ten years ago I moved here.",
    "How much does it cost?",
    "I have no pets.",
    "No rash and no cough.",
    "I never had acupuncture.",
]


def test_there_are_enough_sentences_of_every_kind():
    assert len(ALARMING) >= 200
    assert len(HARMLESS) >= 200
    assert all(len(texts) >= 5 for texts in MESSAGES["alarming"].values())


@pytest.mark.parametrize("text", ALARMING)
def test_alarming_message_raises_an_alarm(text):
    assert MATCHER.match(text) is not None


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_message_raises_no_alarm(text):
    assert MATCHER.match(text) is None


@pytest.mark.parametrize(
    ("group", "text"),
    [
        (group, text)
        for group in MESSAGES["alarming"]
        for text in MESSAGES["alarming"][group]
    ],
)
def test_body_and_mind_are_told_apart(group, text):
    flags = list(MATCHER.matches(text))

    assert any((flag.kind == "CRISIS") == (group in CRISES) for flag in flags)


@pytest.mark.parametrize(
    ("text", "group", "message"),
    [
        ("i cant feel anything when i wipe", "CAUDA_EQUINA", "em_spine"),
        ("crushing pain in my chest", "CARDIAC", "em_chest"),
        ("my face is drooping", "STROKE", "em_general"),
        ("I'm pregnant and bleeding", "PREGNANCY_WARNING", "em_pregnancy"),
        ("I will kill myself tonight", "CRISIS", "crisis_now"),
        ("I don't want to live anymore", "CRISIS", "crisis_support"),
        ("my husband hits me", "SAFEGUARDING", "crisis_now"),
    ],
)
def test_flag_names_its_group_and_message(text, group, message):
    flag = MATCHER.match(text)

    assert flag is not None
    assert (flag.group, flag.message) == (group, message)
    assert flag.sources


def test_body_comes_before_crisis_and_both_are_found():
    flags = list(MATCHER.matches("I took 40 tablets and now I can't breathe"))

    assert flags[0].kind == "EMERGENCY"
    assert flags[-1].kind == "CRISIS"


@pytest.mark.parametrize(
    "text",
    [
        "seene mein bahut dard ho raha hai",
        "saans nahi aa rahi hai",
        "सीने में दर्द है",
        "j'ai une douleur à la poitrine",
        "je n'arrive plus à respirer",
        "tengo dolor de pecho",
        "no puedo respirar",
        "quiero morir",
    ],
)
def test_common_phrases_of_other_languages_raise_an_alarm(text):
    assert MATCHER.match(text) is not None


@pytest.mark.parametrize(
    ("denied", "said"),
    [
        ("no chest pain", "not only back pain, chest pain too"),
        ("I don't have trouble peeing", "I don't know why, I have trouble peeing"),
        ("no numbness down there", "no pain, just numbness down there"),
        ("I can't say I have chest pain", "I can't sleep because of chest pain"),
        ("no fever, chest pain or numb legs", "no fever. chest pain and numb legs"),
        ("never had chest pain", "never had chest pain like this before"),
        ("chest pain? no. leg pain? yes", "chest pain? no idea what it is"),
        ("chest pain: no, trouble breathing: nope", "chest pain - no joke"),
        ("numb down there? none!", "chest pain gone? no"),
    ],
)
def test_only_what_is_denied_is_left_out(denied, said):
    assert MATCHER.match(denied) is None
    assert MATCHER.match(said) is not None


@pytest.mark.parametrize(
    ("over", "present"),
    [
        ("I had chest pain 10 years ago", "back pain 10 years ago, today chest pain"),
        (
            "I've leaked urine for 6 years",
            "I've had a bad back for 6 years, now I leak urine",
        ),
        ("my chest pain was checked last year", "my chest pain never got checked"),
        (
            "my tight chest has been scanned by the specialist",
            "my tight chest hasn't been scanned by a specialist",
        ),
        ("I used to pass out", "I used to run and now I pass out"),
    ],
)
def test_only_what_is_long_over_is_left_out(over, present):
    assert MATCHER.match(over) is None
    assert MATCHER.match(present) is not None


@pytest.mark.parametrize(
    "text",
    [
        "chest pain was checked last year but it's back today",
        "i had numbness between my legs 2 yrs ago, it has come back since yesterday",
        "chest tightness was cleared by the doc last year. now its back",
        "she had chest pains last year, theyve come back",
        "i had this chest pain before, years back. it returned an hour ago",
    ],
)
def test_what_was_over_and_is_here_again_counts(text):
    assert MATCHER.match(text)


@pytest.mark.parametrize(
    "text",
    [
        "had chest pain years ago, all fine. my back pain is back today",
        "i had chest pain 10 years ago. can i come back this week",
        "chest pain was years ago, can it come back?",
        "my dad had a stroke years ago, he wants to come back to you",
        "chest pain in 2015, it never came back",
    ],
)
def test_what_is_over_stays_over_where_something_else_comes_back(text):
    assert MATCHER.match(text) is None


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("do you treat chest pain?", "do you treat this? I have chest pain"),
        ("what if I faint?", "what if it is my heart, my chest hurts since today"),
        ("can needles cause a collapsed lung", "I think the needles collapsed my lung"),
    ],
)
def test_only_what_is_asked_about_is_left_out(asked, told):
    assert MATCHER.match(asked) is None
    assert MATCHER.match(told) is not None


@given(st.text(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_string_is_answered(text):
    assert MATCHER.match(text) == MATCHER.match(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00\x07\u200b\ufeff",
        "😱" * 5000,
        "a" * 20_000,
        "no chest pain " * 1500,
        "\uff43\uff48\uff45\uff53\uff54",
        "胸が痛い、息ができない",
        "\ud83d",
        "/restart",
        "<script>alert(1)</script>",
        "İ" * 100,
    ],
)
def test_odd_strings_are_answered(text):
    MATCHER.match(text)


@given(st.sampled_from(ALARMING), st.sampled_from(SIDE_REMARKS), st.booleans())
@settings(max_examples=400, deadline=None)
def test_side_remark_does_not_hide_an_alarm(text, remark, before):
    whole = f"{remark} {text}" if before else f"{text}. {remark}"

    assert MATCHER.match(whole) is not None


@given(st.sampled_from(ALARMING), st.sampled_from(["", "!", "!!!", "...", " 😢", "?"]))
@settings(max_examples=400, deadline=None)
def test_case_and_closing_marks_do_not_matter(text, mark):
    plain = text.rstrip("!?. ")

    assert MATCHER.match(plain.upper() + mark) is not None
    assert MATCHER.match(plain.lower() + mark) is not None


@given(st.sampled_from(ALARMING))
@settings(max_examples=200, deadline=None)
def test_apostrophes_do_not_matter(text):
    for apostrophe in ("\u2019", "", " "):
        assert MATCHER.match(text.replace("'", apostrophe)) is not None


@given(st.sampled_from(ALARMING), st.integers(0, 20))
@settings(max_examples=200, deadline=None)
def test_hidden_characters_do_not_hide_an_alarm(text, at):
    hidden = text[:at] + "\u200b" + text[at:]

    assert MATCHER.match(hidden) is not None


@pytest.mark.parametrize(
    "text",
    [
        "I have chset pain",
        "chestpain since this morning",
        "I am suicdal",
        "I am pregant and bleding",
        "nubm between my legs",
        "he is unconcious",
        "my leggs are paralized",
        "difficulty breatheing",
        "i can t feel my legs",
        "i can not breathe",
        "sooooo short of breath",
    ],
)
def test_misspelt_words_are_found(text):
    assert MATCHER.match(text) is not None


@pytest.mark.parametrize("text", ["my cheat day was a pain", "chess is a pain"])
def test_real_words_are_not_corrected(text):
    assert MATCHER.match(text) is None


def _slipped(text, slip):
    """Return the text with a slip inside its longest word that matters."""
    words = text.split()
    at = max(range(len(words)), key=lambda i: len(words[i]) * words[i].isalpha())
    middle = len(words[at]) // 2
    words[at] = slip(words[at], middle)
    return " ".join(words)


@pytest.mark.parametrize(
    "slip",
    [
        lambda word, at: word[:at] + word[at] + word[at:],
        lambda word, at: word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
        lambda word, at: word[:at] + word[at + 1 :],
    ],
    ids=["doubled", "swapped", "missing"],
)
def test_a_slip_in_the_longest_word_keeps_nine_alarms_of_ten(slip):
    texts = [text for text in ALARMING if any(len(w) > 3 for w in text.split())]
    kept = sum(MATCHER.match(_slipped(text, slip)) is not None for text in texts)

    assert kept >= 0.9 * len(texts)


@pytest.mark.parametrize(
    "text",
    [
        "needed a wee, stood there, couldn't",
        "cnt brth",
        "icantbreathe",
        "numbbum since my back went",
        "my wifes legs have no power",
        "fell 8ft onto my back",
        "pins & needles in both legs",
        "Do you treat headaches? It came on in a second",
        "no bladder sensation",
        "MY MUM'S FACE IS DROOPING",
    ],
)
def test_what_people_leave_out_is_understood(text):
    assert MATCHER.match(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Do you treat headaches? I have a bad knee",
        "my legs are not weak",
        "suicidal thoughts in the past, not now",
        "my dad had a stroke last year, can he come",
        "short of breath with hay fever",
        "my boss is going to kill me if I'm late",
        "planning to jump on a train at 5",
        "the ambulance men looked at me in May, only a rib",
        "I can't go on like this with my wrist, I'm a cook",
        "I can't bear much more of this heel",
        "so done, I've had enough of being sore in the shoulder",
        "I can't stand at the sink for longer than ten minutes",
        "help me please with this stubborn hip",
        "do thi hang",
        "Mr. Stroke",
        "Payne",
    ],
)
def test_what_only_sounds_alarming_is_left_alone(text):
    assert MATCHER.match(text) is None


def test_alarm_at_the_end_of_a_huge_message_is_found():
    assert MATCHER.match("I like tea. " * 2000 + "I have chest pain") is not None


# --- the machinery, on word lists of its own --------------------------------------


def rule(*when: str, within: int = 8, unless: tuple[str, ...] = ()) -> Rule:
    return Rule(
        id="r",
        group="G",
        kind="EMERGENCY",
        message="em_general",
        why="because.",
        stands_for=("E01",),
        source=("KNOWN",),
        when=when,
        within=within,
        unless=unless,
    )


def test_parts_must_stand_near_each_other():
    flags = RedFlags(
        {"body": ["arm"], "sign": ["cold"]}, [rule("body + sign", within=3)]
    )

    assert flags.match("my cold arm") is not None
    assert flags.match("my arm. It was a long way home and it was cold") is None


def test_word_against_it_silences_a_rule():
    words = {"body": ["arm"], "sign": ["cold"], "winter": ["winter"]}
    flags = RedFlags(words, [rule("body + sign", unless=("winter",))])

    assert flags.match("arm is cold") is not None
    assert flags.match("arm is cold in winter") is None


def test_phrase_leaves_room_for_small_words_only():
    flags = RedFlags({"p": ["short of breath"]}, [rule("p")], Speech(skipped=("very",)))

    assert flags.match("short of very breath") is not None
    assert flags.match("short of good breath") is None


def test_pattern_leaves_room_for_other_words():
    words = {"cannot": ["cant"], "p": ["{cannot} feel", "took ... pills"]}
    flags = RedFlags(words, [rule("p")])

    assert flags.match("I cant properly feel it") is not None
    assert flags.match("I took far too many of my pills") is not None
    assert flags.match("feel it I cant") is None


def test_idiom_is_cut_out_first():
    speech = Speech(idioms=("dead tired",))
    flags = RedFlags({"p": ["dead"]}, [rule("p")], speech)

    assert flags.match("dead tired") is None
    assert flags.match("dead") is not None


def test_rule_with_an_unknown_word_list_is_refused():
    with pytest.raises(ValueError, match="nothing defines 'sign'"):
        RedFlags({"body": ["arm"]}, [rule("body + sign")])


def test_pattern_with_an_unknown_word_list_is_refused():
    with pytest.raises(ValueError, match="nothing above defines 'cannot'"):
        RedFlags({"p": ["{cannot} feel"]}, [rule("p")])


def test_phrase_with_an_empty_choice_is_refused():
    with pytest.raises(ValueError, match="lacks a word"):
        spellings_of("leg| drags")


def test_choices_and_endings_are_spelt_out():
    assert spellings_of("wee|pee(s|ing) now") == [
        ("wee", "now"),
        ("pee", "now"),
        ("pees", "now"),
        ("peeing", "now"),
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("chest", ("chest",)),
        ("chset", ("chest",)),
        ("chestt", ("chest",)),
        ("vhest", ()),
        ("cheat", ()),
        ("numn", ()),
        ("unconcsious", ("unconscious",)),
        ("uncnscous", ("unconscious",)),
    ],
)
def test_slips_are_forgiven_in_long_words_only(typed, meant):
    vocabulary = Vocabulary(["chest", "numb", "unconscious"], ["cheat"])

    assert vocabulary.meant(typed) == meant


@pytest.mark.parametrize(
    ("earlier", "text"),
    [
        ("i cant feel", "anything when i wipe"),
        ("my chest", "hurts really bad"),
        ("i have no feeling", "between my legs"),
    ],
)
def test_sentence_broken_in_two_is_heard(earlier, text):
    assert MATCHER.match(earlier) is None
    assert MATCHER.match(text) is None
    assert MATCHER.match_across([earlier], text) is not None


@pytest.mark.parametrize(
    ("earlier", "text"),
    [
        (
            "felt spaced out after acupuncture for an hour",
            "had chest pain checked at A&E last year, it was costochondritis",
        ),
        (
            "I had a DVT in 2010 and take nothing now",
            "is chest pain a side effect of cupping?",
        ),
    ],
)
def test_what_one_message_says_alone_is_not_judged_in_company(earlier, text):
    assert MATCHER.match(text) is None
    assert MATCHER.match_across([earlier], text) is None


@pytest.mark.parametrize(
    "text",
    [
        "no chest pain",
        "I had chest pain ten years ago",
        "do you treat numbness down below",
    ],
)
def test_what_is_named_as_not_so_is_told_from_silence(text):
    assert MATCHER.only_named(text)
    assert not MATCHER.only_named("I have chest pain")
    assert not MATCHER.only_named("how much is a visit")


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("kal pati ne mera gala dabaya", "SAFEGUARDING"),
        ("marne ko jee chahta hai", "CRISIS"),
        ("chest me bhaari lag raha hai", "CARDIAC"),
        ("haath thanda aur neela pad gaya", "LIMB_ISCHAEMIA"),
        ("accident hua kal, kamar me dard", "FRACTURE"),
        ("elle est enceinte et elle saigne", "PREGNANCY_WARNING"),
        ("mi novio me pega", "SAFEGUARDING"),
        ("la cara caída y no puede hablar", "STROKE"),
    ],
)
def test_other_languages_go_by_the_same_rules(text, group):
    assert group in {flag.group for flag in MATCHER.matches(text)}


@pytest.mark.parametrize(
    "text",
    [
        "chest pain nahi hai",
        "seene me dard nahi",
        "saans lene me dikkat nahi hai, bas kamar dard",
        "pairo me kamzori nahi hai",
        "pas de douleur à la poitrine",
        "gardan akad gayi computer ki wajah se",
        "should I go to the ER or to you for back pain in general",
        "at the end of my tether with your parking",
    ],
)
def test_what_is_denied_in_other_languages_raises_no_alarm(text):
    assert MATCHER.match(text) is None


@pytest.mark.parametrize("text", ["saans nahi aa rahi", "pair me jaan nahi hai"])
def test_a_hindi_not_that_is_the_complaint_denies_nothing(text):
    assert MATCHER.match(text) is not None
