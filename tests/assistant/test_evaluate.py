"""Scores whose values anyone can work out, and the shipped questions against the shipped documents."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InvalidInput
from assistant.evaluate import EvalQuestion, Evaluation, Place, evaluate, load_questions
from assistant.results import (
    AnswerSentence,
    AskRequest,
    AskResult,
    Citation,
    PassageResult,
    SearchRequest,
    SearchResult,
    Status,
    Turn,
    Verdict,
)
from assistant.settings import SHIPPED_CORPUS

QUESTIONS = Path(__file__).parent.parent / "evaluation" / "questions.jsonl"
OPENS = Place(document="office.md", quote="The office opens at nine.")
PARKING = Place(document="office.md", quote="Parking costs 2 euros an hour.")


def question(identity: str, **given: Any) -> EvalQuestion:
    line = {"id": identity, "question": f"{identity}?", "language": "en", "kind": "answerable", "status": ("answered",)}
    return EvalQuestion.model_validate(line | given)


def citation(quote: str, document: str = "office.md", start: int = 0) -> Citation:
    return Citation(
        number=1, quote=quote, document=document, title="Office", section=None, page=None,
        start=start, end=start + len(quote), authority="secondary", kind="original", source_url=None,
    )  # fmt: skip


def passage(text: str, document: str = "office.md") -> PassageResult:
    return PassageResult(
        rank=1, score=1.0, document=document, title="Office", section=None, page=None,
        start=0, end=len(text), text=text,
    )  # fmt: skip


def result(
    status: Status, *quotes: Citation, verdict: Verdict | None = None, search_question: str = "as asked"
) -> AskResult:
    sentence = AnswerSentence(text="An answer.", kind="frame")
    return AskResult(
        question="?", language="en", search_question=search_question, status=status, verdict=verdict,
        answer="An answer.", sentences=(sentence,), citations=quotes, as_of="2026-11-24", corpus_version="x",
        timings_ms={"total": 1},
    )  # fmt: skip


def score(
    questions: Sequence[EvalQuestion],
    results: Mapping[str, AskResult],
    found: Mapping[str, Sequence[PassageResult]] | None = None,
) -> Evaluation:
    """`results` by the question's id, `found` by what is searched for."""

    def search(request: SearchRequest) -> SearchResult:
        return SearchResult(results=tuple((found or {}).get(request.question, ())), timings_ms={"total": 1})

    def ask(request: AskRequest) -> AskResult:
        return results[request.id]

    return evaluate(questions, search, ask)


def values(figures: Mapping[str, Any]) -> dict[str, float | None]:
    return {name: figure.value for name, figure in figures.items()}


def test_retrieval_counts_the_first_passage_that_holds_half_of_a_needed_quote() -> None:
    other = passage("Bicycles are free.")
    questions = [
        question("first", evidence=[[OPENS]]),
        question("second", evidence=[[PARKING, OPENS]], language="de"),
        question("sixth", evidence=[[OPENS], [PARKING]]),
        question("never", evidence=[[OPENS]], language="pl"),
        question("nothing to find", kind="unanswerable", status=["not_found"]),
    ]
    found = {
        "first?": [passage("Welcome. The office opens at nine. Do come in.")],
        "second?": [other, passage("The office opens")],
        "sixth?": [other, other, other, other, other, passage("an hour. Parking costs 2 euros an hour.")],
        "never?": [passage("The office"), passage("The office opens at nine.", "elsewhere.md")],
    }
    scores = score(questions, {q.id: result("not_found") for q in questions}, found).retrieval
    assert values(scores["all"]) == {"first 1": 0.25, "first 5": 0.5, "first 10": 0.75}
    assert values(scores["English"]) == {"first 1": 0.5, "first 5": 0.5, "first 10": 1.0}
    assert values(scores["other languages"]) == {"first 1": 0.0, "first 5": 0.5, "first 10": 0.5}
    assert scores["all"]["first 1"].n == 4


def test_a_passage_that_ends_inside_the_quote_counts_from_half_of_it_on() -> None:
    questions = [question("more", evidence=[[OPENS]]), question("less", evidence=[[OPENS]])]
    found = {"more?": [passage("Welcome. The office opens")], "less?": [passage("Welcome. The office")]}
    scores = score(questions, {q.id: result("not_found") for q in questions}, found)
    assert scores.retrieval["all"]["first 1"].value == 0.5


def test_a_follow_up_is_searched_as_it_was_resolved() -> None:
    asked = question("on sundays", kind="follow_up", evidence=[[OPENS]], history=[Turn(role="user", content="Hours?")])
    found = {"opening hours on sundays": [passage(OPENS.quote)]}
    resolved = result("answered", citation(OPENS.quote), search_question="opening hours on sundays")
    assert score([asked], {asked.id: resolved}, found).retrieval["all"]["first 1"].value == 1


