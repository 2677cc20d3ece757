"""`call-assistant draft`."""

import io
import json
import sys
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.results import AskRequest, AskResult
from assistant.service import Assistant
from corpus.errors import AssistantError
from tests.helpdesk.mails import TUNED
from tests.invariants import validate


def test_a_mail_is_drafted_as_json_and_as_text(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mail = str(TUNED / "hostile.eml")
    assert main(["draft", mail, "--json", "--language", "it", "--store", str(store)]) == 0
    draft = json.loads(capsys.readouterr().out)
    validate("draft", draft)
    assert draft["language"] == "it"
    assert main(["draft", mail, "--store", str(store)]) == 0
    assert "1. Can a limited company for profit apply?" in capsys.readouterr().out


def test_a_mail_is_read_from_standard_input(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = (TUNED / "automatic-en.eml").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert main(["draft", "-", "--store", str(store)]) == 0
    assert "No question on the call was found" in capsys.readouterr().out


def test_a_draft_with_a_question_that_failed_is_not_done(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(_: Assistant, request: AskRequest) -> AskResult:
        raise AssistantError("the store is damaged")

    monkeypatch.setattr(Assistant, "ask", ask)
    assert main(["draft", str(TUNED / "hostile.eml"), "--store", str(store)]) == 1
    said = capsys.readouterr()
    assert "1. Can a limited company for profit apply?\n\nThis question could not be answered just now;" in said.out
    assert said.err == (
        "call-assistant: 1 of 1 questions are not answered (the store is damaged): draft the reply again\n"
    )


def test_what_cannot_be_read_is_said_in_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "empty.eml").write_bytes(b"")
    assert main(["draft", str(tmp_path / "empty.eml")]) == 1
    assert capsys.readouterr().err == "call-assistant: the mail holds no text: paste what it says\n"
    assert main(["draft", str(tmp_path / "none.eml")]) == 1
    assert "cannot be read: No such file" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["draft", str(tmp_path / "empty.eml"), "--language", "xx"])
