"""Step 4: the built-in writer. A short frame in plain words, then the sentences that answer, verbatim, each cited."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.choose import Choice
from assistant.clock import distance, moment_in_words
from assistant.compare import figures_fit, limit_asked
from assistant.evidence import Evidence
from assistant.phrases import Phrases, cues
from assistant.priorities import without_priorities
from assistant.results import Clarification, SentenceKind, Status, Verdict
from assistant.understand import Question, turned
from assistant.values import Value, extract
from corpus.profile import CallProfile, Deadline
from corpus.records import Authority

NEAR = 2.0
"""How far below the best sentence's score one that disagrees with it may lie."""
MOSTLY = 0.75
"""Share of a question's terms that a sentence and its headings hold from which a figure in it is about the same."""
ALIKE = 0.6
"""Jaccard index from which two sentences say the same but for their values."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence before it is verified, with the spans that carry it."""

    text: str
    kind: SentenceKind
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftConflict:
    """A disagreement before it is verified."""

    text: str
    evidence: tuple[Evidence, Evidence]


@dataclass(frozen=True, slots=True)
class DraftCondition:
    """A condition before it is verified."""

    text: str
    met: bool | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a writer hands to the verifier."""

    status: Status
    sentences: tuple[DraftSentence, ...]
    verdict: Verdict | None = None
    conflicts: tuple[DraftConflict, ...] = ()
    conditions: tuple[DraftCondition, ...] = ()
    unanswered: tuple[str, ...] = ()
    clarification: Clarification | None = None


def refusal(words: Phrases) -> Draft:
    """The plain statement that the sources do not answer."""
    return Draft("not_found", (frame(words.say("frame.not_found")),))


def write(question: Question, choice: Choice, profile: CallProfile | None, words: Phrases, today: date) -> Draft:
    """Write the answer to `question` from the chosen evidence, or say that there is none."""
    if not choice.evidence:
        return _refuse(question, choice, profile, words)
    deadline = profile.deadline if profile and not question.other_calls else None
    sentences: list[DraftSentence] = []
    verdict = _verdict(question, choice.evidence, deadline, today)
    if verdict:
        sentences.append(frame(words.say(f"frame.{verdict}")))
    if profile and question.other_calls:
        call = ", ".join(sorted(question.other_calls))
        sentences.append(frame(words.say("frame.other_call", call=call, this=profile.id)))
    time_counts = question.about_deadline or question.still_open or (verdict is not None and question.eligibility)
    conflicts = _conflicts(question, choice, words)
    disagreeing = [evidence for conflict in conflicts for evidence in conflict.evidence]
    for evidence in [*disagreeing, *(e for e in choice.evidence if e not in disagreeing)]:
        sentences.extend(quote_sentences(evidence, words))
    if (
        profile
        and deadline
        and time_counts
        and (question.about_deadline or question.still_open or today > deadline.date)
    ):
        carrier = next(
            (e for e in choice.evidence if e.document.id == deadline.document and deadline.quote in e.text), None
        )
        if carrier:
            sentences.extend(deadline_sentences(deadline, carrier, profile, words, today))
    if question.eligibility and verdict and not question.still_open:
        sentences.append(frame(words.say("frame.authority_decides")))
    return Draft("answered", tuple(sentences), verdict, tuple(conflicts))


def _refuse(question: Question, choice: Choice, profile: CallProfile | None, words: Phrases) -> Draft:
    if not question.in_domain and choice.off_topic:
        topics = profile.topics_for(words.language) if profile and profile.topics else words.say("frame.topics")
        return Draft("out_of_scope", (frame(words.say("frame.out_of_scope", topics=topics)),))
    if profile and question.other_calls:
        call = ", ".join(sorted(question.other_calls))
        return Draft("not_found", (frame(words.say("frame.not_found_call", call=call)),))
    known = {priority.number for priority in profile.priorities} if profile else set()
    if known and question.priorities and not question.priorities & known:
        number = ", ".join(map(str, sorted(question.priorities)))
        return Draft("not_found", (frame(words.say("frame.not_found_priority", number=number)),))
    return refusal(words)


def frame(text: str) -> DraftSentence:
    """A sentence that states nothing about the call."""
    return DraftSentence(text, "frame")


def quote_sentences(evidence: Evidence, words: Phrases) -> list[DraftSentence]:
    """The quote as statements: one, or one an item of a list."""
    helpdesk = evidence.document.metadata_at(evidence.start).authority is Authority.HELPDESK
    template = "statement.helpdesk" if helpdesk else "statement.plain"
    text = evidence.document.text
    return [
        DraftSentence(words.say(template, quote=text[start:end].strip()), "statement", (evidence,))
        for start, end in evidence.items or ((evidence.start, evidence.end),)
    ]


def _verdict(
    question: Question, evidence: Sequence[Evidence], deadline: Deadline | None, today: date
) -> Verdict | None:
    cue = cues(question.spoken)
    if question.still_open and deadline:
        open_now: Verdict = "no" if today > deadline.date else "yes"
        return open_now if cue.matches("question.left", question.text) else turned(open_now, question.text, cue)
    if not question.yes_no:
        return None
    if held := held_against(question, evidence):
        fits: Verdict = "yes" if held[0][0] else "no"
        return fits if limit_asked(question.text, cue) else turned(fits, question.text, cue)
    if question.about_deadline:
        return None
    said = turned(rule(question, evidence[0]), question.text, cue)
    if said == "yes" and extract(without_priorities(question.text, cue), cue.language):
        return "unknown"  # a figure that no quote was compared with
    return "depends" if said in ("yes", "unknown") and question.eligibility and question.oneself else said


def held_against(
    question: Question, evidence: Sequence[Evidence], *, exact: bool = False
) -> list[tuple[bool, Evidence]]:
    """The quotes that give such figures as the question holds, and whether its own fit; the best first.

    Whether a quote is about the same is told from the words it shares with the question; where none does and they are
    in another language, the best counts.
    """
    cue = cues(question.spoken)
    about_it = [one for one in evidence if is_about(one)]
    if not about_it and evidence and evidence[0].cue.language != question.spoken:
        about_it = [evidence[0]]
    found = ((figures_fit(question.text, cue, one.text, one.cue, exact=exact), one) for one in about_it)
    return [(fits, one) for fits, one in found if fits is not None]


def is_about(evidence: Evidence) -> bool:
    """Whether the sentence and its headings hold most of the question's words."""
    return dict(evidence.parts).get("covered", 1.0) >= MOSTLY


