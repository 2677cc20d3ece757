"""A full disk, or a limit on file sizes: one line, the old state answers, and the next refresh succeeds."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build import refresh
from index.errors import StoreError
from index.search import Index
from tests.index.fakes import FARM, WordEmbedder, write_corpus

ROOT = Path(__file__).resolve().parents[2]
EMBEDDER = WordEmbedder()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus", FARM)


def grow(corpus: Path, documents: int) -> None:
    text = "The goose honks at whoever comes near. " * 400
    write_corpus(corpus, {f"goose-{n}.txt": f"{n} {text}" for n in range(documents)})


def old_state_answers(store: Path) -> None:
    with Index.open(store, [EMBEDDER]) as index:
        assert {name: index.document(name).text for name in index.documents()} == FARM
        assert index.search("who lays eggs?")[0].passage.document == "hen.txt"


@pytest.mark.parametrize("limit", [0, 3_000, 100_000, 300_000])
def test_a_limit_on_file_sizes(limit: int, corpus: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    refresh(corpus, store, [EMBEDDER])
    grow(corpus, 20)
    command = [sys.executable, "-m", "tests.faults.refresh_once", str(corpus), str(store), "--file-limit", str(limit)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "ready\n"), done.stderr
    assert done.stderr.startswith("there is no room to write the store in ")
    assert done.stderr.count("\n") == 1
    assert "call-assistant index" in done.stderr
    old_state_answers(store)
    assert len(list((store / "generations").iterdir())) == 1
    assert refresh(corpus, store, [EMBEDDER]).published


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("mounting a small disk needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("room", [0, 100_000, 400_000, 700_000])
def test_a_full_disk(room: int, corpus: Path, small_disk: Path) -> None:
    store = small_disk / "store"
    refresh(corpus, store, [EMBEDDER])
    grow(corpus, 20)
    ballast = small_disk / "ballast"
    disk = os.statvfs(small_disk)
    ballast.write_bytes(b"0" * max(0, disk.f_bavail * disk.f_frsize - room))
    with pytest.raises(StoreError, match="no room to write the store") as caught:
        refresh(corpus, store, [EMBEDDER])
    assert "\n" not in str(caught.value)
    old_state_answers(store)
    assert len(list((store / "generations").iterdir())) == 1
    ballast.unlink()
    assert refresh(corpus, store, [EMBEDDER]).published
    with Index.open(store, [EMBEDDER]) as index:
        assert "goose" in index.search("the goose honks at whoever comes near")[0].passage.document
