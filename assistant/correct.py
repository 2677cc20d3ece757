"""A premise held against the sources: what they say instead is put before the answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.choose import Choice
from assistant.eligibility import Eligibility
from assistant.evidence import Evidence, quoted
from assistant.join import REFUSED
from assistant.phrases import Phrases, cues
from assistant.results import Verdict
from assistant.understand import Question, turned
from assistant.write import Draft, frame, held_against, is_about, quote_sentences, rule
from corpus.profile import CallProfile
from index.search import Index

WEIGHED = 5
"""Sentences beside those that answer which a figure is held against: what it is about their words tell."""


def contradiction(
    claim: Question,
    found: Eligibility | None,
    choice: Choice | None,
    index: Index,
    today: date,
    document: str | None = None,
) -> Evidence | None:
    """What says otherwise than `claim`; None where the sources carry it or say nothing of it.

    Of the profile's own quotes only those of `document` count, where one is named.
    """
    if found:
        return quoted(found.stated[0], index) if found.verdict == "no" else None
    cue, profile = cues(claim.spoken), index.profile
    answering = choice.evidence if choice else ()
    if claim.still_open and profile and profile.deadline:
        if document not in (None, profile.deadline.document):
            return None
        said: Verdict = "no" if today > profile.deadline.date else "yes"
        return quoted(profile.deadline, index) if turned(said, claim.text, cue) == "no" else None
    near = [*answering, *(one for one in (choice.weighed[:WEIGHED] if choice else ()) if is_about(one))]
    if held := held_against(claim, near, exact=cue.matches("question.limit", claim.text)):
        return None if any(fits for fits, _ in held) or _holds_elsewhere(claim, held, profile) else held[0][1]
    if not answering or claim.about_deadline:
        return None
    return answering[0] if turned(rule(claim, answering[0]), claim.text, cue) == "no" else None


def _holds_elsewhere(claim: Question, held: Sequence[tuple[bool, Evidence]], profile: CallProfile | None) -> bool:
    """Whether the claim, which names no priority, may be about one of which nothing was held against it."""
    if claim.priorities or profile is None:
        return False
    spoken = {number for _, one in held for number in one.priorities(profile)}
    return bool(held[0][1].priorities(profile)) and not spoken.issuperset(
        priority.number for priority in profile.priorities
    )


def after_correction(question: Question, choice: Choice | None) -> Question:
    """What is asked beside a wrong premise. Yes or no is said to it only by its figures: it may lean on the premise."""
    if choice is None or held_against(question, choice.evidence):
        return question
    return replace(question, yes_no=False)


def corrected(draft: Draft | None, evidence: Evidence, own_words: str, words: Phrases) -> Draft:
    """`draft` with the correction before it; the correction alone where nothing else was asked."""
    correction = (frame(words.say("frame.premise")), *quote_sentences(evidence, words))
    if draft is None:
        return Draft("answered", correction)
    if draft.status in REFUSED:
        return Draft("partial", correction, unanswered=(own_words,))
    return replace(draft, sentences=(*correction, *(s for s in draft.sentences if s not in correction)))
