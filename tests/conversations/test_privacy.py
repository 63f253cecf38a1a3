import pytest

from tests.live import Live, Visitor

pytestmark = pytest.mark.model

WORDS = "since the marmalade festival"


def test_answers_about_health_stay_out_of_logs_and_the_assistants_memory(live: Live):
    """Only the desk's own record keeps what a visitor says."""
    visitor = Visitor(live.url)
    visitor.says("would acupuncture suit me?")
    visitor.presses("Yes")
    visitor.says(f"for me, {WORDS}")
    visitor.says("stop")

    written = [path for path in live.data_dir.iterdir() if path.is_file()]
    holding = [path.name for path in written if WORDS.encode() in path.read_bytes()]
    assert "assistant.db" in {path.name for path in written}
    assert set(holding) <= {"meridian.db", "meridian.db-wal"}
    assert holding
