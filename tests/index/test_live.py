"""A running service takes up a new state of the store without a restart."""

import gc
import logging
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import refresh
from index.errors import NoStore
from index.live import LiveIndex
from tests.index.fakes import FARM, WordEmbedder, write_corpus

EMBEDDER = WordEmbedder()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus", FARM)


@pytest.fixture
def store(tmp_path: Path, corpus: Path) -> Path:
    refresh(corpus, tmp_path / "store", [EMBEDDER])
    return tmp_path / "store"


def within_five_seconds(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + 5
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_there_must_be_a_store(tmp_path: Path) -> None:
    with pytest.raises(NoStore):
        LiveIndex(tmp_path / "nothing", [EMBEDDER])


def test_the_new_state_answers_within_five_seconds_and_who_is_at_work_keeps_the_old(store: Path, corpus: Path) -> None:
    with LiveIndex(store, [EMBEDDER], corpus=corpus) as live:
        at_work = live.current()
        write_corpus(corpus, {"hen.txt": "The hen sleeps."})
        version = refresh(corpus, store, [EMBEDDER]).version
        assert within_five_seconds(lambda: live.current().version == version)
        assert live.current().document("hen.txt").text == "The hen sleeps."
        assert at_work.document("hen.txt").text == FARM["hen.txt"]
        assert at_work.search("who lays eggs?")[0].passage.document == "hen.txt"


def test_the_old_state_goes_when_its_last_user_has_done(store: Path, corpus: Path) -> None:
    with LiveIndex(store, [EMBEDDER]) as live:
        at_work = live.current()
        write_corpus(corpus, {"hen.txt": "The hen sleeps."})
        version = refresh(corpus, store, [EMBEDDER]).version
        assert within_five_seconds(lambda: live.current().version == version)
        refresh(corpus, store, [EMBEDDER])
        assert len(list((store / "generations").iterdir())) == 2
        del at_work
        gc.collect()
        refresh(corpus, store, [EMBEDDER])
        assert len(list((store / "generations").iterdir())) == 1
        assert live.current().document("hen.txt").text == "The hen sleeps."


def test_a_new_state_that_cannot_be_opened_leaves_the_old_one_and_one_line(
    store: Path, corpus: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with LiveIndex(store, [EMBEDDER]) as live, caplog.at_level(logging.ERROR, "index.live"):
        write_corpus(corpus, {"hen.txt": "The hen sleeps."})
        refresh(corpus, store, [WordEmbedder("another")])
        assert within_five_seconds(lambda: bool(live.current() and caplog.records))
        assert live.current().document("hen.txt").text == FARM["hen.txt"]
        assert len(caplog.records) == 1
        assert "call-assistant index" in caplog.text
