"""`kill -9` of a refresh at random moments: `python -m tests.faults.kill9 [--runs 200] [--cli]`.

Half of the runs build a store, half refresh one in which every document changed. After each, the store is opened: all
documents it shows must be of one edition, and only a first build may leave no store at all. Then one more refresh must
bring the new edition and leave nothing of the killed one behind. Prints what was found in how many runs; status 1 and
a line for the first run that broke the rule.

The refresh runs in a fork with a small fake embedding, so that the moments fall into its work; `--cli` kills the
command `call-assistant index` instead, from its start, which gets the same embedding from a server.
"""

import argparse
import contextlib
import functools
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import index.vectors  # noqa: F401 - once, before the forks
from index.build import refresh
from index.embed import Embedder
from index.errors import NoStore
from index.search import Index
from tests.index.fakes import WordEmbedder, write_corpus
from tests.processes import COMMAND, surroundings, word_server

DOCUMENTS = 12
Start = Callable[[Path, Path], int]
"""Starts a refresh of a store (second) from a corpus (first) and returns its process ID."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cli", action="store_true")
    options = parser.parse_args()
    draw = random.Random(options.seed)
    found: Counter[str] = Counter()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        start: Start = start_fork
        embedder: Embedder = WordEmbedder()
        if options.cli:
            server = stack.enter_context(word_server())
            start = functools.partial(start_command, surroundings(server.environ))
            embedder = server.embedder()
        corpus, old = folder / "corpus", folder / "old"
        durations: dict[str, float] = {}
        write_edition(corpus, "one")
        timed(start, corpus, folder / "warm")  # the first is slower than all that follow
        durations["build"] = timed(start, corpus, old)
        write_edition(corpus, "two")
        durations["refresh"] = timed(start, corpus, copy_of(old, folder / "timed"))
        for run in range(options.runs):
            kind = "build" if run % 2 == 0 else "refresh"
            store = folder / f"store-{run}"
            if kind == "refresh":
                copy_of(old, store)
            killed = kill_at(start(corpus, store), draw.uniform(0, durations[kind]))
            try:
                state = shown(store, (embedder,))
                if state == "none" and kind == "refresh":
                    raise AssertionError("a refresh left no store")
                if os.waitstatus_to_exitcode(os.waitpid(start(corpus, store), 0)[1]) != 0:
                    raise AssertionError("the next refresh failed")
                if shown(store, (embedder,)) != "two" or len(list((store / "generations").iterdir())) != 1:
                    raise AssertionError("the next refresh did not mend the store")
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
                print(f"run {run} ({kind}): {type(error).__name__}: {error}", flush=True)
                return 1
            found[f"{kind}, {'killed' if killed else 'done before the kill'}: {state}"] += 1
            shutil.rmtree(store)
    for line, times in sorted(found.items()):
        print(f"{times:4} {line}")
    return 0


def write_edition(corpus: Path, edition: str) -> None:
    """Documents that each say their edition in every sentence; some are read in a child process."""
    sentence = f"This is edition {edition} of the rules on housing, health and training."
    text = "\n\n".join(" ".join([sentence] * 12) for _ in range(3))
    names = [f"document-{n}.{'md' if n % 4 == 0 else 'txt'}" for n in range(DOCUMENTS)]
    write_corpus(corpus, {name: f"{name} {text}" for name in names})


def shown(store: Path, embedders: Sequence[Embedder]) -> str:
    """The edition that every document and passage of the store is of; `none` where there is no store."""
    try:
        index = Index.open(store, embedders)
    except NoStore:
        return "none"
    with index:
        texts = [index.document(name).text for name in index.documents()]
        assert len(texts) == DOCUMENTS, f"{len(texts)} documents"
        texts += [hit.passage.text for hit in index.search("rules on housing", 100)]
        editions = {word for text in texts for word in ("one", "two") if f"edition {word}" in text}
    assert len(editions) == 1, f"editions {sorted(editions)} side by side"
    return editions.pop()


def start_fork(corpus: Path, store: Path) -> int:
    """This process has Chroma imported but never opened, so that forking it is safe."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            refresh(corpus, store, [WordEmbedder()])
            status = 0
        finally:
            os._exit(status)
    return pid


def start_command(environ: dict[str, str], corpus: Path, store: Path) -> int:
    command = [*COMMAND, "index", "--corpus", str(corpus), "--store", str(store)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environ).pid


def timed(start: Start, corpus: Path, store: Path) -> float:
    began = time.monotonic()
    if os.waitstatus_to_exitcode(os.waitpid(start(corpus, store), 0)[1]) != 0:
        raise SystemExit("a refresh that nobody hurt failed")
    return time.monotonic() - began


def kill_at(pid: int, seconds: float) -> bool:
    """Kill the process after so long; whether it was still at work."""
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def copy_of(store: Path, target: Path) -> Path:
    return Path(shutil.copytree(store, target))


if __name__ == "__main__":
    sys.exit(main())
