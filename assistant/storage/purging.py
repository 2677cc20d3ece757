"""Deletes what was kept long enough, once a day."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Protocol

from assistant.storage.errors import DatabaseError
from assistant.trouble import record

PURGE_SECONDS = 24 * 3600
"""How often it is looked for, beside each time something is added."""

_LOG = logging.getLogger(__name__)


class Store(Protocol):
    """Keeps things for some days."""

    def purge(self) -> int:
        """Delete what was kept long enough; returns how many. Raises `DatabaseError`."""


@asynccontextmanager
async def purging(*stores: Store) -> AsyncIterator[None]:
    """Delete what is too old in `stores` once a day while the context is open."""

    async def purge() -> None:
        while True:
            await asyncio.sleep(PURGE_SECONDS)
            for store in stores:
                try:
                    await asyncio.to_thread(store.purge)
                except DatabaseError as error:
                    record(_LOG, "deleting what was kept long enough", error)

    task = asyncio.create_task(purge())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
