"""Real commands on one store at once: `index` beside `index`, and `index` beside a running `serve`."""

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.index.fakes import FARM, write_corpus
from tests.processes import WordServer, run, started, word_server

SECONDS = 5


@pytest.fixture(scope="module")
def words() -> Iterator[WordServer]:
    with word_server() as server:
        yield server


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus", FARM)


@pytest.fixture
def options(corpus: Path, tmp_path: Path) -> tuple[str, ...]:
    return ("--corpus", str(corpus), "--store", str(tmp_path / "store"))


def test_the_second_of_two_index_commands_ends_at_once_and_the_first_works(
    corpus: Path, options: tuple[str, ...], words: WordServer
) -> None:
    assert run("index", *options, environ=words.environ).returncode == 0
    write_corpus(corpus, {"hen.txt": "The hen sleeps."})
    words.marked = "The hen sleeps"
    words.waiting.clear()
    words.go_on.clear()
    with started("index", *options, environ=words.environ) as first:
        assert words.waiting.wait(60)
        second = run("index", *options, environ=words.environ)
        assert first.poll() is None
        assert (second.returncode, second.stdout) == (1, "")
        assert second.stderr.count("\n") == 1
        assert "another process is writing the store" in second.stderr
        assert run("show", "hen.txt", *options, environ=words.environ).stdout == FARM["hen.txt"]
        words.go_on.set()
        assert first.wait(60) == 0
    assert run("show", "hen.txt", *options, environ=words.environ).stdout == "The hen sleeps."
    again = json.loads(run("index", "--json", *options, environ=words.environ).stdout)
    assert (again["embedded"], again["published"]) == (0, False)


def test_a_running_service_answers_from_the_new_state_within_five_seconds(
    corpus: Path, options: tuple[str, ...], words: WordServer
) -> None:
    words.marked = "\0"
    environ = {**words.environ, "CALL_ASSISTANT_RATE_LIMIT_PER_MINUTE": "1000"}
    with started("serve", "--port", "0", *options, environ=environ) as service:
        address = _address(service.stdout or iter(()))
        assert _best(address, "who lays eggs?") == ("hen.txt", FARM["hen.txt"])
        write_corpus(corpus, {"hen.txt": "The hen lays eggs on Sunday.", "dog.txt": "The dog barks."})
        (corpus / "pig.txt").unlink()
        done = run("index", "--json", *options, environ=words.environ)
        assert done.returncode == 0, done.stderr
        indexed = time.monotonic()
        report = json.loads(done.stdout)
        assert (report["added"], report["changed"], report["removed"]) == (["dog.txt"], ["hen.txt"], ["pig.txt"])
        assert report["embedded"] == 2
        _until(lambda: _best(address, "who lays eggs?") == ("hen.txt", "The hen lays eggs on Sunday."), indexed)
        _until(lambda: _best(address, "who barks?")[0] == "dog.txt", indexed)
        assert _status(f"{address}/sources/dog.txt") == 200
        assert _status(f"{address}/sources/pig.txt") == 404
        assert "pig.txt" not in {found["document"] for found in _search(address, "the pig lives in a sty")}
        assert service.poll() is None


def _address(lines: Iterator[str]) -> str:
    """Where the service that prints `lines` listens."""
    found = (re.search(r"http://\S+", line) for line in lines)
    return next(match[0] for match in found if match)


def _search(address: str, question: str) -> list[dict[str, str]]:
    request = urllib.request.Request(
        f"{address}/api/search",
        json.dumps({"question": question}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        results: list[dict[str, str]] = json.loads(response.read())["results"]
        return results


def _best(address: str, question: str) -> tuple[str, str]:
    first = _search(address, question)[0]
    return first["document"], first["text"]


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=30) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def _until(holds: Callable[[], bool], since: float) -> None:
    """Ask until it holds, at most `SECONDS` after `since`."""
    while not holds():
        assert time.monotonic() - since < SECONDS
        time.sleep(0.05)
