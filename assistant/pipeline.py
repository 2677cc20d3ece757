"""The way of a question, readable from top to bottom.

    understand → retrieve → choose → write → (compose) → verify

Each step is one function of one module and takes and returns typed records. `build_chain` puts them together, once,
as a LangChain sequence; `Context` is what they hand along. Only a language model composes.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

from langchain_core.runnables import Runnable, RunnableLambda

from assistant.choose import Choice, choose
from assistant.compose import Composed, Composer
from assistant.correct import after_correction, contradiction, corrected
from assistant.eligibility import Eligibility, judge
from assistant.evidence import Evidence
from assistant.fit import Fit, fit
from assistant.join import REFUSED, join
from assistant.listen import Listener, Nobody, Stopped
from assistant.model import Model
from assistant.phrases import DEFAULT_LANGUAGE, Phrases, cues, phrases
from assistant.results import AskRequest, AskResult
from assistant.retrieve import passage_result, retrieve
from assistant.settle import Settled, settle
from assistant.understand import Question, understand
from assistant.verify import Verified, Verifier, verify
from assistant.write import Draft, refusal, write
from assistant.write_eligibility import write_eligibility
from assistant.write_fit import ask_for_project, write_fit
from assistant.write_settled import write_settled
from index.records import Hit
from index.search import Index

NEAREST = 3
"""Passages shown for what was not found."""
COMPOSE = "compose"
"""The step that only a language model takes."""


@dataclass(frozen=True)
class Part:
    """One question of a message, and what the steps have found to it so far."""

    question: Question
    hits: tuple[Hit, ...] = ()
    fit: Fit | None = None
    eligibility: Eligibility | None = None
    settled: Settled | None = None
    choice: Choice | None = None
    correction: Evidence | None = None
    """What says otherwise than the question takes for granted."""


@dataclass(frozen=True)
class Context:
    """One message on its way, with everything it is answered from and all that the steps have found so far."""

    request: AskRequest
    index: Index
    today: date
    contact: str | None = None
    listener: Listener = field(default_factory=Nobody)
    model: Model | None = None
    parts: tuple[Part, ...] = ()
    draft: Draft | None = None
    composed: Composed | None = None
    verified: Verified | None = None
    timings: dict[str, float] = field(default_factory=dict)

    @property
    def words(self) -> Phrases:
        """The phrases of the answer's language."""
        return phrases(self.parts[0].question.language if self.parts else DEFAULT_LANGUAGE)


def _understand(context: Context) -> Context:
    questions = understand(context.request, context.index.profile, context.index.analyse)
    return replace(context, parts=tuple(Part(question) for question in questions))


def _retrieve(context: Context) -> Context:
    return replace(context, parts=tuple(_found([part.question for part in context.parts], context)))


def _found(questions: Sequence[Question], context: Context) -> list[Part]:
    found = retrieve([question.text for question in questions], context.index, context.request.document)
    return [Part(question, hits) for question, hits in zip(questions, found, strict=True)]


def _choose(context: Context) -> Context:
    return replace(context, parts=tuple(_corrected(part, context) for part in context.parts))


def _corrected(part: Part, context: Context) -> Part:
    """What answers the part; where it rests on a wrong premise, what corrects that and what answers the rest."""
    question, index = part.question, context.index
    if question.claim:
        claim, *rest = _found([question.claim, *([question.rest] if question.rest else [])], context)
        claim = _choose_for(claim, context)
        if says := contradiction(
            claim.question, claim.eligibility, claim.choice, index, context.today, context.request.document
        ):
            chosen = _choose_for(rest[0], context) if rest else part
            return replace(chosen, question=after_correction(chosen.question, chosen.choice), correction=says)
    return _choose_for(part, context)


def _choose_for(part: Part, context: Context) -> Part:
    index, document = context.index, context.request.document
    if document is None and (fitting := fit(part.question, index, index.profile, part.question.cue)):
        return replace(part, fit=fitting)
    if document is None and index.profile and index.profile.priorities and part.question.asks_for_project:
        return part
    if document is None and (eligibility := judge(part.question, index.profile, part.question.cue, index.analyse)):
        return replace(part, eligibility=eligibility)
    if (document or not index.profile) and (settled := settle(part.question, part.hits, index)):
        return replace(part, settled=settled)
    return replace(part, choice=choose(part.question, part.hits, index, index.profile, document))


def _write(context: Context) -> Context:
    drafts = [(part.question.own_words, _write_for(part, context)) for part in context.parts]
    return replace(context, draft=join(drafts, context.words))


def _write_for(part: Part, context: Context) -> Draft:
    if part.correction:
        answered = part.fit or part.eligibility or part.settled or part.choice
        draft = _write_answer(part, context) if answered else None
        return corrected(draft, part.correction, part.question.own_words, context.words)
    return _write_answer(part, context)


