"""What a document's conditions come to for somebody who was asked about them and has replied.

For rules of which the call's profile knows nothing. Conditions stand in a list with its lead-in, or in one sentence.
A reply belongs to the condition that has most words in common with what was asked; whether one condition is enough, or
all have to hold, is told by the lead-in and by what joins them; where nothing tells, it is open until both come to one.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

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

Place = tuple[str, int, int]
"""A document's ID, and a span of its text."""
Enough = Literal["one", "all", "unsaid"]
"""How many conditions of a list have to hold."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Conditions, and what they come to."""

    verdict: Verdict
    lead: Evidence | None
    """What introduces them, where they are a list."""
    conditions: tuple[tuple[Evidence, bool | None], ...]
    """Each with whether it is so; None where nothing was said of it. A plain verdict has only those it rests on."""


def settle(question: Question, hits: Sequence[Hit], index: Index) -> Settled | None:
    """The conditions in the passages that were replied to; None where no reply belongs to any."""
    if not question.yes_no or not question.replies:
        return None
    known = list(candidates(hits, index))
    light = {term for word in question.cue.words("light") for term in index.analyse(word)}
    replied: dict[Place, tuple[Evidence, list[bool]]] = {}
    for asked, yes in question.replies:
        if condition := _condition_of(set(index.analyse(asked)) - light, known, index):
            place = (condition.document.id, condition.start, condition.end)
            replied.setdefault(place, (condition, []))[1].append(yes)
    if not replied:
        return None
    leads = {place: lead for place, (condition, _) in replied.items() if (lead := _lead_place(condition))}
    if leads:
        lead = Counter(leads.values()).most_common(1)[0][0]
        within = [(found, said[-1]) for place, (found, said) in replied.items() if leads.get(place) == lead]
        beside = [said[-1] for place, (_, said) in replied.items() if leads.get(place) != lead]
        return _of_list(question, lead, within, beside)
    condition = list(replied.values())[-1][0]
    return _of_sentence(question, condition, [yes for _, said in replied.values() for yes in said])


def _lead_place(condition: Evidence) -> Place | None:
    lead = lead_of(condition)
    return (condition.document.id, *lead) if lead else None


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
    question: Question, lead: Place, replied: Sequence[tuple[Evidence, bool]], beside: Sequence[bool]
) -> Settled:
    one = replied[0][0]
    items = [block for block in items_with_lead(one.document) if block.lead == lead[1:]]
    said = {
        next(n for n, item in enumerate(items) if item.start <= condition.start < item.end): yes
        for condition, yes in replied
    }
    introduced = replace(one, start=lead[1], end=lead[2], items=())
    texts = [one.document.text[item.start : item.end] for item in items]
    met = [said.get(n) for n in range(len(items))]
    bars = _denies(introduced.text, one.cue)
    if bars:
        verdict: Verdict = "no" if any(met) else "depends" if None in met else "yes"
    else:
        verdict = _by_list(met, _enough(introduced.text, texts, one.cue))
        if verdict == "yes" and not all(beside):
            verdict = "depends"
    states = [(replace(one, start=item.start, end=item.end), state) for item, state in zip(items, met, strict=True)]
    rests_on = [found for found in states if verdict == "depends" or found[1] is not None]
    return Settled(_for(question, verdict), introduced, tuple(rests_on))


def _by_list(met: Sequence[bool | None], enough: Enough) -> Verdict:
    """What the states of a list's conditions come to."""
    by_one: Verdict = "yes" if any(met) else "depends" if None in met else "no"
    by_all: Verdict = "no" if False in met else "depends" if None in met else "yes"
    if enough == "one":
        return by_one
    return by_all if enough == "all" or by_one == by_all else "depends"


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


def _enough(lead: str, items: Sequence[str], cue: Cues) -> Enough:
    """Whether a list wants all of its conditions, or one.

    What lists kinds (“eligible are:”, “if you are: a town, a county”) wants one: a thing is seldom of two kinds.
    """
    joins = items[-2] if len(items) > 1 else ""
    if cue.matches("conditions.one_of", lead) or cue.matches("conditions.ends_with_or", joins):
        return "one"
    if cue.matches("conditions.all_of", lead) or cue.matches("conditions.ends_with_and", joins):
        return "all"
    if not cue.matches("conditions.clause", lead) or all(cue.matches("conditions.a_kind", item) for item in items):
        return "one"
    return "unsaid"


def _denies(text: str, cue: Cues) -> bool:
    """Whether what follows from the conditions is denied: what is said beside their own clause."""
    text = cue.without("conditions.clause", text)
    return bool(read(tidy(text), cue.language).marks & {"negation", "exception"})
