"""Building and refreshing the store: the corpus folder as it is now becomes the generation in force."""

import datetime as dt
import hashlib
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from corpus.errors import CorpusError
from corpus.folder import CorpusFile, FolderListing, scan
from corpus.profile import CallProfile, check_quotes, load_profile
from corpus.records import Document, FileNote
from index import store as stores
from index.before import Old, differences, open_old, planned
from index.content import ContentWriter
from index.e5 import E5Embedder
from index.embed import Embedder, Vectors
from index.errors import StoreError
from index.gather import Earlier, Source, gather
from index.lexical import LexicalIndex
from index.method import METHOD
from index.passages import split
from index.progress import Progress, terminal
from index.reader import Reader, Rows
from index.records import BuildReport, Passage
from index.rows import save_rows

_EMBED_AT_ONCE = 256
_TRIES = 3
"""How often a folder that changes while it is read is read."""


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
    _check_apart(corpus, store)
    if dry_run:
        report = _preview(corpus, store)
    else:
        with stores.locked(store):
            stores.remove_unused(store)
            report = _refresh(corpus, store, embedders, progress)
            stores.remove_unused(store)
    return replace(report, seconds=round(time.monotonic() - began, 3))


def _check_apart(corpus: Path, store: Path) -> None:
    """Raise `StoreError` where the store would be taken for documents, and so change with each refresh."""
    inside, folder = store.resolve(), corpus.resolve()
    if inside.is_relative_to(folder) and not any(p.startswith(".") for p in inside.relative_to(folder).parts):
        raise StoreError(f"the store {store} lies in the corpus folder {corpus}: name another by --store")


def _preview(corpus: Path, store: Path) -> BuildReport:
    listing, profile = scan(corpus), load_profile(corpus)
    old = open_old(store)
    try:
        earlier = old.earlier() if old else None
        found = planned(listing)
        unread = old.manifest.unread if old and earlier and earlier.read_alike else {}
        as_before = {name for name, hashes in found.items() if unread.get(name) == hashes}
        notes = [note for note in old.manifest.notes if note.path in as_before] if old else []
        return BuildReport(
            **differences({name: hashes for name, hashes in found.items() if name not in as_before}, earlier),
            profile_changed=profile != (old.manifest.profile if old else None),
            passages=0,
            embedded=0,
            notes=_by_path([*listing.notes, *notes]),
            seconds=0.0,
            version=old.manifest.version if old else "",
            published=False,
        )
    finally:
        if old:
            old.close()


def _refresh(corpus: Path, store: Path, embedders: Sequence[Embedder], progress: Progress) -> BuildReport:
    old = open_old(store)
    try:
        earlier = old.earlier() if old else None
        listing, profile, sources, notes = _settled(corpus, earlier, progress)
        if not sources:
            raise CorpusError(_nothing_readable(corpus, notes))
        read = {source.id for source in sources}
        manifest = stores.Manifest(
            version=_version(sources, profile, embedders),
            corpus=str(corpus.resolve()),
            made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            models=(),
            method=METHOD,
            profile=profile,
            passages=0,
            notes=notes,
            unread={name: hashes for name, hashes in planned(listing).items() if name not in read},
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
            **differences({s.id: (s.sha256, s.meta_sha256) for s in sources}, earlier),
            profile_changed=profile != (old.manifest.profile if old else None),
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
) -> tuple[FolderListing, CallProfile | None, list[Source], tuple[FileNote, ...]]:
    """The corpus as it was at one moment: read again, where it changed meanwhile, what changed."""
    read: dict[CorpusFile, Document] = {}
    for _ in range(_TRIES):
        listing, profile = scan(corpus), load_profile(corpus)
        sources, notes = gather(listing.files, earlier, read, progress)
        unread = len(listing.files) - len(sources)
        if not (read or unread) or (scan(corpus), load_profile(corpus)) == (listing, profile):
            return listing, profile, sources, _by_path([*listing.notes, *notes])
    raise CorpusError(f"the corpus folder {corpus} keeps changing while it is read: run `call-assistant index` later")


