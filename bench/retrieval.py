"""Finding the document that answers, on one public set: `python -m bench.retrieval SET FOLDER`.

FOLDER holds the set's files (`bench/sets.py` says which). Every document becomes a text file of a corpus, which the
command line indexes and searches: `call-assistant index`, then `search --input --output`. A document ranks where its
best passage does. Each figure stands with its 95 % bootstrap interval over questions, beside those of plain BM25 and of
LangChain's tutorial pipeline (with `--e5`, of the multilingual model alone too): over all questions, and over the half
that nothing was chosen on. With `--half tune` only the other half is asked, to choose on.
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bench.references import bm25, e5_alone, tutorial
from bench.sets import SETS, Question, RetrievalSet

PASSAGES = 50
"""Passages that are asked for, so that they hold five different documents."""
RESAMPLES = 2000

Ranked = list[list[str]]
"""For each question the documents that were found, best first."""
Reference = Callable[[Mapping[str, str], Sequence[str]], Ranked]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=sorted(SETS))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("tune",))
    parser.add_argument("--keep", type=Path, help="a folder for corpus and store, taken up again by the next run")
    parser.add_argument("--no-references", action="store_true", help="leave out BM25 and the tutorial")
    parser.add_argument("--e5", action="store_true", help="the multilingual model alone too")
    options = parser.parse_args()
    data = SETS[options.set](options.folder)
    groups = {name: [q for q in asked if _wanted(q, options.half)] for name, asked in data.groups.items()}
    references: dict[str, Reference] = {} if options.no_references else {"BM25": bm25, "tutorial": tutorial}
    references |= {"e5 alone": e5_alone} if options.e5 else {}
    with tempfile.TemporaryDirectory() as scratch:
        runs = run_all(data, groups, options.keep or Path(scratch), references)
    print(f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {options.set}, {options.half or 'all'}")
    print(f"{len(data.documents)} documents")
    for name, asked in groups.items():
        print(f"{name}, {len(asked)} questions")
        for label, found in runs.items():
            pairs = list(zip(asked, found[name], strict=True))
            scores = {k: [_score(question, row, k, data.measure) for question, row in pairs] for k in data.depths}
            print(f"  {label:<12}" + "".join(f"  {data.measure}@{k} {interval(row)}" for k, row in scores.items()))
            kept = [n for n, question in enumerate(asked) if not question.to_tune_on]
            if kept:
                untouched = {k: interval([row[n] for n in kept]) for k, row in scores.items()}
                print(
                    f"    untouched, {len(kept)}" + "".join(f"  {data.measure}@{k} {v}" for k, v in untouched.items())
                )


def run_all(
    data: RetrievalSet, groups: Mapping[str, Sequence[Question]], folder: Path, references: Mapping[str, Reference]
) -> dict[str, dict[str, Ranked]]:
    """What each way of searching finds, by its name and the group of questions."""
    texts = [question.text for asked in groups.values() for question in asked]

    def by_group(found: Ranked) -> dict[str, Ranked]:
        rows = iter(found)
        return {name: [next(rows) for _ in asked] for name, asked in groups.items()}

    runs = {"search": by_group(search(data.documents, texts, folder))}
    return runs | {name: by_group(way(data.documents, texts)) for name, way in references.items()}


def search(documents: Mapping[str, str], questions: Sequence[str], folder: Path) -> Ranked:
    """What the command line finds; corpus, store and lines lie in `folder`."""
    names = {f"{number:06}.txt": name for number, name in enumerate(documents)}
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for file, name in names.items():
        (corpus / file).write_text(documents[name], encoding="utf-8")
    asked, found = folder / "questions.jsonl", folder / "found.jsonl"
    lines = [json.dumps({"id": n, "question": text, "k": PASSAGES}) for n, text in enumerate(questions)]
    asked.write_text("\n".join(lines) + "\n", encoding="utf-8")
    place = ["--corpus", str(corpus), "--store", str(folder / "store")]
    began = time.monotonic()
    command(["index", *place])
    indexed = time.monotonic()
    command(["search", *place, "--input", str(asked), "--output", str(found)])
    print(f"indexed in {indexed - began:.0f} s, searched in {time.monotonic() - indexed:.0f} s", file=sys.stderr)
    results = [json.loads(line)["results"] for line in found.read_text(encoding="utf-8").splitlines()]
    return [list(dict.fromkeys(names[hit["document"]] for hit in row)) for row in results]


def command(arguments: Sequence[str]) -> None:
    """Run `call-assistant`."""
    subprocess.run([sys.executable, "-m", "assistant", *arguments], check=True, stdout=subprocess.DEVNULL)


def interval(values: Sequence[float]) -> str:
    """The mean with the percentile bootstrap's 95 % interval."""
    draws = np.random.default_rng(0).choice(np.array(values), (RESAMPLES, len(values))).mean(axis=1)
    low, high = np.percentile(draws, [2.5, 97.5])
    return f"{np.mean(values):.3f} [{low:.3f}, {high:.3f}]"


def _wanted(question: Question, half: str | None) -> bool:
    return half is None or question.to_tune_on == (half == "tune")


def _score(question: Question, found: Sequence[str], k: int, measure: str) -> float:
    hits = len(question.gold.intersection(found[:k]))
    return hits / len(question.gold) if measure == "recall" else float(hits > 0)


if __name__ == "__main__":
    main()
