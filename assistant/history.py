"""What a conversation adds to the question at its end. None of it is evidence: it only helps to see what is meant."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.phrases import Cues
from assistant.results import Turn

MOST_WORDS_OF_A_REPLY = 15
"""Somebody who writes more than this after being asked back asks something new."""

_SENTENCE = re.compile(r"[^.?!;\n]+[.?!;\n]*")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question with what the conversation adds."""

    text: str
    """The question in full: the one that was asked back on, where this is the reply."""
    about_asker: tuple[str, ...]
    """What was said of the organisation that asks, oldest first."""
    replies: tuple[str, ...]
    """What was replied when something was asked back, oldest first."""
    asked_back: int
    """How often this conversation asked back."""


def resolve(question: str, history: Sequence[Turn], cue: Cues) -> Resolved:
    """The question at the end of `history` in full."""
    asked_back = [_asked_back(turn) for turn in history]
    replies = bool(history) and asked_back[-1] and _is_reply(question, cue)
    text = _original(history, asked_back) if replies else question
    said: list[str] = []
    replied: list[str] = []
    turns = [
        (turn.content, position > 0 and asked_back[position - 1])
        for position, turn in enumerate(history)
        if turn.role == "user"
    ]
    for content, is_reply in (*turns, (question, replies)):
        if is_reply:
            replied.append(content)
        else:
            said += [sentence for sentence in sentences(content) if cue.matches("question.oneself", sentence)]
    return Resolved(text or question, tuple(said), tuple(replied), sum(asked_back))


def _asked_back(turn: Turn) -> bool:
    return turn.role == "assistant" and turn.result is not None and turn.result.get("status") == "clarify"


def _is_reply(text: str, cue: Cues) -> bool:
    return len(text.split()) <= MOST_WORDS_OF_A_REPLY and "?" not in text and not cue.matches("question.yes_no", text)


def _original(history: Sequence[Turn], asked_back: Sequence[bool]) -> str:
    """The question that was asked back on: what the visitor asked before the row of replies."""
    position = len(history)
    while position > 0 and asked_back[position - 1]:
        position -= 2
    return history[position].content if 0 <= position < len(history) and history[position].role == "user" else ""


def sentences(text: str) -> Iterator[str]:
    """The sentences of what somebody typed, as far as marks and lines tell them apart."""
    yield from (match[0].strip() for match in _SENTENCE.finditer(text) if match[0].strip())
