"""The store under a running service: a new generation is taken up without a restart."""

import logging
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from index.embed import Embedder
from index.errors import StoreError
from index.reader import Reads, load_reader
from index.search import Index
from index.store import pointer_path

CHECK_SECONDS = 1.0
"""The pointer file is looked at no more often than this."""

RETRY_SECONDS = 30.0
"""A generation that could not be opened is tried again after this long."""

log = logging.getLogger(__name__)


class LiveIndex:
    """Hands out the generation in force. Safe to share between threads.

    Whoever is at work on an older generation keeps it: it is closed when the last reference to it goes.
    """

    def __init__(
        self, store: Path, embedders: Sequence[Embedder], *, corpus: Path | None = None, reader: Reads | None = None
    ) -> None:
        """Open the store; raises what `Index.open` raises."""
        self._store, self._embedders, self._corpus = store, tuple(embedders), corpus
        self._reader = reader or load_reader(self._embedders)
        self._seen = _state(store)
        self._index = self._open()
        self._next_check = time.monotonic() + CHECK_SECONDS
        self._checking = threading.Lock()

    def current(self) -> Index:
        """The newest generation that could be opened. Take it once for each request, and let go of it afterwards."""
        if time.monotonic() >= self._next_check and self._checking.acquire(blocking=False):
            try:
                self._check()
            finally:
                self._checking.release()
        return self._index

    def close(self) -> None:
        """Let go of the generation in force."""
        self._index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self) -> Index:
        return Index.open(self._store, self._embedders, corpus=self._corpus, reader=self._reader)

    def _check(self) -> None:
        self._next_check = time.monotonic() + CHECK_SECONDS
        state = _state(self._store)
        if state == self._seen:
            return
        try:
            self._index = self._open()
            self._seen = state
        except StoreError as error:
            self._next_check = time.monotonic() + RETRY_SECONDS
            log.error("answers keep coming from the older state %s: %s", self._index.version, error)


def _state(store: Path) -> tuple[int, int] | None:
    """What changes whenever the pointer is replaced."""
    try:
        found = pointer_path(store).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
