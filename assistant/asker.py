"""What is known of the organisation that asks: what it is, where it is, and with how many it comes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from babel import Locale

from assistant.phrases import Cues, available_languages, between
from assistant.plain import plain
from assistant.priorities import blanked
from assistant.results import AskerFact
from assistant.values import Value, ValueKind, extract
from corpus.profile import Applicant, CallProfile, OpenPoint

Named = TypeVar("Named", Applicant, OpenPoint, Applicant | OpenPoint)

NEAR, NEAR_CHARS = 4, 60
"""Words within which a number and what it counts stand, and the characters they take at most."""

MOST_ENTITIES = 1_000
"""A larger number counts something else."""

_WORD = re.compile(r"(?:non-)?[^\W_]+", re.IGNORECASE)
_PLURAL = re.compile(r"(?<=\w\w)(?:ies|(?<=[sx])es|(?<!s)s)$")


@dataclass(frozen=True, slots=True)
class Organisation:
    """A type of organisation that a text names, by the words it uses."""

    said: str
    start: int
    """Where in the text."""
    known: Applicant | OpenPoint


@dataclass(frozen=True, slots=True)
class Asker:
    """What a text says of who takes part. What it does not say is None or empty."""

    organisation: Organisation | None = None
    countries: tuple[str, ...] = ()
    """ISO 3166-1 codes in the order they are named; the first is where the organisation is."""
    entities: int | None = None
    """How many take part, the asker's own included."""

    @property
    def applicant(self) -> Applicant | None:
        """The type of organisation, where the sources admit it."""
        known = self.organisation.known if self.organisation else None
        return known if isinstance(known, Applicant) else None

    def beside(self, earlier: "Asker") -> "Asker":
        """What is known together: where both say something, this one holds."""
        return Asker(
            self.organisation or earlier.organisation,
            self.countries or earlier.countries,
            self.entities if self.entities is not None else earlier.entities,
        )

    def facts(self, language: str) -> tuple[AskerFact, ...]:
        """The same for people, country names in `language`."""
        names = Locale(language).territories
        found = []
        if self.organisation:
            found.append(AskerFact(about="organisation", value=self.organisation.said))
        if self.countries:
            found.append(AskerFact(about="country", value=", ".join(names[code] for code in self.countries)))
        if self.entities is not None:
            found.append(AskerFact(about="partners", value=str(self.entities)))
        return tuple(found)


def from_facts(facts: Iterable[AskerFact], profile: CallProfile, cue: Cues) -> Asker:
    """What facts say of the asker; a bare number counts all who take part."""
    known = Asker()
    for fact in facts:
        said = read_asker(fact.value, profile, cue)
        counts = [n for value in extract(fact.value, cue.language) if (n := _count(value)) is not None]
        if fact.about == "partners" and counts:
            said = replace(said, entities=counts[0])
        known = said.beside(known)
    return known


def read_asker(text: str, profile: CallProfile, cue: Cues) -> Asker:
    """What `text` says of who takes part."""
    organisation = next((one for one in organisations_in(text, profile) if _is_one(text[: one.start], cue)), None)
    return Asker(organisation, countries_in(text, cue), _entities(text, profile, cue))


def _is_one(before: str, cue: Cues) -> bool:
    """Whether what follows is what somebody is, and not what they are not or are in: “from a town”."""
    return not cue.matches("asker.is_not", before) and not cue.matches("asker.is_in", before)


def organisations_in(text: str, profile: CallProfile) -> Iterator[Organisation]:
    """The types of organisation that `text` names, in order."""
    known: list[Applicant | OpenPoint] = [*profile.applicants]
    known += [point for point in profile.open_points if point.about == "organisation"]
    for entry, start, end in named(text, known):
        yield Organisation(text[start:end], start, entry)


