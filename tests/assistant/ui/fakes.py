"""A stand-in for the assistant, with a document of its own and a made-up answer for each state of the pages."""

import datetime as dt
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from assistant.backend import Model
from assistant.listen import Listener, Stopped
from assistant.results import (
    AnswerSentence,
    AskerFact,
    AskRequest,
    AskResult,
    CheckRequest,
    CheckResult,
    Citation,
    Clarification,
    Condition,
    Conflict,
    Dropped,
    PassageResult,
    SearchRequest,
    SearchResult,
    ShowResult,
)
from corpus.profile import CallProfile, Deadline
from index.errors import StoreError, UnknownDocument

GARDEN = "the-garden-call.md"
NOTES = "guidance/our notes.md"
HOSTILE = "hostile.txt"

GARDEN_TEXT = """# Gardens for everyone

## Who may apply

- towns, schools and other bodies working on a non-profit basis;

Although the networks should be mostly made of towns, they could also involve clubs where that is useful.

## Money and time

The total budget is 16.2 million euro. A project lasts up to 3 years.

Deadline: Thursday, 31 January 2019, 17:00

| Priority | Budget |
| --- | --- |
| 1 | 7 million |
"""
NOTES_TEXT = """# Notes on the garden call

## Grant size

A grant is between 400,000 and 700,000 euro, a regional notice says.
"""
HOSTILE_TEXT = """<script>document.title = "owned"</script> & "quotes" 'too'
\u202egnihton ton si siht\u202c ${value} {{ 7 * 7 }} $$x$$ __i18n__{"key":"x"}

Second paragraph\twith a tab <img src=https://example.org/x.png onerror=alert(1)>
"""

TEXTS = {GARDEN: GARDEN_TEXT, NOTES: NOTES_TEXT, HOSTILE: HOSTILE_TEXT}
TITLES = {GARDEN: "Gardens for everyone", NOTES: "Notes on the garden call", HOSTILE: '<b>Hostile</b> "title"'}

PROFILE = CallProfile(
    id="GARDEN-2018",
    title="Gardens for everyone",
    topics="the garden call: who may apply, money and dates",
    deadline=Deadline(
        document=GARDEN,
        quote="Deadline: Thursday, 31 January 2019, 17:00",
        date=dt.date(2019, 1, 31),
        time=dt.time(17),
        zone="Europe/Brussels",
    ),
    starters=("Can a club be a partner?", "What is the deadline?", "Are we eligible?", "What about priority 2?"),
)


def citation(number: int, document: str, quote: str, section: str, **known: Any) -> Citation:
    start = TEXTS[document].index(quote)
    fields: dict[str, Any] = {
        "title": TITLES[document],
        "page": None,
        "authority": "quoted",
        "kind": "original",
        "source_url": None,
        "publisher": None,
    }
    return Citation(
        number=number,
        quote=quote,
        document=document,
        section=section,
        start=start,
        end=start + len(quote),
        **(fields | known),
    )


CLUBS = "they could also involve clubs where that is useful"
BODIES = "towns, schools and other bodies working on a non-profit basis;"
GRANT = "A grant is between 400,000 and 700,000 euro, a regional notice says."
DEADLINE = "Deadline: Thursday, 31 January 2019, 17:00"


def passage(rank: int, document: str, text: str, section: str) -> PassageResult:
    start = TEXTS[document].index(text)
    return PassageResult(
        rank=rank,
        score=0.3,
        document=document,
        title=TITLES[document],
        section=section,
        page=None,
        start=start,
        end=start + len(text),
        text=text,
    )


def result(question: str, **known: Any) -> AskResult:
    """A result with plain values for all that is not given."""
    sentences: tuple[AnswerSentence, ...] = known.get("sentences", ())
    fields: dict[str, Any] = {
        "language": "en",
        "search_question": question,
        "status": "answered",
        "answer": " ".join(
            sentence.text + "".join(f" [{number}]" for number in sentence.citations) for sentence in sentences
        ),
        "as_of": "2026-11-24",
        "corpus_version": "3f9c2e81",
        "timings_ms": {"total": 71.0},
    }
    return AskResult(question=question, **(fields | known))


def frame(text: str) -> AnswerSentence:
    return AnswerSentence(text=text, kind="frame")


