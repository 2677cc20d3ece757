"""What lies in a corpus folder, found and opened without ever leaving it."""

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from corpus.errors import CorpusError, UnreadableDocument
from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.naming import is_dangerous, printable
from corpus.records import FileNote

SUFFIXES = frozenset({".md", ".txt", ".html", ".htm", ".pdf", ".docx"})
"""Types that are read, in lower case; a file's own suffix may be in either case."""
PROFILE_NAME = "call.toml"
"""The call's profile, in the root of the folder; `corpus.profile` reads it."""
METADATA_SUFFIX = ".meta.toml"
MAX_METADATA_BYTES = 256 * 1024

_READ_AGAIN = "run `call-assistant index` again"


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """One document's file as it was when the folder was read."""

    id: str
    """Path inside the corpus folder, with `/`."""
    path: Path
    size: int
    """Bytes."""
    sha256: str
    meta_sha256: str | None
    """Of `NAME.EXT.meta.toml` beside it, if there is one."""

    @property
    def folder(self) -> Path:
        """The corpus folder."""
        return self.path.parents[len(PurePosixPath(self.id).parts) - 1]


@dataclass(frozen=True, slots=True)
class FolderListing:
    """The documents of a corpus folder in path order, and a note for each thing that is not read."""

    files: tuple[CorpusFile, ...]
    notes: tuple[FileNote, ...]


def scan(folder: Path, limits: Limits = DEFAULT_LIMITS) -> FolderListing:
    """List `folder` with all that is under it and hash each document.

    Raises `CorpusError` when the folder is missing or cannot be read.
    """
    try:
        if not folder.exists():
            raise CorpusError(
                f"there is no corpus folder {printable(str(folder))}: create it or name another by --corpus"
            )
        if not folder.is_dir():
            raise CorpusError(f"{printable(str(folder))} is not a folder: name the corpus folder by --corpus")
        walk = _Walk(folder.resolve())
        walk.run()
    except OSError as error:
        why = error.strerror or "input/output error"
        raise CorpusError(f"the corpus folder cannot be read ({why}): check its path and permissions") from error
    files: list[CorpusFile] = []
    for name in sorted(walk.documents):
        try:
            files.append(_describe(folder, name, name + METADATA_SUFFIX in walk.metadata, limits))
        except UnreadableDocument as error:
            walk.note(name, str(error), "unreadable")
    for name in sorted(walk.metadata):
        if name.removesuffix(METADATA_SUFFIX) not in walk.documents:
            walk.note(name, "describes no document that is beside it: rename it or remove it", "skipped")
    return FolderListing(tuple(files), tuple(sorted(walk.notes, key=lambda note: note.path)))


def read_bytes(folder: Path, name: str, max_bytes: int) -> bytes:
    """The bytes of the file `name` inside `folder`.

    Raises `UnreadableDocument` if it has gone, leads out of the folder, is no regular file or is too large.
    """
    with _reading(), open_inside(folder, name) as file:
        _check_size(os.fstat(file.fileno()).st_size, max_bytes)
        data = file.read(max_bytes + 1)
    _check_size(len(data), max_bytes)
    return data


def open_inside(folder: Path, name: str) -> BinaryIO:
    """Open the regular file `name`, following links only as far as they stay inside `folder`.

    The path is resolved first; then each step is opened without following a link, so that nothing that is swapped
    in between leads out. Raises `OSError` or, where the path leads out, `UnreadableDocument`.
    """
    root = folder.resolve(strict=True)
    target = (root / name).resolve(strict=True)
    if not target.is_relative_to(root):
        raise UnreadableDocument("leads out of the corpus folder: put the file itself there")
    *parents, last = target.relative_to(root).parts
    place = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parents:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=place)
            os.close(place)
            place = inner
        # Without O_NONBLOCK, opening a named pipe would wait for its other end.
        handle = os.open(last, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=place)
    finally:
        os.close(place)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UnreadableDocument("is not a regular file: put a copy of the document there")
    return os.fdopen(handle, "rb")


@contextlib.contextmanager
def _reading() -> Iterator[None]:
    """Errors of the file system become `UnreadableDocument`."""
    try:
        yield
    except FileNotFoundError as error:
        raise UnreadableDocument(f"vanished while it was read: {_READ_AGAIN}") from error
    except PermissionError as error:
        raise UnreadableDocument("may not be read by this user: change its permissions") from error
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, up to Python 3.12
        why = getattr(error, "strerror", None) or "a loop of links"
        raise UnreadableDocument(f"cannot be read ({why}): check the file, then {_READ_AGAIN}") from error


