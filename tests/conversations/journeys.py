"""Ways through the conversation that several tests begin with."""

from tests.live import Visitor


def answer_healthily(visitor: Visitor) -> str:
    """Answer every safety question as somebody with plain low back pain."""
    visitor.presses("Yes, and the visit is for me")
    visitor.says("46")
    visitor.presses("None of these")
    visitor.presses("Low back")
    visitor.presses("6 to 12")
    visitor.presses("5")
    for _ in range(3):
        visitor.presses("None of these")
    visitor.says("4 3 5")
    visitor.presses("Doctor")
    visitor.presses("OK")
    return visitor.presses("Yes, that's right")


def choose_first_opening(visitor: Visitor) -> str:
    """Press the first opening on offer."""
    options = visitor.heard[-1]["buttons"]
    return visitor.presses(options[0]["label"])
