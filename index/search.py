"""Searching an open store: words and meaning, fused."""

import contextlib
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from corpus.profile import CallProfile
from corpus.records import Document, FileNote
from index import store as stores
from index.content import Content, DocumentEntry
from index.embed import Embedder
from index.errors import StoreMismatch, UnknownDocument
from index.fusion import CANDIDATES, LEXICAL, fuse
from index.kept import KeptVectors
from index.lexical import LexicalIndex
from index.method import METHOD
from index.reader import Reading, Reads, load_reader
from index.records import Hit
from index.rows import StoredRows

if TYPE_CHECKING:
    from index.vectors import ChromaIndex

EXACT_LIMIT = 20_000
"""Up to so many passages every vector is compared, which then takes a few milliseconds and misses nothing; beyond it
Chroma's index names the candidates, whose scores are exact again."""

_DIGITS = 6
"""Scores are rounded so that one question has one ranking, asked alone or among many."""


@dataclass(frozen=True, slots=True)
class Stats:
    """What a store holds."""

    documents: int
    passages: int
    models: tuple[str, ...]
    corpus: str
    made_at: str
    """ISO date and time, UTC."""
    bytes: int


class Index:
    """One generation of a store, open for reading. Safe to use from several threads; opening it writes nothing.

    It stays open, and its files stay on disk, until `close` or until nobody refers to it any more.
    """

    def __init__(self, generation: stores.Generation, embedders: Sequence[Embedder], reader: Reads) -> None:
        folder, manifest = generation.folder, generation.manifest
        self._manifest = manifest
        self._embedders = tuple(embedders)
        self._reader = reader
        self._kept = [KeptVectors(embedder.embed_passages) for embedder in self._embedders]
        with contextlib.ExitStack() as opened:
            opened.callback(generation.close)
            self._content = Content(folder / stores.CONTENT)
            opened.callback(self._content.close)
            self._lexical = LexicalIndex.load(folder / stores.LEXICAL, manifest.passages)
            exact = manifest.passages <= EXACT_LIMIT
            self._vectors = [
                np.load(folder / stores.vectors_file(n), mmap_mode=None if exact else "r", allow_pickle=False)
                for n in range(len(manifest.models))
            ]
            self._rows = StoredRows.load(folder)
            self._chroma = None if exact else _open_chroma(folder / stores.CHROMA)
            if self._chroma:
                opened.callback(self._chroma.close)
            self._entries = {entry.id: entry for entry in self._content.entries()}
            self._close = weakref.finalize(self, opened.pop_all().close)

    @classmethod
    def open(
        cls, store: Path, embedders: Sequence[Embedder], *, corpus: Path | None = None, reader: Reads | None = None
    ) -> Self:
        """Open the generation in force; `reader` takes the place of the built-in one.

        Raises `NoStore`; `StoreMismatch` where other models or methods made it, or another `corpus` if one is named;
        `StoreError` where it is damaged.
        """
        generation = stores.acquire(store)
        try:
            stores.check_match(store, generation.manifest, corpus, [e.name for e in embedders], METHOD)
            with stores.reading(store):
                return cls(generation, embedders, reader or load_reader(embedders))
        except BaseException:
            generation.close()
            raise

    def close(self) -> None:
        """Let go of the files; the index is of no use afterwards."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def version(self) -> str:
        """Of the content: the same corpus, read and embedded in the same way, has the same."""
        return self._manifest.version

    @property
    def profile(self) -> CallProfile | None:
        """The call's profile, if the corpus has one."""
        return self._manifest.profile

    @property
    def notes(self) -> tuple[FileNote, ...]:
        """What was not read, and duplicates, when the store was made."""
        return self._manifest.notes

    @property
    def stats(self) -> Stats:
        """What the store holds."""
        manifest = self._manifest
        return Stats(
            documents=len(self._entries),
            passages=manifest.passages,
            models=tuple(model.name for model in manifest.models),
            corpus=manifest.corpus,
            made_at=manifest.made_at,
            bytes=sum(file.size for file in manifest.files.values()),
        )

    def documents(self) -> tuple[str, ...]:
        """All document IDs in order, duplicates too."""
        return tuple(self._entries)

    def document(self, document: str) -> Document:
        """The document as the store holds it. Raises `UnknownDocument`."""
        return self._content.document(self._entry(document).id)

    def search(self, question: str, k: int = 10, document: str | None = None) -> list[Hit]:
        """The `k` best passages, best first, of one document if it is named.

        Passages that score alike keep their order. `score` has no unit and compares within one question only.
        Raises `UnknownDocument`, `ModelError`.
        """
        return self.search_many([question], k, [document])[0]

    def search_many(
        self, questions: Sequence[str], k: int = 10, documents: Sequence[str | None] | None = None
    ) -> list[list[Hit]]:
        """`search` for each question; `documents` has one entry for each, if given.

        The questions are embedded together, one that comes again but once.
        """
        if k < 1:
            raise ValueError("k must be at least 1")
        limits = [self._entry(name) if name is not None else None for name in documents or [None] * len(questions)]
        if not questions:
            return []
        rows = {question: row for row, question in enumerate(dict.fromkeys(questions))}
        queries = [embedder.embed_queries(list(rows)) for embedder in self._embedders]
        for model, vectors in zip(self._manifest.models, queries, strict=True):
            if vectors.shape[1] != model.dimension:
                raise StoreMismatch(
                    f"{model.name} gives vectors of {vectors.shape[1]} numbers, the store has {model.dimension}: "
                    "run `call-assistant index`"
                )
        return [
            self._search(question, [vectors[rows[question]] for vectors in queries], k, limit)
            for question, limit in zip(questions, limits, strict=True)
        ]

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """What the reader makes of each passage that was found. Raises `ModelError`."""
        return self._reader.read(question, [(hit.passage, self._rows.of(hit.position)) for hit in hits])

    def cosines(self, question: str, texts: Sequence[str], model: int) -> NDArray[np.float32]:
        """How near each text is to the question by the dense model at place `model`. Raises `ModelError`.

        The texts' vectors are kept: the same sentences come up again and again.
        """
        vectors = self._kept[model].of(texts)
        return np.asarray(vectors @ self._embedders[model].embed_queries([question])[0])

    def analyse(self, text: str) -> list[str]:
        """The terms by which the words' index knows `text`, in order."""
        return self._lexical.analyse(text)

    def idf(self, term: str) -> float:
        """How rare a term of `analyse` is in the passages and their headings, as BM25 weighs it."""
        return self._lexical.idf(term)

    def _entry(self, document: str) -> DocumentEntry:
        entry = self._entries.get(document)
        if entry is None:
            shown = "".join(c if c.isprintable() else "?" for c in document[:200])
            raise UnknownDocument(
                f"there is no document {shown!r} in the store: its ID is its path in the corpus folder"
            )
        return entry

    def _search(
        self, question: str, queries: Sequence[NDArray[np.float32]], k: int, limit: DocumentEntry | None
    ) -> list[Hit]:
        first, count = 0, self._manifest.passages
        if limit:
            holder = self._entries[limit.same_as or limit.id]
            first, count = holder.first_passage, holder.passages
        if not count:
            return []
        span = slice(first, first + count)
        depth = min(max(k, CANDIDATES), count)
        words = self._lexical.match(question)
        lexical = words.scores
        candidates = {first + int(n) for n in _best(lexical[span], depth) if lexical[first + n] > 0}
        for n, query in enumerate(queries):
            if self._chroma and not limit:
                candidates.update(self._chroma.nearest(stores.collection(n), query, depth))
            else:
                candidates.update(first + int(m) for m in _best(self._vectors[n][span] @ query, depth))
        rows = np.array(sorted(candidates))
        scores = {LEXICAL: lexical[rows]}
        for n, query in enumerate(queries):
            scores[self._embedders[n].name] = self._vectors[n][rows] @ query
        fused = np.round(fuse(scores, words.known, words.found), _DIGITS)
        ranked = np.argsort(-fused, kind="stable")[:k]
        passages = self._content.passages([int(rows[n]) for n in ranked])
        return [
            Hit(
                passage=replace(passage, document=limit.id) if limit else passage,
                position=int(rows[n]),
                score=float(fused[n]),
                parts={name: round(float(values[n]), _DIGITS) for name, values in scores.items()},
            )
            for n, passage in zip(ranked, passages, strict=True)
        ]


def _open_chroma(folder: Path) -> "ChromaIndex":
    """Chroma is imported for large corpora only: it takes a second."""
    from index.vectors import ChromaIndex

    return ChromaIndex(folder)


def _best(scores: NDArray[np.float32], k: int) -> NDArray[np.intp]:
    """Positions of the `k` highest scores, in no order; of equals the first."""
    if k >= len(scores):
        return np.arange(len(scores))
    threshold = np.partition(scores, -k)[-k]
    above = np.flatnonzero(scores > threshold)
    return np.concatenate([above, np.flatnonzero(scores == threshold)[: k - len(above)]])
