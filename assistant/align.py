"""Where a sentence says almost the words of another, and how it differs in what counts.

The words of both are aligned; what then differs in a value, a name, a negation, a modal verb or a quantifier is a
fault, whichever of the two has it. Left out is what may be left out: a value, a month or a name with nothing in its
place, and what stands before and after the part that is repeated, but for a word next to it that turns it round.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from assistant.claims import MODALS, Mark, Reading, Word
from assistant.values import Value, carries

NEAREST = 4
"""Words before and after the repeated part that may turn it round, within the same clause: “It is not true that …”."""
NEAR = 0.75
"""Share of words repeated from which on a sentence is taken for the other one with changes."""
STRAY = 2
"""A match of at most so many words, far from the others, is chance."""
FAR = 5
"""Words that a gap between two matches has more on one side than on the other where they are far from each other."""
_REPLACED = (MODALS, frozenset({"month"}), frozenset({"weekday"}), frozenset({"country"}), frozenset({"ordinal"}),
             frozenset({"code"}))  # fmt: skip
"""Kinds that may move in a sentence; where one stands in another's place, it is a fault."""
_MAY_MOVE = frozenset().union(*_REPLACED)
_CLAUSE_ENDS = frozenset(",;:.!?()[]–—…¦")
_SHORT = 4
"""Names are compared where at most so many words stand in the place of so many."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How near a sentence is to another, and what is wrong in it."""

    repeated: float
    """Share of the sentence's words that repeat the other's; what is compared exactly counts half."""
    common: float
    """The same among the words of which nothing but the word itself is compared."""
    faults: tuple[str, ...]
    added: tuple[Word, ...] = ()
    """The sentence's words that repeat none of the other's."""

    @property
    def near(self) -> bool:
        """Whether the sentence is the other one but for what is compared exactly."""
        return self.common >= NEAR and self.repeated >= 0.5


@dataclass(frozen=True, slots=True)
class _Segment:
    """Words of the quote, and the words of the claim that stand in their place."""

    old: Sequence[Word]
    new: Sequence[Word]
    inner: bool = True
    """Between two repeated parts."""


def compare(claim: Reading, quote: Reading, condition: bool = False) -> Comparison:
    """Align the sentence `claim` with `quote`. A `condition` says what must be, so its modal verb may be left out."""
    old, new = quote.words, claim.words
    if not new:
        return Comparison(1.0, 1.0, ())
    matcher = SequenceMatcher(None, [w.key for w in old], [w.key for w in new], autojunk=False)
    blocks = _without_stray([b for b in matcher.get_matching_blocks() if b[2]])
    if not blocks:
        return Comparison(0.0, 0.0, (), new)
    kept = [word for _, start, size in blocks for word in new[start : start + size]]
    repeated = sum(map(_weight, kept)) / sum(map(_weight, new))
    if common := [word for word in new if word.is_common]:
        share = sum(word.is_common for word in kept) / len(common)
    else:
        share = repeated
    faults = _faults(claim, quote, _segments(claim, quote, blocks), condition)
    same = {word.start for word in kept}
    added = tuple(word for word in new if word.start not in same)
    return Comparison(repeated, share, tuple(dict.fromkeys(faults)), added)


def _weight(word: Word) -> float:
    return 1.0 if word.is_common else 0.5


Block = tuple[int, int, int]


def _without_stray(blocks: Sequence[Block]) -> list[Block]:
    kept = list(blocks)
    while len(kept) > 1 and kept[0][2] <= STRAY and _far(kept[0], kept[1]):
        kept.pop(0)
    while len(kept) > 1 and kept[-1][2] <= STRAY and _far(kept[-2], kept[-1]):
        kept.pop()
    return kept


def _far(one: Block, two: Block) -> bool:
    gap_old, gap_new = two[0] - one[0] - one[2], two[1] - one[1] - one[2]
    return abs(gap_old - gap_new) > FAR


def _segments(claim: Reading, quote: Reading, blocks: Sequence[Block]) -> list[_Segment]:
    old, new = quote.words, claim.words
    first, last = blocks[0], blocks[-1]
    segments = [_Segment(_clause_before(quote, first[0]), new[: first[1]], inner=False)]
    for one, two in pairwise(blocks):
        segments.append(_Segment(old[one[0] + one[2] : two[0]], new[one[1] + one[2] : two[1]]))
    segments.append(_Segment(_clause_after(quote, last[0] + last[2]), new[last[1] + last[2] :], inner=False))
    return [segment for segment in segments if segment.old or segment.new]


def _clause_before(quote: Reading, first: int) -> Sequence[Word]:
    start = first
    while start > max(0, first - NEAREST) and not _parted(quote, start - 1, start):
        start -= 1
    return quote.words[start:first]


