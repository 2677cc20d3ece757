"""How long an answer takes: `python -m bench.latency FOLDER [--keep DIR]`.

FOLDER is a corpus of some thousand passages. The questions are those of `tests/evaluation`, asked one by one with the
real models. Beside the median and p95 of `timings_ms.total` stand, from the same run, one query embedding by each model
and one pass of the reader over the passages that were found; the memory of this process; and a cold `ask` against the
time that its imports and models take to load.
"""

import argparse
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from assistant.embedders import embedders_of
from assistant.evaluate import load_questions
from assistant.results import AskRequest
from assistant.retrieve import retrieve
from assistant.service import Assistant
from assistant.settings import Settings
from bench.speed import QUESTIONS, WARM_UP
from index.build import refresh
from index.embed import Embedder
from index.search import Index

ASKED = 100
RUNS = 3
LOAD = """
import assistant.cli, assistant.service
from assistant.embedders import embedders_of
from assistant.settings import Settings
from index.reader import load_reader
from index.records import Passage, Sentence
models = embedders_of(Settings())
for model in models:
    model.embed_queries(["load"])
load_reader(models).read("load", [(Passage("", "", 0, 4, "load", None, None, "", (Sentence(0, 4),)), None)])
"""
"""Imports what `ask` needs and loads its models."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=Path, help="a folder for the store, taken up again by the next run")
    options = parser.parse_args()
    models = embedders_of(Settings())
    with tempfile.TemporaryDirectory() as scratch:
        store = (options.keep or Path(scratch)) / "store"
        passages = refresh(options.folder, store, models).passages
        questions = [question.question for question in load_questions(QUESTIONS)][: WARM_UP + ASKED]
        print(f"Python {platform.python_version()}, {passages} passages, {ASKED} questions")
        with Assistant(Settings(corpus=options.folder, store=store), models) as assistant:
            times = [assistant.ask(AskRequest(question=question)).timings_ms["total"] for question in questions]
        median, late = np.percentile(times[WARM_UP:], [50, 95])
        embedding = sum(_median(partial(_embed, model), questions) for model in models)
        with Index.open(store, models) as index:
            hits = {question: retrieve([question], index, None)[0] for question in questions}
            reading = _median(lambda text: index.read(text, hits[text]), questions)
        print(f"ask: median {median:.0f} ms, p95 {late:.0f} ms")
        print(
            f"query embedding {embedding:.1f} ms, reader {reading:.1f} ms: {median / (embedding + reading):.1f} times"
        )
        print(f"resident memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")
        place = ["--corpus", str(options.folder), "--store", str(store)]
        cold = _seconds([sys.executable, "-m", "assistant", "ask", *place, questions[0]])
        load = _seconds([sys.executable, "-c", LOAD])
        print(f"cold ask {cold:.2f} s, imports and models {load:.2f} s: {cold / load:.2f} times")


def _embed(model: Embedder, question: str) -> object:
    return model.embed_queries([question])


def _median(run: Callable[[str], object], questions: list[str]) -> float:
    """Milliseconds."""
    times = []
    for question in questions:
        began = time.perf_counter()
        run(question)
        times.append((time.perf_counter() - began) * 1000)
    return float(np.median(times[WARM_UP:]))


def _seconds(command: list[str]) -> float:
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - began)
    return float(np.median(times))


if __name__ == "__main__":
    main()
