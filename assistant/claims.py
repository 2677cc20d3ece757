"""What a text says that can be compared exactly: its words in order, and what they mean beyond themselves.

A word may carry marks: a class of its language (`negation`, `obligation`, `only`, …, by `[claims]` in `cues.toml`), a
month, a weekday, a country or an ordinal by its number, or itself where it holds a digit. Values are those of
`assistant/values.py`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.language import detect, probabilities
from assistant.phrases import Cues, cues, languages_with_cues
from assistant.plain import legible, plain
from assistant.value_words import CURRENCIES
from assistant.values import Value, ValueKind, extract, months

CLASSES = (
    "addition", "at_least", "at_most", "exception", "negation", "obligation", "recommendation", "permission", "only",
    "all", "most", "many", "some", "few", "both",
)  # fmt: skip
"""Classes of words, the one to win first where two match at the same place: “no more than” is no negation."""
MODALS = frozenset({"obligation", "recommendation", "permission"})

Mark = tuple[str, str]
"""A kind and what of it: `("month", "1")`, `("negation", "")`."""
Marked = tuple[Mark, int, int]
"""A mark with the place of the words that have it."""

SURELY = 60
"""Characters from which on a text is in the language that it seems to be in, known here or not."""

_WORD = re.compile(r"\d+(?:[.,:/]\d+)*[^\W\d_]*|[^\W_]+")
_CURRENCY = re.compile(CURRENCIES)
_SENTENCE_START = re.compile(r"(?:[.!?:“„«\"]\s*|\A\W*)\Z")
_POSSESSIVE = re.compile(r"['’]s?\Z")


@dataclass(frozen=True, slots=True)
class Word:
    """A word in its plain form at its place in a text."""

    plain: str
    start: int
    end: int
    marked: tuple[Marked, ...] = ()
    counts: bool = False
    """It is part of a value."""
    named: bool = False
    """It has a capital letter, and its meaning is none of the above: in most languages a name, in German any noun."""

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Its marks; those of several words are on the first."""
        return tuple(mark for mark, _, _ in self.marked)

    @property
    def key(self) -> tuple[str, tuple[Mark, ...]]:
        """What the same word has: that of “at least” is not that of “at most”."""
        return self.plain, self.marks

    @property
    def names_country(self) -> bool:
        """Whether it names a country or what comes from it."""
        return any(kind == "country" for kind, _ in self.marks)

    @property
    def is_common(self) -> bool:
        """Whether nothing about it can be compared but the word itself."""
        return not (self.marked or self.counts or self.named)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as read in one language."""

    text: str
    words: tuple[Word, ...]
    values: tuple[Value, ...]

    @property
    def marks(self) -> frozenset[str]:
        """The kinds of mark in it."""
        return frozenset(kind for word in self.words for kind, _ in word.marks)

    def said(self, kind: str) -> str:
        """The first words with a mark of `kind`, as they are written."""
        return next(self.text[a:b] for word in self.words for mark, a, b in word.marked if mark[0] == kind)


def tidy(text: str) -> str:
    """`text` as it is compared: usual letters, nothing unseen, single spaces."""
    return " ".join(legible(text).split())


def read(text: str, language: str | None) -> Reading:
    """The tidy `text` in `language`, or without classes of words and names of months where it is None."""
    values = tuple(extract(text, language))
    cue = cues(language) if language else None
    words = _words(text)
    marked: list[list[Marked]] = [[] for _ in words]
    if cue:
        _mark_classes(text, cue, values, words, marked)
        _mark_countries(text, cue, words, marked)
    common = cue.common if cue else frozenset()
    made = []
    for word, marks in zip(words, marked, strict=True):
        counts = any(v.start < word.end and word.start < v.end for v in values)
        if cue and not counts and (found := _calendar(cue, text[word.start : word.end], word)):
            marks = [m for m in marks if m[0][0] != "permission"] + [(found, word.start, word.end)]
        if not counts and any(letter.isdigit() for letter in word.plain):
            marks = [*marks, (("code", word.plain), word.start, word.end)]
        capital = text[word.start].isupper() and not marks and not counts and word.plain not in common
        named = capital and not _CURRENCY.fullmatch(word.plain)
        made.append(Word(word.plain, word.start, word.end, tuple(marks), counts, named))
    return Reading(text, tuple(made), values)


def names(text: str, cue: Cues) -> list[tuple[str, int]]:
    """The names in `text` and where each starts, without countries and months.

    The first word of a sentence has its capital anyway and is none.
    """
    lowered = plain(text)
    taken = [m.span() for pattern in cue.countries.values() for m in pattern.finditer(lowered)]
    taken += [(value.start, value.end) for value in extract(text, cue.language)]
    return [
        (_POSSESSIVE.sub("", match[0]), match.start())
        for match in cue.name.finditer(text)
        if not _SENTENCE_START.search(text[: match.start()])
        and plain(match[0]) not in cue.common
        and not any(start <= match.start() < end for start, end in taken)
    ]


def without_lead_in(text: str, language: str | None) -> str:
    """The tidy `text` without the words that name a source before what it says."""
    if language is None:
        return text
    found = cues(language).pattern("claims.lead_in").match(plain(text))
    return text[found.end() :].lstrip() if found and text[found.end() :].strip() else text


@lru_cache
def weekdays(language: str) -> dict[str, str]:
    """By plain name the days of the week, as one language writes them."""
    from babel.dates import get_day_names

    return {plain(name): str(day) for day, name in get_day_names("wide", locale=language).items()}


def written_in(text: str) -> str | None:
    """The language that `text` is in, where its words are known here; a short text is in the likeliest of those."""
    found = detect(text)
    if found in languages_with_cues():
        return found
    if found and len(text) >= SURELY:
        return None
    likely = probabilities(text)
    return max(languages_with_cues(), key=lambda language: likely.get(language, 0.0))


def _words(text: str) -> list[Word]:
    return [Word(m[0], m.start(), m.end()) for m in _WORD.finditer(plain(text))]


def _mark_classes(
    text: str, cue: Cues, values: tuple[Value, ...], words: list[Word], marked: list[list[Marked]]
) -> None:
    dates = [v for v in values if v.kind is ValueKind.DATE]
    for match in _classes(cue.language).finditer(plain(text)):
        if match.lastgroup and not any(d.start <= match.start() < d.end for d in dates):
            _mark(match.start(), match.end(), (match.lastgroup, ""), words, marked)


def _mark_countries(text: str, cue: Cues, words: list[Word], marked: list[list[Marked]]) -> None:
    lowered = plain(text)
    for code, pattern in cue.countries.items():
        for match in pattern.finditer(lowered):
            _mark(match.start(), match.end(), ("country", code), words, marked)


def _mark(start: int, end: int, mark: Mark, words: list[Word], marked: list[list[Marked]]) -> None:
    """Put `mark` on the first word of the span."""
    for word, marks in zip(words, marked, strict=True):
        if word.start < end and start < word.end:
            marks.append((mark, start, end))
            return


@lru_cache
def _classes(language: str) -> re.Pattern[str]:
    data = cues(language).data["claims"]
    return re.compile("|".join(f"(?P<{name}>{data[name]})" for name in CLASSES))


@lru_cache
def _ordinals(language: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in cues(language).data["priorities"]["ordinals"])


def _calendar(cue: Cues, written: str, word: Word) -> Mark | None:
    """A month, weekday or ordinal by its number. What is a verb too (“may”, “march”) has a capital as a month."""
    if day := weekdays(cue.language).get(word.plain):
        return ("weekday", day)
    if (month := months(cue.language).get(word.plain)) and (written[0].isupper() or cue.language != "en"):
        return ("month", str(month))
    for number, pattern in enumerate(_ordinals(cue.language), start=1):
        if pattern.fullmatch(word.plain):
            return ("ordinal", str(number))
    return None
