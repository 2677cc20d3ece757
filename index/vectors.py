"""Vectors in Chroma, one collection a model. The one door to chromadb.

An embedded Chroma writes to its folder whenever it is opened, and two processes on one folder damage it. So a
generation's Chroma is opened by the writer alone, before the generation is published; who searches it later works on a
copy of its database of his own. The exact vectors lie beside it as `.npy`, which is read without writing anything.
"""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.api.types import Metadata
from chromadb.config import Settings
from chromadb.errors import ChromaError
from numpy.typing import NDArray

from index.embed import Vectors
from index.errors import ChromaFailure

MAX_BATCH = 5000
"""Chroma takes at most 5,461 items at once."""

EF_SEARCH = 200
"""How many neighbours HNSW keeps while it searches; Chroma's default is 100. Only the first 50 are asked for."""

_DATABASE = "chroma.sqlite3"


def write_chroma(
    folder: Path, collections: Mapping[str, Vectors], ids: Sequence[str], metadatas: Sequence[Mapping[str, str | int]]
) -> None:
    """Make a Chroma database in `folder` and read it again from disk, so that what is published is known to be whole.

    Row `i` of each collection belongs to `ids[i]` and `metadatas[i]`. Raises `ChromaFailure`.
    """
    try:
        client = _client(folder)
        try:
            for name, vectors in collections.items():
                _fill(client, name, vectors, ids, metadatas)
        finally:
            client.close()
        client = _client(folder)
        try:
            for name, vectors in collections.items():
                _check(client, name, vectors, ids)
        finally:
            client.close()
    except ChromaError as error:
        raise ChromaFailure(f"Chroma cannot write the store ({' '.join(str(error).split())[:200]})") from error


class ChromaIndex:
    """Chroma's approximate search over a published database, on a private copy of what Chroma would write to."""

    def __init__(self, folder: Path) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="call-assistant-")
        scratch = Path(self._scratch.name)
        try:
            shutil.copyfile(folder / _DATABASE, scratch / _DATABASE)
            for part in folder.iterdir():
                if part.is_dir():
                    (scratch / part.name).symlink_to(part.resolve(), target_is_directory=True)
            self._client = _client(scratch)
        except (OSError, ChromaError) as error:
            self._scratch.cleanup()
            raise ChromaFailure(f"Chroma cannot open the store ({' '.join(str(error).split())[:200]})") from error

    def nearest(self, collection: str, query: NDArray[np.float32], k: int) -> list[int]:
        """Positions of about the `k` nearest vectors. Raises `ChromaFailure`."""
        try:
            found = self._client.get_collection(collection, embedding_function=None).query(
                query_embeddings=query[np.newaxis], n_results=k, include=["metadatas"]
            )
        except ChromaError as error:
            raise ChromaFailure(f"Chroma cannot search the store ({' '.join(str(error).split())[:200]})") from error
        metadatas = cast("list[list[dict[str, Any]]]", found["metadatas"])
        return [int(metadata["position"]) for metadata in metadatas[0]]

    def close(self) -> None:
        """Let go of the copy."""
        self._client.close()
        self._scratch.cleanup()


def _client(folder: Path) -> Client:
    # `_env_file=None`: whatever `.env` lies in the working directory is not meant for us.
    settings = Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]
    return cast(Client, chromadb.PersistentClient(str(folder), settings=settings))


def _fill(
    client: Client, name: str, vectors: Vectors, ids: Sequence[str], metadatas: Sequence[Mapping[str, str | int]]
) -> None:
    batches = np.array_split(np.arange(len(ids)), max(1, -(-len(ids) // MAX_BATCH)))
    # The index is written to disk after this many vectors. With batches of that size none is left over in the log,
    # which a reader would have to apply.
    smallest = max(2, min(len(batch) for batch in batches))
    collection = client.create_collection(
        name,
        embedding_function=None,
        configuration={"hnsw": {"space": "cosine", "ef_search": EF_SEARCH, "sync_threshold": smallest}},
    )
    for batch in batches if len(ids) else []:
        first, last = int(batch[0]), int(batch[-1]) + 1
        collection.add(
            ids=list(ids[first:last]),
            embeddings=vectors[first:last],
            metadatas=cast("list[Metadata]", [dict(metadata) for metadata in metadatas[first:last]]),
        )


def _check(client: Client, name: str, vectors: Vectors, ids: Sequence[str]) -> None:
    collection = client.get_collection(name, embedding_function=None)
    for first in range(0, len(ids), MAX_BATCH):
        wanted = list(ids[first : first + MAX_BATCH])
        found = collection.get(ids=wanted, include=["embeddings"])
        rows = dict(zip(found["ids"], cast("Any", found["embeddings"]), strict=True))
        if any(key not in rows for key in wanted) or not np.allclose(
            np.array([rows[key] for key in wanted]), vectors[first : first + MAX_BATCH], atol=1e-5
        ):
            raise ChromaFailure("Chroma did not keep what was written to it")
