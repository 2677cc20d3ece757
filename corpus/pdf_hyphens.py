"""Words that a line break divided become whole again."""

import re
from collections import Counter

from corpus.marks import starts_lower
from corpus.pdf_lines import Line

HYPHENS = "-\u2010\u00ad"
_KEPT_PREFIXES = frozenset(
    {"non", "co", "self", "semi", "ex", "e", "well", "long", "short", "cross", "high", "low", "all"}
)
"""Words that keep their hyphen in compounds (“non-profit”), so that it is not taken for one of the line break."""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def vocabulary(pages: list[list[Line]]) -> Counter[str]:
    """How often each word stands inside a line, where no hyphen is one of the line break."""
    words: Counter[str] = Counter()
    for line in (line for lines in pages for line in lines):
        words.update(word.lower() for word in _WORD.findall(line.text.rstrip(HYPHENS)))
    return words


def joined(before: str, after: str, words: Counter[str]) -> str:
    """Two lines of one paragraph as one, without the hyphen that only divided a word."""
    if before and before[-1] in HYPHENS and len(before) > 1 and before[-2].isalpha() and starts_lower(after):
        return (before if _keeps_hyphen(before, after, words) else before[:-1]) + after
    dash = before and before[-1] in HYPHENS and len(before) > 1 and before[-2].isalnum() and after[:1].isalnum()
    return before + after if dash else f"{before} {after}"


def _keeps_hyphen(before: str, after: str, words: Counter[str]) -> bool:
    """Whether the hyphen at the end of `before` belongs to the word: the document itself says how it is written."""
    if before[-1] == "\u00ad":
        return False
    first = _WORD.findall(before[:-1])[-1].lower()
    second = _WORD.findall(after)[0].lower()
    whole, compound = words[first.rpartition("-")[2] + second], words[f"{first}-{second}"]
    if whole != compound:
        return compound > whole
    return first.rpartition("-")[2] in _KEPT_PREFIXES
