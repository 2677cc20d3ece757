"""What a document's conditions come to for somebody who was asked about them and has replied.

For rules of which the call's profile knows nothing. Conditions stand in a list with its lead-in, or in one sentence.
A reply belongs to the condition that has most words in common with what was asked; whether one condition is enough, or
all have to hold, is told by the lead-in and by what joins them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.claims import read, tidy
from assistant.evidence import Evidence, candidates, items_with_lead, lead_of
from assistant.phrases import Cues
from assistant.plain import plain
from assistant.results import Verdict
from assistant.understand import Question, turned
from index.records import Hit
from index.search import Index

ABOUT_IT = 0.2
"""The share of the words asked that a condition has to hold, beside …"""
OWN_SHARE = 0.3
"""… so much of the share of its own words. Both were set on one half of orsharc's conversations."""
JOINED_BY_AND = 2
"""Replies from which a sentence that joins its conditions by “and” is taken to have no other."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Settled:
    """Conditions, and what they come to."""

    verdict: Verdict
    lead: Evidence | None
    """What introduces them, where they are a list."""
    conditions: tuple[tuple[Evidence, bool | None], ...]
    """Each with whether it is so; None where nothing was said of it."""


def settle(question: Question, hits: Sequence[Hit], index: Index) -> Settled | None:
    """The conditions in the passages that were replied to; None where no reply belongs to any."""
    if not question.yes_no or not question.replies:
        return None
    known = list(candidates(hits, index))
    light = {term for word in question.cue.words("light") for term in index.analyse(word)}
    replied: dict[Span, tuple[Evidence, list[bool]]] = {}
    for asked, yes in question.replies:
        if condition := _condition_of(set(index.analyse(asked)) - light, known, index):
            replied.setdefault((condition.start, condition.end), (condition, []))[1].append(yes)
    if not replied:
        return None
    leads = [lead for condition, _ in replied.values() if (lead := lead_of(condition))]
    if leads:
        lead = max(leads, key=leads.count)
        within = {span: found for span, found in replied.items() if lead_of(found[0]) == lead}
        beside = [yes[-1] for span, (_, yes) in replied.items() if span not in within]
        return _of_list(question, lead, within, beside)
    condition = list(replied.values())[-1][0]
    return _of_sentence(question, condition, [yes for _, said in replied.values() for yes in said])


def _condition_of(wanted: set[str], known: Sequence[Evidence], index: Index) -> Evidence | None:
    """The condition that was asked about in the terms `wanted`."""
    best, most = None, ABOUT_IT
    for condition in known:
        words = set(index.analyse(condition.text))
        shared = len(wanted & words)
        score = shared / max(1, len(wanted)) + OWN_SHARE * shared / max(1, len(words))
        if score > most:
            best, most = condition, score
    return best


def _of_list(
    question: Question, lead: Span, replied: dict[Span, tuple[Evidence, list[bool]]], beside: Sequence[bool]
) -> Settled:
    one = next(iter(replied.values()))[0]
    items = [block for block in items_with_lead(one.document) if block.lead == lead]
    said: dict[int, bool] = {}
    for start, _ in replied:
        number = next(n for n, item in enumerate(items) if item.start <= start < item.end)
        said[number] = replied[start, _][1][-1]
    introduced = replace(one, start=lead[0], end=lead[1], items=())
    whole = len(said) == len(items)
    texts = [one.document.text[item.start : item.end] for item in items]
    if _denies(introduced.text, one.cue):
        verdict: Verdict = "no" if any(said.values()) else "yes" if whole else "depends"
    elif _all_have_to_hold(introduced.text, texts, one.cue):
        verdict = "no" if not all(said.values()) else "yes" if whole else "depends"
    elif any(said.values()):
        verdict = "yes" if all(beside) else "depends"
    else:
        verdict = "no" if whole else "depends"
    return Settled(
        _for(question, verdict),
        introduced,
        tuple((replace(one, start=item.start, end=item.end), said.get(n)) for n, item in enumerate(items)),
    )


def _of_sentence(question: Question, condition: Evidence, said: Sequence[bool]) -> Settled:
    text, cue = condition.text, condition.cue
    either, both = cue.matches("conditions.or", text), cue.matches("conditions.and", text)
    enough: bool | None = said[-1]
    if either and not both:
        named = len(re.split(r",|;", cue.pattern("conditions.or").sub(",", plain(text))))
        enough = True if any(said) else False if len(said) >= named else None
    elif both and not either:
        enough = False if not all(said) else True if len(said) >= JOINED_BY_AND else None
    if enough is None:
        return Settled("depends", None, ((condition, None),))
    verdict: Verdict = "yes" if enough != _denies(text, cue) else "no"
    return Settled(_for(question, verdict), None, ((condition, enough),))


def _for(question: Question, verdict: Verdict) -> Verdict:
    return turned(verdict, question.text, question.cue)


def _all_have_to_hold(lead: str, items: Sequence[str], cue: Cues) -> bool:
    """Whether a list wants all of its conditions, rather than one."""
    joins = items[-2] if len(items) > 1 else ""
    if cue.matches("conditions.one_of", lead) or cue.matches("conditions.ends_with_or", joins):
        return False
    return cue.matches("conditions.all_of", lead) or cue.matches("conditions.ends_with_and", joins)


def _denies(text: str, cue: Cues) -> bool:
    """Whether what follows from the conditions is denied: what is said beside their own clause."""
    text = cue.without("conditions.clause", text)
    return bool(read(tidy(text), cue.language).marks & {"negation", "exception"})
