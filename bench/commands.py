"""The command line over a made-up corpus: what `pages.py`, `turns.py` and `verdicts.py` have in common."""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.retrieval import command
from bench.sets import lines, to_tune_on


def parser_of(description: str | None) -> argparse.ArgumentParser:
    """The set's folder, and where corpus, store and results lie."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=Path, help="a folder for corpus, store and results, taken up by the next run")
    return parser


def add_choice(parser: argparse.ArgumentParser) -> None:
    """Options for a part of the set."""
    parser.add_argument("--half", choices=("tune", "report"))
    parser.add_argument("--first", type=int, help="so many questions only, over the texts that belong to them")


def chosen_lines(file: Path, key: str, options: argparse.Namespace) -> list[dict[str, Any]]:
    """The lines of `file` that the options name; those with the same `key` are in the same half."""
    found = [row for row in lines(file) if options.half is None or to_tune_on(row[key]) == (options.half == "tune")]
    return found[: options.first]


def write_corpus(documents: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Write each text into a file of `folder`'s corpus and index it; the files' names by the documents'."""
    files = {name: f"{number:06}.txt" for number, name in enumerate(documents)}
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for name, file in files.items():
        (corpus / file).write_text(documents[name], encoding="utf-8")
    command(["index", *_place(folder)])
    return files


def ask_all(requests: Sequence[Mapping[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """The answer to each input line."""
    return _run("ask", requests, folder)


def search_all(questions: Sequence[str], folder: Path, k: int) -> list[list[str]]:
    """The documents of the first `k` passages for each question."""
    found = _run("search", [{"question": question, "k": k} for question in questions], folder)
    return [list(dict.fromkeys(hit["document"] for hit in row["results"])) for row in found]


def _run(name: str, requests: Sequence[Mapping[str, Any]], folder: Path) -> list[dict[str, Any]]:
    asked, found = folder / f"{name}.in.jsonl", folder / f"{name}.out.jsonl"
    asked.write_text("".join(json.dumps({"id": n, **r}) + "\n" for n, r in enumerate(requests)), encoding="utf-8")
    command([name, *_place(folder), "--input", str(asked), "--output", str(found)])
    return [json.loads(line) for line in found.read_text(encoding="utf-8").splitlines()]


def _place(folder: Path) -> list[str]:
    return ["--corpus", str(folder / "corpus"), "--store", str(folder / "store")]
