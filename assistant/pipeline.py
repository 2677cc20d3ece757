"""The way of a question, readable from top to bottom.

    understand → retrieve → choose → write → verify

Each step is one function of one module and takes and returns typed records. `build_chain` composes them, once, as a
LangChain sequence; `Context` is what they hand along.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

from langchain_core.runnables import Runnable, RunnableLambda

from assistant.calibration import CALIBRATION
from assistant.choose import Choice, choose
from assistant.eligibility import Eligibility, judge
from assistant.phrases import Cues, cues, phrases
from assistant.results import AskRequest, AskResult, Status
from assistant.retrieve import passage_result, retrieve
from assistant.understand import Question, understand
from assistant.verify import Verified, verify
from assistant.write import Draft, refusal, write
from assistant.write_eligibility import write_eligibility
from index.records import Hit
from index.search import Index

NEAREST = 3
"""Passages shown for what was not found."""

Step = Callable[[str, str], None]


@dataclass(frozen=True)
class Context:
    """One question on its way, with everything it is answered from and all that the steps have found so far."""

    request: AskRequest
    index: Index
    today: date
    contact: str | None = None
    on_step: Step | None = None
    question: Question | None = None
    hits: tuple[Hit, ...] = ()
    eligibility: Eligibility | None = None
    choice: Choice | None = None
    draft: Draft | None = None
    verified: Verified | None = None
    timings: dict[str, float] = field(default_factory=dict)


def _understand(context: Context) -> Context:
    return replace(context, question=understand(context.request, context.index.profile, context.index.analyse))


def _cues(context: Context) -> Cues:
    return cues(cast(Question, context.question).spoken)


def _retrieve(context: Context) -> Context:
    question = cast(Question, context.question)
    return replace(context, hits=tuple(retrieve(question, context.index, context.request.document)))


def _choose(context: Context) -> Context:
    question, profile, cue = cast(Question, context.question), context.index.profile, _cues(context)
    if eligibility := judge(question, profile, cue, context.index.analyse):
        return replace(context, eligibility=eligibility)
    return replace(context, choice=choose(question, context.hits, context.index, profile, cue, CALIBRATION))


def _write(context: Context) -> Context:
    question, profile = cast(Question, context.question), context.index.profile
    words = phrases(question.language)
    if profile and context.eligibility:
        return replace(
            context, draft=write_eligibility(context.eligibility, profile, context.index, words, context.today)
        )
    choice = cast(Choice, context.choice)
    return replace(context, draft=write(question, choice, profile, words, _cues(context), context.today))


def _verify(context: Context) -> Context:
    question, draft = cast(Question, context.question), cast(Draft, context.draft)
    return replace(context, verified=verify(draft, question.text, cues(question.language)))


STEPS: tuple[tuple[str, Callable[[Context], Context]], ...] = (
    ("understand", _understand),
    ("retrieve", _retrieve),
    ("choose", _choose),
    ("write", _write),
    ("verify", _verify),
)


def build_chain() -> Runnable[Context, Context]:
    """The chain from a question to its verified answer."""
    first, *others = (RunnableLambda(_timed(name, step), name=name) for name, step in STEPS)
    chain: Runnable[Context, Context] = first
    for step in others:
        chain = chain | step
    return chain


def _timed(name: str, step: Callable[[Context], Context]) -> Callable[[Context], Context]:
    def run(context: Context) -> Context:
        if context.on_step:
            context.on_step(name, _label(name, context))
        started = time.perf_counter()
        done = step(context)
        done.timings[name] = round((time.perf_counter() - started) * 1000, 1)
        return done

    return run


def _label(name: str, context: Context) -> str:
    words = phrases(context.question.language if context.question else "en")
    passages = len(context.hits)
    return words.say(f"step.{name}", documents=len(context.index.documents()), passages=passages)


def answer(chain: Runnable[Context, Context], context: Context) -> AskResult:
    """Run `context` through the chain and put its result together."""
    started = time.perf_counter()
    done = chain.invoke(context)
    question, draft, verified = cast(Question, done.question), cast(Draft, done.draft), cast(Verified, done.verified)
    words = phrases(question.language)
    status: Status = draft.status
    sentences = verified.sentences
    if not sentences or (status == "answered" and not any(s.kind == "statement" for s in sentences)):
        verified = verify(refusal(words), question.text, cues(question.language)).with_dropped(verified.dropped)
        status = "not_found"
    refused = status in ("not_found", "out_of_scope")
    nearest = [passage_result(rank, hit, done.index) for rank, hit in enumerate(done.hits[:NEAREST], start=1)]
    return AskResult(
        id=done.request.id,
        question=done.request.question,
        language=question.language,
        search_question=question.search,
        status=status,
        verdict=None if refused else draft.verdict,
        answer=verified.answer,
        sentences=verified.sentences,
        conditions=verified.conditions,
        unanswered=draft.unanswered,
        clarification=draft.clarification if status == "clarify" else None,
        asker=question.asker.facts(question.language),
        conflicts=verified.conflicts,
        nearest=tuple(nearest) if refused else (),
        citations=verified.citations,
        contact=done.contact,
        dropped=verified.dropped,
        notice=_notice(question),
        as_of=done.today.isoformat(),
        corpus_version=done.index.version,
        timings_ms=done.timings | {"total": round((time.perf_counter() - started) * 1000, 1)},
    )


def _notice(question: Question) -> str | None:
    if question.wanted_language == question.language:
        return None
    return phrases(question.language).say("frame.no_phrases", language=question.wanted_language)
