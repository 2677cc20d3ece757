"""Which documents the new state has: read where they are new or changed, taken over where they are not.

Files with the same bytes and suffix are one document under several paths. The first path in order holds the passages.
A path without metadata of its own takes those of the first that has some: a copy that somebody dropped beside the
call's own page says nothing else, and must not make it weigh less.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from corpus.errors import UnreadableDocument
from corpus.folder import CorpusFile
from corpus.reader import DocumentReader
from corpus.records import Document, FileNote
from index.content import Content, DocumentEntry
from index.progress import Progress


@dataclass(frozen=True, slots=True)
class Source:
    """A document of the new state."""

    id: str
    sha256: str
    meta_sha256: str | None
    """Of the metadata in force, its own or a duplicate's."""
    same_as: str | None
    """The path that holds the passages, where this one is a duplicate."""
    document: Document | None
    """None where it is taken over from the old generation."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The documents of the old generation."""

    content: Content
    entries: Mapping[str, DocumentEntry]
    read_alike: bool
    """Whether they were read as they would be now."""

    def has(self, document: str, sha256: str, meta_sha256: str | None) -> bool:
        """Whether that document was read alike from the same bytes."""
        entry = self.entries.get(document)
        return self.read_alike and entry is not None and (entry.sha256, entry.meta_sha256) == (sha256, meta_sha256)


def group_duplicates(files: Sequence[CorpusFile]) -> list[list[CorpusFile]]:
    """Files that are the same document together, those with metadata of their own first."""
    groups: dict[tuple[str, str], list[CorpusFile]] = {}
    for file in files:
        groups.setdefault((file.sha256, PurePosixPath(file.id).suffix.lower()), []).append(file)
    return [sorted(group, key=lambda file: (file.meta_sha256 is None, file.id)) for group in groups.values()]


def gather(
    files: Sequence[CorpusFile], earlier: Earlier | None, read: dict[CorpusFile, Document], progress: Progress
) -> tuple[list[Source], list[FileNote]]:
    """The documents of the new state by path, and a note for each that cannot be read or is a duplicate.

    What was read is put into `read`, and taken from there where this is a second try.
    """
    sources: list[Source] = []
    notes: list[FileNote] = []
    with DocumentReader() as reader, progress("Reading", len(files)) as step:
        for group in group_duplicates(files):
            found = _gather_group(group, earlier, read, reader, notes)
            sources += found
            notes += [
                FileNote(source.id, f"is the same as {source.same_as}: found under that name", "duplicate")
                for source in found
                if source.same_as
            ]
            step.update(len(group))
    return sorted(sources, key=lambda source: source.id), sorted(notes, key=lambda note: note.path)


def _gather_group(
    group: list[CorpusFile],
    earlier: Earlier | None,
    read: dict[CorpusFile, Document],
    reader: DocumentReader,
    notes: list[FileNote],
) -> list[Source]:
    found: dict[str, Document | None] = {}
    lender = group[0].meta_sha256
    for file in group:
        if earlier and earlier.has(file.id, file.sha256, file.meta_sha256 or lender):
            found[file.id] = None
        elif found and file.meta_sha256 is None:
            twin, document = next(iter(found.items()))
            if document is None and earlier:
                document = earlier.content.document(twin)
            found[file.id] = document and replace(document, id=file.id)
        else:
            try:
                if file not in read:
                    read[file] = reader.read(file)
                found[file.id] = read[file]
            except UnreadableDocument as error:
                notes.append(FileNote(file.id, str(error), "unreadable"))
    first = min(found, default="")
    return [
        Source(
            id=file.id,
            sha256=file.sha256,
            meta_sha256=file.meta_sha256 or lender,
            same_as=first if file.id != first else None,
            document=found[file.id],
        )
        for file in group
        if file.id in found
    ]
