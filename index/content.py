"""The texts of one generation: documents and passages in a SQLite file that is written once and then only read."""

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from pydantic import TypeAdapter

from corpus.records import Document
from index.records import Passage

_SCHEMA = """
CREATE TABLE documents (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, meta_sha256 TEXT, same_as TEXT,
    first_passage INTEGER NOT NULL, passages INTEGER NOT NULL, record BLOB NOT NULL
);
CREATE TABLE passages (position INTEGER PRIMARY KEY, key BLOB NOT NULL, record BLOB NOT NULL);
"""
_DOCUMENTS_KEPT = 64

_DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)
_PASSAGE: TypeAdapter[Passage] = TypeAdapter(Passage)


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """What the store knows of a document without reading it."""

    id: str
    sha256: str
    meta_sha256: str | None
    """Of the metadata that is in force for it, be it a duplicate's."""
    same_as: str | None
    """The document that holds the passages, where this one is its exact duplicate."""
    first_passage: int
    """Position of its first passage."""
    passages: int


class ContentWriter:
    """Writes the file; positions count up from 0 in the order of writing. Use it in a `with` statement."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path)
        self._database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        self._documents = 0
        self._passages = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._database.commit()
        finally:
            self._database.close()

    def add(
        self,
        document: Document,
        sha256: str,
        meta_sha256: str | None,
        passages: Iterable[tuple[Passage, bytes]],
        same_as: str | None = None,
    ) -> None:
        """Add a document and its passages, each with the key of its vectors."""
        first = self._passages
        for passage, key in passages:
            row = (self._passages, key, _PASSAGE.dump_json(passage))
            self._database.execute("INSERT INTO passages VALUES (?,?,?)", row)
            self._passages += 1
        record = _DOCUMENT.dump_json(document)
        count = self._passages - first
        self._database.execute(
            "INSERT INTO documents VALUES (?,?,?,?,?,?,?,?)",
            (self._documents, document.id, sha256, meta_sha256, same_as, first, count, record),
        )
        self._documents += 1


class Content:
    """Reads the file. Safe to share between threads; nothing is ever written."""

    def __init__(self, path: Path) -> None:
        address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
        self._database = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Document] = OrderedDict()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    def entries(self) -> list[DocumentEntry]:
        """All documents in order."""
        with self._lock:
            rows = self._database.execute(
                "SELECT id, sha256, meta_sha256, same_as, first_passage, passages FROM documents ORDER BY position"
            ).fetchall()
        return [DocumentEntry(*row) for row in rows]

    def document(self, document: str) -> Document:
        """The document of that ID. Raises `KeyError`."""
        with self._lock:
            known = self._kept.get(document)
            if known is not None:
                self._kept.move_to_end(document)
                return known
            row = self._database.execute("SELECT record FROM documents WHERE id = ?", (document,)).fetchone()
            if row is None:
                raise KeyError(document)
            read = _DOCUMENT.validate_json(row[0])
            self._kept[document] = read
            if len(self._kept) > _DOCUMENTS_KEPT:
                self._kept.popitem(last=False)
            return read

    def passages(self, positions: Sequence[int]) -> list[Passage]:
        """The passages at those positions, in the order given."""
        found: dict[int, Passage] = {}
        with self._lock:
            for position in positions:
                row = self._database.execute("SELECT record FROM passages WHERE position = ?", (position,)).fetchone()
                found[position] = _PASSAGE.validate_json(row[0])
        return [found[position] for position in positions]

    def keys(self) -> list[bytes]:
        """The key of each passage's vectors, by position."""
        with self._lock:
            return [row[0] for row in self._database.execute("SELECT key FROM passages ORDER BY position")]
