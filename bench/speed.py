"""How fast the search answers as the corpus grows, and how much of an index run is embedding.

    python -m bench.speed search FOLDER [--passages 1000 10000 100000]
    python -m bench.speed index FOLDER

FOLDER is a corpus, such as the shipped one. `search` asks the questions of `tests/evaluation` one at a time, with the
real models, of stores whose passages are made of FOLDER's sentences and invented words. Their vectors are mixtures of
the vectors of FOLDER's sentences with noise, since embedding 100,000 texts takes hours and their search does not.
`index` times a refresh of FOLDER, repeated under other names until there are passages enough, and, in the same run, the
models embedding the same texts and nothing else.
"""

import argparse
import os
import platform
import random
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from assistant.embedders import embedders_of
from assistant.evaluate import load_questions
from assistant.results import SearchRequest
from assistant.service import Assistant
from assistant.settings import Settings
from corpus.folder import scan
from corpus.reader import DocumentReader
from index.build import refresh
from index.embed import Embedder, Vectors
from index.passages import split
from index.search import Index

QUESTIONS = Path("tests/evaluation/questions.jsonl")
ASKED = 200
WARM_UP = 20
KNOWN = 200
"""Sentences that are embedded to mix vectors of."""
PASSAGE_CHARS = 740
PASSAGES_A_FILE = 100
INVENTED_WORDS = 3
"""In each passage, so that the vocabulary grows with the corpus."""


class Mixed:
    """A model whose questions are its own, and whose passages are mixtures of known vectors."""

    def __init__(self, model: Embedder, known: Vectors) -> None:
        self.name, self.dimension = model.name, model.dimension
        self.embed_queries = model.embed_queries
        self._known = known
        self._draw = np.random.default_rng(0)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """One vector for each text, whatever it says."""
        one, other = self._draw.integers(len(self._known), size=(2, len(texts)))
        noise = self._draw.normal(size=(len(texts), self.dimension)) / np.sqrt(self.dimension)
        mixed = self._known[one] + 0.5 * self._known[other] + 0.5 * noise
        return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), dtype=np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("search", "index"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passages", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    options = parser.parse_args()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} cores, {memory:.0f} GiB")
    embedders = embedders_of(Settings())
    with tempfile.TemporaryDirectory() as scratch:
        if options.what == "search":
            time_search(options.folder, options.passages, embedders, Path(scratch))
        else:
            time_index(options.folder, embedders, Path(scratch))


def time_search(folder: Path, sizes: Sequence[int], embedders: Sequence[Embedder], scratch: Path) -> None:
    sentences = sentences_of(folder)
    known = sentences[:KNOWN]
    mixed = [Mixed(model, model.embed_passages(known)) for model in embedders]
    questions = [question.question for question in load_questions(QUESTIONS)][:ASKED]
    for size in sizes:
        corpus, store = scratch / f"corpus-{size}", scratch / f"store-{size}"
        write_passages(corpus, size, sentences)
        report = refresh(corpus, store, mixed)
        with Assistant(Settings(corpus=corpus, store=store), tuple(embedders)) as assistant:
            for question in questions[:WARM_UP]:
                assistant.search(SearchRequest(question=question))
            milliseconds = []
            for question in questions:
                began = time.perf_counter()
                assistant.search(SearchRequest(question=question))
                milliseconds.append((time.perf_counter() - began) * 1000)
        median, late = np.percentile(milliseconds, [50, 95])
        print(
            f"{report.passages:>7} passages: median {median:.1f} ms, p95 {late:.1f} ms, n = {len(milliseconds)}; "
            f"the store was made in {report.seconds:.0f} s"
        )


def sentences_of(folder: Path) -> list[str]:
    """The sentences of a corpus."""
    with DocumentReader() as reader:
        documents = [reader.read(file) for file in scan(folder).files]
    spans = [(d, s) for d in documents for passage in split(d) for s in passage.sentences]
    return [document.text[span.start : span.end] for document, span in spans]


def write_passages(corpus: Path, number: int, sentences: Sequence[str]) -> None:
    """A corpus of about `number` passages."""
    corpus.mkdir()
    draw = random.Random(0)
    for first in range(0, number, PASSAGES_A_FILE):
        paragraphs = []
        for _ in range(min(PASSAGES_A_FILE, number - first)):
            words = ["".join(draw.choices("abcdefghiklmnoprstuvz", k=8)) for _ in range(INVENTED_WORDS)]
            text = f"{' '.join(words).capitalize()}."
            while len(text) < PASSAGE_CHARS:
                text += f" {draw.choice(sentences)}"
            paragraphs.append(text[:PASSAGE_CHARS])
        (corpus / f"{first:06}.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")


def time_index(folder: Path, embedders: Sequence[Embedder], scratch: Path) -> None:
    for model in embedders:
        model.embed_passages(["warm"])
    corpus = scratch / "corpus"
    corpus.mkdir()
    for path in sorted(folder.rglob("*.md")):
        for copy in range(3):
            text = path.read_text(encoding="utf-8")
            (corpus / f"{copy}-{path.name}").write_text(f"# Edition {copy}\n\n{text}", encoding="utf-8")
    report = refresh(corpus, scratch / "store", embedders)
    with Index.open(scratch / "store", embedders) as index:
        texts = [f"{hit.passage.context}\n{hit.passage.text}" for hit in index.search("call", 10_000)]
    began = time.monotonic()
    for model in embedders:
        model.embed_passages(texts)
    raw = time.monotonic() - began
    indexed, embedded = report.passages / report.seconds, len(texts) / raw
    print(f"{report.passages} passages: {indexed:.2f} indexed a second, {embedded:.2f} embedded by the models alone")
    print(f"share of the raw throughput: {indexed / embedded:.2f}")


if __name__ == "__main__":
    main()
