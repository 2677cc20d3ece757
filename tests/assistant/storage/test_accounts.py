"""Accounts and sessions in real databases."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from assistant.passwords import BadPassword
from assistant.storage.accounts import DEVICE_KNOWN, IDLE, LONGEST, AccountError, Accounts
from assistant.storage.database import Database
from tests.assistant.storage.conftest import Clock

PASSWORD = "seven green boats at noon"
OTHER = "nine quiet lamps by the river"


@pytest.fixture
def accounts(database: Database, clock: Clock) -> Accounts:
    made = Accounts(database, clock)
    made.add("Ada", PASSWORD)
    return made


def signed_in(accounts: Accounts, password: str = PASSWORD) -> str:
    token = accounts.sign_in("ada", password)
    assert token is not None
    return token


def test_signs_in_with_the_password_alone(accounts: Accounts) -> None:
    assert accounts.account_of(signed_in(accounts)) == "ada"
    assert accounts.sign_in(" ADA ", PASSWORD) is not None
    for name, password in [("ada", OTHER), ("ada", ""), ("eve", PASSWORD), ("", ""), ("ada\0", PASSWORD)]:
        assert accounts.sign_in(name, password) is None
    assert accounts.sign_in("ada", "x" * 1_000_000) is None


def test_a_password_is_the_same_however_it_is_typed(accounts: Accounts) -> None:
    accounts.set_password("ada", "sieben gru\u0308ne Boote am Mittag")
    signed_in(accounts, "sieben gr\u00fcne Boote am Mittag")


def test_nothing_that_would_let_in_is_kept(accounts: Accounts, database: Database) -> None:
    token = signed_in(accounts)
    device = accounts.new_device("ada", "")
    with database.transaction("nothing could be read") as session:
        kept = [
            str(row)
            for table in ("accounts", "sessions", "devices")
            for row in session.execute(text(f"SELECT * FROM {table}")).all()
        ]
    assert len(kept) == 3
    assert "$argon2id$" in kept[0]
    assert not [row for row in kept for secret in (PASSWORD, token, device) if secret in row]


def test_a_session_ends_when_it_is_not_used(accounts: Accounts, clock: Clock) -> None:
    token = signed_in(accounts)
    for _ in range(3):
        clock.now += IDLE - timedelta(minutes=1)
        assert accounts.account_of(token) == "ada"
    clock.now += IDLE
    assert accounts.account_of(token) is None


def test_a_session_ends_after_a_day_at_work(accounts: Accounts, clock: Clock) -> None:
    token, end = signed_in(accounts), clock.now + LONGEST
    while clock.now + timedelta(minutes=30) < end:
        clock.now += timedelta(minutes=30)
        assert accounts.account_of(token) == "ada"
    clock.now = end
    assert accounts.account_of(token) is None


def test_signing_out_ends_that_session(accounts: Accounts) -> None:
    first, second = signed_in(accounts), signed_in(accounts)
    accounts.sign_out(first)
    assert accounts.account_of(first) is None
    assert accounts.account_of(second) == "ada"
    assert accounts.account_of("forged") is None


def test_another_password_ends_all_sessions(accounts: Accounts) -> None:
    token, device = signed_in(accounts), accounts.new_device("ada", "")
    accounts.set_password("ada", OTHER)
    assert accounts.account_of(token) is None
    assert not accounts.knows_device(device, "ada")
    assert accounts.sign_in("ada", PASSWORD) is None
    signed_in(accounts, OTHER)


def test_removing_an_account_ends_its_sessions(accounts: Accounts) -> None:
    accounts.add("bob", OTHER)
    token = signed_in(accounts)
    accounts.remove("ada")
    assert accounts.account_of(token) is None
    assert accounts.sign_in("ada", PASSWORD) is None
    assert [account.name for account in accounts.all()] == ["bob"]


def test_a_browser_is_known_for_its_account_and_for_some_time(accounts: Accounts, clock: Clock) -> None:
    first = accounts.new_device("ada", "")
    second = accounts.new_device("ada", first)
    assert not accounts.knows_device(first, "ada")
    assert accounts.knows_device(second, "Ada")
    assert not accounts.knows_device(second, "bob")
    clock.now += DEVICE_KNOWN + timedelta(seconds=1)
    assert not accounts.knows_device(second, "ada")


def test_purging_leaves_what_still_holds(accounts: Accounts, clock: Clock) -> None:
    old = signed_in(accounts)
    clock.now += IDLE
    new, device = signed_in(accounts), accounts.new_device("ada", "")
    accounts.purge()
    clock.now -= IDLE
    assert accounts.account_of(old) is None
    clock.now += IDLE
    assert accounts.account_of(new) == "ada"
    assert accounts.knows_device(device, "ada")


@pytest.mark.parametrize("name", ["", "ada ada", "../x", "é", "x" * 65, ".x"])
def test_a_name_that_is_none(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountError, match="the name of an account has"):
        accounts.add(name, PASSWORD)


def test_an_account_is_made_once_and_only_known_ones_change(accounts: Accounts) -> None:
    with pytest.raises(AccountError, match="there is an account ada already"):
        accounts.add("ADA", OTHER)
    with pytest.raises(AccountError, match="there is no account bob"):
        accounts.set_password("bob", OTHER)
    with pytest.raises(AccountError, match="there is no account bob"):
        accounts.remove("bob")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "has 0 characters, at least 15"),
        ("fourteen chars", "has 14 characters, at least 15"),
        ("x" * 257, "at most 256"),
        ("aaaaaaaaaaaaaaaaaaaa", "too easily guessed"),
        ("password1234567890", "too easily guessed"),
        ("qwertyuiop12345678", "too easily guessed"),
        ("ada.ada.ada.ada.ada", "too easily guessed"),
        ("Helpdesk-Helpdesk-1", "too easily guessed"),
    ],
)
def test_a_password_that_will_not_do(accounts: Accounts, password: str, why: str) -> None:
    with pytest.raises(BadPassword, match=why):
        accounts.set_password("ada", password)
    signed_in(accounts)


@pytest.mark.parametrize(
    "password", ["häuser am wasser 7", "correct horse battery", "x9$kV!pq2&LmZ#4", "я" * 3 + "дом у реки зелёный"]
)
def test_any_characters_will_do(accounts: Accounts, password: str) -> None:
    accounts.set_password("ada", password)
    signed_in(accounts, password)
