"""What a question takes for granted, told from what it asks: “since the deadline is 31 March, how long is left?”."""

import re
from dataclasses import dataclass

from assistant.phrases import Cues
from assistant.priorities import first_priority

_END = re.compile(r"[,;:](?!\d)|(?<!\d)[.?!]|(?<=\d{4})[.?!]")


@dataclass(frozen=True, slots=True)
class Premise:
    """A claim about the call, and the question without it; empty where nothing else is asked."""

    claim: str
    rest: str


def split_premise(text: str, cue: Cues) -> Premise | None:
    """The first premise of `text`; None where it has none, or speaks only of what the asker is or plans."""
    found = cue.find("question.premise", text)
    if found is None:
        return None
    end = _END.search(text, found.end())
    stop = end.start() if end else len(text)
    claim = text[found.end() : stop].strip()
    if cue.matches("question.oneself", claim) and not cue.matches("question.limit", claim):
        return None
    before, after = text[: found.start()].strip(" ,;:"), text[stop:].strip(" ,;:.?!")
    rest = " ".join(filter(None, (before, after)))
    mark = "?" if "?" in text[stop:] or (before and "?" in text) else ""
    subject = first_priority(claim, cue)
    if rest and subject and not first_priority(rest, cue):
        rest = f"{rest} ({subject})"
    return Premise(claim, f"{rest}{mark}" if rest else "") if claim else None
