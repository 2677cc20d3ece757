"""Whether a sentence is a rewording of its quotes: each of them whole, in its order, turned by nothing.

Made for one language, that of the sentence and its quotes. Little words may change, a bracket or the call's ID may go,
and what says where or when may stand first or last. It is strict, as what does not pass stays as it is quoted.
"""

import re
from collections.abc import Sequence

from assistant.check import STRICT
from assistant.claims import read, tidy
from assistant.phrases import Cues
from assistant.plain import plain
from index.search import Index

COMPARED = STRICT | {"negation", "exception", "only", "permission", "obligation", "recommendation"}
"""Classes of words (`[claims]` in `cues.toml`) of which another may stand in a word's place."""

_WORD = re.compile(r"[^\W_]+")
_BRACKET = re.compile(r"\(([^()]{0,200})\)")
_CALL = re.compile(r"(?:\b\w+ )?\b[A-Z]{2}[A-Z0-9]*-[A-Z0-9-]*\d{4}(?:-[A-Z0-9]+)*\b")
"""A call's ID with the little word before it."""


def strays(text: str, quotes: Sequence[str], cue: Cues, index: Index) -> list[str]:
    """How `text` says something else than its quotes, one line each; empty where it rewords each of them."""
    said, account = parted(text, cue)
    if not _terms(said, cue, index):
        return ["it says nothing"]
    reasons = []
    for theirs, their_account in (parted(quote, cue) for quote in quotes):
        if account and _account(account) != _account(their_account):
            reasons.append("it names another source than its quote")
        if _terms(said, cue, index) != _terms(theirs, cue, index):
            reasons.append("it is not what its quote says, as a whole")
        if not set(_BRACKET.findall(said)) <= set(_BRACKET.findall(theirs)):
            reasons.append("it puts something else into a bracket")
    return list(dict.fromkeys(reasons))


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


def _account(text: str) -> str:
    """Whose account it is, without what a bracket or a comma adds."""
    return " ".join(_WORD.findall(plain(re.split(r"[(,]", text.strip(" ,"))[0])))


def _terms(text: str, cue: Cues, index: Index) -> list[str]:
    """The terms of `text` in order, little words left out but for those that tell a direction or are compared by class.

    What it begins with that says where or when (“Under priority 5, …”) comes last: it may stand there as well.
    """
    text = _BRACKET.sub(" ", _CALL.sub(lambda call: _without_call(call[0], cue), text))
    if setting := cue.pattern("claims.setting").match(plain(text)):
        text = f"{text[setting.end() :]} {text[: setting.end()]}"
    terms: list[str] = []
    done = 0
    for kind, start, end in sorted((*_classes(text, cue), *_directions(text, cue)), key=lambda found: found[1:]):
        if start >= done:
            terms += [*_analysed(text[done:start], cue, index), f"<{kind}>"]
            done = end
    return terms + _analysed(text[done:], cue, index)


def _without_call(found: str, cue: Cues) -> str:
    before, space, _ = found.rpartition(" ")
    little = plain(before) in cue.common or cue.pattern("claims.direction").fullmatch(plain(before))
    return " " if little else f"{before}{space}"


def _analysed(text: str, cue: Cues, index: Index) -> list[str]:
    return index.analyse(_WORD.sub(lambda word: " " if plain(word[0]) in cue.common else word[0], text))


def _classes(text: str, cue: Cues) -> list[tuple[str, int, int]]:
    """The places in `text` of words that are compared by their class."""
    words = read(text, cue.language).words
    return [(kind, start, end) for word in words for (kind, _), start, end in word.marked if kind in COMPARED]


def _directions(text: str, cue: Cues) -> list[tuple[str, int, int]]:
    """The places of words that tell a direction, a time, a condition or a hedge: each stands for itself."""
    patterns = (cue.pattern("claims.direction"), cue.pattern("sources.hedge"))
    return [(match[0], *match.span()) for pattern in patterns for match in pattern.finditer(plain(text))]
