from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.kept import KeptVectors


def test_each_text_is_embedded_once() -> None:
    embedded: list[str] = []

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        embedded.extend(texts)
        return np.array([[len(text), ord(text[0])] for text in texts], dtype=np.float32)

    kept = KeptVectors(embed)
    assert kept.of(["a", "bb", "a"]).tolist() == [[1, 97], [2, 98], [1, 97]]
    assert kept.of(["ccc", "bb"]).tolist() == [[3, 99], [2, 98]]
    assert embedded == ["a", "bb", "ccc"]
