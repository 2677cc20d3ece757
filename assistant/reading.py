"""Reading what a model writes, while it writes: sentences with the numbers they cite, as JSON or as lines."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.model_errors import ModelTrouble
from index.sentences import split_sentences

MOST_UNREAD = 4_000
"""Characters without the end of a sentence from which on there is no sense in waiting for one."""

_MARKERS = re.compile(r"\s*\[\s*(\d{1,4}(?:\s*[,;]\s*\d{1,4})*)\s*\]")
_END_OF_LINE_OR_SENTENCE = re.compile(
    r"\n|(?:(?<=[.!?…”\"])(?:\s*\[\s*\d[\d\s,;]{0,40}\])+|(?:\s*\[\s*\d[\d\s,;]{0,40}\])+[.!?])(?=\s)(?!\s*\[)"
)
_LIST_MARK = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence of a model and the numbers it cites."""

    text: str
    numbers: tuple[int, ...]


class Reader:
    """Takes a reply piece by piece and gives each sentence as soon as it is whole."""

    def __init__(self) -> None:
        self._unread = ""
        self._is_json: bool | None = None
        self._in_list = False
        self._ended = False

    def feed(self, piece: str) -> Iterator[Written]:
        """The sentences that `piece` completes. Raises `ModelTrouble` where it is in no form that can be read."""
        self._unread += piece
        if self._is_json is None:
            start = self._unread.lstrip()
            if start.startswith("`"):
                start = start.partition("\n")[2].lstrip()  # what stands in a fence
            if not start:
                return
            self._is_json = start.startswith("{")
            self._unread = start
        yield from self._objects() if self._is_json else self._lines()
        if len(self._unread) > MOST_UNREAD:
            raise ModelTrouble("unusable", "wrote without an end to its sentence")

    def end(self) -> Iterator[Written]:
        """What is left when the reply is over. Raises `ModelTrouble` where its form was not kept to the end."""
        if self._is_json:
            if not self._ended:
                raise ModelTrouble("unusable", "broke off in the middle of its reply, or wrote broken JSON")
            return
        yield from _sentences(self._unread)
        self._unread = ""

    def _objects(self) -> Iterator[Written]:
        if self._ended:
            self._unread = ""
            return
        if not self._in_list:
            found = re.search(r'"sentences"\s*:\s*\[', self._unread)
            if not found:
                return
            self._in_list = True
            self._unread = self._unread[found.end() :]
        while True:
            self._unread = self._unread.lstrip(", \r\n\t")
            if self._unread.startswith("]"):
                self._ended = True
                return
            if not self._unread:
                return
            try:
                item, end = _DECODER.raw_decode(self._unread)
            except (ValueError, RecursionError):
                return  # not whole yet
            self._unread = self._unread[end:]
            yield from _of_json(item)

    def _lines(self) -> Iterator[Written]:
        while found := _END_OF_LINE_OR_SENTENCE.search(self._unread):
            whole, self._unread = self._unread[: found.end()], self._unread[found.end() :]
            yield from _sentences(whole)


def _of_json(item: Any) -> Iterator[Written]:
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        raise ModelTrouble("unusable", "wrote JSON in another form than was asked for")
    given = item.get("citations")
    numbers = [n for n in given if isinstance(n, int)] if isinstance(given, list) else []
    yield from _sentences(item["text"], numbers)


def _sentences(text: str, numbers: list[int] | None = None) -> Iterator[Written]:
    """The sentences of `text`, each with all numbers of it."""
    cited = [int(number) for match in _MARKERS.finditer(text) for number in re.findall(r"\d+", match[1])]
    cited = list(dict.fromkeys([*(numbers or []), *cited]))
    plain = _LIST_MARK.sub("", _MARKERS.sub("", text)).strip().removesuffix("```").strip()
    for start, end in split_sentences(plain):
        if plain[start:end].strip():
            yield Written(" ".join(plain[start:end].split()), tuple(cited))
