"""Understands short typed replies: yes, no, not sure, none and skips.

The few words of Hindi and Kannada, as they are typed in English letters in Bangalore,
need a native speaker's look.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

YesNo = Literal["yes", "no", "unsure"]

_SKIP = re.compile(
    r"^(please )?(can i |may i |id like to |ill |i want to )?"
    r"(skip|pass|next( question| one)?|decline|no comment|none of your business"
    r"|(id |i would |i )?(rather|prefer|d rather) not( to)?( say| answer| tell| share)?"
    r"|(i )?(dont|do not) (want|wish|like) to (say|answer|tell|share)"
    r"|(i )?(wont|will not) (say|answer|tell)|leave (it|this|that) out)"
    r"( (it|this|that|one|them|all|the|my|questions?|for|now|please|thanks|here"
    r"|e ?mails?|mail|address|phone|number|name|bit|part|step))*$"
)
_UNSURE = re.compile(
    r"\b(not (really |quite |so |too |entirely |very )?(sure|certain)|unsure|uncertain"
    r"|(dont|do not|wouldnt|didnt) (really )?(know|remember|think so)|idk|dunno"
    r"|no (idea|clue)|maybe|perhaps|possibly|probably|hard to (say|tell)"
    r"|(cant|cannot|couldnt) (say|tell|remember)|might (be|have)|could be"
    r"|not really|yes and no|yes no|i guess|who knows|depends"
    r"|(pata|malum|maloom|yaad|pakka) (nahi|nahin|nhi)|shayad|gottilla)\b"
)
_AT_FIRST = (
    r"^(well |oh |um+ |uh |and |i said |actually |my god |god |gosh |goodness |lord "
    r"|heavens |hell |omg |lol |ha(ha)+ |jeez |ji |arre )*"
)
_HAAN = r"ha+n|ha+nji|ho?udu|haudu"
_NAHI = r"nahi|nahin|nhi|nai|illa"
_WELL = (
    r"(?! ((much|a lot|lots|far|way|all|pretty|quite|very|really|just|about|still"
    r"|exactly|feel|feeling|getting|doing|also) )*(not|never|no|fine|good|well|ok|okay"
    r"|better|great|alright|normal|usual|the same|same|less|easier|gone|improv\w+"
    r"|healthy|kam|theek|thik|a?ch+a)\b)"
)
"""After "it is" or "a lot" these make no yes: "it is much better"."""
_YES = re.compile(
    rf"{_AT_FIRST}"
    rf"((yes|yeah|yea|yep|yup|yah|ya|ye|yess+|y|aye|{_HAAN})"
    r"(?! (no|nah|nope)( (i|im|its|thats|nothing|none|not|all|thanks?|fine)\b.*)?$)"
    r"|(sure|of course|definitely|correct|absolutely|certainly|true|exactly"
    r"|affirmative|agreed)(?! (not|no|never)\b)"
    r"|often|sometimes|only|just when|kind of|kinda|sort of|sorta"
    r"|occasionally|now and then|kabhi kabhi"
    r"|(a (bit|little|lot)|slightly|somewhat|thod[ai]( sa)?|swalpa"
    r"|i (do|am|have|did|agree|can|was|think so)|it (is|does|did|has)"
    r"|they (do|did|are)"
    rf"|(he|she) (does|is|has|did|will)){_WELL})\b"
)
_NO = re.compile(
    rf"{_AT_FIRST}"
    rf"(no|{_NAHI}|nope|nah|na|nay|noo+|n|never|none|nothing|neither|negative|nil|not|zero"
    r"|(i|it|they|he|she) ((do|does|did|have|has|am|is|was|will|can) (not|never|no)"
    r"|dont|doesnt|didnt|havent|hasnt|isnt|wasnt|wont|never)|im not|all (good|clear))\b"
)
# A reply is taken to pieces from its left, each piece the longest that fits: without
# turning back, so that no reply takes long.
_NONE = re.compile(
    r"(?:(?:i |we )?(?:never (?:have|had|did)|(?:dont|do not|didnt|did not|havent"
    r"|have not)(?: (?:have|had|got|do|take))?(?: any)?)"
    r"|(?:i |ive )?(?:have |had |got )+(?:none|nothing|not|no (?:symptoms|signs"
    r"|problems|issues|complaints|trouble))"
    r"|(?:of course|certainly|absolutely|definitely|obviously|surely) (?:not|no)"
    rf"|(?:(?:aisa )?kuch|(?:inme se )?koi|ek bhi|bilkul|kabhi|ye sab) (?:{_NAHI})"
    r"|no way|nothing of the (?:sort|kind)"
    r"|nothing like (?:that|this|those|these)|not (?:that|as far as) i know(?: of)?"
    r"|(?:that |those |these |they |it )?(?:dont|doesnt|do not|does not) apply"
    r"|not any|not at all|not one|all (?:good|clear|fine)"
    rf"|no|{_NAHI}|nope|nop|non|nah|na|nay|n|noo+|none|nothin|nothing|neither|nil"
    r"|negative|never|zero) "
)
_NONE_OF = re.compile(
    r"(?:(?:of|on|from|about|with|to) )?(?:all (?:of )?)?(?:the )?"
    r"(?:that|this|these|those|them|it|above|list|rest|others?)"
    r"(?: (?:list|symptoms?|signs?|problems?|things?|issues?|ones))? "
    r"|to (?:all|everything) "
)
_BESIDE = re.compile(
    r"(?:(?:im|i am|i feel|its|it is|everything is|all is) (?:very |quite |pretty )?"
    r"(?:fine|good|well|great|normal|healthy|ok|okay)"
    r"|thank god|thank you|so far|in my case|for me|to me|at all|i said|that i know of"
    r"|as far as i know|(?:is |are )?true|appl(?:y|ies)|thankfully|luckily|fortunately"
    r"|well|oh|um+|uh|and|ok|okay|thanks|please|sir|doctor|here|me|myself|actually"
    r"|my god|god|gosh|goodness|lord|heavens|hell|omg|lol|ha(?:ha)+|jeez|dear|love|yet"
    r"|(?:sab )?(?:theek|thik) hai|ji|hai|hain|arre|bhai|madam|either|honestly|wait"
    r"|sorry) "
)
_BARE_NO = re.compile(
    rf"(?:no|{_NAHI}|nope|nop|non|nah|na|nay|n|noo+|negative|never|no way) "
)
_BARE_YES = re.compile(
    rf"(?:{_HAAN}|yes|yeah|yea|yep|yup|yah|ya|ye|y|aye|sure|of course|definitely"
    r"|absolutely|certainly|i am|i do|i will|it is) "
)
_EASILY = re.compile(
    r"(?:kk?|its|it is|just|only|whatever|fine|alright|right|go ahead|go on|then|so"
    r"|cool|great|good|perfect|agreed|i agree|lets go|lets do it|no problem|is) "
)
_REST_NONE = re.compile(
    r"\b(nothing else|none of the (others?|rest)|no others?|not the (others?|rest)"
    r"|thats (all|it)|that is (all|it)|only (that|those|this|these)"
    r"|no to the (others?|rest)|nothing more|the (others?|rest) no(ne)?)"
    r"( (really|please|thanks|thank you|applies|apply))*$"
)
_BUT = re.compile(
    r"\b(but|except|although|though|however|only when|sometimes|apart|lekin|magar"
    r"|kabhi kabhi|thod[ai])\b"
)
_PARTS = re.compile(r"[,;:.!?\n]+(?!\d)")
_APOSTROPHES = re.compile("['`\u2018\u2019\u00b4]")


_GOES_ON = re.compile(
    r"(?:(?:ok|okay|yes|please|now|i want to|id like to|can (?:i|we)|lets|let us) )*"
    r"(?:(?:go on|carry on|continue|resume|proceed|keep going|pick up|take up)"
    r"|(?:go |get )?back)"
    r"(?P<what>(?: (?:with|to|the|my|those|these|that|safety|health|questions?"
    r"|questionnaire|screening|answers|where (?:we|i) (?:were|was|left off|stopped)))*)"
    r"(?: (?:please|now|then|again|thanks?|thank you))*"
)


def wants_to_go_on(text: str) -> bool:
    """Tell whether somebody wants to go on with what was stopped.

    A bare "back" leads one step back, "back to the questions" leads on.
    """
    said = _GOES_ON.fullmatch(plain(text))
    return said is not None and (bool(said["what"]) or "back" not in plain(text))


def plain(text: str) -> str:
    """Return a text in lower case, without accents and punctuation."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    flat = "".join(sign for sign in flat if not unicodedata.combining(sign))
    flat = _APOSTROPHES.sub("", flat).replace("&", " and ")
    return " ".join(re.sub(r"[^a-z0-9/.]+|(?<!\d)[/.]|[/.](?!\d)", " ", flat).split())


