"""The answer to "which priority fits?": the nearest, the quotes that decided, and what is known at second hand only."""

from collections.abc import Iterable

from assistant.evidence import Evidence, quoted
from assistant.fit import Fit
from assistant.phrases import Phrases
from assistant.results import Clarification
from assistant.write import Draft, DraftSentence, frame, quote_sentences
from corpus.profile import CallProfile
from index.search import Index

NEAREST = 2
"""Priorities that are shown where none stands out."""


def write_fit(found: Fit, words: Phrases) -> Draft:
    """Write what `fit` found. Where no priority stands out, the nearest are shown, each by its best quote."""
    first = found.nearest[0]
    if found.plain:
        sentences = [frame(words.say("frame.fits", number=first.number))]
        quotes = first.quotes
    else:
        sentences = [frame(words.say("frame.fits_none"))]
        quotes = tuple(one.quotes[0] for one in found.nearest[:NEAREST])
    sentences += _stated(quotes, words)
    if found.second_hand:
        sentences.append(frame(words.say("frame.second_hand", number=_listed(found.second_hand))))
    return Draft("answered", tuple(sentences))


def ask_for_project(profile: CallProfile, index: Index, words: Phrases) -> Draft:
    """Ask what the project does, beside what the sources say each priority is about."""
    asked = Clarification(question=words.say("clarify.project"), why=words.say("clarify.project_why"), options=())
    quotes = [quoted(priority, index) for priority in profile.priorities]
    stated = [frame(words.say("clarify.turns_on_project")), *_stated(quotes, words)]
    return Draft("clarify", tuple(stated), clarification=asked)


def _stated(quotes: Iterable[Evidence], words: Phrases) -> list[DraftSentence]:
    said = [sentence for quote in quotes for sentence in quote_sentences(quote, words)]
    return list({sentence.text: sentence for sentence in said}.values())


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))
