"""Building and refreshing the store: the corpus folder as it is now becomes the generation in force."""

import datetime as dt
import hashlib
import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from corpus.errors import CorpusError
from corpus.folder import CorpusFile, FolderListing, scan
from corpus.profile import CallProfile, check_quotes, load_profile
from corpus.records import Document, FileNote
from index import store as stores
from index.content import Content, ContentWriter
from index.embed import Embedder, Vectors
from index.errors import NoStore, StoreError
from index.gather import Earlier, Source, gather, group_duplicates
from index.lexical import LexicalIndex
from index.method import METHOD, READING_VERSION
from index.passages import split
from index.progress import Progress, terminal
from index.records import BuildReport, Passage
from index.vectors import write_chroma

_EMBED_AT_ONCE = 256
_TRIES = 3
"""How often a folder that changes while it is read is read."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Old:
    """The generation in force, as far as it can be taken over."""

    generation: stores.Generation
    content: Content

    @property
    def manifest(self) -> stores.Manifest:
        return self.generation.manifest

    def earlier(self) -> Earlier:
        """Its documents."""
        read_alike = self.manifest.method.get("reading") == READING_VERSION
        return Earlier(self.content, {entry.id: entry for entry in self.content.entries()}, read_alike)

    def close(self) -> None:
        self.content.close()
        self.generation.close()


def refresh(
    corpus: Path,
    store: Path,
    embedders: Sequence[Embedder],
    *,
    dry_run: bool = False,
    progress: Progress = terminal,
) -> BuildReport:
    """Bring the store in line with the corpus folder; only what changed is read and embedded.

    The new state comes into force at once or not at all; a damaged store is made anew. `embedders` are the dense
    models, at least one. A dry run takes no lock and writes nothing.

    Raises `CorpusError` (`ProfileError`) for the corpus as a whole, `StoreBusy` where another process is writing,
    `StoreError` where the store cannot be written, `ModelError` where a model fails.
    """
    began = time.monotonic()
    if dry_run:
        report = _preview(corpus, store)
    else:
        with stores.locked(store):
            stores.remove_unused(store)
            report = _refresh(corpus, store, embedders, progress)
            stores.remove_unused(store)
    return replace(report, seconds=round(time.monotonic() - began, 3))


def _preview(corpus: Path, store: Path) -> BuildReport:
    listing = scan(corpus)
    load_profile(corpus)
    old = _open_old(store)
    try:
        earlier = old.earlier() if old else None
        return BuildReport(
            **_differences(_planned(listing), earlier),
            passages=0,
            embedded=0,
            notes=listing.notes,
            seconds=0.0,
            version=old.manifest.version if old else "",
            published=False,
        )
    finally:
        if old:
            old.close()


def _refresh(corpus: Path, store: Path, embedders: Sequence[Embedder], progress: Progress) -> BuildReport:
    old = _open_old(store)
    try:
        earlier = old.earlier() if old else None
        profile, sources, notes = _settled(corpus, earlier, progress)
        if not sources:
            raise CorpusError(_nothing_readable(corpus, notes))
        manifest = stores.Manifest(
            version=_version(sources, profile, embedders),
            corpus=str(corpus.resolve()),
            made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            models=(),
            method=METHOD,
            profile=profile,
            passages=0,
            notes=tuple(notes),
            files={},
        )
        embedded = 0
        published = old is None or not _says_the_same(manifest, old.manifest)
        if published:
            if profile:
                check_quotes(profile, _quoted_texts(profile, sources, earlier))
            with stores.writing(store), stores.new_generation(store, manifest.version) as folder:
                manifest, embedded = _write(folder, manifest, sources, old, embedders, progress)
                stores.publish(store, folder, manifest)
        elif old:
            manifest = old.manifest
        return BuildReport(
            **_differences({s.id: (s.sha256, s.meta_sha256) for s in sources}, earlier),
            passages=manifest.passages,
            embedded=embedded,
            notes=manifest.notes,
            seconds=0.0,
            version=manifest.version,
            published=published,
        )
    finally:
        if old:
            old.close()


def _settled(
    corpus: Path, earlier: Earlier | None, progress: Progress
) -> tuple[CallProfile | None, list[Source], list[FileNote]]:
    """The corpus as it was at one moment: read again, where it changed meanwhile, what changed."""
    read: dict[CorpusFile, Document] = {}
    for _ in range(_TRIES):
        listing, profile = scan(corpus), load_profile(corpus)
        sources, notes = gather(listing.files, earlier, read, progress)
        unread = len(listing.files) - len(sources)
        if not (read or unread) or (scan(corpus), load_profile(corpus)) == (listing, profile):
            return profile, sources, sorted([*listing.notes, *notes], key=lambda note: note.path)
    raise CorpusError(f"the corpus folder {corpus} keeps changing while it is read: run `call-assistant index` later")


def _write(
    folder: Path,
    manifest: stores.Manifest,
    sources: Sequence[Source],
    old: _Old | None,
    embedders: Sequence[Embedder],
    progress: Progress,
) -> tuple[stores.Manifest, int]:
    """Write all files of a generation but its manifest; also how many passages were embedded."""
    passages: list[Passage] = []
    keys: list[bytes] = []
    texts: list[str] = []
    with ContentWriter(folder / stores.CONTENT) as writer:
        for source in sources:
            document, cut = _document(source, old), []
            if source.same_as is None:
                cut = split(document)
                passages += cut
                texts += [f"{passage.context}\n{passage.text}".lstrip("\n") for passage in cut]
                keys += [hashlib.sha256(text.encode()).digest()[:16] for text in texts[len(keys) :]]
            writer.add(
                document,
                source.sha256,
                source.meta_sha256,
                list(zip(cut, keys[len(keys) - len(cut) :], strict=True)),
                source.same_as,
            )
    LexicalIndex.build(texts).save(folder / stores.LEXICAL)
    models: list[stores.Model] = []
    collections: dict[str, Vectors] = {}
    embedded: set[bytes] = set()
    for position, embedder in enumerate(embedders):
        known = _known_vectors(old, embedder.name)
        fresh = _embed(embedder, _without(known, keys, texts), progress)
        if fresh and known and embedder.dimension != len(next(iter(known.values()))):
            known = {}  # a server that answers to the same name with another model
            fresh = _embed(embedder, _without(known, keys, texts), progress)
        embedded |= fresh.keys()
        vectors = np.array([fresh[key] if key in fresh else known[key] for key in keys], dtype=np.float32)
        vectors = vectors.reshape(len(keys), -1 if keys else embedder.dimension)
        np.save(folder / stores.vectors_file(position), vectors, allow_pickle=False)
        collections[stores.collection(position)] = vectors
        models.append(stores.Model(name=embedder.name, dimension=vectors.shape[1]))
    write_chroma(
        folder / stores.CHROMA,
        collections,
        [passage.id for passage in passages],
        [
            {"position": position, "document": passage.document, "start": passage.start, "end": passage.end}
            for position, passage in enumerate(passages)
        ],
    )
    done = manifest.model_copy(update={"models": tuple(models), "passages": len(passages)})
    return done, sum(key in embedded for key in keys)


def _document(source: Source, old: _Old | None) -> Document:
    if source.document is not None:
        return source.document
    if old is None:
        raise AssertionError("only an old generation can be taken over")
    return old.content.document(source.id)


def _without(known: Mapping[bytes, Vectors], keys: Sequence[bytes], texts: Sequence[str]) -> dict[bytes, str]:
    return {key: text for key, text in zip(keys, texts, strict=True) if key not in known}


def _known_vectors(old: _Old | None, model: str) -> dict[bytes, Vectors]:
    """The vectors that `model` made for the old generation, by key."""
    if old is None:
        return {}
    names = [known.name for known in old.manifest.models]
    if model not in names:
        return {}
    matrix = np.load(old.generation.folder / stores.vectors_file(names.index(model)), mmap_mode="r", allow_pickle=False)
    return dict(zip(old.content.keys(), matrix, strict=True))


def _embed(embedder: Embedder, texts: Mapping[bytes, str], progress: Progress) -> dict[bytes, Vectors]:
    """Vectors by key, the longest texts first so that a batch wastes little on padding."""
    keys = sorted(texts, key=lambda key: len(texts[key]), reverse=True)
    vectors: dict[bytes, Vectors] = {}
    with progress("Embedding", len(keys)) as step:
        for first in range(0, len(keys), _EMBED_AT_ONCE):
            some = keys[first : first + _EMBED_AT_ONCE]
            vectors.update(zip(some, embedder.embed_passages([texts[key] for key in some]), strict=True))
            step.update(len(some))
    return vectors


def _open_old(store: Path) -> _Old | None:
    try:
        generation = stores.acquire(store)
    except NoStore:
        return None
    except StoreError as error:
        log.warning("nothing is taken over from the old state: %s", error)
        return None
    return _Old(generation, Content(generation.folder / stores.CONTENT))


def _planned(listing: FolderListing) -> dict[str, tuple[str, str | None]]:
    """Each file's hash and that of the metadata that would be in force for it."""
    return {
        file.id: (file.sha256, file.meta_sha256 or group[0].meta_sha256)
        for group in group_duplicates(listing.files)
        for file in group
    }


