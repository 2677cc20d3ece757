"""A figure in a question against the one that a source gives: “may it last 4 years?”, “up to 3 years”."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from assistant.asker import singular
from assistant.phrases import Cues
from assistant.plain import plain
from assistant.priorities import without_priorities
from assistant.values import Value, ValueKind, extract

BEFORE, AFTER = 40, 60
"""Characters in which the word that bounds a figure, and the word for what is counted, are looked for."""

_MONTHS = {"day": Decimal(1) / 30, "week": Decimal(7) / 30, "month": Decimal(1), "year": Decimal(12)}
_MEASURED = (ValueKind.DURATION, ValueKind.PERCENT, ValueKind.MONEY)


Side = Literal["least", "most"]


@dataclass(frozen=True, slots=True)
class _Bounds:
    """What a source allows; None leaves a side open."""

    least: Decimal | None
    most: Decimal | None

    def hold(self, number: Decimal, *, exact: bool, side: Side | None) -> bool:
        """Whether they allow `number`; `exact`: whether it is one of them; `side`: whether it is that one."""
        if side:
            return number == (self.least if side == "least" else self.most)
        if exact:
            return number in (self.least, self.most)
        return (self.least is None or number >= self.least) and (self.most is None or number <= self.most)


def limit_asked(question: str, cue: Cues) -> Side | None:
    """Which limit the question names: “do we need 3 partners?”, “is 1 million the maximum?”; None for none."""
    if cue.matches("claims.permission", question):
        return None
    if cue.matches("claims.at_most", question):
        return "most"
    lower = ("claims.at_least", "claims.obligation", "question.obligation")
    return "least" if any(cue.matches(key, question) for key in lower) else None


def figures_fit(question: str, asking: Cues, source: str, stating: Cues, *, exact: bool = False) -> bool | None:
    """Whether each figure of `question` fits what `source` says of the same thing; None where it says nothing of it.

    Each is read with the cues of its own language. `exact`: the question names a limit, which has to be the source's.
    “Several” fits where more than one is allowed.
    """
    asked, said = without_priorities(question, asking), without_priorities(source, stating)
    side = limit_asked(question, asking)
    known = extract(said, stating.language)
    verdicts = []
    for value in extract(asked, asking.language):
        if value.kind is ValueKind.DATE:
            days = [other for other in known if other.kind is ValueKind.DATE]
            verdicts += [any(value.agrees(day) for day in days)] if days else []
        elif (number := _number(value)) is not None:
            bounds = list(_bounds(value.kind, _counted(asked, value.end, asking), said, known, stating))
            held = [bound.hold(number, exact=exact, side=side) for bound in bounds]
            several_given = value.kind in _MEASURED and not exact and any(held) and not all(held)
            verdicts += [any(held)] if held and not several_given else []
    for several in asking.pattern("question.several").finditer(plain(asked)):
        bounds = list(_bounds(ValueKind.NUMBER, _counted(asked, several.end(), asking), said, known, stating))
        verdicts += [all(bound.most > 1 for bound in bounds if bound.most)] if any(b.most for b in bounds) else []
    return all(verdicts) if verdicts else None


def _bounds(kind: ValueKind, counted: frozenset[str], source: str, known: list[Value], cue: Cues) -> Iterator[_Bounds]:
    """What the source allows for what a figure of that kind counts or measures."""
    ones = cue.pattern("sources.one_only").finditer(plain(source))
    if any(counted.intersection(singular(match[0])) for match in ones):
        yield _Bounds(None, Decimal(1))
    alike = []
    for value in known:
        measured = kind in _MEASURED or value.kind in _MEASURED
        sum_of_money = {kind, value.kind} == {ValueKind.NUMBER, ValueKind.MONEY} and not counted
        same = value.kind is kind or sum_of_money if measured else bool(counted & _counted(source, value.end, cue))
        if same and (number := _number(value)) is not None:
            alike.append((value, number))
    between = cue.find("sources.range", source)
    inside = [number for value, number in alike if between and value.start >= between.end()]
    if len(inside) > 1:
        yield _Bounds(min(inside), max(inside))
        return
    for value, number in alike:
        lead = source[max(0, value.start - BEFORE) : value.start]
        least = None if cue.matches("sources.at_most", lead) else number
        most = None if cue.matches("sources.at_least", lead) else number
        yield _Bounds(least, most)


def _number(value: Value) -> Decimal | None:
    if value.kind in (ValueKind.DATE, ValueKind.TIME) or len(value.readings) != 1:
        return None
    digits, _, unit = next(iter(value.readings)).partition(" ")
    return Decimal(digits) * _MONTHS.get(unit, Decimal(1))


def _counted(text: str, end: int, cue: Cues) -> frozenset[str]:
    """What the number that ends there counts: the first countable thing after it, with its synonyms."""
    countable = {singular(word) for word in cue.words("countable")}
    after = ((word,) for word in singular(text[end : end + AFTER]))
    thing = next((word for word in after if word in countable), None)
    groups = [{singular(word) for word in group} for group in cue.synonyms]
    return frozenset(word for group in groups if thing in group for word, *_ in group) | frozenset(thing or ())
