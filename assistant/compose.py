"""A language model puts the statements of a draft into its own words; what does not hold stays out.

Everything else of the draft stays as it is: status, verdict, frames, conditions, conflicts and computed sentences.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from assistant.evidence import Evidence
from assistant.gate import Gate
from assistant.inert import inert
from assistant.listen import Listener
from assistant.model import Model
from assistant.model_errors import Kind, ModelTrouble
from assistant.orders import gives_orders
from assistant.phrases import Phrases, cues
from assistant.prompt import Prompt, writing_prompt
from assistant.reading import Written
from assistant.results import Dropped
from assistant.verify import Verifier
from assistant.write import Draft, DraftSentence
from index.search import Index

ENOUGH = 0.5
"""Share of a model's sentences that has to pass; where fewer do, the rest is not trusted either."""
MOST_EVIDENCE = 12
"""Quotes that a model is shown at once."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Composed:
    """The draft in a model's words, or as it was, and what became of the model's."""

    draft: Draft
    written: bool
    """Whether the statements are the model's."""
    dropped: tuple[Dropped, ...] = ()
    trouble: Kind | None = None
    """What an answer has to say of the model."""


class Composer:
    """Puts one draft into words."""

    def __init__(
        self,
        model: Model,
        question: str,
        words: Phrases,
        verifier: Verifier,
        listener: Listener,
        index: Index,
    ) -> None:
        self._model = model
        self._question = question
        self._words = words
        self._verifier = verifier
        self._listener = listener
        self._index = index
        self._deadline = model.deadline()
        self._dropped: list[Dropped] = []
        self._cut = False
        self._wrote = False

    def compose(self, draft: Draft) -> Composed:
        """Tell the listener each sentence that holds as soon as it is there. Raises `Stopped` when it has left."""
        if not any(map(self._may_be_reworded, draft.sentences)):
            return Composed(draft, written=False)
        sentences: list[DraftSentence] = []
        try:
            for may_be_reworded, run in groupby(draft.sentences, self._may_be_reworded):
                if may_be_reworded:
                    sentences += self._rewrite(list(run))
                else:
                    for sentence in run:
                        self._say(sentence)
                        sentences.append(sentence)
        except ModelTrouble as trouble:
            _LOG.warning("%s; the answer is quoted from the sources", trouble)
            return Composed(draft, written=False, dropped=tuple(self._dropped), trouble=trouble.kind)
        whole = replace(draft, sentences=tuple(sentences))
        return Composed(whole, written=self._wrote, dropped=tuple(self._dropped), trouble="cut" if self._cut else None)

    def _may_be_reworded(self, sentence: DraftSentence) -> bool:
        """Whether a rewording could be held against the quotes: in another language than theirs it cannot."""
        return (
            sentence.kind == "statement"
            and all(item.language == self._words.language for item in sentence.evidence)
            and not any(item.items for item in sentence.evidence)  # of a list, an item left out would not be missed
            and not gives_orders(sentence.evidence)  # the check drops it and says why
        )

    def _rewrite(self, statements: Sequence[DraftSentence]) -> list[DraftSentence]:
        """The statements in the model's words, then those that it left out as they are quoted.

        Raises `ModelTrouble` where too few of its sentences hold.
        """
        spans = {_place(item): item for statement in statements for item in statement.evidence}
        evidence = list(spans.values())[:MOST_EVIDENCE]
        prompt = writing_prompt(self._question, [item.text for item in evidence], self._words)
        gate = Gate(evidence, prompt, cues(self._words.language), self._index)
        kept: dict[str, DraftSentence] = {}
        failed = 0
        for written in self._written(prompt):
            faults = gate.faults(written)
            if faults:
                failed += 1
                self._drop(written, faults, gate)
            elif written.text not in kept:
                kept[written.text] = DraftSentence(written.text, "statement", gate.cited(written))
                self._say(kept[written.text])
        if not kept or len(kept) < ENOUGH * (len(kept) + failed):
            raise ModelTrouble("unusable", f"wrote {len(kept) + failed} sentences of which {len(kept)} hold")
        self._wrote = True
        cited = {_place(item) for sentence in kept.values() for item in sentence.evidence}
        left_out = [s for s in statements if not any(_place(item) in cited for item in s.evidence)]
        for sentence in left_out:
            self._say(sentence)
        return [*kept.values(), *left_out]

    def _written(self, prompt: Prompt) -> Iterator[Written]:
        """The sentences that the model writes; those that it had written when it was cut short count."""
        try:
            yield from self._model.write(prompt, self._deadline, lambda: self._listener.stopped)
        except ModelTrouble as trouble:
            if trouble.kind != "cut":
                raise
            _LOG.warning("%s", trouble)
            self._cut = True

    def _drop(self, written: Written, faults: Sequence[str], gate: Gate) -> None:
        shown = "" if gate.leaks(written) else inert(written.text)
        self._dropped.append(Dropped(text=shown, reason="; ".join(faults)))

    def _say(self, sentence: DraftSentence) -> None:
        known = len(self._verifier.citations)
        if checked := self._verifier.sentence(sentence):
            self._listener.sentence(checked, tuple(self._verifier.citations[known:]))


def _place(item: Evidence) -> tuple[str, int, int]:
    return item.document.id, item.start, item.end
