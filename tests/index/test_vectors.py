"""Chroma holds what it was given, and searching it changes nothing."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from index.embed import Vectors
from index.errors import ChromaFailure
from index.vectors import MAX_BATCH, ChromaIndex, write_chroma


def circle(count: int) -> Vectors:
    """Unit vectors, each nearest to its neighbours."""
    angles = np.linspace(0, np.pi, count, endpoint=False)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def write(folder: Path, vectors: Vectors) -> None:
    positions = range(len(vectors))
    write_chroma(folder, {"dense-0": vectors}, [f"p{n}" for n in positions], [{"position": n} for n in positions])


def state(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("count", [2, 300, MAX_BATCH + 1])
def test_the_nearest_are_found_and_the_folder_stays_as_it_is(count: int, tmp_path: Path) -> None:
    vectors = circle(count)
    write(tmp_path / "chroma", vectors)
    before = state(tmp_path / "chroma")
    index = ChromaIndex(tmp_path / "chroma")
    middle = count // 2
    assert index.nearest("dense-0", vectors[middle], 1) == [middle]
    assert set(index.nearest("dense-0", vectors[middle], min(3, count))) <= {middle - 1, middle, middle + 1}
    index.close()
    assert state(tmp_path / "chroma") == before


def test_models_have_a_collection_each(tmp_path: Path) -> None:
    one, two = circle(10), circle(10)[::-1].copy()
    write_chroma(
        tmp_path / "chroma",
        {"dense-0": one, "dense-1": two},
        [f"p{n}" for n in range(10)],
        [{"position": n} for n in range(10)],
    )
    index = ChromaIndex(tmp_path / "chroma")
    assert index.nearest("dense-0", one[2], 1) == [2]
    assert index.nearest("dense-1", one[2], 1) == [7]
    index.close()


def test_nothing_to_write(tmp_path: Path) -> None:
    write(tmp_path / "chroma", np.zeros((0, 2), dtype=np.float32))
    assert (tmp_path / "chroma").is_dir()


def test_a_damaged_database_is_one_line(tmp_path: Path) -> None:
    write(tmp_path / "chroma", circle(5))
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"no database" * 1000)
    with pytest.raises(ChromaFailure) as caught:
        ChromaIndex(tmp_path / "chroma")
    assert "\n" not in str(caught.value)