def statement(text: str, *numbers: int) -> AnswerSentence:
    return AnswerSentence(text=text, kind="statement", citations=numbers)


ANSWERED = result(
    "Can a club be a partner?",
    verdict="yes",
    sentences=(
        frame("The sources say yes, under conditions."),
        statement(f"“{CLUBS}”", 1),
        statement(f"Who may apply: “{BODIES}”", 2),
        frame("Only the granting authority decides on eligibility."),
    ),
    conditions=(
        Condition(text="The club works on a non-profit basis", met=True, citations=(2,)),
        Condition(text="The network is mostly made of towns", met=None, citations=(1,)),
        Condition(text="The club has its seat in a town", met=False, citations=(1, 2)),
    ),
    citations=(
        citation(1, GARDEN, CLUBS, "Who may apply", publisher="The garden office"),
        citation(2, GARDEN, BODIES, "Who may apply"),
    ),
)
PARTIAL = result(
    "How large is a grant, and who decides?",
    status="partial",
    sentences=(statement(f"According to a regional notice, not the call itself: “{GRANT}”", 1),),
    unanswered=("who decides",),
    citations=(
        citation(
            1,
            NOTES,
            GRANT,
            "Grant size",
            authority="secondary",
            kind="summary",
            source_url="https://www.notices.example/a",
        ),
    ),
)
NOT_FOUND = result(
    "What are the award criteria?",
    status="not_found",
    sentences=(frame("The sources here do not answer this."),),
    nearest=(passage(1, GARDEN, BODIES, "Who may apply"), passage(2, NOTES, GRANT, "Grant size")),
    contact="helpdesk@example.eu",
)
OUT_OF_SCOPE = result(
    "What is the weather?",
    status="out_of_scope",
    sentences=(frame("This assistant answers questions about the garden call only."),),
)
CLARIFY = result(
    "Are we eligible?",
    status="clarify",
    verdict="depends",
    sentences=(frame("It depends on what kind of organisation you are."),),
    conditions=(Condition(text="Works on a non-profit basis", met=None, citations=(1,)),),
    clarification=Clarification(
        question="What kind of organisation are you?",
        why="The sources name towns, schools and bodies working on a non-profit basis.",
        options=("Town", "School", "Club & society"),
    ),
    citations=(citation(1, GARDEN, BODIES, "Who may apply"),),
)
CONFLICT = result(
    "When did the call open?",
    sentences=(
        statement(f"“{DEADLINE}”", 1),
        AnswerSentence(text="That is 7 years ago.", kind="computed", citations=(1,)),
    ),
    conflicts=(Conflict(text="One source gives a date, another none; the first weighs more.", citations=(1, 2)),),
    citations=(
        citation(1, GARDEN, DEADLINE, "Money and time", authority="call"),
        citation(2, NOTES, GRANT, "Grant size", authority="secondary", kind="summary"),
    ),
)
DEGRADED = result(
    "Does it still work?",
    notice="The language model is not reachable; this answer is quoted from the sources.",
    sentences=(
        statement(f"“{DEADLINE}”", 1),
        frame("Open calls are listed at https://calls.example.eu/open?x=1&y=2."),
    ),
    citations=(citation(1, GARDEN, DEADLINE, "Money and time"),),
    search_question="does the garden call still work",
    writer="llm:garden-7b",
    asker=(AskerFact(about="organisation", value="club"),),
    dropped=(Dropped(text="It is always open.", reason="no quote"),),
)
HOSTILE_ANSWER = result(
    "<script>document.title='owned'</script>\u202e?",
    sentences=(statement(HOSTILE_TEXT.split("\n\n")[0], 1), statement("$$x$$ **bold** [link](https://example.org)", 1)),
    unanswered=("<img src=x onerror=alert(1)>",),
    conditions=(Condition(text='"><svg onload=alert(1)>', met=None, citations=(1,)),),
    citations=(
        citation(
            1, HOSTILE, HOSTILE_TEXT.strip(), "</details></article>", source_url="javascript:alert(1)", kind="summary"
        ),
    ),
    contact="javascript:alert(1)",
)

RESULTS = {
    known.question: known
    for known in (ANSWERED, PARTIAL, NOT_FOUND, OUT_OF_SCOPE, CLARIFY, CONFLICT, DEGRADED, HOSTILE_ANSWER)
}


