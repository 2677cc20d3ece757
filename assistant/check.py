"""Whether a sentence is carried by its quotes: what can be decided exactly, exactly, and the rest by its words.

Exact are numbers, dates, amounts, names, negation, modal verbs and quantifiers. A sentence that says almost the words
of a quote is held against it word by word (`assistant/align.py`); another has its values and names in some quote, and
its classes of words in the sentences that are nearest. The one place of these rules: answers are held to them, and
what people or models write.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from assistant.align import Comparison, compare
from assistant.claims import MODALS, Reading, names, read, tidy, without_lead_in, written_in
from assistant.phrases import cues
from assistant.plain import plain
from assistant.priorities import without_priorities
from assistant.quoted import JOINED, Quoted
from assistant.soft import coverage, probability
from assistant.values import extract
from index.sentences import split_sentences

ENOUGH = 5
"""Missing values, and missing names, that are named; no more are looked for."""
OBJECTED = 0.1
"""What the probability of a sentence is multiplied by where an exact rule objects."""
SUPPORTED = 0.5
"""The least probability of what is supported."""

STRICT = frozenset({"at_least", "at_most", "only", "all", "most", "both"})
"""Quantifiers that the nearest sentences have to use where a sentence does."""

_QUOTATIONS = (
    re.compile(r"“(.+)”"),
    re.compile(r"“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|\"([^\"]+)\""),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What `examine` found: why the quotes do not carry a sentence, and how likely it is that they do."""

    reasons: tuple[str, ...]
    probability: float

    @property
    def supported(self) -> bool:
        """Whether the quotes carry the sentence."""
        return not self.reasons and self.probability >= SUPPORTED


def examine(sentence: str, quotes: Sequence[str], ids: Iterable[str] = ()) -> Finding:
    """Hold `sentence` against its quotes. `ids` may stand in it without standing in them: that of the call."""
    held = Quoted(quotes)
    reasons = objections(sentence, held, ids=ids)
    likely = soft(sentence, held)
    if reasons:
        likely *= OBJECTED
    elif likely < SUPPORTED:
        reasons = ["too few of its words stand in the quotes"]
    return Finding(tuple(reasons), round(likely, 4))


def soft(sentence: str, quotes: Sequence[str] | Quoted) -> float:
    """How likely the quotes carry `sentence`, by the words that they share: 0 to 1."""
    claim = tidy(sentence)
    return probability(coverage(without_lead_in(claim, written_in(claim)), _held(quotes)))


def objections(
    sentence: str,
    quotes: Sequence[str] | Quoted,
    language: str | None = None,
    ids: Iterable[str] = (),
    condition: bool = False,
) -> list[str]:
    """Why the quotes do not carry `sentence`, one line each; empty where no exact rule objects.

    `language` is that of the sentence, where it is known. `ids` may stand in it without standing in the quotes. A
    `condition` says what must be, with or without a modal verb.
    """
    claim, held = tidy(sentence), _held(quotes)
    if not held.plain.strip():
        return ["no quote is given"]
    if not any(letter.isalnum() for letter in claim):
        return ["the sentence says nothing"]
    for known in ids:
        claim = claim.replace(known, " ")
    language_of_it = language or written_in(claim)
    reasons: list[str] = []
    own, around = _own_words(claim, held)
    for text in dict.fromkeys(own[start:end] for start, end in split_sentences(own)):
        reasons += _objections(text, held, language_of_it, around, condition)
    return list(dict.fromkeys(reasons))


def _held(quotes: Sequence[str] | Quoted) -> Quoted:
    return quotes if isinstance(quotes, Quoted) else Quoted(quotes)


def _own_words(claim: str, held: Quoted) -> tuple[str, bool]:
    """`claim` without what it repeats verbatim between quotation marks, and whether that is most of it."""
    for pattern in _QUOTATIONS:
        rest = pattern.sub(lambda m: " " if _carried(next(filter(None, m.groups())), held) else m[0], claim)
        if len(rest) < len(claim) / 2:
            return rest, True
    return claim, False


