"""One file of a corpus folder becomes a `Document`, or an `UnreadableDocument` that says why not."""

import hashlib
from dataclasses import replace
from pathlib import PurePosixPath
from types import TracebackType
from typing import Self

from corpus.child import Child
from corpus.content import Content
from corpus.errors import UnreadableDocument
from corpus.folder import MAX_METADATA_BYTES, METADATA_SUFFIX, CorpusFile, read_bytes
from corpus.formats import read_format
from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.metadata import parse_metadata
from corpus.naming import is_dangerous, printable
from corpus.records import Document, Metadata

_PLAIN_BYTES = 1024 * 1024
"""Plain text up to this size is read in this process: its reader is our own and takes linear time."""
_MAX_TITLE = 300


class DocumentReader:
    """Reads many files, all but small plain texts in one child process that is renewed when a file breaks it.

    Not safe to share between threads. Use it in a `with` statement, which ends the child.
    """

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._child = Child(limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child process, if one was started."""
        self._child.close()

    @property
    def peak_bytes(self) -> int:
        """Most resident memory that the child process ever had."""
        return self._child.peak_bytes

    def read(self, file: CorpusFile) -> Document:
        """The document in `file`, as it was when the folder was listed.

        Raises `UnreadableDocument`: what is wrong, why, what to do.
        """
        data = self._bytes(file, file.id, self._limits.file_bytes, file.sha256)
        described = None
        if file.meta_sha256 is not None:
            described = self._bytes(file, file.id + METADATA_SUFFIX, MAX_METADATA_BYTES, file.meta_sha256)
        content = self._content(PurePosixPath(file.id).suffix.lower(), data)
        title = _title(content, file.id)
        return _document(file.id, content, parse_metadata(described, title))

    def _bytes(self, file: CorpusFile, name: str, max_bytes: int, sha256: str) -> bytes:
        data = read_bytes(file.folder, name, max_bytes)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise UnreadableDocument("changed while it was read: run `call-assistant index` again")
        return data

    def _content(self, suffix: str, data: bytes) -> Content:
        if not data:
            raise UnreadableDocument("is empty: put text into it or remove it")
        if suffix == ".txt" and len(data) <= _PLAIN_BYTES:
            content = read_format(suffix, data, self._limits)
        else:
            content = self._child.read(suffix, data)
        content.check(self._limits)
        return content


def read_document(file: CorpusFile, limits: Limits = DEFAULT_LIMITS) -> Document:
    """The document in `file`. For more than one file, a `DocumentReader` is faster.

    Raises `UnreadableDocument`.
    """
    with DocumentReader(limits) as reader:
        return reader.read(file)


def _title(content: Content, name: str) -> str:
    title = content.default_title() or PurePosixPath(name).stem
    return "".join(c for c in title if not is_dangerous(c))[:_MAX_TITLE]


def _document(name: str, content: Content, metadata: Metadata) -> Document:
    sections = content.sections()
    headings = {section.heading for section in sections}
    for heading in metadata.sections:
        if heading not in headings:
            raise UnreadableDocument(
                f"has no heading “{printable(heading[:80])}”, which its metadata file describes: correct it there"
            )
    if content.note:
        note = f"{metadata.note} {content.note}" if metadata.note else content.note
        metadata = replace(metadata, note=note)
    return Document(name, content.text, content.blocks, sections, content.pages, metadata)
