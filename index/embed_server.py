"""Vectors from a server that speaks the OpenAI embeddings interface (`POST …/embeddings`)."""

import math
import threading
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np

from index.embed import Vectors, presentable
from index.errors import ModelError

BATCH_SIZE = 64
TIMEOUT_S = 60.0
RETRY_AFTER_S = 0.5
_WORTH_A_RETRY = frozenset({408, 429, 500, 502, 503, 504})


class ServerEmbedder:
    """Embeds through `base_url`. One retry; each trouble is a `ModelError` of one line, and none shows the key."""

    def __init__(self, base_url: str, model: str, api_key: str | None = None) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ModelError("the address of the embeddings server is no http(s) address: correct it")
        self._url = base_url.rstrip("/") + "/embeddings"
        self._server = parts.hostname + (f":{parts.port}" if parts.port else "")
        self._model = model
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._dimension: int | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Model and server: whether another server's model of that name is the same cannot be known."""
        return f"{self._model}@{self._server}"

    @property
    def dimension(self) -> int:
        """Length of each vector; asks the server once."""
        with self._lock:
            if self._dimension is None:
                self._dimension = self._embed(["dimension"]).shape[1]
            return self._dimension

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return self._embed(texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        return self.embed_passages(texts)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        rows: list[Vectors] = []
        with httpx.Client(timeout=TIMEOUT_S, headers=self._headers) as client:
            for start in range(0, len(texts), BATCH_SIZE):
                batch = [presentable(text) for text in texts[start : start + BATCH_SIZE]]
                rows.append(self._read(self._post(client, batch), len(batch)))
        if len({part.shape[1] for part in rows}) > 1:
            raise self._error("sent vectors of different lengths")
        return np.vstack(rows)

    def _post(self, client: httpx.Client, batch: list[str]) -> httpx.Response:
        body = {"model": self._model, "input": batch, "encoding_format": "float"}
        for last_try in (False, True):
            try:
                response = client.post(self._url, json=body)
            except httpx.HTTPError as error:
                if last_try:
                    raise self._error(f"cannot be reached ({type(error).__name__})") from None
            else:
                if response.is_success:
                    return response
                if last_try or response.status_code not in _WORTH_A_RETRY:
                    raise self._error(f"answered with status {response.status_code}")
            time.sleep(RETRY_AFTER_S)
        raise AssertionError("unreachable")

    def _read(self, response: httpx.Response, expected: int) -> Vectors:
        try:
            data: list[dict[str, Any]] = sorted(response.json()["data"], key=lambda item: int(item["index"]))
            vectors = np.array([item["embedding"] for item in data], dtype=np.float32)
        except (ValueError, KeyError, TypeError) as error:
            raise self._error("sent something that is no list of embeddings") from error
        if vectors.ndim != 2 or len(vectors) != expected or not math.isfinite(float(np.abs(vectors).sum())):
            raise self._error(f"sent {len(vectors)} usable vectors for {expected} texts")
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), dtype=np.float32)

    def _error(self, what: str) -> ModelError:
        return ModelError(
            f"the embeddings server {self._server} {what}, model {self._model!r}: check its address, key and model"
        )
