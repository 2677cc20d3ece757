"""What a document's conditions come to for somebody who was asked about them and has replied.

For rules of which the call's profile knows nothing. Conditions stand in a list with its lead-in, or in one sentence.
A reply belongs to the condition that has most words in common with what was asked; whether one condition is enough, or
all have to hold, is told by the lead-in and by what joins them; where nothing tells, it is open until both come to one.
Each list and each sentence is a rule by itself; where one bars, that holds whatever the others say.
"""

import re
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

Place = tuple[str, int, int]
"""A document's ID, and a span of its text."""
Enough = Literal["one", "all", "unsaid"]
"""How many conditions of a list have to hold."""


Said = set[tuple[frozenset[str], bool]]
"""The terms of what was asked, each with whether the reply was yes."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions that one list or one sentence states, and what they come to."""

    verdict: Verdict
    bars: bool
    """Whether somebody who meets them is left out."""
    lead: Evidence | None
    """What introduces them, where they are a list."""
    conditions: tuple[tuple[Evidence, bool | None], ...]
    """Each with whether it is so; None where that is open. A plain verdict has only those that were replied to."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The rules that were replied to, in the order in which they stand, and what they come to together."""

    verdict: Verdict
    rules: tuple[Rule, ...]


def settle(question: Question, hits: Sequence[Hit], index: Index) -> Settled | None:
    """The rules in the passages that were replied to; None where no reply belongs to any."""
    if not question.yes_no or not question.replies:
        return None
    known = list(candidates(hits, index))
    light = {term for word in question.cue.words("light") for term in index.analyse(word)}
    replied: dict[Place, tuple[Evidence, Said]] = {}
    for asked, yes in question.replies:
        terms = frozenset(index.analyse(asked)) - light
        if condition := _condition_of(terms, known, index):
            place = (condition.document.id, condition.start, condition.end)
            replied.setdefault(place, (condition, set()))[1].add((terms, yes))
    if not replied:
        return None
    lists: dict[Place, list[tuple[Evidence, Said]]] = {}
    rules: dict[Place, Rule] = {}
    for place, (condition, said) in replied.items():
        if lead := _lead_place(condition):
            lists.setdefault(lead, []).append((condition, said))
        else:
            rules[place] = _of_sentence(condition, said)
    rules |= {lead: _of_list(lead, items) for lead, items in lists.items()}
    in_order = tuple(rules[place] for place in sorted(rules))
    return Settled(turned(_together(in_order), question.text, question.cue), in_order)


def _together(rules: Sequence[Rule]) -> Verdict:
    verdicts = {rule.verdict for rule in rules}
    if any(rule.bars and rule.verdict == "no" for rule in rules):
        return "no"
    return verdicts.pop() if len(verdicts) == 1 else "depends"


def _lead_place(condition: Evidence) -> Place | None:
    lead = lead_of(condition)
    return (condition.document.id, *lead) if lead else None


def _condition_of(wanted: frozenset[str], known: Sequence[Evidence], index: Index) -> Evidence | None:
    """The condition that was asked about in the terms `wanted`."""
    best, most = None, ABOUT_IT
    for condition in known:
        words = set(index.analyse(condition.text))
        shared = len(wanted & words)
        score = shared / max(1, len(wanted)) + OWN_SHARE * shared / max(1, len(words))
        if score > most:
            best, most = condition, score
    return best


def _of_list(lead: Place, replied: Sequence[tuple[Evidence, Said]]) -> Rule:
    one = replied[0][0]
    items = [block for block in items_with_lead(one.document) if block.lead == lead[1:]]
    said: dict[int, set[bool]] = {}
    for condition, replies in replied:
        number = next(n for n, item in enumerate(items) if item.start <= condition.start < item.end)
        said.setdefault(number, set()).update(yes for _, yes in replies)
    introduced = replace(one, start=lead[1], end=lead[2], items=())
    texts = [one.document.text[item.start : item.end] for item in items]
    met = [_agreed(said.get(n, set())) for n in range(len(items))]
    bars = _denies(one.cue.without("conditions.clause", introduced.text), one.cue)
    if bars:
        verdict: Verdict = "no" if any(met) else "depends" if None in met else "yes"
    else:
        verdict = _by_list(met, _enough(introduced.text, texts, one.cue))
    states = [(replace(one, start=item.start, end=item.end), state) for item, state in zip(items, met, strict=True)]
    shown = tuple(state for n, state in enumerate(states) if verdict == "depends" or n in said)
    return Rule(verdict, bars, introduced, shown)


