"""Errors of the store; the whole tree is drawn in `corpus.errors`."""

from corpus.errors import AssistantError


class StoreError(AssistantError):
    """The store cannot be read or written; the message names the command that repairs it."""

    code = "store"


class NoStore(StoreError):
    """There is no store yet."""

    code = "no_store"


class StoreMismatch(StoreError):
    """The store was made from another corpus, by another model or another chunking."""

    code = "store_mismatch"


class StoreBusy(StoreError):
    """Another process is writing the store."""

    code = "store_busy"


class ModelError(StoreError):
    """The embedding model is missing, damaged or unreachable."""

    code = "model"


class UnknownDocument(StoreError):
    """No document of that ID in the store."""

    code = "unknown_document"


class ChromaFailure(StoreError):
    """Chroma could not write or read; the cause is chained."""
