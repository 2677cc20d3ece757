"""Which priorities a text names: by number ("priority 2", "P2"), by word ("the second priority") or by title."""

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.phrases import Cues, between, cues
from assistant.plain import plain
from corpus.profile import CallProfile

NEAR = 80
"""Characters within which "the fifth one" stands from the word for priority."""


@dataclass(frozen=True, slots=True)
class _Words:
    """How a language counts priorities, made of `[priorities]` in its `cues.toml`."""

    named: re.Pattern[str]
    """A priority or several: `after` the word, `before` it, or as a `short` form."""
    word: re.Pattern[str]
    other: re.Pattern[str]
    """“The fifth one”: one more priority where one was named."""
    number: re.Pattern[str]
    """A single number of the above; `to` before it means a range."""
    by_word: tuple[tuple[re.Pattern[str], int], ...]

    def read(self, span: str) -> set[int]:
        found: list[int] = []
        for match in self.number.finditer(span):
            number = self._value(match["number"])
            found.extend(range(found[-1] + 1, number) if match["to"] and found else ())
            found.append(number)
        return set(found)

    def _value(self, said: str) -> int:
        if digits := re.match(r"\d+", said):
            return int(digits[0])
        return next(number for pattern, number in self.by_word if pattern.fullmatch(said))


@lru_cache
def _words(language: str) -> _Words:
    data = cues(language).data["priorities"]
    ordinals, cardinals = data["ordinals"], data["cardinals"]
    word, joined, to, sign = data["word"], data["and"], data["to"], data["sign"]
    digits = r"\d{1,2}(?![\d%]|[.,/]\d)"
    ordinal = rf"(?:\b\d{{1,2}}(?:{sign})|\b(?:{'|'.join(ordinals)})\b)"
    spelled = rf"\b(?:{'|'.join((*cardinals, *ordinals))})\b"
    several = rf"{digits}(?:{sign})?(?:(?:\s*[,&/]\s*|\s*[-–]\s*|,?\s+(?:{joined}|{to})\s+){digits})*"
    after = rf"(?:{data['number']})?\s*(?P<after>{several}|{spelled}(?:\s+(?:{joined}|{to})\s+{spelled})*)"
    join = rf"(?:,?\s+(?:{joined}|{to})\s+|,\s*)(?:\w{{2,3}}\s+)?"
    before = rf"(?P<before>{ordinal}(?:{join}{ordinal})*)\s+(?:{word})(?!\w)"
    return _Words(
        named=re.compile(
            rf"\b(?:{word})(?!\w)[\s:]*{after}|{before}(?!\s*(?:{data['number']})?\s*\d)|\bp(?P<short>\d)\b"
        ),
        word=re.compile(rf"\b(?:{word})(?!\w)"),
        other=re.compile(data["other"].replace("ORDINAL", f"(?P<other>{ordinal})")),
        number=re.compile(rf"(?P<to>[-–]\s*|\b(?:{to})\s+)?(?P<number>\b\d{{1,2}}|{spelled})"),
        by_word=tuple(
            (re.compile(pattern), number)
            for words in (cardinals, ordinals)
            for number, pattern in enumerate(words, start=1)
        ),
    )


def priorities_in(text: str, cue: Cues, profile: CallProfile | None) -> frozenset[int]:
    """The numbers of the priorities that `text` names, by number, word or title; ranges count whole."""
    words, lowered = _words(cue.language), plain(text)
    found = {number for _, said in _places(words, lowered) for number in words.read(said)}
    if profile and not found:
        for priority in profile.priorities:
            if any(plain(name) in lowered for name in (priority.title, *priority.aliases)):
                found.add(priority.number)
    return frozenset(found)


def without_priorities(text: str, cue: Cues) -> str:
    """`text` without the places where it names priorities by number or word."""
    return " ".join(between(text, (match for match, _ in _places(_words(cue.language), plain(text)))))


def blanked(text: str, cue: Cues) -> str:
    """The same with spaces in their place, as long as `text`."""
    for match, _ in _places(_words(cue.language), plain(text)):
        text = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
    return text


def first_priority(text: str, cue: Cues) -> str | None:
    """The first place where `text` names priorities by number or word, as it is written."""
    match = _words(cue.language).named.search(plain(text))
    return text[match.start() : match.end()] if match else None


def with_priority_of(rest: str, before: str, cue: Cues) -> str:
    """`rest` completed by `before`, whose priorities give way to those of `rest`, “the fifth one” among them."""
    if first_priority(rest, cue):
        return f"{rest}: {without_priorities(before, cue)}"
    words, lowered = _words(cue.language), plain(before)
    other, named = words.other.search(plain(rest)), words.named.search(lowered)
    word = words.word.search(lowered, *named.span()) if named else None
    if not other or not named or not word:
        return f"{rest}: {before}"
    (number,) = words.read(other["other"])
    left = f"{rest[: other.start()]} {rest[other.end() :]}".strip()
    full = f"{before[: named.start()]}{before[word.start() : word.end()]} {number}{before[named.end() :]}"
    return f"{left}: {full}" if left else full


def _places(words: _Words, lowered: str) -> list[tuple[re.Match[str], str]]:
    """Where priorities are named, with the words that count them, in order; one that only the word nearby tells too."""
    named = [(match, match["after"] or match["before"] or match["short"]) for match in words.named.finditer(lowered)]
    others = [
        (match, match["other"])
        for match in words.other.finditer(lowered)
        if words.word.search(lowered, max(0, match.start() - NEAR), match.end() + NEAR)
        and not any(match.start() < known.end() and known.start() < match.end() for known, _ in named)
    ]
    return sorted([*named, *others], key=lambda place: place[0].start())
