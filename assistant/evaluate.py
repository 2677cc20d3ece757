"""Scores a file of questions: retrieval, citation, refusal and answers, each apart and each with its interval.

The format of the file is described in `tests/evaluation/README.md`. A question is right where its status, its verdict
and the facts it cites are as the file wants them and it quotes nothing that it must not.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, StringConstraints, ValidationError

from assistant.errors import InvalidInput
from assistant.results import (
    MAX_HISTORY,
    MAX_QUESTION,
    AskRequest,
    AskResult,
    Citation,
    PassageResult,
    Record,
    SearchRequest,
    SearchResult,
    Status,
    Turn,
    Verdict,
)
from index.progress import Progress, terminal

REFUSALS: frozenset[Status] = frozenset({"not_found", "out_of_scope", "clarify"})
REFUSAL_KINDS = frozenset({"answerable", "unanswerable", "off_topic"})
RANKS = (1, 5, 10)
RESAMPLES = 2_000
SEED = 1979

Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
Kind = Literal["answerable", "unanswerable", "off_topic", "parts", "follow_up", "premise", "other_call"]


class Place(Record):
    """Words in a document that state a fact. `start` tells them apart from the same words elsewhere in it."""

    document: Text
    quote: Text
    start: Annotated[int, Field(ge=0)] | None = None


class EvalQuestion(Record):
    """One line of a questions file."""

    id: Text
    question: Annotated[Text, StringConstraints(max_length=MAX_QUESTION)]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    kind: Kind
    split: Literal["tune", "report"] | None = None
    history: Annotated[tuple[Turn, ...], Field(max_length=MAX_HISTORY)] = ()
    status: Annotated[tuple[Status, ...], Field(min_length=1)]
    """Those that are right."""
    verdict: tuple[Verdict | None, ...] | None = None
    """Those that are right; None where the question is not one of yes or no."""
    evidence: tuple[Annotated[tuple[Place, ...], Field(min_length=1)], ...] = ()
    """For each fact that the answer needs, the places that state it: any one of them will do."""
    beside: tuple[Text, ...] = ()
    """Words that may well be quoted too, though the answer does not need them."""
    must_not_quote: tuple[Text, ...] = ()


class Figure(Record):
    """A share with its 95 % bootstrap interval over the `n` questions that count in it; None where none does."""

    value: float | None
    low: float | None
    high: float | None
    n: int


class Failure(Record):
    """A question that did not come out right."""

    id: str
    question: str
    got: str
    why: tuple[str, ...]


class Evaluation(Record):
    """The scores, by name; `confusion` counts the statuses got for each set of right ones."""

    questions: int
    retrieval: dict[str, dict[str, Figure]]
    citation: dict[str, Figure]
    refusal: dict[str, Figure]
    answers: dict[str, Figure]
    by_kind: dict[str, Figure]
    by_language: dict[str, Figure]
    confusion: dict[str, dict[str, int]]
    failures: tuple[Failure, ...]

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return self.model_dump(mode="json")

    def as_text(self) -> str:
        """A table for people, and a line for each failure."""
        groups = [(f"retrieval, {group}", figures) for group, figures in self.retrieval.items()]
        groups += [("citation", self.citation), ("refusal", self.refusal), ("answers", self.answers)]
        groups += [("right, by kind", self.by_kind), ("right, by language", self.by_language)]
        lines = [f"{self.questions} questions", f"{'':<34}{'value':>6}  {'95 %':^11}{'n':>6}"]
        for title, figures in groups:
            lines.append(title)
            lines += [f"  {name:<32}{_line(figure)}" for name, figure in figures.items()]
        lines.append("status: right, then how often each was got")
        for wanted, got in self.confusion.items():
            lines.append(f"  {wanted:<36}" + ", ".join(f"{status} {count}" for status, count in got.items()))
        lines.append(f"{len(self.failures)} failures")
        lines += [f"  {f.id}: {'; '.join(f.why)} | {' '.join(f.question.split())}" for f in self.failures]
        return "\n".join(lines)


def load_questions(path: Path) -> tuple[EvalQuestion, ...]:
    """The questions in a file of one JSON object a line; empty lines are left out.

    Raises `InvalidInput` naming the file, the line and the field that is wrong.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}") from error
    questions: dict[str, EvalQuestion] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            question = EvalQuestion.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            field = ".".join(str(part) for part in first["loc"]) or "the whole line"
            raise InvalidInput(f"{path}, line {number}, {field}: {first['msg']}") from error
        if question.id in questions:
            raise InvalidInput(f"{path}, line {number}, id: {question.id!r} stands there twice")
        questions[question.id] = question
    if not questions:
        raise InvalidInput(f"{path} holds no question")
    return tuple(questions.values())


