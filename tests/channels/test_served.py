"""What the desk serves beside the chat: small, tagged, and the clinic's own."""

import gzip
import json
import re
import shutil

import httpx
import pytest

from bot.channels import weight
from bot.channels.widget_files import WIDGET, widget_files
from bot.content import profile
from bot.look import accent
from bot.settings import ROOT

EDMONTON = ROOT / "data" / "clinics" / "edmonton"
STRINGS = json.loads((WIDGET / "strings.json").read_text("utf-8"))


@pytest.fixture
def dressed(tmp_path):
    """Return the folder of a clinic with a colour and a logo of its own."""
    folder = shutil.copytree(EDMONTON, tmp_path / "ours")
    (folder / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    with (folder / "profile.yml").open("a") as file:
        file.write('\nwebsite: {accent: "#7A3E1D", logo: logo.svg}\n')
    return folder


def test_script_is_tagged_and_packed(desk):
    address = f"{desk.url}/widget/meridian.js"
    answer = httpx.get(address)
    again = httpx.get(address, headers={"If-None-Match": answer.headers["etag"]})
    plain = httpx.get(address, headers={"Accept-Encoding": "identity"})

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "max-age=600" in answer.headers["cache-control"]
    assert (again.status_code, again.content) == (304, b"")
    assert plain.text == answer.text
    assert "content-encoding" not in plain.headers


def test_part_with_its_version_is_kept_for_ever(desk):
    answer = httpx.get(f"{desk.url}/widget/body.js?v=1")

    assert "immutable" in answer.headers["cache-control"]


def test_sources_of_the_widget_are_not_served(desk):
    assert httpx.get(f"{desk.url}/widget/chat.js").status_code == 404
    assert httpx.get(f"{desk.url}/widget/..%2Fsite.py").status_code == 404


def test_the_weight_is_told_and_has_a_limit(capsys, monkeypatch):
    files = widget_files(profile.load(EDMONTON), EDMONTON)
    script = files["meridian.js"]
    size = len(script.packed)

    assert gzip.decompress(script.packed) == script.content
    assert size <= len(gzip.compress(script.content, 9))
    assert weight.main() == 0
    assert f"every page: {size} of 15000" in capsys.readouterr().out
    monkeypatch.setattr(weight, "LIMIT_BYTES", size)
    assert weight.main() == 1


@pytest.mark.parametrize("language", STRINGS.keys() - {"en"})
def test_each_language_has_every_label(language):
    english, theirs = STRINGS["en"], STRINGS[language]

    assert theirs.keys() == english.keys() - {"personRequest"}  # said in English
    assert theirs["yoursWords"].keys() == english["yoursWords"].keys()
    assert len(theirs["starters"]) == len(english["starters"])


@pytest.mark.parametrize("language", STRINGS.keys() - {"en"})
def test_each_label_keeps_its_placeholders(language):
    def gaps(words):
        return {
            key: set(re.findall(r"\{\w+\}", text))
            for key, text in words.items()
            if isinstance(text, str)
        }

    english, theirs = gaps(STRINGS["en"]), gaps(STRINGS[language])

    assert {key: english[key] for key in theirs} == theirs


def test_every_label_is_used():
    code = "\n".join(path.read_text("utf-8") for path in WIDGET.glob("*.js"))
    labels = {*STRINGS["en"], *STRINGS["en"]["yoursWords"]}

    assert [label for label in labels if not re.search(rf"\b{label}\b", code)] == []


def test_clinic_gives_its_colour_and_logo(dressed):
    files = widget_files(profile.load(dressed), dressed)
    script = files["meridian.js"].content.decode()

    assert "--accent:var(--meridian-accent,#7A3E1D)" in script
    assert '"logo":"logo.svg"' in script
    assert files["logo.svg"].kind == "image/svg+xml"


@pytest.mark.parametrize(
    "colour", ["#000000", "#FFFFFF", "#FFD400", "#0F6259", "#808080"]
)
@pytest.mark.parametrize("paper", [accent.PAPER, accent.DARK_PAPER])
def test_any_colour_becomes_readable(colour, paper):
    assert accent.contrast(accent.readable(colour, paper), paper) >= 4.5


def test_readable_colour_is_left_alone():
    assert accent.readable("#0F6259", accent.PAPER) == "#0F6259"