def _differences(now: Mapping[str, tuple[str, str | None]], earlier: Earlier | None) -> dict[str, tuple[str, ...]]:
    before = earlier.entries.keys() if earlier else set()
    unchanged = {key for key, hashes in now.items() if earlier and earlier.has(key, *hashes)}
    return {
        "added": tuple(sorted(now.keys() - before)),
        "changed": tuple(sorted((now.keys() & before) - unchanged)),
        "removed": tuple(sorted(before - now.keys())),
        "unchanged": tuple(sorted(unchanged)),
    }


def _version(sources: Sequence[Source], profile: CallProfile | None, embedders: Sequence[Embedder]) -> str:
    """Twelve hexadecimal digits over all that the content of a store follows from."""
    made_from = {
        "format": stores.FORMAT,
        "method": METHOD,
        "models": [embedder.name for embedder in embedders],
        "profile": profile.model_dump(mode="json") if profile else None,
        "documents": [(source.id, source.sha256, source.meta_sha256) for source in sources],
    }
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()[:12]


def _says_the_same(new: stores.Manifest, old: stores.Manifest) -> bool:
    return (new.version, new.corpus, new.notes) == (old.version, old.corpus, old.notes)


def _quoted_texts(profile: CallProfile, sources: Sequence[Source], earlier: Earlier | None) -> dict[str, str]:
    quoted = {entry.document for _, entry in profile.quoted()}
    texts: dict[str, str] = {}
    for source in sources:
        if source.id in quoted:
            document = source.document or (earlier and earlier.content.document(source.id))
            texts[source.id] = document.text if document else ""
    return texts


def _nothing_readable(corpus: Path, notes: Sequence[FileNote]) -> str:
    first = f"; {notes[0].path} {notes[0].reason}" if notes else ""
    return f"there is no readable document in {corpus} ({len(notes)} files left out{first}): put documents there"
