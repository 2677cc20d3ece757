"""Reading what a model writes, while it writes: sentences with the numbers they cite, as JSON or as lines.

Takes time in proportion to what is read, in whatever pieces: lines are searched once for where they end, and what waits
for its end is bounded.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.model_errors import ModelTrouble
from assistant.plain import seen
from index.sentences import split_sentences

MOST_UNREAD = 4_000
"""Characters without the end of a sentence from which on there is no sense in waiting for one."""
AT_ONCE = 1_000
"""Characters that are read at once, however many come."""

_MARKER = r"\s{0,3}\[\s{0,3}\d[\d\s,;]{0,40}\]"
_MARKERS = re.compile(r"\s{0,3}\[\s{0,3}(\d{1,4}(?:\s{0,3}[,;]\s{0,3}\d{1,4}){0,12})\s{0,3}\]")
_MAYBE_END = re.compile(r"\n|[\].!?](?=\s)(?!\s{0,3}\[)")
_CITED_END = re.compile(rf"(?:[.!?…”\"](?:{_MARKER}){{1,8}}|{_MARKER}[.!?])\Z")
_CITED_LENGTH = 400
"""No end of a sentence with its markers is longer."""
_LIST_MARK = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
_FENCE = re.compile(r"```[a-z]{0,12}")
_BROKEN_JSON = re.compile(r'"text"\s{0,3}:')
_LIST = re.compile(r'"sentences"\s{0,9}:\s{0,9}\[')
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence of a model and the numbers it cites."""

    text: str
    numbers: tuple[int, ...]


class Reader:
    """Takes a reply piece by piece and gives each sentence as soon as it is whole.

    A reply is JSON where a brace opens before any sentence cites; what stands before the brace is left out.
    """

    def __init__(self) -> None:
        self._unread = ""
        self._searched = 0
        """Up to where no line or sentence ends in it."""
        self._is_json: bool | None = None
        self._uncited: list[Written] = []
        """Sentences that came before it was clear whether the reply is JSON."""
        self._in_list = False
        self._ended = False

    def feed(self, piece: str) -> Iterator[Written]:
        """The sentences that `piece` completes. Raises `ModelTrouble` where it is in no form that can be read."""
        for at in range(0, len(piece), AT_ONCE):
            self._unread += piece[at : at + AT_ONCE]
            if self._is_json is None:
                yield from self._beginning()
            yield from self._objects() if self._is_json else self._lines() if self._is_json is False else ()
            if len(self._unread) > MOST_UNREAD:
                raise ModelTrouble("unusable", "wrote without an end to its sentence")

    def end(self) -> Iterator[Written]:
        """What is left when the reply is over. Raises `ModelTrouble` where its form was not kept to the end."""
        if self._is_json:
            if not self._ended:
                raise ModelTrouble("unusable", "broke off in the middle of its reply, or wrote broken JSON")
            return
        yield from self._uncited
        yield from _sentences(self._unread)
        self._unread = ""

    def _beginning(self) -> Iterator[Written]:
        """Find out what the reply is, as far as that can be told."""
        self._unread, brace, rest = self._unread.partition("{")
        self._uncited += self._lines()
        if any(written.numbers for written in self._uncited):
            self._is_json = False
            yield from self._uncited
            self._uncited = []
        elif brace:
            self._is_json = True
            self._uncited, self._unread = [], ""
        self._unread += brace + rest

    def _objects(self) -> Iterator[Written]:
        if not self._in_list and (found := _LIST.search(self._unread)):
            self._in_list = True
            self._unread = self._unread[found.end() :]
        while self._in_list and not self._ended:
            self._unread = self._unread.lstrip(", \r\n\t")
            if self._unread.startswith("]"):
                self._ended = True
                break
            try:
                item, end = _DECODER.raw_decode(self._unread)
            except (ValueError, RecursionError):
                return  # not whole yet
            self._unread = self._unread[end:]
            yield from _of_json(item)
        if self._ended:
            self._unread = ""

    def _lines(self) -> Iterator[Written]:
        while end := self._end_of_line_or_sentence():
            whole, self._unread, self._searched = self._unread[:end], self._unread[end:], 0
            if not whole.isspace():
                yield from _sentences(whole)

    def _end_of_line_or_sentence(self) -> int | None:
        for found in _MAYBE_END.finditer(self._unread, self._searched):
            end = found.end()
            if found[0] == "\n" or _CITED_END.search(self._unread[max(0, end - _CITED_LENGTH) : end]):
                return end
        self._searched = max(0, len(self._unread) - 1)  # what comes next tells whether the last character is an end
        return None


def _of_json(item: Any) -> Iterator[Written]:
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        raise ModelTrouble("unusable", "wrote JSON in another form than was asked for")
    given = item.get("citations")
    numbers = [n for n in given if type(n) is int] if isinstance(given, list) else []
    yield from _sentences(item["text"], numbers)


def _sentences(text: str, numbers: list[int] | None = None) -> Iterator[Written]:
    """The sentences of `text`, each with all numbers of it; none where it is a piece of broken JSON."""
    if _BROKEN_JSON.search(text):
        return
    text = _FENCE.sub("", seen(text))
    cited = [int(number) for match in _MARKERS.finditer(text) for number in re.findall(r"\d+", match[1])]
    cited = list(dict.fromkeys([*(numbers or []), *cited]))
    plain = _LIST_MARK.sub("", _MARKERS.sub("", text)).strip()
    for start, end in split_sentences(plain):
        if plain[start:end].strip():
            yield Written(" ".join(plain[start:end].split()), tuple(cited))