def rule(question: Question, evidence: Evidence) -> Verdict:
    """What the sentence says on the question, asked in general; a plain yes only where it says all that was asked."""
    cue = evidence.cue
    text = cue.without("sources.attribution", evidence.text)
    if cue.matches("sources.hedge", text):
        return "unknown"
    if exclusion := cue.find("sources.exclusion", text):
        excluded = set(_WORD.findall(text[exclusion.end() :].lower()))
        if excluded & set(_WORD.findall(question.text.lower())) - cues(question.spoken).words("light"):
            return "no"
        text = text[: exclusion.start()]
    if evidence.told and cue.matches("sources.denial", text):
        return "no"
    if cues(question.spoken).matches("question.obligation", question.text) and cue.matches("sources.obligation", text):
        return "yes" if evidence.told else "unknown"
    if cue.matches("sources.negation", text) or not evidence.told:
        return "depends" if cue.matches("sources.permission", text) else "unknown"
    if cue.matches("sources.condition", text):
        return "depends"
    return "yes" if cue.matches("sources.permission", text) or not question.eligibility else "unknown"


def deadline_sentences(
    deadline: Deadline, carrier: Evidence, profile: CallProfile, words: Phrases, today: date
) -> list[DraftSentence]:
    """How far the deadline lies from today, and, once it has passed, where open calls are listed."""
    sentences = [DraftSentence(_computed(deadline, today, words), "computed", (carrier,))]
    if profile.current_calls_url and today > deadline.date:
        sentences.append(frame(words.say("frame.current_calls", url=profile.current_calls_url)))
    return sentences


def _computed(deadline: Deadline, today: date, words: Phrases) -> str:
    moment = moment_in_words(deadline.date, deadline.time, deadline.zone, words)
    if today == deadline.date:
        return words.say("computed.deadline_today", deadline=moment)
    key = "deadline_passed" if today > deadline.date else "deadline_ahead"
    return words.say(f"computed.{key}", deadline=moment, distance=distance(deadline.date, today, words.language))


def _conflicts(question: Question, choice: Choice, words: Phrases) -> list[DraftConflict]:
    """Two sources that say the same but for the value asked for, one value each; the first such pair."""
    kind = question.expects
    if kind is None or question.other_calls:
        return []
    best = choice.evidence[0]
    single = [
        (evidence, values[0])
        for evidence in (best, *(e for e in choice.weighed if e.score >= best.score - NEAR))
        if len(values := evidence.values(kind)) == 1
    ]
    for position, (one, value) in enumerate(single):
        for two, other in single[position + 1 :]:
            if value.agrees(other) or one.authority_rank == two.authority_rank or not _say_alike(one, two):
                continue
            first, second = sorted(((one, value), (two, other)), key=lambda pair: pair[0].authority_rank)
            text = words.say(
                "conflict.stronger",
                first=_words_of(*first),
                second=_words_of(*second),
                first_authority=_authority(first[0], words),
                second_authority=_authority(second[0], words),
            )
            return [DraftConflict(text, (first[0], second[0]))]
    return []


def _say_alike(one: Evidence, two: Evidence) -> bool:
    """Whether two sentences say the same but for their values and where they have it from (Jaccard index of words)."""

    def words_of(evidence: Evidence) -> set[str]:
        text = evidence.text
        for value in reversed(extract(text, evidence.cue.language)):
            text = text[: value.start] + " " + text[value.end :]
        return set(_WORD.findall(evidence.cue.without("sources.attribution", text).lower()))

    words, others = words_of(one), words_of(two)
    return len(words & others) >= ALIKE * len(words | others)


def _words_of(evidence: Evidence, value: Value) -> str:
    return evidence.text[value.start : value.end]


def _authority(evidence: Evidence, words: Phrases) -> str:
    return words.say(f"authority.{list(Authority)[evidence.authority_rank]}")
