"""Step 2: the passages nearest to the question."""

from assistant.results import PassageResult
from assistant.understand import Question
from corpus.records import Kind
from index.records import Hit
from index.search import Index

PASSAGES = 10
"""Passages whose sentences are read."""
SOURCES = 3
"""Documents that are themselves the source and are asked besides, where summaries came first."""
PASSAGES_OF_SOURCE = 4


def retrieve(question: Question, index: Index, document: str | None) -> list[Hit]:
    """The best passages for the question, within `document` where one is named.

    Summaries are written to be found and come before the sources they sum up. So the strongest sources are searched on
    their own as well, and can be quoted in the summaries' place.
    """
    sources = _sources(index) if document is None else []
    first, *others = index.search_many([question.search] * (1 + len(sources)), PASSAGES, [document, *sources])
    if any(_kind(hit, index) is Kind.SUMMARY for hit in first):
        found = {hit.passage.id for hit in first}
        first += [hit for hits in others for hit in hits[:PASSAGES_OF_SOURCE] if hit.passage.id not in found]
    return first


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
