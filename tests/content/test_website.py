"""What a clinic says about its own website, and mistakes in it."""

import shutil
from pathlib import Path

import pytest

from bot.clinic.errors import BadContent
from bot.content.profile import load

EDMONTON = Path(__file__).parents[2] / "data" / "clinics" / "edmonton"


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(EDMONTON, tmp_path / "ours")


@pytest.fixture
def clinic_with(folder):
    def read(website):
        text = (EDMONTON / "profile.yml").read_text()
        (folder / "profile.yml").write_text(f"{text}\nwebsite: {website}\n")
        return load(folder).website

    return read


def test_origins_are_read_in_small_letters_and_once(clinic_with):
    website = clinic_with(
        "{origins: ['https://WWW.Clinic.example', 'https://www.clinic.example', 'http://localhost:3000']}"
    )

    assert website.origins == ("https://www.clinic.example", "http://localhost:3000")


@pytest.mark.parametrize(
    "origin",
    ["*", "https://clinic.example/", "clinic.example", "https://*.clinic.example",
     "null", "https://a b", "https://clinic.example;script-src", "file://x", ""],
)  # fmt: skip
def test_anything_but_an_origin_is_refused(clinic_with, origin):
    with pytest.raises(BadContent, match=r"website\.origins\.0: write a website as"):
        clinic_with(f"{{origins: ['{origin}']}}")


@pytest.mark.parametrize("accent", ["green", "#FFF", "#12345G", "#0F6259; x"])
def test_accent_is_a_colour(clinic_with, accent):
    with pytest.raises(BadContent, match=r"website\.accent"):
        clinic_with(f"{{accent: '{accent}'}}")


@pytest.mark.parametrize("logo", ["gone.svg", "../edmonton/profile.yml", "hours.yml"])
def test_logo_is_a_picture_beside_the_profile(clinic_with, logo):
    with pytest.raises(BadContent, match=r"website\.logo"):
        clinic_with(f"{{logo: {logo}}}")


def test_heavy_logo_is_refused(clinic_with, folder):
    (folder / "big.png").write_bytes(b"x" * 60_001)

    with pytest.raises(BadContent, match="under 60 kB"):
        clinic_with("{logo: big.png}")
