"""The store on disk: damage is told and mended, one process writes, and who reads changes nothing."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index import method
from index.build import refresh
from index.errors import NoStore, StoreBusy, StoreError, StoreMismatch
from index.search import Index
from tests.index.fakes import FARM, WordEmbedder, write_corpus

ROOT = Path(__file__).resolve().parents[2]
EMBEDDER = WordEmbedder()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus", FARM)


@pytest.fixture
def store(tmp_path: Path, corpus: Path) -> Path:
    refresh(corpus, tmp_path / "store", [EMBEDDER])
    return tmp_path / "store"


def state(folder: Path) -> dict[str, tuple[int, str]]:
    """Every file with its time of change and hash."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p): (p.stat().st_mtime_ns, hashlib.sha256(p.read_bytes()).hexdigest()) for p in files}


def generations(store: Path) -> list[Path]:
    return sorted((store / "generations").iterdir())


def test_no_store_yet(tmp_path: Path) -> None:
    with pytest.raises(NoStore, match="call-assistant index"):
        Index.open(tmp_path / "nothing", [EMBEDDER])


def test_reading_changes_nothing(store: Path) -> None:
    before = state(store)
    for _ in range(2):
        with Index.open(store, [EMBEDDER]) as index:
            index.search("who lays eggs?")
            index.document("hen.txt")
    assert state(store) == before


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def garble(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x55
    path.write_bytes(data)


def remove(path: Path) -> None:
    path.unlink()


def damages() -> Iterator[tuple[str, Callable[[Path], None]]]:
    """Each way to hurt each file; two of Chroma's and three of the words' index stand for all of theirs."""
    yield "in-use", remove
    inside = ["manifest.json", "content.sqlite3", "vectors-0.npy", "chroma/chroma.sqlite3", "chroma/*/data_level0.bin"]
    lexical = [f"lexical/{name}" for name in ("vocab.index.json", "params.index.json", "data.csc.index.npy")]
    for name in ["current", *inside, *lexical]:
        for hurt in (truncate, garble, remove):
            yield name, hurt


@pytest.mark.parametrize(("name", "hurt"), list(damages()))
def test_damage_is_told_in_one_line_and_mended_by_the_command_it_names(
    name: str, hurt: Callable[[Path], None], store: Path, corpus: Path
) -> None:
    (path,) = [store / name] if name == "current" else generations(store)[0].glob(name)
    hurt(path)
    with pytest.raises(StoreError, match="call-assistant index") as caught:
        Index.open(store, [EMBEDDER])
    assert "\n" not in str(caught.value)
    assert refresh(corpus, store, [EMBEDDER]).published
    with Index.open(store, [EMBEDDER]) as index:
        assert index.search("who lays eggs?")[0].passage.document == "hen.txt"
    assert len(generations(store)) == 1


@pytest.mark.parametrize("content", ["", "../../etc", "x" * 100_000, "0" * 12 + "-" + "0" * 8 + " " + "0" * 64 + "\n"])
def test_a_pointer_that_leads_nowhere_is_damage(content: str, store: Path, corpus: Path) -> None:
    (store / "current").write_text(content)
    with pytest.raises(StoreError, match="damaged"):
        Index.open(store, [EMBEDDER])
    assert refresh(corpus, store, [EMBEDDER]).published


def test_a_store_that_is_a_file(tmp_path: Path, corpus: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be written"):
        refresh(corpus, tmp_path / "file", [EMBEDDER])
    with pytest.raises(StoreError):
        Index.open(tmp_path / "file", [EMBEDDER])


def test_another_model_corpus_or_method_is_refused_with_both_values_and_the_command(
    store: Path, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StoreMismatch, match=r"words, not by others.*call-assistant index"):
        Index.open(store, [WordEmbedder("others")])
    with pytest.raises(StoreMismatch, match=rf"{corpus}, not from {tmp_path}.*call-assistant index"):
        Index.open(store, [EMBEDDER], corpus=tmp_path)
    Index.open(store, [EMBEDDER], corpus=corpus).close()
    with pytest.raises(StoreMismatch, match=r"128 numbers, the store has 64.*call-assistant index"):
        Index.open(store, [WordEmbedder("words", 128)]).search("x")
    monkeypatch.setitem(method.METHOD, "chunk_max_chars", 2000)
    with pytest.raises(StoreMismatch, match=r"chunk_max_chars 1000, now it is 2000.*call-assistant index"):
        Index.open(store, [EMBEDDER])
    assert refresh(corpus, store, [EMBEDDER]).published
    Index.open(store, [EMBEDDER]).close()


@contextmanager
def writer(corpus: Path, store: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that is in the middle of a refresh; it goes on when its standard input is closed."""
    command = [sys.executable, "-m", "tests.faults.refresh_once", str(corpus), str(store), "--hold"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert [process.stdout.readline() for _ in range(2)] == ["ready\n", "embedding\n"]
            yield process
        finally:
            process.kill()


def test_two_writers_at_once_one_works_and_the_other_is_refused_at_once(store: Path, corpus: Path) -> None:
    write_corpus(corpus, {"hen.txt": "The hen sleeps."})
    with writer(corpus, store) as first:
        began = time.monotonic()
        with pytest.raises(StoreBusy) as caught:
            refresh(corpus, store, [EMBEDDER])
        assert time.monotonic() - began < 2
        assert "\n" not in str(caught.value)
        with Index.open(store, [EMBEDDER]) as index:
            assert index.document("hen.txt").text == FARM["hen.txt"]
        assert refresh(corpus, store, [EMBEDDER], dry_run=True).changed == ("hen.txt",)
        assert first.communicate()[0] == "done\n"
    with Index.open(store, [EMBEDDER]) as index:
        assert index.document("hen.txt").text == "The hen sleeps."
    assert not refresh(corpus, store, [EMBEDDER]).published


def test_what_a_killed_writer_left_goes_with_the_next_refresh(store: Path, corpus: Path) -> None:
    write_corpus(corpus, {"hen.txt": "The hen sleeps."})
    with writer(corpus, store):
        assert len(generations(store)) == 2
    assert len(generations(store)) == 2
    assert refresh(corpus, store, [EMBEDDER]).published
    assert len(generations(store)) == 1


def test_an_open_index_answers_from_its_state_through_refreshes(store: Path, corpus: Path) -> None:
    with Index.open(store, [EMBEDDER]) as old:
        for edition in ("sleeps", "flies", "swims"):
            write_corpus(corpus, {"hen.txt": f"The hen {edition}."})
            refresh(corpus, store, [EMBEDDER])
        assert old.document("hen.txt").text == FARM["hen.txt"]
        assert old.search("who lays eggs?")[0].passage.text == FARM["hen.txt"]
        assert len(generations(store)) == 2  # the one in force, and the one that is being read
    refresh(corpus, store, [EMBEDDER])
    assert len(generations(store)) == 1


def test_what_is_not_ours_in_the_folder_stays(store: Path, corpus: Path) -> None:
    (store / "generations" / "holiday-photos").mkdir()
    write_corpus(corpus, {"hen.txt": "The hen sleeps."})
    refresh(corpus, store, [EMBEDDER])
    assert (store / "generations" / "holiday-photos").is_dir()
