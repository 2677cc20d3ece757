"""Which priority fits? A described project held against what the documents say of each priority.

The priorities come from the call's profile, their texts from whatever documents speak of one of them alone. Nearness is
the dense models' cosine, above that of a project of which nothing is said, so that a sentence which is near to
everything decides nothing. The best of many sentences is high by chance alone: what is to be expected of as many is
taken off, so that a priority of which much is written has no advantage.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Evidence, candidates, say_the_same, with_lead
from assistant.phrases import Cues
from assistant.priorities import priorities_in, without_priorities
from assistant.retrieve import PASSAGES
from assistant.understand import Question, names_this_call, other_calls_in
from assistant.values import extract
from corpus.profile import CallProfile
from corpus.records import Authority
from index.search import Index

STANDS_OUT = 1.0
"""How far the best priority lies above the next, in deviations of a priority's own sentences."""
FIRST_MODEL = 0.25
"""What the first dense model counts beside the last, where the documents are in the question's language. Chosen, with
`STANDS_OUT`, on 63 made-up projects in six languages: of 50 within the call 27 got their priority and none another, of
13 others 3 got one; with the last model alone 27, 3 and 3."""
MOST_QUOTES = 2
ALIKE = 0.7
"""Share of the shorter one's words from which two sentences say the same."""

Near = tuple[float, Evidence]


@dataclass(frozen=True, slots=True)
class Compared:
    """A priority, with the sentences of it that are nearest to the project."""

    number: int
    score: float
    """In deviations, above what is expected by chance; over 0 is nearer than that."""
    quotes: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """Every priority that the documents speak of, the nearest first."""

    nearest: tuple[Compared, ...]
    plain: bool
    """Whether the first stands out."""
    second_hand: tuple[int, ...]
    """Priorities that the documents know from secondary accounts only."""


def fit(question: Question, index: Index, profile: CallProfile | None, cue: Cues) -> Fit | None:
    """The priorities by how near they are to the project; None where no project is described, or none is asked for."""
    if profile is None or not question.project or question.other_calls:
        return None
    spoken = _sentences_by_priority(index, profile)
    if len(spoken) < 2:
        return None
    numbers = [number for number, found in spoken.items() for _ in found]
    sentences = [one for found in spoken.values() for one in found]
    nearness = _nearness(question, numbers, sentences, index, cue)
    deviation = _deviation(nearness, numbers)
    near = {n: [(float(v), s) for v, s, m in zip(nearness, sentences, numbers, strict=True) if m == n] for n in spoken}
    compared = [_compare(number, found, deviation) for number, found in near.items()]
    first, second, *_ = ranked = sorted(compared, key=lambda one: (-one.score, one.number))
    authorities = {n: min(one.document.metadata.authority.rank for one in found) for n, found in spoken.items()}
    return Fit(
        nearest=tuple(ranked),
        plain=len(sentences) > len(spoken) and first.score > 0 and first.score - second.score >= STANDS_OUT * deviation,
        second_hand=tuple(n for n, rank in sorted(authorities.items()) if rank >= Authority.SECONDARY.rank),
    )


def _sentences_by_priority(index: Index, profile: CallProfile) -> dict[int, list[Evidence]]:
    """What the documents say of the content of each priority: sentences about it alone, without figures."""
    titles = [priority.title for priority in profile.priorities]
    hits = [hit for found in index.search_many(titles, PASSAGES, [None] * len(titles)) for hit in found]
    known = {priority.number for priority in profile.priorities}
    spoken: dict[int, list[Evidence]] = {}
    for sentence in candidates(hits, index):
        for number in _about(sentence, profile) & known:
            spoken.setdefault(number, []).append(sentence)
    return spoken


def _about(sentence: Evidence, profile: CallProfile) -> frozenset[int]:
    """The one priority that a sentence describes; none where it speaks of several, of figures or of another call."""
    cue, text = sentence.cue, sentence.text
    other = other_calls_in(f"{sentence.context} {text}", profile) and not names_this_call(text, profile)
    if other or cue.matches("sources.hedge", text):
        return frozenset()
    rest = without_priorities(text, cue)
    for name in (profile.id, *profile.names):
        rest = rest.replace(name, " ")
    numbers = sentence.priorities(profile) or priorities_in(sentence.context, cue, profile)
    return frozenset() if len(numbers) != 1 or extract(rest, cue.language) else numbers


def _nearness(
    question: Question, numbers: list[int], sentences: list[Evidence], index: Index, cue: Cues
) -> NDArray[np.float64]:
    """How much nearer each sentence is to the project than to a project of which nothing is said, in deviations."""
    texts = [one.cue.without("sources.attribution", one.text) for one in sentences]

    def raised(model: int) -> NDArray[np.float64]:
        unsaid = [index.cosines(text, texts, model) for text in sorted(cue.words("any_project"))]
        found = np.asarray(index.cosines(question.project or "", texts, model) - np.mean(unsaid, axis=0), np.float64)
        return found / _deviation(found, numbers)

    same = 2 * sum(one.cue.language == question.spoken for one in sentences) >= len(sentences)
    return raised(-1) + FIRST_MODEL * raised(0) if same else raised(-1)


def _deviation(values: NDArray[np.float64], numbers: list[int]) -> float:
    """How far the sentences of one priority lie apart, on average over priorities; of all, where each has but one."""
    labels = np.array(numbers)
    own = [np.std(values[labels == number]) for number in set(numbers) if numbers.count(number) > 1]
    return float(np.mean(own) if own else np.std(values)) + 1e-6


def _compare(number: int, found: list[Near], deviation: float) -> Compared:
    ranked = sorted(found, key=lambda pair: (-pair[0], pair[1].authority_rank, pair[1].document.id, pair[1].start))
    n = len(ranked)
    expected = NormalDist().inv_cdf((n - 0.375) / (n + 0.25)) if n > 1 else 0.0
    return Compared(number, ranked[0][0] - expected * deviation, tuple(_quotes([one for _, one in ranked])))


def _quotes(ranked: list[Evidence]) -> list[Evidence]:
    """The best sentences that say different things; an item that names no priority with what leads in."""
    chosen: list[Evidence] = []
    for one in ranked:
        if len(chosen) < MOST_QUOTES and not any(_alike(one, other) for other in chosen):
            chosen.append(one)
    return [one if one.priorities() else with_lead(one) for one in chosen]


def _alike(one: Evidence, other: Evidence) -> bool:
    said, also = (e.cue.without("sources.attribution", e.text) for e in (one, other))
    return say_the_same(said, also, ALIKE)
