"""What the generation in force holds already, and how a new state would differ from it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.folder import FolderListing
from index import store as stores
from index.content import Content
from index.embed import Vectors
from index.errors import NoStore, StoreError
from index.gather import Earlier, group_duplicates
from index.method import READER_VERSION, READING_VERSION
from index.reader import Rows
from index.rows import StoredRows

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Old:
    """The generation in force, as far as it can be taken over."""

    generation: stores.Generation
    content: Content

    @property
    def manifest(self) -> stores.Manifest:
        """What made it."""
        return self.generation.manifest

    def earlier(self) -> Earlier:
        """Its documents."""
        read_alike = self.manifest.method.get("reading") == READING_VERSION
        return Earlier(self.content, {entry.id: entry for entry in self.content.entries()}, read_alike)

    def vectors(self, model: str) -> dict[bytes, Vectors]:
        """The vectors that `model` made for it, by key."""
        names = [known.name for known in self.manifest.models]
        if model not in names:
            return {}
        file = self.generation.folder / stores.vectors_file(names.index(model))
        matrix = np.load(file, mmap_mode="r", allow_pickle=False)
        return dict(zip(self.content.keys(), matrix, strict=True))

    def rows(self) -> Mapping[bytes, Rows]:
        """The reader's rows, by key; none where another reader made them."""
        if self.manifest.method.get("reader") != READER_VERSION:
            return {}
        return StoredRows.load(self.generation.folder).by_key(self.content.keys())

    def close(self) -> None:
        """Let go of it."""
        self.content.close()
        self.generation.close()


def open_old(store: Path) -> Old | None:
    """The generation in force; None where there is none, or it is damaged or of another format."""
    try:
        generation = stores.acquire(store)
    except NoStore:
        return None
    except StoreError as error:
        log.warning("nothing is taken over from the old state: %s", error)
        return None
    return Old(generation, Content(generation.folder / stores.CONTENT))


def planned(listing: FolderListing) -> dict[str, tuple[str, str | None]]:
    """For each file its hash, and that of the metadata that would be in force for it."""
    return {
        file.id: (file.sha256, file.meta_sha256 or group[0].meta_sha256)
        for group in group_duplicates(listing.files)
        for file in group
    }


def differences(now: Mapping[str, tuple[str, str | None]], earlier: Earlier | None) -> dict[str, tuple[str, ...]]:
    """The documents of the new state by what is new about them, as a `BuildReport` names it."""
    before = earlier.entries.keys() if earlier else set()
    unchanged = {key for key, hashes in now.items() if earlier and earlier.has(key, *hashes)}
    return {
        "added": tuple(sorted(now.keys() - before)),
        "changed": tuple(sorted((now.keys() & before) - unchanged)),
        "removed": tuple(sorted(before - now.keys())),
        "unchanged": tuple(sorted(unchanged)),
    }