def evaluate(
    questions: Sequence[EvalQuestion],
    search: Callable[[SearchRequest], SearchResult],
    ask: Callable[[AskRequest], AskResult],
    progress: Progress = terminal,
) -> Evaluation:
    """Ask every question and search for those that have evidence; a follow-up is searched as `ask` resolved it."""
    pairs: list[tuple[EvalQuestion, AskResult]] = []
    ranks: list[int | None] = []
    confusion: dict[str, Counter[str]] = {}
    failures = []
    with progress("Asking", len(questions)) as step:
        for question in questions:
            result = ask(AskRequest(id=question.id, question=question.question, history=question.history))
            pairs.append((question, result))
            ranks.append(_first_rank(question, result, search) if question.evidence else None)
            confusion.setdefault(" or ".join(question.status), Counter())[result.status] += 1
            if why := _why_wrong(question, result):
                got = f"{result.status}: {result.answer}"
                failures.append(Failure(id=question.id, question=question.question, got=got, why=why))
            step.update(1)
    wrong = {failure.id for failure in failures}
    return Evaluation(
        questions=len(questions),
        retrieval=_retrieval(questions, ranks),
        citation=_citation(pairs),
        refusal=_refusal(pairs),
        answers=_answers(pairs),
        by_kind=_shares([(question.kind, question.id not in wrong) for question in questions]),
        by_language=_shares([(question.language, question.id not in wrong) for question in questions]),
        confusion={wanted: dict(got.most_common()) for wanted, got in sorted(confusion.items())},
        failures=tuple(failures),
    )


def _first_rank(question: EvalQuestion, result: AskResult, search: Callable[[SearchRequest], SearchResult]) -> int:
    """The rank of the first passage that holds at least half of a needed quote; 0 for none."""
    asked = result.search_question if question.history else question.question
    found = search(SearchRequest(id=question.id, question=asked, k=max(RANKS))).results
    places = [place for fact in question.evidence for place in fact]
    return next((rank for rank, passage in enumerate(found, 1) if any(_holds(passage, p) for p in places)), 0)


def _retrieval(questions: Sequence[EvalQuestion], ranks: Sequence[int | None]) -> dict[str, dict[str, Figure]]:
    ranked = [(q.language == "en", rank) for q, rank in zip(questions, ranks, strict=True) if rank is not None]
    groups = {"all": (True, False), "English": (True,), "other languages": (False,)}
    return {
        group: {f"first {k}": _figure([(0 < rank <= k, 1) for en, rank in ranked if en in members]) for k in RANKS}
        for group, members in groups.items()
    }


def _citation(pairs: Sequence[tuple[EvalQuestion, AskResult]]) -> dict[str, Figure]:
    due = _due(pairs)
    recall = [(len(q.evidence) - _missing(q, r), len(q.evidence)) for q, r in due]
    answered = [(q, r.citations) for q, r in due if r.status not in REFUSALS]
    precision = [(sum(_belongs(citation, q) for citation in citations), len(citations)) for q, citations in answered]
    return {"recall of facts": _figure(recall), "precision of citations": _figure(precision)}


def _refusal(pairs: Sequence[tuple[EvalQuestion, AskResult]]) -> dict[str, Figure]:
    """Questions to which a refusal and an answer are both right are left out."""
    counted = [(REFUSALS.intersection(q.status), q, r) for q, r in pairs if q.kind in REFUSAL_KINDS]
    judged = [(bool(right), r.status in REFUSALS) for right, q, r in counted if not right or right == set(q.status)]
    return {
        "precision": _figure([(wanted and got, got) for wanted, got in judged]),
        "recall": _figure([(wanted and got, wanted) for wanted, got in judged]),
        "F1": _figure([(2 * (wanted and got), wanted + got) for wanted, got in judged]),
    }


