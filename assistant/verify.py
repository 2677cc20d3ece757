"""Step 5: nothing leaves that its quotes do not carry, whoever wrote it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.check import objections
from assistant.evidence import Evidence
from assistant.phrases import Cues
from assistant.priorities import without_priorities
from assistant.results import AnswerSentence, Citation, Condition, Conflict, Dropped
from assistant.values import extract
from assistant.write import Draft, DraftSentence

_BRACKETED = re.compile(r"\[(\d+)\]")
_FRAME_NUMBER = re.compile(r"https?://\S+|\S*[A-Z]{2,}-\S*\d\S*")


@dataclass(frozen=True, slots=True)
class Verified:
    """What is left of a draft, numbered."""

    sentences: tuple[AnswerSentence, ...]
    conditions: tuple[Condition, ...]
    conflicts: tuple[Conflict, ...]
    citations: tuple[Citation, ...]
    dropped: tuple[Dropped, ...]

    def with_dropped(self, earlier: tuple[Dropped, ...]) -> "Verified":
        """The same, with what an earlier check dropped."""
        return replace(self, dropped=(*earlier, *self.dropped))

    @property
    def answer(self) -> str:
        """The sentences with their markers, as Markdown."""
        return " ".join(
            _BRACKETED.sub(r"\\[\1\\]", s.text) + "".join(f" [{n}]" for n in s.citations) for s in self.sentences
        )


def verify(draft: Draft, question: str, cue: Cues) -> Verified:
    """Check every sentence and conflict of `draft` against its quotes, drop what fails, and number what stands."""
    numbers: dict[tuple[str, int, int], int] = {}
    citations: list[Citation] = []
    dropped: list[Dropped] = []

    def cite(evidence: Iterable[Evidence]) -> tuple[int, ...]:
        cited = []
        for item in evidence:
            key = (item.document.id, item.start, item.end)
            if key not in numbers:
                numbers[key] = len(numbers) + 1
                citations.append(_citation(numbers[key], item))
            cited.append(numbers[key])
        return tuple(dict.fromkeys(cited))

    sentences = []
    for sentence in draft.sentences:
        if reasons := _faults(sentence, question, cue):
            dropped.append(Dropped(text=sentence.text, reason="; ".join(reasons)))
        else:
            sentences.append(AnswerSentence(text=sentence.text, kind=sentence.kind, citations=cite(sentence.evidence)))
    conditions = []
    for condition in draft.conditions:
        written = condition.evidence[0].cue  # the profile's words are in the language of its documents
        said, quotes = _without_label(condition.text, written), [e.text for e in condition.evidence]
        if reasons := objections(said, quotes, written.language, condition=True):
            dropped.append(Dropped(text=condition.text, reason="; ".join(reasons)))
        else:
            cited = cite(condition.evidence)
            conditions.append(Condition(text=condition.text, met=condition.met, citations=cited))
    conflicts = []
    for conflict in draft.conflicts:
        if reasons := objections(conflict.text, [e.text for e in conflict.evidence], cue.language):
            dropped.append(Dropped(text=conflict.text, reason="; ".join(reasons)))
        else:
            conflicts.append(Conflict(text=conflict.text, citations=cite(conflict.evidence)))
    return Verified(tuple(sentences), tuple(conditions), tuple(conflicts), tuple(citations), tuple(dropped))


def _without_label(text: str, cue: Cues) -> str:
    """A condition without the priorities that it holds for, where they stand before a colon."""
    label, _, rest = text.partition(": ")
    joining = re.compile(rf"[\s,]|\b(?:{cue.data['priorities']['and']})\b")
    return text if not rest or joining.sub("", without_priorities(label, cue)) else rest


def _faults(sentence: DraftSentence, question: str, cue: Cues) -> list[str]:
    if sentence.kind == "frame":
        asked = extract(question)
        rest = without_priorities(_FRAME_NUMBER.sub(" ", sentence.text), cue)
        stray = [v for v in extract(rest, cue.language) if not any(v.agrees(known) for known in asked)]
        return ["a frame states a number"] if stray or sentence.evidence else []
    if not sentence.evidence:
        return ["no source is cited"]
    if sentence.kind == "computed":
        return []
    return objections(sentence.text, [e.text for e in sentence.evidence], cue.language)


def _citation(number: int, evidence: Evidence) -> Citation:
    document = evidence.document
    section = document.section_at(evidence.start)
    known = document.metadata_at(evidence.start)
    return Citation(
        number=number,
        quote=evidence.text,
        document=document.id,
        title=document.metadata.title,
        section=section.path if section else None,
        page=document.page_at(evidence.start),
        start=evidence.start,
        end=evidence.end,
        authority=str(known.authority),
        kind=str(known.kind),
        source_url=known.source_urls[0] if known.source_urls else None,
    )