def _check_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise UnreadableDocument(f"has {size:,} bytes and at most {max_bytes:,} are read: split it")


def _describe(folder: Path, name: str, has_metadata: bool, limits: Limits) -> CorpusFile:
    size, digest = _hash(folder, name, limits.file_bytes)
    meta = None
    if has_metadata:
        try:
            meta = _hash(folder, name + METADATA_SUFFIX, MAX_METADATA_BYTES)[1]
        except UnreadableDocument as error:
            raise UnreadableDocument(f"its metadata file {error}") from error
    return CorpusFile(name, folder / name, size, digest, meta)


def _hash(folder: Path, name: str, max_bytes: int) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file."""
    size = 0
    digest = hashlib.sha256()
    with _reading(), open_inside(folder, name) as file:
        _check_size(os.fstat(file.fileno()).st_size, max_bytes)
        while chunk := file.read(1024 * 1024):
            size += len(chunk)
            _check_size(size, max_bytes)
            digest.update(chunk)
    return size, digest.hexdigest()


@dataclass(slots=True)
class _Walk:
    """Goes through all folders under `root`; names are relative to it, with `/`."""

    root: Path
    documents: set[str] = field(default_factory=set)
    metadata: set[str] = field(default_factory=set)
    notes: list[FileNote] = field(default_factory=list)
    _linked: set[Path] = field(default_factory=set)
    """Folders that a link has led to. Each is entered once, which keeps the walk finite."""

    def note(self, name: str, reason: str, kind: str) -> None:
        self.notes.append(FileNote(printable(name), reason, kind))

    def run(self) -> None:
        todo: list[tuple[str, tuple[Path, ...]]] = [("", (self.root,))]
        while todo:
            inside, chain = todo.pop()
            try:
                entries = sorted(os.scandir(self.root / inside), key=lambda entry: entry.name)
            except OSError as error:
                if not inside:
                    raise
                why = error.strerror or "input/output error"
                self.note(inside, f"is a folder that cannot be read ({why}): check its permissions", "unreadable")
                continue
            for entry in entries:
                if not entry.name.startswith("."):
                    name = f"{inside}/{entry.name}" if inside else entry.name
                    todo.extend(self._enter(entry, name, chain))

    def _enter(self, entry: os.DirEntry[str], name: str, chain: tuple[Path, ...]) -> list[tuple[str, tuple[Path, ...]]]:
        """Record a file, or return the folder to go through next."""
        if any(is_dangerous(character) for character in entry.name):
            self.note(name, "has a name with control characters or broken encoding: rename it", "refused")
            return []
        try:
            path = Path(entry.path).resolve(strict=True) if entry.is_symlink() else chain[-1] / entry.name
            mode = path.lstat().st_mode
        except (OSError, RuntimeError):
            if entry.is_symlink():
                self.note(name, "is a link that leads nowhere: mend it or remove it", "refused")
            else:
                self.note(name, f"vanished while the folder was read: {_READ_AGAIN}", "unreadable")
            return []
        if entry.is_symlink() and not path.is_relative_to(self.root):
            self.note(name, "is a link that leads out of the corpus folder: put the file itself there", "refused")
            return []
        if not stat.S_ISDIR(mode):
            self._file(name, entry.name, mode)
            return []
        if entry.is_symlink():
            if path in chain or path in self._linked:
                self.note(name, "is a link to a folder that is read already: remove the link", "refused")
                return []
            self._linked.add(path)
        return [(name, (*chain, path))]

    def _file(self, name: str, own_name: str, mode: int) -> None:
        lower = own_name.lower()
        if lower.endswith(METADATA_SUFFIX):
            self.metadata.add(name)
        elif PurePosixPath(lower).suffix in SUFFIXES:
            if stat.S_ISREG(mode):
                self.documents.add(name)
            else:
                self.note(name, "is not a regular file: put a copy of the document there", "refused")
        elif name != PROFILE_NAME:
            kinds = " ".join(sorted(SUFFIXES))
            self.note(name, f"is of a type that is not read: save it as one of {kinds}", "skipped")
