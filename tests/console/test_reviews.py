"""The page of texts that are due for review."""

import httpx


def test_staff_read_what_is_due_with_its_file(sam):
    page = sam.get("/staff/reviews")

    assert page.status_code == httpx.codes.OK
    assert "Nobody has signed this version." in page.text
    assert "data/screening/rules.yml" in page.text
    assert "data/faq/needle_pain.yml" not in page.text  # due in a year


def test_a_practitioner_finds_no_such_page(maren):
    assert maren.get("/staff/reviews").status_code == httpx.codes.NOT_FOUND
