"""The typed records of the machine interface: what goes in and what comes out, field by field.

`tests/data/schema.json` is the JSON Schema that every result validates against.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

MAX_QUESTION = 8_000
MAX_HISTORY = 40
MAX_SENTENCE = 2_000
MAX_QUOTES = 200_000
"""Characters in all quotes of a sentence."""
SECTION_SEPARATOR = " › "

Status = Literal["answered", "partial", "not_found", "clarify", "out_of_scope"]
Verdict = Literal["yes", "no", "depends", "unknown"]
SentenceKind = Literal["statement", "computed", "frame"]


class Record(BaseModel):
    """A result: immutable, no fields but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Request(BaseModel):
    """An input line: unknown keys are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class AskerFact(Record):
    """One thing known of the asking organisation."""

    about: str
    value: str


class Turn(Request):
    """One item of a conversation, oldest first. `result` helps to resolve what is meant and is never evidence."""

    role: Literal["user", "assistant"]
    content: Annotated[str, StringConstraints(max_length=100_000)]
    result: dict[str, Any] | None = None


def _none_as_empty(value: Any) -> Any:
    return () if value is None else value


class AskRequest(Request):
    """A question with what surrounds it."""

    id: Any = None
    question: Annotated[str, StringConstraints(max_length=MAX_QUESTION, pattern=r"\S")]
    history: Annotated[tuple[Turn, ...], BeforeValidator(_none_as_empty), Field(max_length=MAX_HISTORY)] = ()
    document: str | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] | None = None
    asker: tuple[AskerFact, ...] | None = None


class SearchRequest(Request):
    """A question to find passages for; `k` is how many at most."""

    id: Any = None
    question: Annotated[str, StringConstraints(max_length=MAX_QUESTION, pattern=r"\S")]
    document: str | None = None
    k: Annotated[int, Field(ge=1, le=100, strict=True)] = 10


def _not_too_long(quotes: tuple[str, ...]) -> tuple[str, ...]:
    if sum(map(len, quotes)) > MAX_QUOTES:
        raise PydanticCustomError("quotes_too_long", f"they have more than {MAX_QUOTES} characters in all")
    return quotes


class CheckRequest(Request):
    """A sentence to hold against quotes."""

    id: Any = None
    sentence: Annotated[str, StringConstraints(max_length=MAX_SENTENCE, pattern=r"\S")]
    quotes: Annotated[tuple[str, ...], AfterValidator(_not_too_long)]


class PassageResult(Record):
    """A passage as `search` and `nearest` show it."""

    rank: int
    score: float
    document: str
    title: str
    section: str | None
    page: int | None
    start: int
    end: int
    text: str


class Citation(Record):
    """A verbatim quote at its place: `quote` is the document's text from `start` to `end`."""

    number: int
    quote: str
    document: str
    title: str
    section: str | None
    page: int | None
    start: int
    end: int
    authority: str
    kind: str
    source_url: str | None
    publisher: str | None = None
    """Who published the document, where that is known."""


class AnswerSentence(Record):
    """One sentence of an answer, without markers; `citations` are numbers of citations."""

    text: str
    kind: SentenceKind
    citations: tuple[int, ...] = ()


class StepNews(Record):
    """An event: a step of answering starts."""

    name: str
    label: str


class SaidSentence(AnswerSentence):
    """An event: a checked sentence, with the citations that none before it had; the result may supersede it."""

    citations_added: tuple[Citation, ...]


class Condition(Record):
    """A condition the sources state; `met` is None where the asker's words leave it open."""

    text: str
    met: bool | None
    citations: tuple[int, ...]


class Conflict(Record):
    """A disagreement between sources, and which weighs more."""

    text: str
    citations: tuple[int, ...]


class Clarification(Record):
    """The one thing to ask back."""

    question: str
    why: str
    options: tuple[str, ...]


class Dropped(Record):
    """What the check did not let through."""

    text: str
    reason: str


class AskResult(Record):
    """One cited answer."""

    id: Any = None
    question: str
    language: str
    search_question: str
    status: Status
    verdict: Verdict | None = None
    answer: str
    sentences: tuple[AnswerSentence, ...]
    conditions: tuple[Condition, ...] = ()
    unanswered: tuple[str, ...] = ()
    asker: tuple[AskerFact, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    clarification: Clarification | None = None
    nearest: tuple[PassageResult, ...] = ()
    citations: tuple[Citation, ...] = ()
    contact: str | None = None
    writer: str = "extractive"
    dropped: tuple[Dropped, ...] = ()
    notice: str | None = None
    as_of: str
    corpus_version: str
    timings_ms: dict[str, float]


class SearchResult(Record):
    """Ranked passages."""

    id: Any = None
    results: tuple[PassageResult, ...]
    timings_ms: dict[str, float]


class CheckResult(Record):
    """Whether the quotes carry a sentence, how likely they do, and what speaks against it."""

    id: Any = None
    supported: bool
    probability: float
    reasons: tuple[str, ...]


class ShowResult(Record):
    """A document as the store holds it."""

    document: str
    title: str
    text: str
    authority: str
    kind: str
    source_url: str | None
    date: str | None
    publisher: str | None = None
    note: str | None = None
    certainty: str | None = None
    """How sure the document is, in words for people."""
    source_urls: tuple[str, ...] = ()
    """All addresses of its sources; `source_url` is the first."""
    sections: tuple[dict[str, Any], ...]
    pages: tuple[dict[str, Any], ...]


class ErrorBody(Record):
    """What went wrong, in one line."""

    code: str
    message: str


class ErrorResult(Record):
    """An error in place of a result."""

    id: Any = None
    error: ErrorBody


def section_within(title: str, path: str | None) -> str | None:
    """A section's heading path without the document's title at its start; None where nothing else is left."""
    parts = path.split(SECTION_SEPARATOR) if path else []
    return SECTION_SEPARATOR.join(parts[1:] if parts[:1] == [title] else parts) or None