def named(text: str, entries: Sequence[Named]) -> Iterator[tuple[Named, int, int]]:
    """Where `text` uses a name of an entry, in order, singular or plural; of names that overlap the longest counts."""
    words = list(_WORD.finditer(text))
    said = singular(text)
    names = [(entry, singular(name)) for entry in entries for name in entry.names]
    position = 0
    while position < len(words):
        fitting = [(e, len(name)) for e, name in names if said[position : position + len(name)] == name]
        entry, length = max(fitting, key=lambda pair: pair[1], default=(None, 1))
        if entry is not None:
            yield entry, words[position].start(), words[position + length - 1].end()
        position += length


def singular(text: str) -> tuple[str, ...]:
    """Its words without accents, capitals and English plurals; *non* and its word are one, “non-profit” no “profit”."""
    return tuple(_PLURAL.sub(_one, plain(match[0].replace("-", ""))) for match in _WORD.finditer(text))


def _one(ending: re.Match[str]) -> str:
    return "y" if ending[0] == "ies" else ""


def countries_in(text: str, cue: Cues) -> tuple[str, ...]:
    """The countries that `text` names, also by what comes from them (“a Danish city”), each once, in order."""
    said = plain(text)
    found = [(match.span(), code) for code, pattern in cue.countries.items() for match in pattern.finditer(said)]
    names = _territories(cue.language)
    for match in _territory_pattern(cue.language).finditer(said):
        if not any(start <= match.start() < end for (start, end), _ in found):
            found.append((match.span(), names[match[0]]))
    return tuple(dict.fromkeys(code for _, code in sorted(found)))


def without_countries(text: str, cue: Cues) -> str:
    """`text` without the names of countries and of what comes from them."""
    for pattern in (*cue.countries.values(), _territory_pattern(cue.language)):
        text = " ".join(between(text, pattern.finditer(plain(text))))
    return text


@lru_cache
def _territories(language: str) -> dict[str, str]:
    """Country codes by plain name, in `language` and those the assistant speaks (Unicode CLDR)."""
    return {
        plain(name): code
        for spoken in dict.fromkeys((language, *available_languages()))
        for code, name in Locale(spoken).territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }


_NO_COUNTRIES = frozenset({"EU", "UN", "EZ", "QO", "XA", "XB", "ZZ"})
"""Codes of CLDR for what is no country."""


@lru_cache
def _territory_pattern(language: str) -> re.Pattern[str]:
    names = sorted(_territories(language), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")


def _count(value: Value) -> int | None:
    """The whole number that a value is, where it may count organisations."""
    if value.kind is not ValueKind.NUMBER:
        return None
    number = Decimal(min(value.readings))
    return int(number) if number == number.to_integral_value() and number <= MOST_ENTITIES else None


def _joined(text: str, start: int, kinds: set[str], cue: Cues) -> Iterator[int]:
    """Counts that an “and” adds to one before `start`: “two towns from Germany and one from France”."""
    joining = re.compile(rf"\b(?:{cue.data['priorities']['and']}) $")
    else_counted = {singular(word)[-1] for word in cue.words("countable")} - kinds
    for value in extract(text, cue.language):
        follows = singular(text[value.end :][:NEAR_CHARS])[:NEAR]
        number = _count(value)
        if number and value.start >= start and joining.search(plain(text[: value.start])):
            yield 0 if else_counted.intersection(follows) else number


def _entities(text: str, profile: CallProfile, cue: Cues) -> int | None:
    """How many take part: “three towns”; with “one partner” or “two towns on board” the asker makes one more.

    A one in letters is an article in most languages: “un comune” counts nothing.
    """
    text = blanked(text, cue)
    named_so = (*cue.words("partner"), *(name for applicant in profile.applicants for name in applicant.names))
    kinds = {singular(name)[-1] for name in named_so}
    for value in extract(text, cue.language):
        number = _count(value)
        follows = singular(text[value.end :][:NEAR_CHARS])[:NEAR]
        article = number == 1 and not text[value.start].isdigit()
        if number is not None and not article and kinds.intersection(follows):
            others = sum(_joined(text, value.end, kinds, cue))
            return number + others + (not cue.matches("asker.all_of_us", text[: value.start]))
    if cue.matches("asker.one_partner", text):
        return 2
    return 1 if cue.matches("asker.alone", text) else None
