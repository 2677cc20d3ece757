"""The store on disk: generations that are written whole, then only read.

    STORE/
    ├── lock                    held by the one process that writes
    ├── current                 the generation in force, and its manifest's SHA-256; replaced atomically
    └── generations/NAME/
        ├── in-use              each reader holds a shared lock on it
        ├── manifest.json       what made it, and size and SHA-256 of every file
        ├── content.sqlite3     documents and passages
        ├── lexical/            the words' index
        ├── vectors-0.npy       the vectors of the first model, in the passages' order
        ├── rows.npy            the reader's vectors of passages and sentences, and where each passage's begin
        └── chroma/             the models' vectors in Chroma

Locks are `flock`s: the operating system lets go of them however a process ends.
"""

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.profile import CallProfile
from corpus.records import FileNote
from index.errors import ChromaFailure, NoStore, StoreBusy, StoreError, StoreMismatch

FORMAT = 3
"""Of the folder as a whole; raised when older software could not read a newer store."""

CONTENT, LEXICAL, CHROMA = "content.sqlite3", "lexical", "chroma"
_MANIFEST, _IN_USE, _CURRENT, _LOCK, _GENERATIONS = "manifest.json", "in-use", "current", "lock", "generations"
_NAME = re.compile(r"[0-9a-f]{12}-[0-9a-f]{8}")
_POINTER = re.compile(rf"({_NAME.pattern}) ([0-9a-f]{{64}})\n")
_REPAIR = "run `call-assistant index`"
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_ROOM_WORDS = re.compile(
    r"disk is full|disk I/O error|no space|file too large|requested and \d+ written|hnsw segment writer", re.I
)


class Model(BaseModel):
    """A dense model that made vectors."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    dimension: int


class StoredFile(BaseModel):
    """A file of a generation as it was written."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    size: int
    sha256: str


class Manifest(BaseModel):
    """What a generation was made from and by."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    format: int = FORMAT
    version: str
    """Of the content: the same corpus, read and embedded in the same way, has the same."""
    corpus: str
    """The corpus folder, absolute."""
    made_at: str
    """ISO date and time, UTC."""
    models: tuple[Model, ...]
    method: dict[str, int]
    """The versions and measures by which documents are read, cut and analysed."""
    profile: CallProfile | None
    passages: int
    notes: tuple[FileNote, ...]
    unread: dict[str, tuple[str, str | None]]
    """Documents that could not be read, by path: the SHA-256 of the file, and that of the metadata in force."""
    files: dict[str, StoredFile]
    """By path inside the generation, with `/`."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation that is open for reading; nobody removes it until `close`."""

    folder: Path
    manifest: Manifest
    lease: BinaryIO

    def close(self) -> None:
        """Let go of it."""
        self.lease.close()


def vectors_file(position: int) -> str:
    """The name of the file with the vectors of the model at `position`."""
    return f"vectors-{position}.npy"


def collection(position: int) -> str:
    """The name of that model's collection in Chroma."""
    return f"dense-{position}"


