"""The reader's vectors of all passages in a store: two files, one of rows, one of where each passage's begin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.reader import Rows

ROWS, FIRST = "rows.npy", "rows-first.npy"


@dataclass(frozen=True, slots=True)
class StoredRows:
    """Empty where a store was made without the built-in models: then passages are encoded when they are read."""

    _rows: Rows
    _first: NDArray[np.int64]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Those of a generation, read when they are asked for."""
        if not (folder / FIRST).is_file():
            return cls(np.zeros((0, 0), dtype=np.float16), np.zeros(0, dtype=np.int64))
        rows = np.load(folder / ROWS, mmap_mode="r", allow_pickle=False)
        return cls(rows, np.load(folder / FIRST, allow_pickle=False))

    def of(self, position: int) -> Rows | None:
        """The rows of the passage at that place in the store."""
        if not len(self._first):
            return None
        return np.asarray(self._rows[self._first[position] : self._first[position + 1]])

    def by_key(self, keys: Sequence[bytes]) -> Mapping[bytes, Rows]:
        """All, by the keys of the passages in order; none where there are none."""
        found = ((key, self.of(position)) for position, key in enumerate(keys))
        return {key: rows for key, rows in found if rows is not None}


def save_rows(folder: Path, rows: Sequence[Rows]) -> None:
    """Write the rows of each passage, in order."""
    np.save(folder / FIRST, np.cumsum([0, *(len(some) for some in rows)], dtype=np.int64), allow_pickle=False)
    np.save(folder / ROWS, np.concatenate(rows) if rows else np.zeros((0, 0), np.float16), allow_pickle=False)