def test_citations_are_scored_by_the_facts_they_reach_and_the_places_they_lie_in() -> None:
    questions = [
        question("both", evidence=[[OPENS], [PARKING]], beside=["Bicycles are free."]),
        question("one of two", evidence=[[OPENS], [PARKING]]),
        question("refused", evidence=[[OPENS]]),
        question("no facts", kind="off_topic", status=["out_of_scope"]),
    ]
    results = {
        "both": result(
            "answered",
            citation(OPENS.quote + "\n" + PARKING.quote),
            citation("Bicycles are free."),
            citation("Dogs bark."),
        ),
        "one of two": result("answered", citation(OPENS.quote), citation(PARKING.quote, "elsewhere.md")),
        "refused": result("not_found"),
        "no facts": result("answered", citation("Dogs bark.")),
    }
    scores = score(questions, results)
    assert values(scores.citation) == {"recall of facts": 3 / 5, "precision of citations": 3 / 5}
    assert scores.answers["all facts cited"].value == 1 / 3
    assert [failure.why for failure in scores.failures] == [
        ("1 of 2 facts not cited",),
        ("status not_found, right: answered",),
        ("status answered, right: out_of_scope",),
    ]


def test_the_same_words_elsewhere_in_a_document_are_told_apart_by_their_start() -> None:
    place = Place(document="office.md", quote="Housing", start=200)
    questions = [question(name, evidence=[[place]]) for name in ("at its place", "elsewhere")]
    results = {
        "at its place": result("answered", citation("Housing", start=200)),
        "elsewhere": result("answered", citation("Housing", start=30)),
    }
    scores = score(questions, results)
    assert [failure.id for failure in scores.failures] == ["elsewhere"]
    assert scores.citation["precision of citations"].value == 0.5


def test_refusal_is_precision_and_recall_over_what_should_be_refused() -> None:
    unanswerable = {"kind": "unanswerable", "status": ["not_found"]}
    questions = [
        question("rightly refused", **unanswerable),
        question("off topic, called not found", kind="off_topic", status=["out_of_scope"]),
        question("answered all the same", **unanswerable),
        question("wrongly refused"),
        question("asked back for nothing"),
        question("rightly answered"),
        question("either will do", kind="unanswerable", status=["not_found", "partial"]),
        question("not of these kinds", kind="premise"),
    ]
    got: tuple[Status, ...] = (
        "not_found", "not_found", "answered", "not_found", "clarify", "answered", "not_found", "not_found"
    )  # fmt: skip
    scores = score(questions, {q.id: result(status) for q, status in zip(questions, got, strict=True)})
    assert values(scores.refusal) == {"precision": 2 / 4, "recall": 2 / 3, "F1": pytest.approx(4 / 7)}
    assert {name: figure.n for name, figure in scores.refusal.items()} == {"precision": 4, "recall": 3, "F1": 5}
    assert scores.confusion["not_found"] == {"not_found": 1, "answered": 1}
    assert scores.confusion["not_found or partial"] == {"not_found": 1}


def test_an_answer_is_right_in_status_verdict_facts_and_in_what_it_does_not_quote() -> None:
    cited = citation(OPENS.quote)
    expected = {"evidence": [[OPENS]], "verdict": ["yes", None], "must_not_quote": ["at ten"]}
    questions = [question(name, **expected) for name in ("right", "no verdict", "verdict", "facts", "quotes")]
    questions.append(question("also refused", status=["answered", "clarify"], evidence=[[OPENS]], language="fr"))
    results = {
        "right": result("answered", cited, verdict="yes"),
        "no verdict": result("answered", cited),
        "verdict": result("answered", cited, verdict="no"),
        "facts": result("answered", citation(PARKING.quote), verdict="yes"),
        "quotes": result("answered", cited, citation("The shop opens at ten."), verdict="yes"),
        "also refused": result("clarify"),
    }
    scores = score(questions, results)
    assert values(scores.answers) == {
        "right in all": 3 / 6, "right status": 1.0, "all facts cited": 4 / 5, "right verdict": 4 / 5
    }  # fmt: skip
    assert values(scores.by_language) == {"en": 2 / 5, "fr": 1.0}
    assert values(scores.by_kind) == {"answerable": 3 / 6}
    assert {failure.id: failure.why for failure in scores.failures} == {
        "verdict": ("verdict no, right: yes or None",),
        "facts": ("1 of 1 facts not cited",),
        "quotes": ("quotes 'at ten'",),
    }


def test_intervals_are_the_same_each_time_and_none_where_nothing_counts() -> None:
    questions = [question(str(i)) for i in range(20)]
    results = {q.id: result("answered" if int(q.id) < 10 else "not_found") for q in questions}
    once, again = score(questions, results), score(questions, results)
    assert once == again
    figure = once.answers["right in all"]
    assert (figure.value, figure.n) == (0.5, 20)
    assert figure.low == pytest.approx(0.3, abs=0.06)
    assert figure.high == pytest.approx(0.7, abs=0.06)
    nothing = once.citation["recall of facts"]
    assert (nothing.value, nothing.low, nothing.high, nothing.n) == (None, None, None, 0)


