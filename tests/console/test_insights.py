"""The page of figures, over a real desk."""

import httpx


def test_figures_stand_as_plots_and_as_tables(sam):
    page = sam.get("/staff/insights?days=28").text

    assert "The last 28 days" in page
    assert "<title" in page
    assert "Asked for a person" in page
    assert page.count("<table>") >= 2


def test_an_odd_stretch_of_days_is_a_week(sam):
    assert "The last 7 days" in sam.get("/staff/insights?days=1e9").text


def test_practitioners_see_no_figures_of_others(maren):
    page = maren.get("/staff/insights")

    assert page.status_code == httpx.codes.NOT_FOUND
