"""Finding the rule that answers: `python bench/orsharc.py FOLDER`, FOLDER holding ShARC's `dev.jsonl` and `kb.jsonl`.

Question and scenario are searched together over one text file a rule. Prints R@1 and R@5 of the search with their 95 %
bootstrap intervals, and in the same run those of plain BM25 (bm25s with its English stop words and a stemmer) and of
the dense model alone over whole texts. With `--half` only a fixed random half of the questions is scored: tune on that
one, report the other, `--other-half`.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
import Stemmer

from index.build import refresh
from index.embed import BUILT_IN_MODEL, EmbeddingSettings, load_embedder, load_embedders
from index.search import Index

DEPTH = 5
PASSAGES = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    half = parser.add_mutually_exclusive_group()
    half.add_argument("--half", action="store_true")
    half.add_argument("--other-half", action="store_true")
    options = parser.parse_args()

    rules = {line["id"]: line["text"] for line in _read(options.folder / "kb.jsonl")}
    questions = list(_read(options.folder / "dev.jsonl"))
    if options.half or options.other_half:
        random.Random(0).shuffle(questions)
        middle = len(questions) // 2
        questions = questions[:middle] if options.half else questions[middle:]
    asked = [f"{line['question']} {line['scenario']}".strip() for line in questions]
    gold = [rules[line["gold_snippet_id"]] for line in questions]

    print(f"{len(rules)} rules, {len(questions)} questions")
    for name, ranked in (
        ("search", _search(rules, asked)),
        ("BM25 alone", _bm25(list(rules.values()), asked)),
        ("dense alone", _dense(list(rules.values()), asked)),
    ):
        ranks = [texts.index(right) if right in texts else DEPTH for texts, right in zip(ranked, gold, strict=True)]
        print(f"{name:<12} R@1 {_with_interval(ranks, 1)}   R@5 {_with_interval(ranks, 5)}")


def _read(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _search(rules: dict[str, str], questions: Sequence[str]) -> list[list[str]]:
    embedders = load_embedders(EmbeddingSettings())
    with tempfile.TemporaryDirectory() as scratch:
        corpus, store = Path(scratch, "corpus"), Path(scratch, "store")
        corpus.mkdir()
        for key, text in rules.items():
            (corpus / f"{key}.txt").write_text(text, encoding="utf-8")
        report = refresh(corpus, store, embedders)
        print(f"indexed {report.passages} passages in {report.seconds:.0f} s, {len(report.notes)} notes")
        with Index.open(store, embedders) as index:
            return [
                _first([rules[hit.passage.document.removesuffix(".txt")] for hit in hits])
                for hits in index.search_many(questions, PASSAGES)
            ]


def _bm25(texts: Sequence[str], questions: Sequence[str]) -> list[list[str]]:
    stemmer = Stemmer.Stemmer("english")
    bm25 = bm25s.BM25()
    bm25.index(bm25s.tokenize(list(texts), stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)
    tokens = bm25s.tokenize(list(questions), stopwords="en", stemmer=stemmer, show_progress=False)
    found = bm25.retrieve(tokens, k=PASSAGES, show_progress=False).documents
    return [_first([texts[n] for n in row]) for row in found]


def _dense(texts: Sequence[str], questions: Sequence[str]) -> list[list[str]]:
    embedder = load_embedder(BUILT_IN_MODEL)
    scores = embedder.embed_queries(questions) @ embedder.embed_passages(texts).T
    return [_first([texts[n] for n in row[:PASSAGES]]) for row in np.argsort(-scores, axis=1, kind="stable")]


def _first(texts: Sequence[str]) -> list[str]:
    """The first different texts: a rule ranks where its best passage does."""
    return list(dict.fromkeys(texts))[:DEPTH]


def _with_interval(ranks: Sequence[int], k: int) -> str:
    """Share of ranks (from 0) below `k`, with the percentile bootstrap's interval over 2,000 samples."""
    hits = np.array(ranks) < k
    samples = np.random.default_rng(0).choice(hits, (2000, len(hits))).mean(axis=1)
    low, high = np.percentile(samples, [2.5, 97.5])
    return f"{hits.mean():.3f} [{low:.3f}, {high:.3f}]"


if __name__ == "__main__":
    main()
