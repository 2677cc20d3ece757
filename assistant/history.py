"""What a conversation adds to the question at its end. None of it is evidence: it only helps to see what is meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.asker import countries_in, without_countries
from assistant.parts import sentences, split_parts
from assistant.phrases import Cues
from assistant.plain import legible, plain
from assistant.premise import split_premise
from assistant.priorities import blanked, first_priority, with_priority_of
from assistant.results import MAX_QUESTION, Turn
from assistant.values import extract

MOST_WORDS_OF_A_REPLY = 15
"""Somebody who writes more than this after being asked back asks something new."""

MOST_WORDS_OF_A_FOLLOW_UP = 14
"""A longer question is understood by itself."""

MOST_WORDS_OF_A_REST = 5
"""What begins like a follow-up and is no longer than this has no verb of its own: “and for priority 4?”."""

MOST_WORDS_AFTER_WHAT = 3
"""The same for what begins with “what” or the like: “and what time?”, but not “and what equipment rules apply?”."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What came before a question."""

    question: str
    """The last one that was asked, in full; empty where there was none."""
    answer: str
    """What was said to it. Tells what “it” may be, and nothing else."""
    about_asker: tuple[str, ...]
    """What was said of the organisation that asks, oldest first."""
    replies: tuple[str, ...]
    """What was replied when something was asked back, oldest first."""
    replied: tuple[tuple[str, str], ...]
    """What was asked back since that question, each with the reply."""
    asked_back: int
    """How often something was asked back."""
    asking_back: str
    """The question at its end that waits for a reply; empty where none does."""

    @property
    def awaits_reply(self) -> bool:
        """Whether the last thing said was to ask back."""
        return bool(self.asking_back)

    def with_reply(self, reply: str) -> "Conversation":
        """The conversation after `reply` to what was asked last."""
        return replace(
            self, replies=(*self.replies, reply), replied=(*self.replied, (self.asking_back, reply)), asking_back=""
        )

    def with_question(self) -> "Conversation":
        """The conversation after a question that is no reply: what was replied before it belonged to another."""
        return replace(self, replied=() if self.question else self.replied)


def read_history(history: Sequence[Turn], cue: Cues) -> Conversation:
    """The conversation so far."""
    so_far = Conversation("", "", (), (), (), 0, "")
    for turn in history:
        said = legible(turn.content)[:MAX_QUESTION]
        if turn.role == "assistant":
            asking_back = _asking_back(turn)
            so_far = replace(
                so_far, answer=said, asking_back=asking_back, asked_back=so_far.asked_back + bool(asking_back)
            )
        elif so_far.awaits_reply and is_reply(said, cue):
            so_far = so_far.with_reply(said)
        else:
            so_far = replace(
                so_far.with_question(),
                about_asker=(*so_far.about_asker, *said_of_oneself(said, cue)),
                question=in_full(_main(said, cue), so_far.question, so_far.answer, cue),
            )
    return so_far


def _asking_back(turn: Turn) -> str:
    """The question that an answer asked back; the whole answer where its result does not tell it apart."""
    if turn.result is None or turn.result.get("status") != "clarify":
        return ""
    clarification = turn.result.get("clarification")
    question = clarification.get("question") if isinstance(clarification, dict) else None
    return legible(question if isinstance(question, str) and question.strip() else turn.content)[:MAX_QUESTION] or "?"


def _main(message: str, cue: Cues) -> str:
    """The question of a message that a follow-up goes on from: the last, but for the deadline, which is one for all.

    What it took for granted stays behind.
    """
    parts = [_without_premise(part, cue) for part in split_parts(message, cue)]
    return next((part for part in reversed(parts) if not cue.matches("question.deadline", part)), parts[-1])


def _without_premise(question: str, cue: Cues) -> str:
    premise = split_premise(question, cue)
    return premise.rest if premise and premise.rest else question


def is_reply(text: str, cue: Cues) -> bool:
    """Whether `text`, after something was asked back, is the reply and no new question."""
    return len(text.split()) <= MOST_WORDS_OF_A_REPLY and "?" not in text and not cue.matches("question.asks", text)


def said_of_oneself(text: str, cue: Cues) -> list[str]:
    """The sentences in which somebody speaks of their own organisation."""
    return [sentence for sentence in sentences(text, cue) if cue.matches("asker.speaks", sentence)]


def in_full(question: str, before: str, answer: str, cue: Cues) -> str:
    """`question` with what it leaves to the one `before` it, and to its `answer`, put in; itself where that is nothing.

    What is left out (“and for NGOs?”) is taken from the question before. What only points back (“how long may it
    last?”) keeps its own words and is given the priority or call that was spoken of.
    """
    if not before or len(question.split()) > MOST_WORDS_OF_A_FOLLOW_UP:
        return question
    begins, points = cue.matches("question.goes_on", question), cue.matches("question.points_back", question)
    if not begins and not points:
        return question
    start = cue.find("question.goes_on", question)
    rest = question[start.end() if start else 0 :].strip(" ?!.,¿¡")
    words = set(re.findall(r"[^\W_]+", plain(cue.without("question.points_back", rest))))
    most = MOST_WORDS_AFTER_WHAT if cue.matches("question.wh_word", rest) else MOST_WORDS_OF_A_REST
    elliptic = len(rest.split()) <= most and not cue.matches("question.whole", rest)
    asks_a_figure = any(cue.matches(f"expects.{kind}", rest) for kind in cue.expects)
    if (elliptic or words <= cue.words("light")) and not asks_a_figure:
        return with_priority_of(rest, _without_what_changes(rest, before, cue), cue)
    if first_priority(question, cue):
        return question
    spoken_of = first_priority(before, cue) or first_priority(answer, cue)
    return f"{question} ({spoken_of})" if spoken_of else question


def _without_what_changes(rest: str, before: str, cue: Cues) -> str:
    """`before` without the figures and countries whose place those of `rest` take: “and an Irish one?”."""
    kinds = {value.kind for value in extract(blanked(rest, cue), cue.language)}
    for value in reversed(extract(blanked(before, cue), cue.language)):
        if value.kind in kinds:
            before = before[: value.start] + before[value.end :]
    return without_countries(before, cue) if countries_in(rest, cue) else before
