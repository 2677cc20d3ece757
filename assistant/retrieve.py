"""Step 2: the passages nearest to the question."""

from collections.abc import Sequence

from assistant.results import PassageResult
from corpus.records import Kind
from index.records import Hit
from index.search import Index

PASSAGES = 10
"""Passages whose sentences are read."""
SOURCES = 3
"""Documents that are themselves the source and are asked besides, where summaries came first."""
PASSAGES_OF_SOURCE = 4


def retrieve(questions: Sequence[str], index: Index, document: str | None) -> list[tuple[Hit, ...]]:
    """The best passages for each question, within `document` where one is named.

    Summaries are written to be found and come before the sources they sum up. So the strongest sources are searched on
    their own as well, and can be quoted in the summaries' place.
    """
    places = [document, *(_sources(index) if document is None else [])]
    asked = [(question, place) for question in questions for place in places]
    found = index.search_many([question for question, _ in asked], PASSAGES, [place for _, place in asked])
    return [_together(found[at : at + len(places)], index) for at in range(0, len(found), len(places))]


def _together(found: Sequence[list[Hit]], index: Index) -> tuple[Hit, ...]:
    first, *others = found
    if not any(_kind(hit, index) is Kind.SUMMARY for hit in first):
        return tuple(first)
    known = {hit.passage.id for hit in first}
    return (*first, *(hit for hits in others for hit in hits[:PASSAGES_OF_SOURCE] if hit.passage.id not in known))


def _kind(hit: Hit, index: Index) -> Kind | None:
    return index.document(hit.passage.document).metadata_at(hit.passage.start).kind


def _sources(index: Index) -> list[str]:
    """The documents that are no summaries, strongest authority first; none where there are no summaries."""
    documents = [index.document(name) for name in index.documents()]
    originals = [d for d in documents if d.metadata.kind is Kind.ORIGINAL]
    if len(originals) == len(documents):
        return []
    return [d.id for d in sorted(originals, key=lambda d: (d.metadata.authority.rank, d.id))[:SOURCES]]


def passage_result(rank: int, hit: Hit, index: Index) -> PassageResult:
    """A hit as results show it."""
    passage = hit.passage
    return PassageResult(
        rank=rank,
        score=round(hit.score, 4),
        document=passage.document,
        title=index.document(passage.document).metadata.title,
        section=passage.section,
        page=passage.page,
        start=passage.start,
        end=passage.end,
        text=passage.text,
    )
