"""The page of every clinic that comes with Meridian can be built."""

import pytest

from bot.channels import site
from bot.content.facts import facts
from bot.content.profile import load
from bot.settings import ROOT

CLINICS = sorted(path.name for path in (ROOT / "data" / "clinics").iterdir())


@pytest.mark.parametrize("name", CLINICS)
def test_each_clinic_has_a_page_whatever_its_files_leave_out(name):
    folder = ROOT / "data" / "clinics" / name
    clinic = load(folder)

    routes = site.blueprint(clinic, facts(clinic), folder, telegram=False)

    assert routes.name == "site"