def is_skip(text: str) -> bool:
    """Tell whether somebody would rather not answer."""
    return bool(_SKIP.match(plain(text)))


def is_unsure(text: str) -> bool:
    """Tell whether somebody does not know."""
    return bool(_UNSURE.search(plain(text)))


def yes_or_no(text: str) -> YesNo | None:
    """Read yes, no or not sure; None where it is none of them.

    A qualified yes ("a bit", "yes but only when I cough") is a yes. A no is believed
    only where it is the whole reply; "no, but sometimes" is not sure, so that it is
    asked again, and "no, it doesn't move" is neither.
    """
    said = plain(text)
    if not said:
        return "yes" if "👍" in text else "no" if "👎" in text else None
    if _UNSURE.search(said):
        return "unsure"
    if is_none(text) or said in ("not yet", "no not yet"):
        return "no"
    if _YES.match(said):
        return "yes"
    return "unsure" if _NO.match(said) and _BUT.search(said) else None


def is_none(text: str) -> bool:
    """Tell whether the whole reply says that nothing asked about is true."""
    parts = [part for part in map(plain, _PARTS.split(text)) if part]
    return any(map(_denies, parts)) and all(map(says_nothing_new, parts))


def is_bare_no(text: str) -> bool:
    """Tell whether the whole reply is a no and nothing more."""
    return _is(f"{plain(text)} ", _BARE_NO)