def _write(
    folder: Path,
    manifest: stores.Manifest,
    sources: Sequence[Source],
    old: Old | None,
    embedders: Sequence[Embedder],
    progress: Progress,
) -> tuple[stores.Manifest, int]:
    """Write all files of a generation but its manifest; also how many passages were embedded."""
    from index.vectors import write_chroma  # takes half a second to import: who is refused or has nothing to do

    passages: list[Passage] = []
    keys: list[bytes] = []
    with ContentWriter(folder / stores.CONTENT) as writer:
        for source in sources:
            document, cut = _document(source, old), []
            if source.same_as is None:
                cut = split(document)
                passages += cut
                keys += [_key(passage) for passage in cut]
            writer.add(
                document,
                source.sha256,
                source.meta_sha256,
                list(zip(cut, keys[len(keys) - len(cut) :], strict=True)),
                source.same_as,
            )
    LexicalIndex.build([passage.embedded for passage in passages]).save(folder / stores.LEXICAL)
    models: list[stores.Model] = []
    collections: dict[str, Vectors] = {}
    embedded: set[bytes] = set()
    for position, embedder in enumerate(embedders):
        known = old.vectors(embedder.name) if old else {}
        if isinstance(embedder, E5Embedder):
            read = old.rows() if old else {}
            known = {key: vector for key, vector in known.items() if key in read}
            fresh, rows = _encode(Reader(embedder), _without(known, keys, passages), progress)
            save_rows(folder, [rows[key] if key in rows else read[key] for key in keys])
        else:
            fresh = _embed(embedder, _without(known, keys, passages), progress)
        if fresh and known and embedder.dimension != len(next(iter(known.values()))):
            known = {}  # a server that answers to the same name with another model
            fresh = _embed(embedder, _without(known, keys, passages), progress)
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


def _document(source: Source, old: Old | None) -> Document:
    if source.document is not None:
        return source.document
    if old is None:
        raise AssertionError("only an old generation can be taken over")
    return old.content.document(source.id)


def _key(passage: Passage) -> bytes:
    """The same where the models would read the same, sentence by sentence."""
    spans = [(s.start - passage.start, s.end - passage.start) for s in passage.sentences]
    return hashlib.sha256(f"{spans}{passage.embedded}".encode()).digest()[:16]


def _without(
    known: Mapping[bytes, Vectors], keys: Sequence[bytes], passages: Sequence[Passage]
) -> dict[bytes, Passage]:
    return {key: passage for key, passage in zip(keys, passages, strict=True) if key not in known}


def _embed(embedder: Embedder, passages: Mapping[bytes, Passage], progress: Progress) -> dict[bytes, Vectors]:
    """Vectors by key, the longest texts first so that a batch wastes little on padding."""
    keys = sorted(passages, key=lambda key: len(passages[key].embedded), reverse=True)
    vectors: dict[bytes, Vectors] = {}
    with progress("Embedding", len(keys)) as step:
        for first in range(0, len(keys), _EMBED_AT_ONCE):
            some = keys[first : first + _EMBED_AT_ONCE]
            found = embedder.embed_passages([passages[key].embedded for key in some])
            vectors.update(zip(some, found, strict=True))
            step.update(len(some))
    return vectors


def _encode(
    reader: Reader, passages: Mapping[bytes, Passage], progress: Progress
) -> tuple[dict[bytes, Vectors], dict[bytes, Rows]]:
    """Vectors of the multilingual model, and the reader's rows, which come with them."""
    vectors: dict[bytes, Vectors] = {}
    rows: dict[bytes, Rows] = {}
    with progress("Embedding", len(passages)) as step:
        for key, passage in passages.items():
            vectors[key], rows[key] = reader.encode(passage)
            step.update(1)
    return vectors, rows


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
    return (new.version, new.corpus, new.notes, new.unread) == (old.version, old.corpus, old.notes, old.unread)


def _by_path(notes: Iterable[FileNote]) -> tuple[FileNote, ...]:
    return tuple(sorted(notes, key=lambda note: note.path))


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