@contextlib.contextmanager
def reading(store: Path) -> Iterator[None]:
    """Whatever cannot be read means that the store is damaged, and is said so in one line."""
    try:
        yield
    except PermissionError as error:
        raise StoreError(f"the store in {store} may not be read by this user: change its permissions") from error
    except (OSError, ValueError, KeyError, EOFError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise _damaged(store, reason) from error


def acquire(store: Path) -> Generation:
    """Open the generation in force, every file of it checked; nothing is written.

    Raises `NoStore`, `StoreMismatch` for one of another format, `StoreError` for a damaged one.
    """
    with reading(store):
        while True:
            pointer = read_pointer(store)
            folder = store / _GENERATIONS / pointer[0]
            with contextlib.suppress(FileNotFoundError, BlockingIOError):
                lease = (folder / _IN_USE).open("rb")
                try:
                    fcntl.flock(lease, fcntl.LOCK_SH | fcntl.LOCK_NB)
                    return Generation(folder, _checked_manifest(store, folder, pointer[1]), lease)
                except BaseException:
                    lease.close()
                    raise
            if read_pointer(store) == pointer:
                raise _damaged(store, "files are missing")


def read_pointer(store: Path) -> tuple[str, str]:
    """Name and manifest hash of the generation in force. Raises `NoStore`, or `StoreError` if it cannot be told."""
    try:
        found = _POINTER.fullmatch(pointer_path(store).read_text(encoding="ascii", errors="replace"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NoStore(f"there is no store in {store} yet: {_REPAIR}") from error
    if found is None:
        raise _damaged(store, "its pointer is unreadable")
    return found[1], found[2]


def pointer_path(store: Path) -> Path:
    """The file that is replaced whenever another generation comes into force."""
    return store / _CURRENT


def check_match(
    store: Path, manifest: Manifest, corpus: Path | None, models: Sequence[str], method: Mapping[str, int]
) -> None:
    """Raise `StoreMismatch`, with both values, where a store was made from or by something else."""
    if corpus is not None and manifest.corpus != str(corpus.resolve()):
        raise StoreMismatch(
            f"the store in {store} was made from the corpus {manifest.corpus}, not from {corpus.resolve()}: "
            f"{_REPAIR} for this corpus, or name another store by --store"
        )
    made_by = tuple(model.name for model in manifest.models)
    if made_by != tuple(models):
        raise StoreMismatch(
            f"the store in {store} was made by the model {', '.join(made_by)}, not by {', '.join(models)}: {_REPAIR}"
        )
    for key in sorted(manifest.method.keys() | method.keys()):
        was, now = manifest.method.get(key), method.get(key)
        if was != now:
            raise StoreMismatch(f"the store in {store} was made with {key} {was}, now it is {now}: {_REPAIR}")


@contextlib.contextmanager
def locked(store: Path) -> Iterator[None]:
    """Be the one process that writes `store`, which is made. Raises `StoreBusy` at once where another is."""
    with writing(store):
        (store / _GENERATIONS).mkdir(parents=True, exist_ok=True)
        lock = (store / _LOCK).open("ab")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreBusy(f"another process is writing the store in {store}: wait until it has ended") from error
        yield


@contextlib.contextmanager
def writing(store: Path) -> Iterator[None]:
    """Whatever keeps the store from being written is said in one line; the state in force stays."""
    try:
        yield
    except (OSError, sqlite3.Error, ChromaFailure) as error:
        reason = getattr(error, "strerror", None) or str(error)
        cause = error.__cause__ or error
        if getattr(error, "errno", None) in _NO_ROOM or _NO_ROOM_WORDS.search(f"{reason} {cause}"):
            raise StoreError(
                f"there is no room to write the store in {store} (disk full, or a limit on file sizes); "
                f"it is as it was before: free some space, then {_REPAIR}"
            ) from error
        raise StoreError(
            f"the store in {store} cannot be written ({' '.join(reason.split())}); it is as it was before: "
            f"mend that, then {_REPAIR}"
        ) from error


@contextlib.contextmanager
def new_generation(store: Path, version: str) -> Iterator[Path]:
    """An empty folder for a generation, which goes again unless it came into force."""
    folder = store / _GENERATIONS / f"{version}-{secrets.token_hex(4)}"
    folder.mkdir()
    try:
        yield folder
    finally:
        if _in_force(store) != folder.name:
            shutil.rmtree(folder, ignore_errors=True)


def publish(store: Path, folder: Path, manifest: Manifest) -> None:
    """Bring the generation in `folder` into force: complete it by its manifest, sync it, then move the pointer."""
    (folder / _IN_USE).touch()
    manifest = manifest.model_copy(update={"files": _files(folder)})
    written = manifest.model_dump_json(indent=1).encode()
    (folder / _MANIFEST).write_bytes(written)
    for path in [*folder.rglob("*"), folder, folder.parent]:
        _sync(path)
    pointer = pointer_path(store)
    fresh = pointer.with_suffix(".new")
    fresh.write_text(f"{folder.name} {hashlib.sha256(written).hexdigest()}\n", encoding="ascii")
    _sync(fresh)
    fresh.replace(pointer)
    _sync(store)


def remove_unused(store: Path) -> None:
    """Remove each generation that is neither in force nor read by anybody. For the process that holds the lock."""
    in_force = _in_force(store)
    for folder in (store / _GENERATIONS).glob("*-*"):
        if folder.name == in_force or not _NAME.fullmatch(folder.name):
            continue
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(FileNotFoundError):
                lease = stack.enter_context((folder / _IN_USE).open("rb"))
                try:
                    fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
            shutil.rmtree(folder, ignore_errors=True)


def _in_force(store: Path) -> str | None:
    try:
        return read_pointer(store)[0]
    except StoreError:
        return None


def _checked_manifest(store: Path, folder: Path, sha256: str) -> Manifest:
    data = (folder / _MANIFEST).read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise _damaged(store, f"{_MANIFEST} is not what was written")
    if (made_as := json.loads(data).get("format")) != FORMAT:
        raise StoreMismatch(f"the store in {store} has format {made_as}, this software writes {FORMAT}: {_REPAIR}")
    try:
        manifest = Manifest.model_validate_json(data)
    except ValidationError as error:
        raise _damaged(store, f"{_MANIFEST} is malformed") from error
    for name, expected in manifest.files.items():
        try:
            found = _describe(folder / name)
        except FileNotFoundError as error:
            raise _damaged(store, f"{name} is missing") from error
        if found != expected:
            raise _damaged(store, f"{name} is not what was written")
    return manifest


def _files(folder: Path) -> dict[str, StoredFile]:
    return {
        path.relative_to(folder).as_posix(): _describe(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != _IN_USE
    }


def _describe(path: Path) -> StoredFile:
    with path.open("rb") as stream:
        return StoredFile(size=path.stat().st_size, sha256=hashlib.file_digest(stream, "sha256").hexdigest())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _damaged(store: Path, what: str) -> StoreError:
    return StoreError(f"the store in {store} is damaged ({what}): {_REPAIR}, which mends it")