def is_bare_yes(text: str) -> bool:
    """Tell whether the whole reply is a yes and nothing more."""
    return _is(f"{plain(text)} ", _BARE_YES)


def is_only_agreement(text: str) -> bool:
    """Tell whether a reply is no more than a yes in one or more words."""
    return not _without(f"{plain(text)} ", _BARE_YES, _BESIDE, _EASILY)


def begins_plainly(text: str) -> bool:
    """Tell whether a reply begins with a yes or a no that stands by itself."""
    first = re.split(r"[,;:.!?\n]|\b(?:and|but)\b", text, maxsplit=1)[0]
    return is_none(first) or is_bare_yes(first)


def says_nothing_new(part: str) -> bool:
    """Tell whether plain words are no more than a none, thanks or "I'm fine"."""
    return _denies(part) or not _without(f"{part} ", _BESIDE)


def _denies(part: str) -> bool:
    return _is(f"{part} ", _NONE, _NONE_OF)


def _is(words: str, *pieces: re.Pattern[str]) -> bool:
    """Tell whether words begin with the first piece and hold no more than such."""
    rest = _without(words, _BESIDE)
    return bool(pieces[0].match(rest)) and not _without(rest, *pieces, _BESIDE)


def _without(words: str, *pieces: re.Pattern[str]) -> str:
    """Return what is left of words after taking such pieces from their left."""
    while True:
        found = next(filter(None, (piece.match(words) for piece in pieces)), None)
        if found is None:
            return words
        words = words[found.end() :]


def starts_with_no(text: str) -> bool:
    """Tell whether a reply begins like "no" or "none of these"."""
    return bool(_NO.match(plain(text)))


def says_none(text: str) -> bool:
    """Tell whether a part of a reply says that nothing is true, doubt aside."""
    return any(is_none(_UNSURE.sub("", plain(part))) for part in _PARTS.split(text))


def rest_is_none(text: str) -> bool:
    """Tell whether a part of a reply says that the rest of a list is not true."""
    return any(_REST_NONE.search(plain(part)) for part in _PARTS.split(text))