def _answers(pairs: Sequence[tuple[EvalQuestion, AskResult]]) -> dict[str, Figure]:
    answerable = [(question, result) for question, result in pairs if question.kind == "answerable"]
    return {
        "right in all": _figure([(not _why_wrong(q, r), 1) for q, r in answerable]),
        "right status": _figure([(r.status in q.status, 1) for q, r in answerable]),
        "all facts cited": _figure([(not _missing(q, r), 1) for q, r in _due(answerable)]),
        "right verdict": _figure([(r.verdict in q.verdict, 1) for q, r in answerable if q.verdict is not None]),
    }


def _shares(named: Sequence[tuple[str, bool]]) -> dict[str, Figure]:
    names = sorted({name for name, _ in named})
    return {name: _figure([(right, 1) for other, right in named if other == name]) for name in names}


def _why_wrong(question: EvalQuestion, result: AskResult) -> tuple[str, ...]:
    why = []
    if result.status not in question.status:
        why.append(f"status {result.status}, right: {' or '.join(question.status)}")
    if question.verdict is not None and result.verdict not in question.verdict:
        why.append(f"verdict {result.verdict}, right: {' or '.join(str(v) for v in question.verdict)}")
    if result.status not in REFUSALS and (missing := _missing(question, result)):
        why.append(f"{missing} of {len(question.evidence)} facts not cited")
    if barred := [text for text in question.must_not_quote if any(text in c.quote for c in result.citations)]:
        why.append(f"quotes {barred[0]!r}")
    return tuple(why)


def _due(pairs: Sequence[tuple[EvalQuestion, AskResult]]) -> list[tuple[EvalQuestion, AskResult]]:
    """Those whose facts have to be cited: a refusal that is right needs none."""
    return [(q, r) for q, r in pairs if q.evidence and r.status not in REFUSALS.intersection(q.status)]


def _missing(question: EvalQuestion, result: AskResult) -> int:
    return sum(not any(_holds(c, place) for c in result.citations for place in fact) for fact in question.evidence)


def _holds(piece: PassageResult | Citation, place: Place) -> bool:
    """Whether `piece` holds at least half of the quote."""
    return 2 * _overlap(piece, place) >= len(place.quote)


def _belongs(citation: Citation, question: EvalQuestion) -> bool:
    """Whether the citation and a place that answers share at least half of the shorter one."""
    common = [(_overlap(citation, place), place.quote) for fact in question.evidence for place in fact]
    common += [(_shared(citation.quote, words), words) for words in question.beside]
    return any(2 * size >= min(len(citation.quote), len(words)) for size, words in common)


def _overlap(piece: PassageResult | Citation, place: Place) -> int:
    if piece.document != place.document:
        return 0
    if place.start is not None:
        return max(0, min(piece.end, place.start + len(place.quote)) - max(piece.start, place.start))
    return _shared(piece.quote if isinstance(piece, Citation) else piece.text, place.quote)


def _shared(one: str, other: str) -> int:
    """Characters that two stretches of one document have in common: one in the other, or end against beginning."""
    short, long = sorted((one, other), key=len)
    if short in long:
        return len(short)
    ends = (k for k in range(len(short) - 1, 0, -1) if long.endswith(short[:k]) or long.startswith(short[-k:]))
    return next(ends, 0)


def _figure(rows: Sequence[tuple[int, int]]) -> Figure:
    """The sum of the first column over that of the second, with the percentile bootstrap (Efron 1979) over rows."""
    counts = np.array([row for row in rows if row[1]], dtype=float)
    n = len(counts)
    if not n:
        return Figure(value=None, low=None, high=None, n=0)
    draws = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), RESAMPLES) @ counts
    low, high = np.percentile(draws[:, 0] / draws[:, 1], [2.5, 97.5])
    return Figure(value=counts[:, 0].sum() / counts[:, 1].sum(), low=low, high=high, n=n)


def _line(figure: Figure) -> str:
    if figure.value is None:
        return f"{'–':>6}  {'':^11}{figure.n:>6}"
    return f"{figure.value:>6.3f}  {figure.low:.3f}–{figure.high:.3f}{figure.n:>6}"
