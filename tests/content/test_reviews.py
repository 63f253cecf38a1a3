"""The dates of review that stand in the files."""

import shutil
from dataclasses import replace
from datetime import date

import pytest

from bot.clinic.errors import BadContent
from bot.content import faq, profile, reviews
from bot.house import DATA


@pytest.fixture
def folder(tmp_path):
    for name in ("screening", "red_flags", "faq"):
        shutil.copytree(DATA / name, tmp_path / name)
    shutil.copy(DATA / "sources.yml", tmp_path)
    return tmp_path


def found(folder, country="CA"):
    clinic = replace(profile.load(DATA / "clinics" / "edmonton"), country=country)
    loaded = reviews.load(folder, faq.load(folder), clinic)
    return {one.file: one for one in loaded}


def sign(folder, text):
    (folder / "screening" / "signed.yml").write_text(f"version: 0.1.0\n{text}\n")


def test_each_answer_stands_there_with_its_source_and_dates(folder):
    one = found(folder)["data/faq/needle_pain.yml"]

    assert one.sources
    assert one.reviewed_on < one.review_by


def test_rules_that_nobody_signed_are_due(folder):
    one = found(folder)["data/screening/rules.yml"]

    assert one.review_by is None
    assert one.note == "Nobody has signed this version."


def test_a_signature_holds_for_a_year_and_for_its_version_only(folder):
    row = "{version: %s, name: A. Example, role: medical adviser, date: %s}"
    old, new = row % ("0.0.9", "2026-12-24"), row % ("0.1.1", "2026-12-01")
    sign(folder, f"signatures: [{old}, {new}]")

    one = found(folder)["data/screening/rules.yml"]

    assert (one.reviewed_on, one.review_by) == (date(2026, 12, 1), date(2027, 12, 1))


def test_a_signature_without_a_date_names_its_file(folder):
    sign(folder, "signatures: [{version: 0.1.1, name: A. Example, role: adviser}]")

    with pytest.raises(BadContent, match=r"signed\.yml"):
        found(folder)


def test_numbers_are_confirmed_for_half_a_year(folder):
    path = folder / "screening" / "contacts.yml"
    text = path.read_text().replace("\nCA:\n", "\nCA:\n  verified_on: 2026-12-01\n")
    before = found(folder)["data/screening/contacts.yml"]
    path.write_text(text)

    one = found(folder)["data/screening/contacts.yml"]

    assert before.review_by is None
    assert one.review_by == date(2027, 6, 1)


def test_words_are_due_until_somebody_signs_them(folder):
    path = folder / "red_flags" / "chest.yml"
    before = found(folder)
    path.write_text(path.read_text().replace("nobody yet", "Dr. A. Example"))

    after = found(folder)

    assert before.keys() - after.keys() == {"data/red_flags/chest.yml"}
