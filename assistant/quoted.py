"""Quotes as a sentence is held against them: their sentences, and those that share most of its words."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from assistant.align import resemble
from assistant.claims import Mark, tidy, weekdays
from assistant.phrases import DEFAULT_LANGUAGE, cues
from assistant.plain import plain
from assistant.values import Value, ValueKind, carries, extract, months
from index.sentences import split_sentences

BEST = 5
"""Sentences that a claim is held against one by one."""
JOINED = 3
"""How many of them are also read as one, in their order: an item with its lead-in, two sentences said as one."""
MAX_WORDS = 300
"""A longer sentence is cut in pieces of so many words, which overlap by half."""
STEM = 5
"""Words are the same where they begin with the same letters, so many: “applicant”, “applicants”, “applications”."""

_BLANK_LINE = re.compile(r"\n\s*\n")
_SPACES = re.compile(r"[^\S\n]+")
_NEW_LINE = re.compile(r" ?\n ?(?=[^\w\s]*[A-ZÀ-ÖØ-Þ\d])")
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W_]+")
LINE_END = " ¦ "
"""Stands for the end of a line that may also end what it says."""


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence of a quote: its text as it is compared, and the beginnings of its words."""

    text: str
    stems: frozenset[str]


class Quoted:
    """All quotes of one claim. Its parts are their sentences, and the lines of those that have several."""

    def __init__(self, quotes: Sequence[str]) -> None:
        self.quotes = tuple(quotes)
        texts = dict.fromkeys(text for quote in quotes for text in _sentences(quote))
        self.parts = tuple(Part(text, stems(text)) for text in texts)

    @cached_property
    def plain(self) -> str:
        """All of it, tidy and plain, without the places where lines end."""
        return plain("\n".join(map(tidy, self.quotes)))

    @cached_property
    def _holders(self) -> Counter[str]:
        return Counter(stem for part in self.parts for stem in part.stems)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self.plain))

    def best(self, claim: str) -> tuple[int, ...]:
        """Places of the parts that share most with `claim`, a word counting by its rarity here; best first."""
        wanted = stems(claim)
        shared = [
            (sum(1 / self._holders[s] ** 0.5 for s in part.stems & wanted), -n) for n, part in enumerate(self.parts)
        ]
        ranked = sorted((pair for pair in shared if pair[0]), reverse=True)
        return tuple(-place for _, place in ranked[:BEST])

    def joined(self, places: Sequence[int]) -> str:
        """The parts at `places` as one text, in their order."""
        return " ".join(self.parts[place].text for place in sorted(places))

    def has_value(self, value: Value) -> bool:
        """Whether a quote has the value."""
        if not value.readings.isdisjoint(self._readings):
            return True
        alike = [
            self._by_figure[figure] for reading in value.readings if (figure := reading.split()[0]) in self._by_figure
        ]
        return any(carries(known, value) for known in (*self._dates, *chain.from_iterable(alike)))

    def has_mark(self, mark: Mark, language: str | None) -> bool:
        """Whether a quote in `language` names this month, weekday, country or code; any other mark is no matter."""
        kind, what = mark
        language = language or DEFAULT_LANGUAGE
        if kind == "code":
            return what in self._words
        if kind == "country":
            return cues(language).countries[what].search(self.plain) is not None
        if kind == "weekday":
            return any(weekdays(language).get(word) == what for word in self._words)
        if kind == "month":
            return what in self._months or any(str(months(language).get(word)) == what for word in self._words)
        return True

    @cached_property
    def _months(self) -> frozenset[str]:
        """The months of its dates."""
        dates = self._dates
        return frozenset(reading.split("-")[1].lstrip("0") for value in dates for reading in value.readings)

    def has_word(self, name: str) -> bool:
        """Whether a quote has the name, or a form of it."""
        wanted = plain(name)
        return wanted in self.plain or any(resemble(wanted, word) for word in self._by_start.get(wanted[:4], ()))

    @cached_property
    def _by_start(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for word in self._words:
            found.setdefault(word[:4], []).append(word)
        return found

    @cached_property
    def _values(self) -> tuple[Value, ...]:
        """Its values, each once."""
        found = (value for part in self.parts for value in extract(part.text))
        return tuple({(value.kind, value.readings): value for value in found}.values())

    @cached_property
    def _dates(self) -> tuple[Value, ...]:
        return tuple(value for value in self._values if value.kind is ValueKind.DATE)

    @cached_property
    def _by_figure(self) -> dict[str, list[Value]]:
        """By the figure of each reading, without what it measures."""
        found: dict[str, list[Value]] = {}
        for value in self._values:
            for reading in value.readings:
                found.setdefault(reading.split()[0], []).append(value)
        return found

    @cached_property
    def _readings(self) -> frozenset[str]:
        return frozenset(reading for value in self._values for reading in value.readings)


def stems(text: str) -> frozenset[str]:
    """The beginnings of the words of `text`; numbers whole."""
    return frozenset(word if word[0].isdigit() else word[:STEM] for word in _WORD.findall(plain(text)))


def _sentences(quote: str) -> Iterator[str]:
    for block in _BLANK_LINE.split(_SPACES.sub(" ", quote)):
        marked = tidy(_NEW_LINE.sub(LINE_END, block))
        for start, end in split_sentences(marked):
            sentence = marked[start:end].strip(LINE_END)
            yield from _pieces(sentence)
            if LINE_END in sentence:
                for line in sentence.split(LINE_END):
                    yield from _pieces(line)


def _pieces(sentence: str) -> Iterator[str]:
    starts = [word.start() for word in _WORD.finditer(sentence)]
    count = len(starts)
    if count <= MAX_WORDS:
        yield sentence
        return
    starts.append(len(sentence))
    for first in range(0, count - MAX_WORDS // 2, MAX_WORDS // 2):
        yield sentence[starts[first] : starts[min(first + MAX_WORDS, count)]]
