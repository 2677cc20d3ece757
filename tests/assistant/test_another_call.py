"""Another call takes the shipped one's place by its folder alone; and a folder without `call.toml` works too.

`tests/data/second-call` is a made-up call: its `call.toml`, and in five formats a call document with priorities and
money, questions and answers, a guide, rules for partners, and a note.
"""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.results import AskRequest
from assistant.service import Assistant
from assistant.settings import Settings
from index.build import refresh
from index.embed import Embedder
from tests.invariants import check_invariants, validate
from tests.processes import ROOT, run

CALL = ROOT / "tests" / "data" / "second-call"
DOCUMENTS = ["call.md", "notes/secretariat.txt", "questions.html", "rules/guide.pdf", "rules/partners.docx"]
QUESTIONS = {
    "deadline": "What is the deadline?",
    "priority 1": "What is the budget of priority 1?",
    "priority 2": "What is the budget of priority 2?",
    "priority 7": "What does priority 7 fund?",
    "neighbour": "What was the deadline of LIB-2025-COOP?",
    "pdf": "Where are applications submitted?",
    "docx": "How many partners must a project have?",
    "html": "Can a bookshop be a partner?",
    "txt": "When does the secretariat answer the telephone?",
    "shipped call": "Who coordinates the networks of third-country nationals?",
}
TODAY = "2027-01-15"
SHIPPED = ("AMIF", "third-country", "31 January 2019", "Housing Europe", "Brussels")
"""Words of the shipped call."""


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> tuple[str | Path, ...]:
    """Of the second call, once it is indexed."""
    found = ("--corpus", CALL, "--store", tmp_path_factory.mktemp("second") / "store")
    done = run("index", "--json", *found)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["added"] == DOCUMENTS
    assert json.loads(done.stdout)["notes"] == []
    return found


@pytest.fixture(scope="module")
def answers(options: tuple[str | Path, ...], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("questions")
    lines = [json.dumps({"id": name, "question": question}) for name, question in QUESTIONS.items()]
    (folder / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    files = ("--input", folder / "in.jsonl", "--output", folder / "out.jsonl")
    done = run("ask", *files, *options, environ={"CALL_ASSISTANT_TODAY": TODAY})
    assert (done.returncode, done.stderr) == (0, "")
    results = [json.loads(line) for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    return {result["id"]: result for result in results}


def test_each_answer_keeps_the_interfaces_promises(options: tuple[str | Path, ...], answers: dict[str, Any]) -> None:
    texts = {name: run("show", name, *options).stdout for name in DOCUMENTS}
    for result in answers.values():
        validate("ask", result)
        check_invariants(result, texts.__getitem__)
    assert texts["call.md"] == (CALL / "call.md").read_text(encoding="utf-8")
    assert "Page 2 of 3" not in texts["rules/guide.pdf"]


def test_its_own_deadline_is_computed(answers: dict[str, Any]) -> None:
    assert "30 April 2027, 12:00 Helsinki time; that is in 3 months" in answers["deadline"]["answer"]
    assert [s["kind"] for s in answers["deadline"]["sentences"]][-1] == "computed"
    assert answers["deadline"]["citations"][0]["authority"] == "call"


def test_its_priorities_are_told_apart(answers: dict[str, Any]) -> None:
    first, second = answers["priority 1"]["answer"], answers["priority 2"]["answer"]
    assert "1,250,000" in first
    assert "900,000" not in first
    assert "900,000" in second
    assert "1,250,000" not in second
    assert answers["priority 7"]["status"] == "not_found"
    assert "priority 7" in answers["priority 7"]["answer"]


def test_its_neighbour_is_not_taken_for_it(answers: dict[str, Any]) -> None:
    assert "14 March 2025" in answers["neighbour"]["answer"]
    assert "30 April 2027" not in answers["neighbour"]["answer"]


@pytest.mark.parametrize(
    ("name", "document", "page", "says"),
    [
        ("pdf", "rules/guide.pdf", 2, "an application by e-mail is not accepted."),
        ("docx", "rules/partners.docx", None, "at least three partners"),
        ("html", "questions.html", None, "Bookshops cannot be partners."),
        ("txt", "notes/secretariat.txt", None, "on weekdays from nine to eleven."),
    ],
)
def test_each_format_is_cited(name: str, document: str, page: int | None, says: str, answers: dict[str, Any]) -> None:
    cited = answers[name]["citations"][0]
    assert (cited["document"], cited["page"]) == (document, page)
    assert says in cited["quote"]


def test_nothing_of_the_shipped_call_is_left(answers: dict[str, Any]) -> None:
    assert answers["shipped call"]["status"] in ("not_found", "out_of_scope")
    said = json.dumps([{**result, "question": "", "search_question": ""} for result in answers.values()])
    assert [word for word in SHIPPED if word in said] == []


def test_a_plain_folder_answers_without_what_rests_on_the_profile(
    tmp_path: Path, embedders: tuple[Embedder, ...]
) -> None:
    corpus = shutil.copytree(CALL, tmp_path / "plain", ignore=shutil.ignore_patterns("*.toml"))
    settings = Settings(corpus=corpus, store=tmp_path / "store", today=date.fromisoformat(TODAY))
    assert list(refresh(corpus, settings.store, embedders).added) == DOCUMENTS
    with Assistant(settings, embedders) as assistant:
        assert assistant.profile is None
        asked = {
            name: assistant.ask(AskRequest(question=QUESTIONS[name])) for name in ("deadline", "priority 2", "pdf")
        }
        texts = {name: assistant.show(name).text for name in DOCUMENTS}
    for result in asked.values():
        check_invariants(result.model_dump(mode="json"), texts.__getitem__)
        assert result.status == "answered"
        assert {citation.authority for citation in result.citations} == {"secondary"}
        assert {sentence.kind for sentence in result.sentences} <= {"statement", "frame"}
    assert "900,000" in asked["priority 2"].answer
    assert "web portal" in asked["pdf"].answer