def _write_answer(part: Part, context: Context) -> Draft:
    profile = context.index.profile
    if part.fit:
        return write_fit(part.fit, context.words)
    if profile and part.question.asks_for_project and not part.choice:
        return ask_for_project(profile, context.index, context.words)
    if profile and part.eligibility:
        return write_eligibility(part.eligibility, profile, context.index, context.words, context.today)
    if part.settled:
        return write_settled(part.settled, part.question, context.words)
    return write(part.question, cast(Choice, part.choice), profile, context.words, context.today)


def _compose(context: Context) -> Context:
    verifier = Verifier(_spoken_of(context), cues(context.words.language))
    composer = Composer(
        cast(Model, context.model),
        context.request.question,
        context.words,
        verifier,
        context.listener,
        context.index,
    )
    composed = composer.compose(cast(Draft, context.draft))
    return replace(context, composed=composed, draft=composed.draft)


def _verify(context: Context) -> Context:
    draft, language = cast(Draft, context.draft), context.words.language
    verified = verify(draft, _spoken_of(context), cues(language))
    if context.composed:
        verified = verified.with_dropped(context.composed.dropped)
    return replace(context, verified=verified)


def _spoken_of(context: Context) -> str:
    """The words whose figures may come back in a frame: the question's, in full, and the calls' IDs."""
    profile = context.index.profile
    calls = (profile.id, *(neighbour.id for neighbour in profile.neighbours)) if profile else ()
    return " ".join((context.request.question, *(part.question.text for part in context.parts), *calls))


STEPS: tuple[tuple[str, Callable[[Context], Context]], ...] = (
    ("understand", _understand),
    ("retrieve", _retrieve),
    ("choose", _choose),
    ("write", _write),
    (COMPOSE, _compose),
    ("verify", _verify),
)


def build_chain(*, composing: bool) -> Runnable[Context, Context]:
    """The chain from a question to its verified answer; `composing` where a language model puts it into words."""
    steps = [(name, step) for name, step in STEPS if composing or name != COMPOSE]
    first, *others = (RunnableLambda(_timed(name, step), name=name) for name, step in steps)
    chain: Runnable[Context, Context] = first
    for step in others:
        chain = chain | step
    return chain


def _timed(name: str, step: Callable[[Context], Context]) -> Callable[[Context], Context]:
    def run(context: Context) -> Context:
        if context.listener.stopped:
            raise Stopped
        context.listener.step(name, _label(name, context))
        started = time.perf_counter()
        done = step(context)
        done.timings[name] = round((time.perf_counter() - started) * 1000, 1)
        return done

    return run


def _label(name: str, context: Context) -> str:
    passages = sum(len(part.hits) for part in context.parts)
    model = context.model.name if context.model else ""
    documents = len(context.index.documents())
    return context.words.say(f"step.{name}", documents=documents, passages=passages, model=model)


def answer(chain: Runnable[Context, Context], context: Context) -> AskResult:
    """Run `context` through the chain and put its result together."""
    started = time.perf_counter()
    done = chain.invoke(context)
    draft, verified, words = cast(Draft, done.draft), cast(Verified, done.verified), done.words
    if draft.status not in REFUSED and not verified.citations:
        draft = refusal(words)
        verified = verify(draft, _spoken_of(done), cues(words.language)).with_dropped(verified.dropped)
    first = done.parts[0].question
    refused = draft.status in REFUSED
    hits = done.parts[0].hits[:NEAREST] if refused else ()
    _tell(verified, done)
    return AskResult(
        id=done.request.id,
        question=done.request.question,
        language=words.language,
        search_question=" ".join(part.question.text for part in done.parts),
        status=draft.status,
        verdict=draft.verdict,
        answer=verified.answer,
        sentences=verified.sentences,
        conditions=verified.conditions,
        unanswered=draft.unanswered,
        clarification=draft.clarification,
        asker=first.asker.facts(words.language),
        conflicts=verified.conflicts,
        nearest=tuple(passage_result(rank, hit, done.index) for rank, hit in enumerate(hits, start=1)),
        citations=verified.citations,
        contact=done.contact,
        writer=f"llm:{done.model.name}" if done.model and done.composed and done.composed.written else "extractive",
        dropped=verified.dropped,
        notice=_notice(first, done),
        as_of=done.today.isoformat(),
        corpus_version=done.index.version,
        timings_ms=done.timings | {"total": round((time.perf_counter() - started) * 1000, 1)},
    )


def _tell(verified: Verified, done: Context) -> None:
    """Tell the sentences of an answer that no model wrote; those of a model were told while it wrote."""
    if done.composed and (done.composed.written or done.composed.trouble):
        return
    told: set[int] = set()
    for sentence in verified.sentences:
        added = [citation for citation in verified.citations if citation.number in set(sentence.citations) - told]
        told |= set(sentence.citations)
        done.listener.sentence(sentence, tuple(added))


def _notice(question: Question, done: Context) -> str | None:
    words = phrases(question.language)
    notices = []
    if question.wanted_language != question.language:
        notices.append(words.say("frame.no_phrases", language=question.wanted_language))
    if done.composed and done.composed.trouble:
        notices.append(words.say(f"notice.model_{done.composed.trouble}"))
    return " ".join(notices) or None
