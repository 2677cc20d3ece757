"""`call-assistant account`, with passwords from standard input."""

import io
import sys
from contextlib import closing
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.storage.accounts import Accounts
from assistant.storage.database import Database

PASSWORD, OTHER = "seven green boats at noon", "nine quiet lamps by the river"


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    made = f"sqlite:///{tmp_path / 'accounts.sqlite3'}"
    monkeypatch.setenv("CALL_ASSISTANT_DATABASE_URL", made)
    return made


def account(monkeypatch: pytest.MonkeyPatch, *arguments: str, typed: str = "") -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    return main(["account", *arguments])


def test_makes_changes_lists_and_removes(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert account(monkeypatch, "add", "Ada", typed=f"{PASSWORD}\n") == 0
    with closing(Database(address)) as database:
        accounts = Accounts(database)
        token = accounts.sign_in("ada", PASSWORD)
        assert token is not None
        assert account(monkeypatch, "password", "ada", typed=f"{OTHER}\r\nmore") == 0
        assert accounts.account_of(token) is None
        assert accounts.sign_in("ada", OTHER) is not None
    capsys.readouterr()
    assert account(monkeypatch, "list") == 0
    assert capsys.readouterr().out.startswith("ada, password set on ")
    assert account(monkeypatch, "remove", "ada") == 0
    capsys.readouterr()
    assert account(monkeypatch, "list") == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("add", "ada"), "short\n", "at least 15 are needed"),
        (("add", "ada"), "", "has 0 characters"),
        (("add", "a b"), f"{PASSWORD}\n", "the name of an account has"),
        (("password", "bob"), f"{PASSWORD}\n", "there is no account bob"),
        (("remove", "bob"), "", "there is no account bob"),
    ],
)
def test_says_in_one_line_what_was_not_done(
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    typed: str,
    said: str,
) -> None:
    assert account(monkeypatch, *arguments, typed=typed) == 1
    output = capsys.readouterr()
    assert said in output.err
    assert output.err.count("\n") == 1
    assert PASSWORD not in output.out + output.err


@pytest.mark.parametrize("arguments", [("add",), ("list", "ada"), ("password",), ("remove",), ("rename", "ada")])
def test_wrong_usage(address: str, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        account(monkeypatch, *arguments)
    assert ended.value.code == 2


def test_no_argument_takes_a_password(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    with pytest.raises(SystemExit):
        account(monkeypatch, "add", "ada", PASSWORD)
    with pytest.raises(SystemExit):
        account(monkeypatch, "add", "ada", "--password", PASSWORD)