def _clause_after(quote: Reading, last: int) -> Sequence[Word]:
    end = last
    while end < min(len(quote.words), last + NEAREST) and not _parted(quote, end - 1, end):
        end += 1
    return quote.words[last:end]


def _parted(quote: Reading, left: int, right: int) -> bool:
    between = quote.text[quote.words[left].end : quote.words[right].start]
    return not _CLAUSE_ENDS.isdisjoint(between)


def _faults(claim: Reading, quote: Reading, segments: Sequence[_Segment], condition: bool) -> Iterable[str]:
    for segment in segments:
        yield from _stays(claim, quote, segment)
        yield from _replaced(claim, quote, segment)
        yield from _values(claim, quote, segment)
        yield from _names(claim, quote, segment)
    yield from _modals(claim, quote, segments, condition)


def _stays(claim: Reading, quote: Reading, segment: _Segment) -> Iterable[str]:
    """What may not move: negations and quantifiers."""
    old, new = (_marks(words, frozenset()) for words in (segment.old, segment.new))
    for mark in new - old:
        yield f"“{_said(claim, segment.new, mark)}” is not what the quote says there"
    for mark in old - new:
        if mark[0] != "at_most" or "permission" not in claim.marks:  # what may last up to 3 years may last 3 years
            yield f"the quote says “{_said(quote, segment.old, mark)}” there"


def _replaced(claim: Reading, quote: Reading, segment: _Segment) -> Iterable[str]:
    for kinds in _REPLACED:
        old, new = (_marks(words, kinds) for words in (segment.old, segment.new))
        if old and new and not old & new:
            yield _instead(_said(claim, segment.new, next(iter(new))), _said(quote, segment.old, next(iter(old))))


def _modals(claim: Reading, quote: Reading, segments: Sequence[_Segment], condition: bool) -> Iterable[str]:
    """Modal verbs move, in German to the end of the clause; but none is added and none left out."""
    inner = [segment for segment in segments if segment.inner or segment.new]
    old_words = [word for segment in inner for word in segment.old]
    new_words = [word for segment in inner for word in segment.new]
    old, new = _marks(old_words, MODALS), _marks(new_words, MODALS)
    for mark in new - old:
        yield f"“{_said(claim, new_words, mark)}” is not what the quote says there"
    for mark in Counter() if condition else old - new:
        yield f"the quote says “{_said(quote, old_words, mark)}” there"


def _marks(words: Sequence[Word], kinds: frozenset[str]) -> Counter[Mark]:
    """The marks of these kinds; where none is named, those that may not move."""
    return Counter(m for w in words for m in w.marks if (m[0] in kinds if kinds else m[0] not in _MAY_MOVE))


def _said(reading: Reading, words: Sequence[Word], mark: Mark) -> str:
    return next(reading.text[start:end] for word in words for known, start, end in word.marked if known == mark)


def _values(claim: Reading, quote: Reading, segment: _Segment) -> Iterable[str]:
    old, new = _values_in(quote, segment.old), _values_in(claim, segment.new)
    for value in new:
        if old and not any(carries(known, value) for known in old):
            yield _instead(claim.text[value.start : value.end], quote.text[old[0].start : old[0].end])
    if not new and segment.inner and len(segment.old) == len(segment.new):
        for known in old:
            if not any(carries(known, value) for value in claim.values):
                yield f"the quote says “{quote.text[known.start : known.end]}” there"


def _values_in(reading: Reading, words: Sequence[Word]) -> list[Value]:
    return [v for v in reading.values if any(w.start < v.end and v.start < w.end for w in words)]


def _names(claim: Reading, quote: Reading, segment: _Segment) -> Iterable[str]:
    if max(len(segment.old), len(segment.new)) > _SHORT:
        return
    old = [w for w in segment.old if (w.named or w.names_country) and not _resembles_any(w, segment.new)]
    new = [w for w in segment.new if w.named and not _resembles_any(w, segment.old)]
    if old and new:
        yield _instead(claim.text[new[0].start : new[0].end], quote.text[old[0].start : old[0].end])


def _resembles_any(word: Word, others: Sequence[Word]) -> bool:
    return any(resemble(word.plain, other.plain) for other in others)


def resemble(one: str, two: str) -> bool:
    """Whether two plain words may be forms of one word: the same beginning, and endings of a few letters."""
    shorter = min(len(one), len(two))
    if shorter < 4:
        return one == two
    same = max(4, shorter - 2)
    return one[:same] == two[:same] and abs(len(one) - len(two)) <= 3


def _instead(new: str, old: str) -> str:
    return f"“{new}” stands where the quote has “{old}”"
