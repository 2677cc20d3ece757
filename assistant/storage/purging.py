"""What is kept for some days is deleted while the service runs, too."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from assistant.storage.errors import DatabaseError
from assistant.trouble import record

PURGE_SECONDS = 24 * 3600

_LOG = logging.getLogger(__name__)


@asynccontextmanager
async def purging(*purges: Callable[[], object]) -> AsyncIterator[None]:
    """Run all `purges` once a day while the context is open."""

    async def purge() -> None:
        while True:
            await asyncio.sleep(PURGE_SECONDS)
            for one in purges:
                try:
                    await asyncio.to_thread(one)
                except DatabaseError as error:
                    record(_LOG, "deleting what is too old", error)

    task = asyncio.create_task(purge())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
