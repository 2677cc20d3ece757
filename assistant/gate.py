"""The gate: what a language model wrote passes sentence by sentence, or not at all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.check import objections
from assistant.evidence import Evidence
from assistant.inert import addresses, inert
from assistant.language import detect
from assistant.phrases import Cues
from assistant.plain import legible, plain
from assistant.prompt import Prompt
from assistant.reading import Written
from assistant.rewording import parted, strays
from corpus.records import Authority
from index.search import Index

MOST_CHARACTERS = 600
"""A longer sentence is none that anybody asked for."""
REPEATED_WORDS = 5
"""Words in a row of the instructions by which a sentence is known to repeat them."""
ENOUGH_TO_TELL = 60
"""Characters from which on the language of a sentence can be told."""

_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r"[“„«\"‘‚]([^“”„«»\"‘’‚]{12,})[”“»\"’‘]")


@dataclass(frozen=True)
class Gate:
    """Says of each sentence why it may not pass."""

    evidence: Sequence[Evidence]
    """What may be cited; the first has number 1."""
    prompt: Prompt
    cue: Cues
    index: Index

    def cited(self, written: Written) -> tuple[Evidence, ...]:
        """The evidence that a sentence cites, without numbers that stand for none."""
        return tuple(self.evidence[n - 1] for n in written.numbers if 1 <= n <= len(self.evidence))

    def faults(self, written: Written) -> list[str]:
        """Why the sentence may not pass; empty where it may."""
        text, quotes = written.text, [item.text for item in self.cited(written)]
        if len(text) > MOST_CHARACTERS:
            return ["it is too long for one sentence"]
        if self._repeats_instructions(text, quotes):
            return ["it repeats what the model was told"]
        if not quotes:
            return ["no source is cited"]
        if len(text) >= ENOUGH_TO_TELL and detect(text) not in (None, self.cue.language):
            return ["it is not in the language of the answer"]
        faults = []
        if len(quotes) < len(set(written.numbers)):
            faults.append("it cites a number that was not given")
        if inert(text) != text:
            faults.append("it holds an image, a link or HTML")
        known = {address for quote in quotes for address in addresses(quote)}
        faults += [f"“{address}” is in no quote" for address in addresses(text) if address not in known]
        faults += [f"“{said}” is in no quote" for said in _QUOTED.findall(text) if not _in_any(said, quotes)]
        if any(_is_an_account(item) for item in self.cited(written)) and not parted(text, self.cue)[1]:
            faults.append("it leaves out whose account it is")
        return faults or carried(text, quotes, self.cue, self.index)

    def leaks(self, written: Written) -> bool:
        """Whether the sentence holds something of the instructions, so that it must not be shown at all."""
        return self._repeats_instructions(written.text, [item.text for item in self.cited(written)])

    def _repeats_instructions(self, text: str, quotes: Sequence[str]) -> bool:
        if self.prompt.mark in text:
            return True
        allowed = _runs(" ".join(quotes)) | _runs(self.prompt.data)
        return bool((_runs(text) & _runs(self.prompt.ours)) - allowed)


def carried(text: str, quotes: Sequence[str], cue: Cues, index: Index) -> list[str]:
    """Why the quotes do not carry `text` as a rewording of them; empty where no rule objects."""
    return objections(text, quotes, cue.language) or strays(text, quotes, cue, index)


def _is_an_account(item: Evidence) -> bool:
    """Whether the quote is somebody's account of what another has said, and says so."""
    secondary = item.document.metadata_at(item.start).authority is Authority.SECONDARY
    return secondary and item.cue.matches("sources.attribution", item.text)


def _in_any(words: str, quotes: Sequence[str]) -> bool:
    wanted = _spaced(words)
    return any(wanted in _spaced(quote) for quote in quotes)


def _spaced(text: str) -> str:
    return " ".join(legible(text).split())


def _runs(text: str) -> set[tuple[str, ...]]:
    """All runs of words that are long enough to know a text by."""
    words = _WORD.findall(plain(legible(text)))
    return {tuple(words[at : at + REPEATED_WORDS]) for at in range(len(words) - REPEATED_WORDS + 1)}
