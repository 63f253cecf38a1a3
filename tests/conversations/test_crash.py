import pytest

from tests.live import Live, Visitor

pytestmark = pytest.mark.model


def test_a_killed_assistant_loses_no_message(tmp_path):
    """The next message is stored, the visitor is told, and it is answered later."""
    live = Live(tmp_path)
    try:
        live.start()
        live.wait_until_ready()
        visitor = Visitor(live.url)
        visitor.says("hello")
        live.kill("assistant")
        sent = visitor.post(text="does it hurt?")
        told = visitor.wait_for("nothing is lost")
        stored = [message["text"] for message in visitor.all_messages()]
        live.start("assistant")
        visitor.wait_for("prick")
        said = [m["text"] for m in visitor.all_messages() if m["author"] != "visitor"]
    finally:
        live.stop()

    assert sent.status_code == 202
    assert "911" in told
    assert "does it hurt?" in stored
    assert sum("prick" in text for text in said) == 1
