"""The last step: nothing leaves that its quotes do not carry, whoever wrote it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.check import objections
from assistant.evidence import Evidence
from assistant.inert import inert
from assistant.orders import gives_orders
from assistant.phrases import Cues
from assistant.priorities import without_priorities
from assistant.results import AnswerSentence, Citation, Condition, Conflict, Dropped
from assistant.values import extract
from assistant.write import Draft, DraftSentence

SPEAKS_TO_A_PROGRAM = "its quote speaks to a program, not to a reader"

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
    verifier = Verifier(question, cue)
    sentences = [checked for sentence in draft.sentences if (checked := verifier.sentence(sentence))]
    conditions = []
    for condition in draft.conditions:
        written = condition.evidence[0].cue  # the profile's words are in the language of its documents
        said = _without_label(condition.text, written)
        if verifier.carries(said, condition.evidence, written, condition=True):
            cited = verifier.cite(condition.evidence)
            conditions.append(Condition(text=inert(condition.text), met=condition.met, citations=cited))
    conflicts = [
        Conflict(text=inert(conflict.text), citations=verifier.cite(conflict.evidence))
        for conflict in draft.conflicts
        if verifier.carries(conflict.text, conflict.evidence, cue)
    ]
    return Verified(
        tuple(sentences), tuple(conditions), tuple(conflicts), tuple(verifier.citations), tuple(verifier.dropped)
    )


class Verifier:
    """Checks one answer, sentence by sentence, and numbers what its sentences cite in the order it is cited."""

    def __init__(self, question: str, cue: Cues) -> None:
        self._question = question
        self._cue = cue
        self._numbers: dict[tuple[str, int, int], int] = {}
        self.citations: list[Citation] = []
        """What was cited so far."""
        self.dropped: list[Dropped] = []
        """What was not let through so far."""

    def sentence(self, sentence: DraftSentence) -> AnswerSentence | None:
        """The sentence with its citations, or None where it is dropped."""
        if reasons := _faults(sentence, self._question, self._cue):
            self.dropped.append(Dropped(text=inert(sentence.text), reason="; ".join(reasons)))
            return None
        text = sentence.text if sentence.kind == "frame" else inert(sentence.text)
        return AnswerSentence(text=text, kind=sentence.kind, citations=self.cite(sentence.evidence))

    def carries(self, text: str, evidence: Sequence[Evidence], cue: Cues, *, condition: bool = False) -> bool:
        """Whether the quotes carry `text`; where they do not, it is dropped."""
        if gives_orders(evidence):
            reasons = [SPEAKS_TO_A_PROGRAM]
        else:
            reasons = objections(text, [item.text for item in evidence], cue.language, condition=condition)
        if reasons:
            self.dropped.append(Dropped(text=inert(text), reason="; ".join(reasons)))
        return not reasons

    def cite(self, evidence: Iterable[Evidence]) -> tuple[int, ...]:
        """The numbers of the quotes; one that was not cited before gets the next number."""
        cited = []
        for item in evidence:
            key = (item.document.id, item.start, item.end)
            if key not in self._numbers:
                self._numbers[key] = len(self._numbers) + 1
                self.citations.append(_citation(self._numbers[key], item))
            cited.append(self._numbers[key])
        return tuple(dict.fromkeys(cited))


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
    if gives_orders(sentence.evidence):
        return [SPEAKS_TO_A_PROGRAM]
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
