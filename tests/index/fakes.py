"""A deterministic embedding that anyone can work out, and small corpora made of it."""

import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from index.embed import Vectors


class WordEmbedder:
    """Counts words into 64 numbers by their CRC-32; remembers what it embedded."""

    def __init__(self, name: str = "words", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        return self.embed_queries(texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, zlib.crc32(word.encode()) % self.dimension] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1), dtype=np.float32)


def write_corpus(folder: Path, files: Mapping[str, str]) -> Path:
    """Write `files`, by their path, into `folder`, which is made."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


FARM = {
    "cow.txt": "The cow eats grass. The cow gives milk.",
    "hen.txt": "The hen eats corn. The hen lays eggs.",
    "pig.txt": "The pig eats everything. It lives in a sty.",
}
"""Three documents of one passage each."""