@dataclass(frozen=True)
class FakeSummary:
    documents: int = 3
    newest: str | None = "2018-11-06"
    version: str = "3f9c2e81"


@dataclass(frozen=True)
class FakeModel:
    """A language model to be named."""

    model: str
    host: str


@dataclass
class FakeAssistant:
    """Answers what it has a result for; everything else is not found."""

    profile: CallProfile | None = PROFILE
    requests: list[AskRequest] = field(default_factory=list)
    searches: list[SearchRequest] = field(default_factory=list)
    gate: threading.Event | None = None
    """Where set, `ask` waits for it after its second step."""
    check_gate: threading.Event | None = None
    """Where set, `check` waits for it."""
    is_ready: bool = True
    failure: Exception | None = None
    writer: Model | None = None
    embedding_host: str | None = None
    said: tuple[AnswerSentence, ...] = ()
    """Sentences told before the gate; they cite nothing."""
    left: threading.Event = field(default_factory=threading.Event)
    """Set when the listener left while `ask` waited at the gate."""

    def ask(self, request: AskRequest, listener: Listener | None = None) -> AskResult:
        self.requests.append(request)
        if request.document is not None:
            self.show(request.document)
        if listener:
            listener.step("understand", "Reading the question")
            listener.step("retrieve", "Searching 3 documents")
            for sentence in self.said:
                listener.sentence(sentence, ())
        if self.gate is not None:
            self._wait(self.gate, listener)
        if self.failure is not None:
            raise self.failure
        known = RESULTS.get(request.question)
        if known is None:
            known = result(request.question, status="not_found", sentences=NOT_FOUND.sentences)
        return known.model_copy(update={"id": request.id})

    def _wait(self, gate: threading.Event, listener: Listener | None) -> None:
        until = time.monotonic() + 120
        while not gate.wait(0.02):
            if listener and listener.stopped:
                self.left.set()
                raise Stopped
            if time.monotonic() > until:
                raise StoreError("the test forgot its gate")

    def search(self, request: SearchRequest) -> SearchResult:
        self.searches.append(request)
        return SearchResult(
            id=request.id,
            results=(passage(1, GARDEN, BODIES, "Who may apply"),)[: request.k],
            timings_ms={"total": 1.0},
        )

    def check(self, request: CheckRequest) -> CheckResult:
        if self.check_gate is not None:
            self._wait(self.check_gate, None)
        carried = any(request.sentence.strip("“”") in quote for quote in request.quotes)
        return CheckResult(id=request.id, supported=carried, probability=float(carried), reasons=())

    def show(self, document: str) -> ShowResult:
        if document not in TEXTS:
            raise UnknownDocument(f"there is no document {document!r}: see `call-assistant index`")
        text = TEXTS[document]
        headings = [(at, line) for at, line in _lines(text) if line.startswith("#")]
        sections = []
        for at, line in headings:
            level = len(line) - len(line.lstrip("#"))
            later = [a for a, other in headings if a > at and len(other) - len(other.lstrip("#")) <= level]
            end = min(later, default=len(text))
            sections.append({"heading": line.lstrip("# ").strip(), "start": at, "end": end})
        summary = document == NOTES
        return ShowResult(
            document=document,
            title=TITLES[document],
            text=text,
            authority="secondary" if summary else "quoted",
            kind="summary" if summary else "original",
            source_url="https://www.notices.example/a" if summary else None,
            date="2018-11-06",
            publisher="The garden office",
            note="The menu of the page was left out.",
            certainty="From one notice." if summary else None,
            source_urls=("https://www.notices.example/a", "javascript:alert(1)") if summary else (),
            sections=tuple(sections),
            pages=(),
        )

    def original(self, document: str) -> bytes:
        self.show(document)
        return TEXTS[document].encode()

    def describe(self) -> FakeSummary:
        return FakeSummary()

    def documents(self) -> tuple[str, ...]:
        return tuple(TEXTS)

    def ready(self) -> bool:
        if self.failure is not None:
            raise self.failure
        return self.is_ready


def _lines(text: str) -> list[tuple[int, str]]:
    at, found = 0, []
    for line in text.split("\n"):
        found.append((at, line))
        at += len(line) + 1
    return found
