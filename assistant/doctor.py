"""`doctor`: is everything there that answering needs? It looks, and neither makes nor changes anything."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.embedders import embedders_of
from assistant.errors import SettingsError
from assistant.model import model_of
from assistant.settings import Settings
from assistant.storage.examine import check_database
from corpus.errors import AssistantError, CorpusError
from corpus.folder import PROFILE_NAME, scan
from corpus.profile import load_profile
from index import store as stores
from index.build import refresh
from index.embed import Embedder
from index.embed_server import ServerEmbedder
from index.errors import ModelError, StoreError
from index.reader import load_reader
from index.records import Passage, Sentence
from index.search import Index


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    message: str
    """What was found; or what is wrong, and what to do."""


def examine(settings: Settings, faults: Sequence[SettingsError]) -> tuple[Check, ...]:
    """Everything that answering needs, in the order in which to mend it; `faults` are those of the settings."""
    embedders, models = _models(settings)
    return (
        *_configuration(settings, faults),
        *models,
        _reader(settings, embedders),
        _corpus(settings),
        _store(settings, embedders),
        _database(settings),
        _writer(settings),
    )


def as_text(checks: Sequence[Check]) -> str:
    """A line for each check."""
    width = max(len(check.name) for check in checks) + 2
    return "\n".join(f"{check.name:{width}}{'ok: ' if check.ok else ''}{check.message}" for check in checks)


def _configuration(settings: Settings, faults: Sequence[SettingsError]) -> Iterator[Check]:
    for fault in faults:
        yield Check("configuration", False, " ".join(str(fault).split()))
    if not faults:
        yield Check("configuration", True, f"corpus {settings.corpus}, store {settings.store}")


def _models(settings: Settings) -> tuple[tuple[Embedder, ...], list[Check]]:
    """The embedding models that work, and a check for each: embedding a word loads and compares its weights."""
    try:
        embedders = embedders_of(settings)
    except ModelError as error:
        return (), [Check("models", False, str(error))]
    checks = [_model(embedder) for embedder in embedders]
    return (embedders if all(check.ok for check in checks) else ()), checks


def _model(embedder: Embedder) -> Check:
    try:
        vectors = embedder.embed_queries(["deadline"])
        name, _, place = embedder.name.partition("@")
    except ModelError as error:
        return Check("models", False, str(error))
    if not np.isfinite(vectors).all():
        return Check("models", False, f"{name} gives vectors that hold no numbers: install it again")
    where = f"on {place}" if isinstance(embedder, ServerEmbedder) else f"weights with SHA-256 {place}…"
    return Check("models", True, f"{name}, {where}, vectors of {vectors.shape[1]} numbers")


def _reader(settings: Settings, embedders: Sequence[Embedder]) -> Check:
    if not embedders:
        return Check("reader", False, "was not tried, since the embedding models do not work")
    line = "The deadline is in May."
    passage = Passage("", "", 0, len(line), line, None, None, "", (Sentence(0, len(line)),))
    try:
        load_reader(embedders, settings.reader_model).read("When is the deadline?", [(passage, None)])
    except ModelError as error:
        return Check("reader", False, str(error))
    return Check(
        "reader", True, f"the model in {settings.reader_model}" if settings.reader_model else "the built-in one"
    )


def _corpus(settings: Settings) -> Check:
    try:
        listing, profile = scan(settings.corpus), load_profile(settings.corpus)
    except CorpusError as error:
        return Check("corpus", False, str(error))
    if not listing.files:
        return Check("corpus", False, f"there is no document in {settings.corpus}: put documents there")
    described = f"{PROFILE_NAME} of {profile.id}" if profile else f"no {PROFILE_NAME}"
    left_out = f", {len(listing.notes)} other files, which `index` names" if listing.notes else ""
    return Check("corpus", True, f"{len(listing.files)} documents, {described}{left_out}")


def _store(settings: Settings, embedders: Sequence[Embedder]) -> Check:
    try:
        if not embedders:
            generation = stores.acquire(settings.store)
            generation.close()
            return Check("store", True, f"state {generation.manifest.version} is whole; not tried without its models")
        with Index.open(settings.store, embedders, corpus=settings.corpus) as index:
            stats, version = index.stats, index.version
    except StoreError as error:
        return Check("store", False, str(error))
    found = f"state {version} of {stats.made_at}, {stats.documents} documents, {stats.passages} passages"
    try:
        now = refresh(settings.corpus, settings.store, embedders, dry_run=True)
    except AssistantError:
        return Check("store", True, f"{found}; not compared with the corpus, which cannot be read")
    if now.added or now.changed or now.removed or now.profile_changed:
        changes = f"{len(now.added)} new, {len(now.changed)} changed, {len(now.removed)} gone"
        changes += f", another {PROFILE_NAME}" if now.profile_changed else ""
        return Check("store", False, f"is older than the corpus ({changes}): run `call-assistant index`")
    return Check("store", True, found)


def _database(settings: Settings) -> Check:
    try:
        return Check("database", True, check_database(settings.database))
    except AssistantError as error:
        return Check("database", False, str(error))


def _writer(settings: Settings) -> Check:
    """Whether the language model says a word; none is fine too."""
    name = "writer"
    try:
        model = model_of(settings)
        if model is None:
            return Check(name, True, "no language model is set: answers are quoted from the sources")
        try:
            model.try_out()
        finally:
            model.close()
    except AssistantError as error:
        return Check(name, False, str(error))
    return Check(name, True, f"the language model {model.name} at {model.host} answers")
