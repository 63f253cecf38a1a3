"""Doors: who gets in, who does not, and what a guesser costs."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest

from bot.clinic.staff import IDLE, LONGEST_LOGIN, wait_after
from bot.desk.staff import (
    Codes,
    add_staff,
    disable,
    enter,
    hashed,
    key_of,
    knock,
    knows,
    leave,
    set_password,
    set_second_factor,
    who,
)
from tests.people import RECEPTIONIST

PASSWORD = "five wet umbrellas dry"  # noqa: S105 - opens nothing


@pytest.fixture
def priya(store, now):
    with store.unit() as unit:
        return add_staff(unit, RECEPTIONIST, PASSWORD, "staff", now)


def log_in(store, name, password, now, code=""):
    with store.unit() as unit:
        knocked = knock(unit, name, now)
    if knocked.wait_until or not knows(knocked, password) or not knocked.person:
        return None
    with store.unit() as unit:
        return enter(unit, knocked.person, code, None, now)


def person_in(store, key, now):
    with store.reading() as unit:
        return who(unit, key, now)


def test_the_right_password_opens(store, priya, now):
    key = log_in(store, " pRIYA ", PASSWORD, now)

    assert person_in(store, key, now).id == priya.id


@pytest.mark.parametrize(
    ("name", "password"),
    [(RECEPTIONIST, "wrong"), ("nobody", PASSWORD), ("", ""), ("*", "' OR 1=1 --")],
)
def test_anything_else_does_not(store, priya, now, name, password):
    assert log_in(store, name, password, now) is None


def test_the_record_holds_neither_password_nor_key(store, priya, now):
    key = log_in(store, RECEPTIONIST, PASSWORD, now)

    with store.engine.connect() as connection:
        rows = [
            str(row)
            for table in ("staff", "logins")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")  # noqa: S608
        ]
    assert rows
    assert not any(PASSWORD in row or key in row for row in rows)


def test_an_idle_login_is_over(store, priya, now):
    key = log_in(store, RECEPTIONIST, PASSWORD, now)

    assert person_in(store, key, now + IDLE) is not None
    assert person_in(store, key, now + IDLE + timedelta(seconds=1)) is None


def test_a_sign_of_life_from_before_makes_no_login_older(store, priya, now):
    key = log_in(store, RECEPTIONIST, PASSWORD, now)
    with store.unit() as unit:
        for minutes in (20, 5):
            unit.staff.touch(key_of(key), now + timedelta(minutes=minutes))
        unit.commit()

    assert person_in(store, key, now + IDLE + timedelta(minutes=20)) is not None


def test_a_busy_login_is_over_after_a_shift(store, priya, now):
    key = log_in(store, RECEPTIONIST, PASSWORD, now)
    late = now + LONGEST_LOGIN + timedelta(minutes=1)
    with store.unit() as unit:
        unit.staff.touch(key_of(key), late)
        unit.commit()

    assert person_in(store, key, late) is None


def test_logging_out_everywhere_ends_every_browser(store, priya, now):
    keys = [log_in(store, RECEPTIONIST, PASSWORD, now) for _ in range(3)]
    with store.unit() as unit:
        leave(unit, priya, keys[0], now, everywhere=True)

    assert [person_in(store, key, now) for key in keys] == [None] * 3


@pytest.mark.parametrize("deed", ["disable", "password"])
def test_a_login_taken_away_or_changed_is_over_at_once(store, priya, now, deed):
    key = log_in(store, RECEPTIONIST, PASSWORD, now)
    with store.unit() as unit:
        if deed == "disable":
            disable(unit, priya, now, "Sam")
        else:
            set_password(unit, priya, hashed("another long password"), now, "Sam")

    assert person_in(store, key, now) is None
    assert log_in(store, RECEPTIONIST, PASSWORD, now) is None


def test_each_failure_makes_the_next_wait_longer():
    waits = [wait_after(count).total_seconds() for count in range(1, 14)]

    assert waits[:4] == [0, 0, 0, 0]
    assert waits[4:8] == [15, 30, 60, 120]
    assert waits == sorted(waits)
    assert wait_after(10_000) == timedelta(minutes=15)


def test_a_guesser_is_locked_out_and_the_right_password_too(store, priya, now):
    for _ in range(5):
        log_in(store, RECEPTIONIST, "guess", now)
    with store.unit() as unit:
        knocked = knock(unit, RECEPTIONIST, now)

    assert knocked.wait_until == now + timedelta(seconds=15)
    later = now + timedelta(seconds=16)
    assert log_in(store, RECEPTIONIST, PASSWORD, later) is not None


def test_a_hundred_guesses_at_once_are_a_hundred_failures(store, priya, now):
    def guess(_):
        with store.unit() as unit:
            return knock(unit, RECEPTIONIST, now).wait_until

    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(guess, range(100)))

    assert sum(wait is None for wait in waits) == 5


def test_a_code_is_needed_and_counts_once(store, priya, now):
    secret = pyotp.random_base32()
    code = pyotp.TOTP(secret).at
    with store.unit() as unit:
        assert set_second_factor(unit, priya, secret, Codes("", code(now)), now)
    then = now + timedelta(minutes=2)

    wrong = log_in(store, RECEPTIONIST, PASSWORD, then, "000000")
    right = log_in(store, RECEPTIONIST, PASSWORD, then, code(then))
    again = log_in(store, RECEPTIONIST, PASSWORD, then, code(then))

    assert wrong is None
    assert right is not None
    assert again is None


def test_of_many_logins_with_one_code_one_gets_in(store, priya, now):
    secret = pyotp.random_base32()
    code = pyotp.TOTP(secret).at
    with store.unit() as unit:
        set_second_factor(unit, priya, secret, Codes("", code(now)), now)
    then = now + timedelta(minutes=2)

    def come(_):
        with store.unit() as unit:
            return enter(unit, priya, code(then), None, then)

    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(come, range(8)))

    assert sum(key is not None for key in keys) == 1


def test_a_login_taken_away_meanwhile_stays_away(store, priya, now):
    with store.unit() as unit:
        disable(unit, priya, now, "Kit")

    with store.unit() as unit:
        set_password(unit, priya, hashed("another " + PASSWORD), now, RECEPTIONIST)

    assert log_in(store, RECEPTIONIST, "another " + PASSWORD, now) is None


def test_a_wrong_code_switches_nothing_on(store, priya, now):
    with store.unit() as unit:
        secret = pyotp.random_base32()
        assert not set_second_factor(unit, priya, secret, Codes("", "123"), now)

    with store.reading() as unit:
        assert unit.staff.get(priya.id).totp_secret is None


def test_another_app_takes_over_only_with_a_code_of_the_one_in_use(store, priya, now):
    old, new = pyotp.random_base32(), pyotp.random_base32()
    with store.unit() as unit:
        set_second_factor(unit, priya, old, Codes("", pyotp.TOTP(old).at(now)), now)
    then = now + timedelta(minutes=2)
    shown = pyotp.TOTP(new).at(then)
    with store.unit() as unit:
        without = set_second_factor(unit, priya, new, Codes("", shown), then)
    with store.unit() as unit:
        codes = Codes(pyotp.TOTP(old).at(then), shown)
        with_it = set_second_factor(unit, priya, new, codes, then)

    assert (without, with_it) == (False, True)
    with store.reading() as unit:
        assert unit.staff.get(priya.id).totp_secret == new


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "\x1b[2J"])
def test_a_name_that_cannot_be_shown_is_refused(store, now, name):
    with store.unit() as unit, pytest.raises(ValueError, match="name"):
        add_staff(unit, name, PASSWORD, "staff", now)


@pytest.mark.parametrize("name", ["NOT OR", '"; DROP', "O'Neil*", "AND"])
def test_a_name_that_is_an_operator_is_a_name(store, now, name):
    with store.unit() as unit:
        add_staff(unit, name, PASSWORD, "practitioner", now, "maren_odell")

    assert log_in(store, name, PASSWORD, now) is not None


def test_one_name_is_one_person(store, priya, now):
    with store.unit() as unit, pytest.raises(ValueError, match="already"):
        add_staff(unit, "PRIYA", PASSWORD, "staff", now)


def test_a_short_password_is_refused(store, now):
    with store.unit() as unit, pytest.raises(ValueError, match="12 characters"):
        add_staff(unit, "Sam", "short", "staff", now)
