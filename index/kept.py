"""Vectors of sentences that were embedded before: answering looks at the same ones again and again."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

MOST = 20_000
"""Sentences kept; with 384 numbers each, 31 MB."""

Row = NDArray[np.float32]


class KeptVectors:
    """Embeds texts with `embed`, each once; those used longest ago go first. Safe to share between threads."""

    def __init__(self, embed: Callable[[Sequence[str]], Row]) -> None:
        self._embed = embed
        self._rows: OrderedDict[str, Row] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, texts: Sequence[str]) -> Row:
        """One row a text."""
        with self._lock:
            rows = {text: self._rows[text] for text in texts if text in self._rows}
        missing = list(dict.fromkeys(text for text in texts if text not in rows))
        if missing:
            rows.update(zip(missing, self._embed(missing), strict=True))
        with self._lock:
            for text, row in rows.items():
                self._rows[text] = row
                self._rows.move_to_end(text)
            while len(self._rows) > MOST:
                self._rows.popitem(last=False)
        return np.array([rows[text] for text in texts], dtype=np.float32)
