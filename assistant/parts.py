"""Several questions in one message, told apart."""

import re
from collections.abc import Iterator

from assistant.phrases import Cues
from assistant.priorities import first_priority

MOST_PARTS = 10
"""Questions of one message that are answered apart; what comes after them stays with the last."""

_SENTENCE = re.compile(r"(?:[^.?!;\n]|[.](?=\w| \d))+[.?!;\n]*")
_NUMBER_AT_END = re.compile(r"\b\d{1,2}\.$")
_ITEM = re.compile(r"^\s*[-–•*]\s+|(?:(?<=\s)|^)(?:\(?\d{1,2}[.)]|\(?[a-h]\))\s+", re.MULTILINE)


def sentences(text: str, cue: Cues) -> Iterator[str]:
    """The sentences of what somebody typed, as far as marks and lines tell them apart.

    The dot of an ordinal (“die 2. Priorität”) ends none, so after a number the next has to ask something.
    """
    held = ""
    for match in _SENTENCE.finditer(text):
        sentence = match[0].strip()
        if not sentence.strip(" .?!;\n"):
            continue
        if held and (not _NUMBER_AT_END.search(held) or cue.matches("question.asks", sentence)):
            yield held
            held = sentence
        else:
            held = f"{held} {sentence}".strip()
    if held:
        yield held


def asking_sentence(text: str, cue: Cues) -> str:
    """The last sentence of `text` that asks; what stands before it tells of the asker. The whole where none asks."""
    asking = [
        sentence for sentence in sentences(text, cue) if "?" in sentence or cue.matches("question.asks", sentence)
    ]
    return asking[-1] if asking else text


def split_parts(text: str, cue: Cues) -> list[str]:
    """The questions of a message, in order; the whole message where it is one question or none."""
    lead, *rest = _ITEM.split(text)
    subject = first_priority(lead, cue)
    items = [_about(item.strip(" ,;\n"), subject, cue) for item in rest if item.strip(" .,;\n")]
    marked = "?" in text
    questions = items if len(items) > 1 else [part for part in _clauses(text, cue) if _asks(part, cue, marked=marked)]
    if len(questions) < 2:
        return [" ".join(text.split())]
    parts = [*questions[: MOST_PARTS - 1], " ".join(questions[MOST_PARTS - 1 :])]
    return [" ".join(part.split()) for part in parts if part]


def _about(item: str, subject: str | None, cue: Cues) -> str:
    """An item of a list with the priority that its lead-in names, where it names none itself."""
    return f"{item} ({subject})" if subject and not first_priority(item, cue) else item


def _clauses(text: str, cue: Cues) -> Iterator[str]:
    for sentence in sentences(text, cue):
        yield from (clause for clause in cue.split("question.joint", sentence) if clause.strip(" ,.?!;"))


def _asks(part: str, cue: Cues, *, marked: bool) -> bool:
    """Whether a clause is a question. Where questions are `marked` as such, “Siamo un comune.” is none."""
    if marked and part.rstrip().endswith(".") and cue.matches("asker.speaks", part):
        return False
    return "?" in part or cue.matches("question.asks", part)