def _carried(words: str, held: Quoted) -> bool:
    """Whether a quote has these very words, and is not turned round by those next to them."""
    wanted = tidy(words)
    if plain(wanted) not in held.plain:
        return False
    if any(plain(wanted) == plain(tidy(quote)) for quote in held.quotes):
        return True
    language = written_in(wanted)
    near = _nearest(read(wanted, language), held, held.best(wanted), language)
    return near is None or not near.faults


def _objections(text: str, held: Quoted, language: str | None, around: bool, condition: bool) -> list[str]:
    claim = without_lead_in(text, language)
    places = held.best(claim)
    theirs = written_in(held.joined(places) or held.plain[:2_000])
    if not around and (near := _nearest(read(claim, theirs), held, places, theirs, condition)):
        added = [(word.start, word.end) for word in near.added]
        return [*near.faults, *_foreign(claim, held, theirs, theirs, added)]
    return [*_foreign(text, held, language, theirs), *_classes(claim, held, places, language, theirs, around)]


def _nearest(
    claim: Reading, held: Quoted, places: Sequence[int], language: str | None, condition: bool = False
) -> Comparison | None:
    """How `claim` compares with the sentence that it almost repeats, or with the best as one; None where with none."""
    single = [compare(claim, read(held.parts[place].text, language), condition) for place in places]
    near = [found for found in single if found.near]
    if not near and len(places) > 1:
        together = compare(claim, read(held.joined(places[:JOINED]), language), condition)
        near = [together] if together.near else []
    return min(near, key=lambda found: (-found.repeated, len(found.faults)), default=None)


def _foreign(
    text: str, held: Quoted, language: str | None, theirs: str | None, spans: Sequence[tuple[int, int]] | None = None
) -> list[str]:
    """Values and names of `text` (of its `spans` alone, where given) that no quote has."""
    cue = cues(language) if language else None

    def counts(start: int, end: int) -> bool:
        return spans is None or any(start < right and left < end for left, right in spans)

    stated = {value.readings for value in extract(without_priorities(text, cue) if cue else text, language)}
    missing = _first(
        text[value.start : value.end]
        for value in extract(text, language)
        if counts(value.start, value.end) and value.readings in stated and not held.has_value(value)
    )
    if cue:
        told = read(without_lead_in(text, language), language)
        missing += _first(
            told.text[word.start : word.end]
            for word in told.words
            if counts(word.start, word.end) and any(not held.has_mark(mark, theirs) for mark in word.marks)
        )
        if language == theirs:
            found = names(told.text, cue)
            missing += _first(n for n, at in found if counts(at, at + len(n)) and not held.has_word(n))
    return [f"“{words}” is in no quote" for words in missing]


def _first(found: Iterable[str]) -> list[str]:
    return list(islice(found, ENOUGH))


def _classes(
    text: str, held: Quoted, places: Sequence[int], language: str | None, theirs: str | None, around: bool
) -> list[str]:
    """Classes of words in `text` that the nearest sentences do not use. `around`: it stands around a verbatim quote."""
    if not language or not theirs:
        return []
    claim = read(text, language)
    near = [read(held.parts[place].text, theirs) for place in places or range(min(JOINED, len(held.parts)))]
    used = frozenset().union(*(reading.marks for reading in near))
    reasons = []
    if "negation" in claim.marks and not used & {"negation", "exception"}:
        reasons.append("it denies what no quote denies")
    for kind in sorted(claim.marks & STRICT):
        if kind not in used:
            reasons.append(f"“{claim.said(kind)}” has nothing like it in the quotes")
    modal = claim.marks & MODALS
    if not around and modal and used & MODALS and not modal & used:
        reasons.append(f"“{claim.said(min(modal))}” is not how the quotes put it")
    return reasons