def test_an_evaluation_prints_as_a_table_and_as_json() -> None:
    scores = score([question("right"), question("wrong")], {"right": result("answered"), "wrong": result("not_found")})
    table = scores.as_text().splitlines()
    assert table[0] == "2 questions"
    assert any(line.split() == ["right", "status", "0.500", "0.000–1.000", "2"] for line in table)
    assert table[-2:] == ["1 failures", "  wrong: status not_found, right: answered | wrong?"]
    plain = json.loads(json.dumps(scores.as_json()))
    assert plain["answers"]["right status"] == {"value": 0.5, "low": 0.0, "high": 1.0, "n": 2}
    assert plain["failures"][0]["got"] == "not_found: An answer."


GOOD = {"id": "1", "question": "When?", "language": "en", "kind": "answerable", "status": ["answered"]}


def test_empty_lines_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(f"\n{json.dumps(GOOD)}\n\n{json.dumps(GOOD | {'id': '2'})}\n", encoding="utf-8")
    assert [q.id for q in load_questions(file)] == ["1", "2"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("no JSON", "line 2, the whole line"),
        ("[]", "line 2, the whole line"),
        (json.dumps({key: GOOD[key] for key in GOOD if key != "status"}), "line 2, status"),
        (json.dumps(GOOD | {"id": "2", "status": ["perhaps"]}), "line 2, status.0"),
        (json.dumps(GOOD | {"id": "2", "evidence": [[]]}), "line 2, evidence.0"),
        (json.dumps(GOOD | {"id": "2", "evidence": [[{"document": "a.md"}]]}), "line 2, evidence.0.0.quote"),
        (json.dumps(GOOD | {"id": "2", "evidance": []}), "line 2, evidance"),
        (json.dumps(GOOD | {"id": "2", "question": " "}), "line 2, question"),
        (json.dumps(GOOD | {"id": "2", "question": "x" * 8_001}), "line 2, question"),
        (json.dumps(GOOD), "line 2, id"),
    ],
)
def test_a_bad_line_is_named_with_its_field(line: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(f"{json.dumps(GOOD)}\n{line}\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=says) as raised:
        load_questions(file)
    assert len(str(raised.value).splitlines()) == 1


def test_a_file_that_is_missing_or_empty_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        load_questions(tmp_path / "none.jsonl")
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="no question"):
        load_questions(tmp_path / "empty.jsonl")


@pytest.fixture(scope="module")
def shipped() -> tuple[EvalQuestion, ...]:
    return load_questions(QUESTIONS)


def test_every_quote_of_the_shipped_questions_stands_once_in_its_document(shipped: tuple[EvalQuestion, ...]) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in SHIPPED_CORPUS.glob("*.md")}
    wrong: list[tuple[str, str]] = []
    for asked in shipped:
        for place in (place for fact in asked.evidence for place in fact):
            text = texts[place.document]
            starts = [i for i in range(len(text)) if text.startswith(place.quote, i)]
            if (len(starts) != 1) if place.start is None else (place.start not in starts):
                wrong.append((asked.id, f"{place.document}: {place.quote}"))
        for words in (*asked.beside, *asked.must_not_quote):
            if not any(words in text for text in texts.values()):
                wrong.append((asked.id, words))
    assert not wrong


def test_no_shipped_question_needs_what_it_must_not_quote(shipped: tuple[EvalQuestion, ...]) -> None:
    for asked in shipped:
        quotes = [place.quote for fact in asked.evidence for place in fact]
        assert not [words for words in asked.must_not_quote if any(words in quote for quote in quotes)], asked.id


def test_shipped_questions_to_be_answered_name_their_evidence(shipped: tuple[EvalQuestion, ...]) -> None:
    assert not [
        q.id
        for q in shipped
        if {"answered", "partial"} & set(q.status) and not q.evidence and "not_found" not in q.status
    ]
    assert not [q.id for q in shipped if q.evidence and not {"answered", "partial"} & set(q.status)]


def test_the_shipped_questions_are_mixed_and_split_as_their_readme_says(shipped: tuple[EvalQuestion, ...]) -> None:
    kinds: dict[str, list[EvalQuestion]] = defaultdict(list)
    for asked in shipped:
        kinds[asked.kind].append(asked)
    for members in kinds.values():
        members.sort(key=lambda q: hashlib.sha256(q.question.encode()).hexdigest())
        assert [q.split for q in members] == [("tune", "report")[i % 2] for i in range(len(members))]
    assert {kind: len(members) >= 12 for kind, members in kinds.items()} == dict.fromkeys(kinds, True)
    assert len(kinds) == 7
    assert min(Counter(q.split for q in shipped).values()) >= 80
    assert len({q.language for q in shipped}) >= 10
    assert 0.4 <= sum(q.language == "en" for q in shipped) / len(shipped) <= 0.6
    cited = {place.document for q in shipped for fact in q.evidence for place in fact}
    assert cited == {path.name for path in SHIPPED_CORPUS.glob("*.md")}
