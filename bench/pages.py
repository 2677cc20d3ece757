"""Citing the lines that answer: `python -m bench.pages FOLDER`, with OMoS-QA's folder.

English pages of its `dev` part as text files, each question asked in four languages by `call-assistant ask` within its
page. A line counts as cited where a citation covers at least half of it; a page does not answer where no line of it is
marked, and `not_found`, `out_of_scope` and `clarify` are refusals.
"""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.evaluate import REFUSALS
from bench.commands import ask_all, parser_of, write_corpus
from bench.reader.data import LANGUAGES
from bench.retrieval import interval
from bench.sets import lines


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--part", choices=("dev", "train"), default="dev")
    options = parser.parse_args()
    rows = {language: list(lines(options.folder / language / f"{options.part}.jsonl")) for language in LANGUAGES}
    with tempfile.TemporaryDirectory() as scratch:
        found = ask(rows, options.keep or Path(scratch))
    for language in LANGUAGES:
        report(language, rows["en"], found[language])


def ask(rows: Mapping[str, Sequence[Any]], folder: Path) -> dict[str, list[Any]]:
    """The results by language, in the order of the questions."""
    files = write_corpus({row["context"]: row["context"] for row in rows["en"]}, folder)
    requests = [
        {"question": row["question"], "document": files[english["context"]], "language": "en"}
        for language in LANGUAGES
        for row, english in zip(rows[language], rows["en"], strict=True)
    ]
    results = iter(ask_all(requests, folder))
    return {language: [next(results) for _ in rows[language]] for language in LANGUAGES}


def report(language: str, rows: Sequence[Any], results: Sequence[Any]) -> None:
    counted = [counts(row, result) for row, result in zip(rows, results, strict=True)]
    macro = [2 * hits / (cited + due) for hits, cited, due in counted if due]
    hits, cited, due = (sum(column) for column in zip(*counted, strict=True))
    refused = [result["status"] in REFUSALS for result in results]
    rightly = sum(r and not row["answers"] for r, row in zip(refused, rows, strict=True))
    unanswerable = sum(not row["answers"] for row in rows)
    print(
        f"{language}: line F1 {interval(macro)} mean of {len(macro)}, {2 * hits / (cited + due):.3f} of all lines "
        f"(precision {hits / max(1, cited):.3f}, recall {hits / due:.3f}); unanswerable recall "
        f"{rightly / unanswerable:.3f} of {unanswerable}, precision {rightly / max(1, sum(refused)):.3f} "
        f"of {sum(refused)}"
    )


def counts(row: Any, result: Any) -> tuple[int, int, int]:
    """Lines rightly cited, cited and due."""
    spans, start = [], 0
    for line in row["context"].split("\n"):
        spans.append((start, start + len(line)))
        start += len(line) + 1
    quotes = [(citation["start"], citation["end"]) for citation in result["citations"]]
    cited = {n for n, span in enumerate(spans) if any(_covers(quote, span) for quote in quotes)}
    due = set(row["answers"])
    return len(cited & due), len(cited), len(due)


def _covers(quote: tuple[int, int], line: tuple[int, int]) -> bool:
    shared = min(quote[1], line[1]) - max(quote[0], line[0])
    return shared > 0 and 2 * shared >= line[1] - line[0]


if __name__ == "__main__":
    main()
