"""The command line as scripts use it: real processes, exit statuses, one line on standard error."""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from assistant.settings import SHIPPED_CORPUS
from assistant.storage.database import Database
from assistant.storage.widget_use import WidgetUse
from tests.invariants import check_invariants, validate

ROOT = Path(__file__).resolve().parent.parent.parent


def run(*arguments: str, cwd: Path | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CALL_ASSISTANT_TODAY": "2026-11-24", **environ},
        check=False,
    )


def test_ask_prints_json_that_show_confirms(store: Path) -> None:
    asked = run("ask", "Can an NGO be a partner in a priority 1 network?", "--json", "--store", str(store))
    assert asked.returncode == 0, asked.stderr
    result = json.loads(asked.stdout)
    shown = {c["document"]: run("--store", str(store), "show", c["document"]).stdout for c in result["citations"]}
    check_invariants(result, shown.__getitem__)


def test_ask_prints_the_quotes_under_the_answer(store: Path) -> None:
    asked = run("ask", "What is the deadline?", "--store", str(store))
    assert "31 January 2019" in asked.stdout
    assert "[1]" in asked.stdout
    assert "call-at-a-glance.md" in asked.stdout


def test_many_at_once_keep_their_order_and_their_errors(store: Path, tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "a", "question": "What is the total budget?", "unknown": 1}),
        "not json",
        json.dumps({"id": "c", "question": ""}),
        json.dumps({"id": "d", "question": "x" * 8_001}),
        json.dumps({"id": "e", "question": "What?", "history": [{"role": "user", "content": "x"}] * 41}),
        json.dumps({"id": "f", "question": "Deadline?", "document": "no-such.md"}),
        json.dumps({"id": "g", "question": "\ud800 deadline?"}),
        json.dumps({"id": "h", "question": "What is the deadline?"}),
    ]
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for command, kind in (("ask", "ask"), ("search", "search")):
        done = run(command, "--input", str(source), "--output", str(target), "--store", str(store))
        assert done.returncode == 0, done.stderr
        assert len(done.stderr.splitlines()) == 1
        results = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
        assert [r["id"] for r in results] == ["a", None, "c", "d", "e", "f", "g", "h"]
        failed = [r for r in results if "error" in r]
        assert {"c", "d", "f"} <= {r["id"] for r in failed}
        for result in results:
            validate("error" if "error" in result else kind, result)
        assert "error" not in results[0]
        assert "error" not in results[-1]


def test_check_says_whether_quotes_carry_a_sentence(store: Path) -> None:
    quotes = ("--quote", "Towns may apply.", "The budget is EUR 16,200,000.")
    done = run("check", "The budget is 16.2 million euros.", *quotes, "--json", "--store", str(store))
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    validate("check", result)
    assert result["supported"] is True
    refused = run("check", "Towns may not apply.", *quotes, "--store", str(store))
    assert refused.returncode == 0, refused.stderr
    assert refused.stdout.startswith("not supported")
    assert "not" in refused.stdout.splitlines()[1]


def test_many_are_checked_in_order_each_with_its_error(store: Path, tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": 1, "sentence": "Towns may apply.", "quotes": ["Towns may apply."], "unknown": 1}),
        "{",
        json.dumps({"id": 3, "sentence": " ", "quotes": ["x"]}),
        json.dumps({"id": 4, "sentence": "x" * 2_001, "quotes": ["x"]}),
        json.dumps({"id": 5, "sentence": "x", "quotes": ["x" * 100_000, "x" * 100_001]}),
        json.dumps({"id": 6, "sentence": "x", "quotes": "x"}),
        json.dumps({"id": 7, "sentence": "x"}),
        json.dumps({"id": 8, "sentence": "Towns may apply.", "quotes": []}),
        json.dumps({"id": 9, "sentence": "x" * 2_000, "quotes": ["x" * 200_000]}),
    ]
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = run("check", "--input", str(source), "--output", str(target), "--store", str(store))
    assert done.returncode == 0, done.stderr
    results = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    for result in results:
        validate("error" if "error" in result else "check", result)
    assert [r["id"] for r in results] == [1, None, 3, 4, 5, 6, 7, 8, 9]
    assert [r["id"] for r in results if "error" in r] == [None, 3, 4, 5, 6, 7]
    assert [r["supported"] for r in results if "error" not in r] == [True, False, True]
    assert "200000" in results[4]["error"]["message"]


def test_show_adds_nothing(store: Path) -> None:
    document = "housing-europe-2018-11-06.md"
    shown = run("show", document, "--store", str(store))
    assert shown.stdout == (SHIPPED_CORPUS / document).read_text(encoding="utf-8")
    known = json.loads(run("show", document, "--json", "--store", str(store)).stdout)
    validate("show", known)
    assert known["authority"] == "quoted"


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("The office opens at nine.", encoding="utf-8")
    done = run("index", "--dry-run", "--corpus", str(corpus), "--store", str(tmp_path / "store"))
    assert done.returncode == 0, done.stderr
    assert "a.txt" in done.stdout
    assert run("ask", "When?", "--corpus", str(corpus), "--store", str(tmp_path / "store")).returncode == 1


def test_a_plain_folder_is_enough(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "office.txt").write_text(
        "The registry office opens at nine o'clock on weekdays.\n\nParking costs 2 euros an hour.", encoding="utf-8"
    )
    options = ("--corpus", str(corpus), "--store", str(tmp_path / "store"))
    indexed = run("index", "--json", *options)
    assert indexed.returncode == 0, indexed.stderr
    result = json.loads(run("ask", "How much does parking cost?", "--json", *options).stdout)
    assert result["status"] == "answered"
    assert result["citations"][0]["quote"] == "Parking costs 2 euros an hour."
    assert result["citations"][0]["authority"] == "secondary"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ask", "x"), "index"),
        (("check", "x", "--quote", "x"), "index"),
        (("show", "x.md"), "index"),
        (("index", "--corpus", "no-such-folder"), "no-such-folder"),
        (("ask", "--input", "no-such.jsonl"), "no-such.jsonl"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_status_1(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    done = run(*arguments, "--store", str(tmp_path / "store"), cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert says in done.stderr


@pytest.mark.parametrize(
    "arguments", [(), ("ask",), ("search", "x", "-k", "0"), ("check", "x"), ("nonsense",), ("ask", "x", "--nope")]
)
def test_wrong_usage_is_status_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).returncode == 2


def test_an_unknown_setting_is_one_line_and_status_1() -> None:
    done = run("ask", "x", CALL_ASSISTANT_CORPSE="x")
    assert done.returncode == 1
    assert "CALL_ASSISTANT_CORPSE" in done.stderr


def test_widget_prints_how_often_it_was_used(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'kept.sqlite3'}"
    asked = run("widget", CALL_ASSISTANT_DATABASE_URL=address)
    assert (asked.returncode, asked.stdout) == (0, "not used in the last 90 days\n")
    with closing(Database(address)) as database:
        use = WidgetUse(database, 1, 90)
        waits = [use.count("https://www.housing.example") for _ in range(3)]
        use.count("")
        day = use.days()[0].day.isoformat()
    assert waits[0] == 0
    asked = run("widget", CALL_ASSISTANT_DATABASE_URL=address)
    assert asked.stdout.splitlines() == [
        f"{day}       1  the service's own pages",
        f"{day}       1  https://www.housing.example (2 refused)",
    ]
    listed = json.loads(run("widget", "--json", CALL_ASSISTANT_DATABASE_URL=address).stdout)
    assert listed[1] == {"site": "https://www.housing.example", "day": day, "questions": 1, "refused": 2}