def _agreed(said: set[bool]) -> bool | None:
    """What was said, where it was always the same."""
    return next(iter(said)) if len(said) == 1 else None


def _by_list(met: Sequence[bool | None], enough: Enough) -> Verdict:
    """What the states of a list's conditions come to."""
    by_one: Verdict = "yes" if any(met) else "depends" if None in met else "no"
    by_all: Verdict = "no" if False in met else "depends" if None in met else "yes"
    if enough == "one":
        return by_one
    return by_all if enough == "all" or by_one == by_all else "depends"


def _of_sentence(condition: Evidence, said: Said) -> Rule:
    cue = condition.cue
    named, follows = _parted(condition.text, cue)
    bars = _denies(follows, cue)
    met = None if _has_more(condition.text, named, follows, cue) else _by_joins(named, said, cue)
    verdict: Verdict = "depends" if met is None else "yes" if met != bars else "no"
    return Rule(verdict, bars, None, ((condition, met),))


def _parted(text: str, cue: Cues) -> tuple[str, str]:
    """What a sentence says of its conditions, and what follows from them; the whole sentence where nothing parts them.

    A clause that begins it ends at its last comma, any other with the sentence.
    """
    clause = cue.find("conditions.clause", text)
    if clause is None:
        return text, text
    if text[: clause.start()].strip():
        return text[clause.start() :], text[: clause.start()]
    named, _, follows = text.rpartition(",")
    return named, follows


def _has_more(text: str, named: str, follows: str, cue: Cues) -> bool:
    """Whether a sentence says more of its conditions than what joins them: another clause, or an exception."""
    clauses = len(cue.split("conditions.clause", text)) + len(cue.split("conditions.more", text)) - 2
    excepted = "exception" in read(tidy(text), cue.language).marks
    return clauses > 1 or excepted or ";" in named or not named.strip() or not follows.strip()


def _by_joins(named: str, said: Said, cue: Cues) -> bool | None:
    """Whether the conditions that are `named` hold by what was `said` of them; None while that is open."""
    answers = {yes for _, yes in said}
    either, both = cue.matches("conditions.or", named), cue.matches("conditions.and", named)
    if (either and both) or len({terms for terms, _ in said}) < len(said):
        return None
    if not either and not both:
        return _agreed(answers)
    if either in answers:  # one yes is enough for “or”, one no for “and”
        return either
    pieces = re.split(r",", cue.pattern("conditions.or" if either else "conditions.and").sub(",", plain(named)))
    return not either if len(said) >= sum(bool(piece.strip()) for piece in pieces) else None


def _enough(lead: str, items: Sequence[str], cue: Cues) -> Enough:
    """Whether a list wants all of its conditions, or one.

    What lists kinds (“eligible are:”, “if you are: a town, a county”) wants one: a thing is seldom of two kinds.
    """
    joins = items[-2] if len(items) > 1 else ""
    if cue.matches("conditions.one_of", lead) or cue.matches("conditions.ends_with_or", joins):
        return "one"
    if cue.matches("conditions.all_of", lead) or cue.matches("conditions.ends_with_and", joins):
        return "all"
    kinds = all(cue.matches("conditions.a_kind", item) for item in items) or not cue.matches("conditions.clause", lead)
    return "one" if kinds and cue.matches("conditions.kinds", lead) else "unsaid"


def _denies(follows: str, cue: Cues) -> bool:
    """Whether what follows from the conditions is denied."""
    return bool(read(tidy(follows), cue.language).marks & {"negation", "exception"})
