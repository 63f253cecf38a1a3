"""Who gets in: asked of every route of the console, none listed by hand."""

import re
from dataclasses import replace

import httpx
import pyotp
import pytest
from sanic import Sanic

from bot.clinic.wish import Wish
from bot.clock import utc_now
from bot.console import app as console
from bot.desk.bell import Bell
from bot.desk.booking import hold
from bot.desk.openings import offer
from bot.desk.outcomes import Held
from bot.desk.staff import drop_second_factor
from bot.house import House, load_shelf
from bot.settings import load
from tests.console import scene
from tests.people import COLLEAGUE

OPEN = {("GET", "/staff/login"), ("POST", "/staff/login")}


def routes():
    """Return method and path of every route under /staff."""
    settings = load()
    house = House(settings, load_shelf(settings), store=None)  # type: ignore[arg-type]
    app = Sanic("console-routes", configure_logging=False)
    app.blueprint(console.blueprint(house, Bell()))
    app.router.finalize()
    found = {
        (method, f"/{route.path}")
        for route in app.router.routes
        for method in route.methods
    }
    assert len(found) > 20
    return sorted(found)


ROUTES = routes()
GUARDED = [
    route
    for route in ROUTES
    if route not in OPEN and not route[1].startswith("/staff/static/")
]
OF_ONE = [route for route in GUARDED if "conversation_id" in route[1]]
OF_A_PRACTITIONER = [route for route in GUARDED if "practitioner_id" in route[1]]
OF_A_PLACE = [route for route in GUARDED if "place_id" in route[1]]
OF_THE_HOUSE = [
    route for route in GUARDED if route not in OF_ONE + OF_A_PRACTITIONER + OF_A_PLACE
]
OWN_PAGES = ("", "/account", "/diary", "/live", "/pending", "/search")
OWN_DEEDS = ("/account/code", "/account/code/on", "/account/password", "/here")
A_PRACTITIONERS = [("GET", f"/staff{page}") for page in OWN_PAGES]
A_PRACTITIONERS += [("POST", f"/staff{deed}") for deed in (*OWN_DEEDS, "/logout")]
DAY = "2027-02-01"


def of(path, conversation_id="", **parts):
    """Fill in a path; one with a part that nobody thought of here is a failure."""
    parts = {
        "conversation_id": conversation_id,
        "practitioner_id": "lian_ashdown",
        "place_id": "main",
        "day": DAY,
        **parts,
    }
    return re.sub(r"<(\w+)[^>]*>", lambda found: parts[found[1]], path)


def ask(person, method, path):
    """Ask for a page or a deed; a stream would never end, so only its head is read."""
    if method == "POST":
        return person.post(path)
    with person.client.stream("GET", path) as answer:
        if answer.headers["content-type"].startswith("text/html"):
            answer.read()
        return answer


@pytest.fixture(scope="module")
def stranger(place):
    return place.person()


@pytest.fixture(scope="module")
def gone(place):
    person = place.person(COLLEAGUE)
    kept = dict(person.client.cookies)
    person.post("/staff/logout")
    person.client.cookies.clear()
    person.client.cookies.update(kept)
    return person


@pytest.mark.parametrize(("method", "path"), GUARDED)
@pytest.mark.parametrize("who", ["stranger", "gone"])
def test_nobody_gets_in_without_a_login(place, request, who, method, path):
    person = request.getfixturevalue(who)

    answer = ask(person, method, of(path, place.chats["emergency"]))

    assert answer.status_code == httpx.codes.SEE_OTHER
    assert answer.headers["location"].startswith("/staff/login")


@pytest.mark.parametrize(("method", "path"), OF_ONE)
def test_a_practitioner_of_other_patients_finds_nothing(place, maren, method, path):
    for chat in ("emergency", "complaint", "script"):
        answer = ask(maren, method, of(path, place.chats[chat]))

        assert answer.status_code == httpx.codes.NOT_FOUND
        assert "There is no such conversation." in answer.text


@pytest.mark.parametrize(("method", "path"), OF_A_PRACTITIONER)
def test_a_practitioner_finds_no_diary_but_her_own(place, maren, method, path):
    own, others = of(path, practitioner_id="maren_odell"), of(path)

    assert ask(maren, method, others).status_code == httpx.codes.NOT_FOUND
    assert ask(maren, method, own).status_code != httpx.codes.NOT_FOUND


@pytest.mark.parametrize(("method", "path"), OF_A_PLACE)
def test_a_practitioner_changes_no_place(place, maren, method, path):
    assert ask(maren, method, of(path)).status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize(("method", "path"), OF_THE_HOUSE)
def test_a_practitioner_opens_her_own_pages_and_no_others(maren, method, path):
    if (method, path) in A_PRACTITIONERS:
        # Her own deeds would change her login, and are asked elsewhere.
        assert method == "POST" or ask(maren, method, path).is_success
    else:
        assert ask(maren, method, path).status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize(("method", "path"), OF_A_PRACTITIONER + OF_A_PLACE)
def test_who_or_where_is_not_in_the_files_is_404(priya, method, path):
    for unknown in ("nobody", "%2e%2e", "x" * 300, "maren_odell%00"):
        address = of(path, practitioner_id=unknown, place_id=unknown)

        assert ask(priya, method, address).status_code == httpx.codes.NOT_FOUND


