"""May somebody take part? Each condition that the call's profile names, whether it is met, and what follows.

The conditions, the types of applicant and what no source says come from the profile (`corpus/profile.py`), each
condition with the quote that carries it. Nothing here knows a single call.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.asker import Asker, Organisation, named, organisations_in, read_asker
from assistant.phrases import Cues
from assistant.plain import plain
from assistant.priorities import without_priorities
from assistant.results import Verdict
from assistant.understand import MOST_ASKED_BACK, Analyse, Question, turned
from corpus.profile import CallProfile, Condition, OpenPoint, Quoted


@dataclass(frozen=True, slots=True)
class Judged:
    """A condition, and whether it is met; None where that is open."""

    condition: Condition
    met: bool | None


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What the sources say on taking part."""

    verdict: Verdict
    conditions: tuple[Judged, ...]
    stated: tuple[Quoted, ...]
    """What the answer rests on, the most telling first."""
    open_points: tuple[OpenPoint, ...]
    """What it turns on and no source says."""
    ask_back: str | None
    """What the asker has to be asked for, as in `Condition.about`; None where nothing is."""


def judge(question: Question, profile: CallProfile | None, cue: Cues, analyse: Analyse) -> Eligibility | None:
    """The conditions that bear on `question`, judged by what is known; None where it asks for something else."""
    if profile is None or question.may_apply is None or question.other_calls:
        return None
    numbers = {priority.number for priority in profile.priorities}
    if numbers and question.priorities - numbers:
        return None
    asked = read_asker(question.may_apply, profile, cue)
    known = asked.beside(question.asker) if question.oneself else asked
    if not (question.oneself or known.organisation or known.countries):
        return None
    open_points = tuple(_open_points(question.may_apply, known, profile))
    if _asks_more(question.may_apply, profile, cue, analyse):
        return None
    free_of = known.applicant.free_of if known.applicant else ()
    bound = [condition for condition in profile.conditions if condition.about not in free_of]
    admitted = {code for condition in profile.conditions for code in condition.countries}
    conditions = tuple(Judged(c, _met(c, known, admitted)) for c in bound if _concerns(c, question))
    if not conditions:
        return None
    if (
        asked.organisation
        and not question.oneself
        and cue.matches("asker.only", question.may_apply[: asked.organisation.start])
    ):
        return _only(asked.organisation, question, conditions, profile, cue)
    return Eligibility(
        verdict=turned(_verdict(question, known, conditions, open_points), question.may_apply, cue),
        conditions=conditions,
        stated=tuple({(q.document, q.quote): q for q in _stated(question, known, conditions)}.values()),
        open_points=open_points,
        ask_back=_ask_back(question, known, conditions, open_points),
    )


def _only(
    asked: Organisation, question: Question, conditions: tuple[Judged, ...], profile: CallProfile, cue: Cues
) -> Eligibility | None:
    """Whether nobody but the one that is named may take part: no, where the sources admit another type.

    Types may hold each other, as public bodies hold towns; those that are offered as replies do not.
    """
    admitted = [one for one in profile.applicants if one.offered and one.certain and not one.priorities]
    others = [one for one in admitted if one is not asked.known]
    if not others or cue.matches("question.reversed", question.may_apply or ""):
        return None
    own = [j.condition for j in conditions if question.priorities & set(j.condition.priorities)]
    aimed = any(condition.met_by and not condition.bars for condition in own)
    return Eligibility("depends" if aimed else "no", conditions, (others[0],), (), None)


def _concerns(condition: Condition, question: Question) -> bool:
    return not condition.priorities or not question.priorities or bool(question.priorities & set(condition.priorities))


def _met(condition: Condition, known: Asker, admitted: set[str]) -> bool | None:
    """Whether what is known meets the condition.

    Where several countries are named and not all are `admitted`, nobody can tell whose is the asker's own.
    """
    mixed = len(known.countries) > 1 and not admitted.issuperset(known.countries)
    if condition.about == "organisation":
        return _is_of_type(condition, known)
    if condition.about == "country" and known.countries and not mixed:
        home = known.countries[0]
        return False if home in condition.barred else True if home in condition.countries else None
    if condition.about == "partners" and known.entities is not None:
        if known.entities < (condition.entities or 1):
            return False
        return True if len(known.countries) >= (condition.states or 1) and not mixed else None
    return None


