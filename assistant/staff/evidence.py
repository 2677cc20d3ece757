"""Passages of the documents as staff choose evidence from them, and the citation of what they chose."""

from dataclasses import dataclass

from assistant.backend import Backend
from assistant.errors import InvalidInput
from assistant.results import Citation, PassageResult, SearchRequest
from index.sentences import split_sentences

PASSAGES = 5
MOST_QUOTED = 2_000
"""Characters of a quote."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something of a passage that can be quoted: its place in the document, and its words."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was found, and what of it can be quoted: each sentence, and the whole of it."""

    passage: PassageResult
    sentences: tuple[Choice, ...]


def find(backend: Backend, words: str) -> tuple[Found, ...]:
    """The passages nearest to `words`."""
    results = backend.search(SearchRequest(question=words, k=PASSAGES)).results
    return tuple(Found(passage, _choices(passage)) for passage in results)


def citation_of(backend: Backend, document: str, start: int, end: int) -> Citation:
    """What stands from `start` to `end` of `document`, as a citation.

    Raises `UnknownDocument`, or `InvalidInput` where nothing stands there.
    """
    shown = backend.show(document)
    if not 0 <= start < end <= len(shown.text) or end - start > MOST_QUOTED:
        raise InvalidInput(f"a quote has 1 to {MOST_QUOTED} characters of its document")
    inside = [section for section in shown.sections if section["start"] <= start < section["end"]]
    pages = [page for page in shown.pages if page["start"] <= start < page["end"]]
    return Citation(
        number=1,
        quote=shown.text[start:end],
        document=document,
        title=shown.title,
        section=inside[-1]["heading"] if inside else None,
        page=pages[0]["number"] if pages else None,
        start=start,
        end=end,
        authority=shown.authority,
        kind=shown.kind,
        source_url=shown.source_url,
        publisher=shown.publisher,
    )


def _choices(passage: PassageResult) -> tuple[Choice, ...]:
    sentences = [
        Choice(passage.start + start, passage.start + end, passage.text[start:end])
        for start, end in split_sentences(passage.text)
    ]
    whole = Choice(passage.start, passage.end, passage.text)
    return tuple(sentences) if len(sentences) < 2 else (*sentences, whole)
