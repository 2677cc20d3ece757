"""Whether a sentence is a rewording of its quotes: their terms in about their order, turned by nothing.

Made for one language, that of the sentence and its quotes. It is strict, as what does not pass stays as it is quoted.
"""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from assistant.check import STRICT
from assistant.claims import read, tidy
from assistant.phrases import Cues
from assistant.plain import plain
from index.search import Index

IN_ORDER = 0.7
"""Share of a sentence's terms that its quotes have to hold in the same order."""
ALMOST_THE_SAME = 0.7
"""Ratio of matching terms from which a sentence repeats a quote, so that each change in it counts."""
NEAR_BY = 2
"""Terms over which another may be moved in such a sentence: “cities and regions”, “regions and cities”."""
TURNING = frozenset({"negation", "exception", "only"})
"""Classes of words (`[claims]` in `cues.toml`) that may not come or go; nor may exclusions and conditions."""

_WORD = re.compile(r"[^\W_]+")


def strays(text: str, quotes: Sequence[str], cue: Cues, index: Index) -> list[str]:
    """How `text` says something else than its quotes, one line each; empty where it rewords them."""
    said, account = parted(text, cue)
    their_words, their_accounts = zip(*(parted(quote, cue) for quote in quotes), strict=True)
    terms, held = _terms(said, cue, index), [_terms(words, cue, index) for words in their_words]
    whole = [term for quote in held for term in quote]
    accounts = [_terms(theirs, cue, index) for theirs in their_accounts if theirs]
    reasons = []
    if account and not (accounts and all(_begins(theirs, _terms(account, cue, index)) for theirs in accounts)):
        reasons.append("it names another source than its quote")
    if not terms or not set(terms) <= set(whole):
        reasons.append("it speaks of what is in no quote")
    elif _in_order(terms, whole) < IN_ORDER * len(terms) or any(_exchanges(terms, quote) for quote in held):
        reasons.append("it puts the quote's words in other places")
    if not _turned_alike(said, their_words, cue):
        reasons.append("it adds or leaves out a denial, an exception or a condition")
    return reasons


def parted(text: str, cue: Cues) -> tuple[str, str]:
    """What `text` says, and whose account it says that is: at its beginning up to a comma, else to its end."""
    text = f" {tidy(text)}"
    found = cue.find("sources.attribution", text)
    if not found:
        return text, ""
    if found.start():
        return text[: found.start()], text[found.start() :]
    account, _, said = text.partition(",")
    return said, account


def _terms(text: str, cue: Cues, index: Index) -> list[str]:
    """The terms of `text` in order, without the little words of its language and those that are compared by class.

    What it begins with that says where or when (“Under priority 5, …”) comes last: it may stand there as well.
    """
    if setting := cue.pattern("claims.setting").match(plain(text)):
        text = f"{text[setting.end() :]} {text[: setting.end()]}"
    for _, start, end in _marked(text, cue, STRICT | TURNING):
        text = text[:start] + " " * (end - start) + text[end:]
    return index.analyse(_WORD.sub(lambda word: " " if plain(word[0]) in cue.common else word[0], text))


def _marked(text: str, cue: Cues, kinds: frozenset[str]) -> list[tuple[str, int, int]]:
    """The places in `text` of words of these classes."""
    words = read(text, cue.language).words
    return [(kind, start, end) for word in words for (kind, _), start, end in word.marked if kind in kinds]


def _begins(whole: Sequence[str], part: Sequence[str]) -> bool:
    return list(whole[: len(part)]) == list(part)


def _in_order(terms: Sequence[str], held: Sequence[str]) -> int:
    """How many of `terms` stand in `held` in the same order."""
    return sum(block.size for block in SequenceMatcher(a=held, b=terms, autojunk=False).get_matching_blocks())


def _exchanges(terms: Sequence[str], quote: Sequence[str]) -> bool:
    """Whether a sentence is the quote but for a term that stands in another's place, or far from its own."""
    matcher = SequenceMatcher(a=quote, b=terms, autojunk=False)
    if matcher.ratio() < ALMOST_THE_SAME:
        return False
    left_out: dict[str, int] = {}
    put_in: dict[str, int] = {}
    kept = 0
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "replace":
            return True
        kept += last - first if kind == "equal" else 0
        left_out |= dict.fromkeys(quote[first:last] if kind == "delete" else (), kept)
        put_in |= dict.fromkeys(terms[start:end] if kind == "insert" else (), kept)
    return any(abs(left_out[term] - put_in[term]) > NEAR_BY for term in left_out.keys() & put_in.keys())


def _turned_alike(said: str, quotes: Sequence[str], cue: Cues) -> bool:
    """Whether the same words turn the sentence and its quote; beside other quotes it cannot be told what they turn."""
    ours, theirs = _turns(said, cue), [_turns(quote, cue) for quote in quotes]
    return ours == theirs[0] if len(theirs) == 1 else not any([ours, *theirs])


def _turns(text: str, cue: Cues) -> Counter[str]:
    """How often each kind of word occurs that turns what is said."""
    marked = _marked(text, cue, TURNING)
    turns = Counter(kind for kind, _, _ in marked)
    for excluded in cue.pattern("sources.exclusion").finditer(plain(text)):
        turns["exception"] += not any(start < excluded.end() and excluded.start() < end for _, start, end in marked)
    turns["condition"] = len(cue.pattern("conditions.clause").findall(plain(text)))
    return +turns