def _is_of_type(condition: Condition, known: Asker) -> bool | None:
    applicant = known.applicant
    if applicant is None or applicant.type in condition.unmet_by:
        return None if applicant is None else False
    if condition.met_by:
        return True if applicant.type in condition.met_by else None
    return True if applicant.certain and not applicant.priorities else None


def _verdict(
    question: Question, known: Asker, conditions: tuple[Judged, ...], open_points: tuple[OpenPoint, ...]
) -> Verdict:
    if _failed(question, conditions):
        return "no"
    if question.oneself:
        return "yes" if not open_points and all(judged.met for judged in conditions) else "depends"
    applicant = known.applicant
    if known.countries and not any(judged.met for judged in conditions if judged.condition.about == "country"):
        return "unknown"
    if open_points or (applicant and applicant.priorities and not question.priorities <= set(applicant.priorities)):
        return "unknown"
    if question.priorities and any(_is_meant_for_others(judged) for judged in conditions):
        return "depends"
    return "depends" if applicant and (applicant.priorities or not applicant.certain) else "yes"


def _is_meant_for_others(judged: Judged) -> bool:
    return judged.met is False and not judged.condition.bars


def _failed(question: Question, conditions: tuple[Judged, ...]) -> list[Condition]:
    """What bars the asker: a condition of some priorities does so where one of them is meant, or no other is left."""
    failed = [judged.condition for judged in conditions if judged.met is False and judged.condition.bars]
    partners = [judged for judged in conditions if judged.condition.about == "partners"]
    if not question.priorities and any(judged.met is not False for judged in partners):
        return [condition for condition in failed if condition.about != "partners"]
    return failed


def _stated(question: Question, known: Asker, conditions: tuple[Judged, ...]) -> Iterator[Quoted]:
    if failed := _failed(question, conditions):
        yield from failed
        return
    if question.priorities:
        yield from (judged.condition for judged in conditions if judged.condition.about == "partnership")
    if known.applicant:
        yield known.applicant
    else:
        yield from (judged.condition for judged in conditions if judged.condition.about == "organisation")
    if question.priorities:
        yield from (judged.condition for judged in conditions if _is_meant_for_others(judged))
    for judged in conditions:
        about = judged.condition.about
        if (about == "country" and known.countries) or (about == "partners" and known.entities is not None):
            yield judged.condition


def _open_points(clause: str, known: Asker, profile: CallProfile) -> Iterator[OpenPoint]:
    if known.organisation and isinstance(known.organisation.known, OpenPoint):
        yield known.organisation.known
    settled = {code for c in profile.conditions for code in (*c.countries, *c.barred)}
    abroad = set(known.countries) - settled
    others = [point for point in profile.open_points if point.about != "organisation"]
    listed = {code for point in others for code in point.countries}
    mentioned = {point.text for point, _, _ in named(clause, others)}
    for point in others:
        elsewhere = point.about == "country" and not point.countries and abroad - listed
        if point.text in mentioned or abroad & set(point.countries) or elsewhere:
            yield point


def _ask_back(
    question: Question, known: Asker, conditions: tuple[Judged, ...], open_points: tuple[OpenPoint, ...]
) -> str | None:
    """The first thing that the asker did not say and the answer turns on."""
    if not question.oneself or open_points or question.asked_back >= MOST_ASKED_BACK:
        return None
    if _failed(question, conditions):
        return None
    about = {judged.condition.about for judged in conditions if judged.met is None}
    if "organisation" in about and known.organisation is None:
        return "organisation"
    if "country" in about and not known.countries:
        return "country"
    return "partners" if "partners" in about and known.entities is None and question.priorities else None


def _asks_more(clause: str, profile: CallProfile, cue: Cues, analyse: Analyse) -> bool:
    """Whether the clause asks for something beside who takes part, such as two proposals at once."""
    rest = without_priorities(clause, cue)
    for organisation in organisations_in(rest, profile):
        rest = rest.replace(organisation.said, " ", 1)
    for _, start, end in reversed(list(named(rest, profile.open_points))):
        rest = rest[:start] + " " + rest[end:]
    rest = plain(rest)
    for pattern in cue.countries.values():
        rest = pattern.sub(" ", rest)
    for name in (profile.id, *profile.names):
        rest = rest.replace(plain(name), " ")
    expected = {term for key in ("applying", "light", "partner") for word in cue.words(key) for term in analyse(word)}
    return any(term not in expected for term in analyse(rest))
