"""Ways through the conversation that several tests begin with."""

from collections.abc import Mapping, Sequence

from tests.live import Visitor

Reply = str | Sequence[str]

HEALTHY: Mapping[str, Reply] = {
    "Before we start": "Yes, and the visit is for me",
    "How old is": "46",
    "Do any of these apply now": ["None of these"],
    "Where is the main pain": "Low back",
    "How long have you had it": "6 to 12",
    "how strong is the pain right now": "5",
    "Do any of these go with it": ["None of these"],
    "Now your health in general": ["None of these"],
    "A few more things": ["None of these"],
    "Three numbers": "4 3 5",
    "What have you tried": ["Doctor"],
    "How has your mood been": "OK",
    "Here is what I understood": "Yes, that's right",
    "Any of the others?": ["None of these"],
    "Do any of the others on the list apply?": ["None of these"],
    "Are any of the others true": ["None of these"],
}
"""What somebody with plain low back pain replies to each screen, by a part of it."""


def answer_healthily(visitor: Visitor) -> str:
    """Answer every safety question as somebody with plain low back pain."""
    return answer(visitor)


def answer(visitor: Visitor, until: str = "", **others: Reply) -> str:
    """Answer the safety questions, as a healthy visitor but for some of them.

    Args:
        until: a part of the screen to stop at; "" goes on to the verdict.
        others: a part of a screen, with "_" for blanks, to the reply: a list ticks,
            a text is pressed where a button has it as label and typed otherwise.

    Returns:
        What was said last.
    """
    replies = {name.replace("_", " "): one for name, one in others.items()}
    said = visitor.last
    while (reply := _reply_to(said, {**HEALTHY, **replies})) is not None:
        if until and until in said:
            return said
        said = give(visitor, reply)
    return said


def give(visitor: Visitor, reply: Reply) -> str:
    """Press, tick or type a reply."""
    if not isinstance(reply, str):
        return visitor.ticks(*reply)
    shown = any(label.lower().startswith(reply.lower()) for label in visitor.labels)
    return visitor.presses(reply) if shown else visitor.says(reply)


def _reply_to(said: str, replies: Mapping[str, Reply]) -> Reply | None:
    """Return the reply to the last screen that was shown, the newest words first."""
    places = [(said.rfind(part), part) for part in replies if part in said]
    return replies[max(places)[1]] if places else None


def choose_first_opening(visitor: Visitor) -> str:
    """Press the first opening on offer."""
    options = visitor.heard[-1]["buttons"]
    return visitor.presses(options[0]["label"])


def book_first_opening(visitor: Visitor, name: str) -> str:
    """Book the first opening on offer under a name."""
    choose_first_opening(visitor)
    last = sum(map(ord, name)) % 100
    address = f"{name.split()[0].lower()}@example.net"
    visitor.says(f"{name}, 780 555 01{last:02}, {address}")
    return visitor.says("yes")
