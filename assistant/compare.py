"""A figure in a question against the one that a source gives: “may it last 4 years?”, “up to 3 years”."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from assistant.asker import singular
from assistant.phrases import Cues
from assistant.plain import plain
from assistant.priorities import without_priorities
from assistant.values import Value, ValueKind, extract

BEFORE, AFTER = 40, 60
"""Characters in which the word that bounds a figure, and the word for what is counted, are looked for."""

_MONTHS = {"day": Decimal(1) / 30, "week": Decimal(7) / 30, "month": Decimal(1), "year": Decimal(12)}
_MEASURED = (ValueKind.DURATION, ValueKind.PERCENT, ValueKind.MONEY)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """What a source allows; None leaves a side open."""

    least: Decimal | None
    most: Decimal | None

    def hold(self, number: Decimal) -> bool:
        return (self.least is None or number >= self.least) and (self.most is None or number <= self.most)


def figures_fit(question: str, asking: Cues, source: str, stating: Cues) -> bool | None:
    """Whether each figure of `question` fits what `source` says of the same thing; None where it says nothing of it.

    Each is read with the cues of its own language.
    """
    asked, said = without_priorities(question, asking), without_priorities(source, stating)
    known = extract(said, stating.language)
    verdicts = []
    for value in extract(asked, asking.language):
        if value.kind is ValueKind.DATE:
            days = [other for other in known if other.kind is ValueKind.DATE]
            verdicts += [any(value.agrees(day) for day in days)] if days else []
        elif (number := _number(value)) is not None:
            bounds = list(_bounds(value, _counted(asked, value, asking), said, known, stating))
            verdicts += [any(bound.hold(number) for bound in bounds)] if bounds else []
    return all(verdicts) if verdicts else None


def _bounds(asked: Value, counted: frozenset[str], source: str, known: list[Value], cue: Cues) -> Iterator[_Bounds]:
    """What the source allows for what `asked` counts or measures."""
    ones = cue.pattern("sources.one_only").finditer(plain(source))
    if any(counted.intersection(singular(match[0])) for match in ones):
        yield _Bounds(None, Decimal(1))
    alike = []
    for value in known:
        measured = asked.kind in _MEASURED or value.kind in _MEASURED
        same = value.kind is asked.kind if measured else bool(counted & _counted(source, value, cue))
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


def _counted(text: str, value: Value, cue: Cues) -> frozenset[str]:
    """What the number counts: the first countable thing after it, with its synonyms."""
    countable = {singular(word) for word in cue.words("countable")}
    after = ((word,) for word in singular(text[value.end : value.end + AFTER]))
    thing = next((word for word in after if word in countable), None)
    groups = [{singular(word) for word in group} for group in cue.synonyms]
    return frozenset(word for group in groups if thing in group for word, *_ in group) | frozenset(thing or ())