def test_a_practitioner_reads_her_own_patient(place, maren):
    page = maren.get(f"/staff/conversations/{place.chats['booked']}")

    assert page.status_code == httpx.codes.OK
    assert "Ana O&#39;Neil" in page.text


def test_a_practitioners_queue_holds_her_own_patients_only(place, maren):
    page = maren.get("/staff").text

    assert place.chats["booked"] in page
    for chat in ("emergency", "complaint", "script"):
        assert place.chats[chat] not in page


def test_a_time_that_is_only_held_makes_nobody_her_patient(place, maren):
    shelf, now = place.shelf, utc_now()
    chat = scene.chat(place.store, now, ("visitor", "Monday, please."))
    wish = Wish(treatment_id="first_acupuncture", practitioner_id="maren_odell")
    with place.store.unit() as unit:
        (opening,) = offer(unit, shelf.clinic, wish, now, count=1)
        assert isinstance(hold(unit, shelf.clinic, chat, opening, now), Held)

    page = maren.get(f"/staff/conversations/{chat}")

    assert page.status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize(("method", "path"), OF_ONE)
def test_a_conversation_that_is_not_there_is_404(priya, method, path):
    for unknown in ("00000000-0000-4000-8000-000000000000", "%2e%2e", "x" * 300):
        answer = ask(priya, method, of(path, unknown))

        assert answer.status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize("path", [path for method, path in ROUTES if method == "POST"])
def test_no_deed_is_done_without_the_pages_token(place, priya, path):
    answer = priya.post_bare(of(path, place.chats["emergency"]), csrf="0" * 64)

    assert answer.status_code == httpx.codes.FORBIDDEN


def test_every_page_forbids_what_it_does_not_need(place, priya):
    for path in ("/staff", "/staff/account", "/staff/conversations/x", "/staff/login"):
        headers = priya.get(path).headers

        policy = headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "'unsafe-" not in policy
        assert "trusted-types 'none'" in policy
        assert headers["cache-control"] == "no-store"


def test_a_login_cookie_is_for_the_browser_alone(place):
    person = place.person()
    sent = person.get("/staff/login").headers["set-cookie"].lower()

    assert "httponly" in sent
    assert "samesite=lax" in sent
    # Plain http is for this machine alone; anywhere else the cookie is for https only.
    elsewhere = httpx.get(
        f"{place.url}/staff/login", headers={"Host": "clinic.example.org"}
    ).headers["set-cookie"]
    assert "secure" not in sent
    assert elsewhere.startswith("__Host-staff=")
    assert "Secure" in elsewhere


def test_a_key_from_before_the_login_is_worth_nothing_after_it(place):
    person = place.person()
    person.get("/staff/login")
    before = person.client.cookies["staff"]

    person.post("/staff/login", name=COLLEAGUE, password=scene.PASSWORD)

    assert person.client.cookies["staff"] != before


@pytest.mark.parametrize(
    "there",
    ["https://evil.example", "//evil.example", "/staff/../x", "/staff\\evil", "/chat"],
)
def test_a_login_leads_nowhere_but_into_the_console(place, there):
    person = place.person()

    answer = person.post(
        "/staff/login", name=COLLEAGUE, password=scene.PASSWORD, next=there
    )

    assert answer.headers["location"].startswith("/staff")
    assert "evil" not in answer.headers["location"]


def test_logging_out_everywhere_closes_the_other_browser(place):
    one, other = (place.person(COLLEAGUE) for _ in range(2))

    one.post("/staff/logout", everywhere="1")

    assert other.get("/staff").status_code == httpx.codes.SEE_OTHER


def test_a_second_factor_is_set_by_nobody_but_who_knows_the_password(place):
    person = place.person(COLLEAGUE)
    secret = pyotp.random_base32()

    def switch_on(password):
        code = pyotp.TOTP(secret).now()
        return person.post(
            "/staff/account/code/on", secret=secret, code=code, old=password
        )

    wrong = [switch_on("a guess of a stranger") for _ in range(6)]
    shut = switch_on(scene.PASSWORD)

    assert {answer.status_code for answer in wrong} == {
        httpx.codes.UNPROCESSABLE_ENTITY
    }
    assert "password was not right" in wrong[0].text
    assert "too many wrong tries" in shut.text
    with place.store.unit() as unit:
        found = unit.staff.named(COLLEAGUE)
        assert found.totp_secret is None
        unit.staff.replace(replace(found, failures=0, locked_until=None))
        unit.commit()
    assert switch_on(scene.PASSWORD).status_code == httpx.codes.SEE_OTHER
    with place.store.unit() as unit:
        found = unit.staff.named(COLLEAGUE)
        drop_second_factor(unit, found, utc_now(), "the test")


def test_guesses_at_a_password_in_an_open_console_are_counted(place):
    person = place.person(COLLEAGUE)
    for _ in range(5):
        person.post("/staff/account/password", old="a guess", new=scene.PASSWORD)

    shut = person.post(
        "/staff/account/password", old=scene.PASSWORD, new=scene.PASSWORD
    )

    assert "too many wrong tries" in shut.text
    with place.store.unit() as unit:
        found = unit.staff.named(COLLEAGUE)
        unit.staff.replace(replace(found, failures=0, locked_until=None))
        unit.commit()
