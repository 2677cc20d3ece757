"""Turns of conversations with their history against the last turn alone, on MTRAG: `python -m bench.turns FOLDER`.

FOLDER holds `tasks.jsonl` and `passages_pool.jsonl`. Every passage becomes a document. A turn is asked by
`call-assistant ask --input`, with its history and without; what was searched (`search_question`) is then searched by
`call-assistant search --input`, which gives the recall of the relevant passages. `not_found`, `out_of_scope` and
`clarify` are refusals; they are due where a turn cannot be answered. Partly answerable turns count as answerable,
underspecified and conversational ones neither way.
"""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.evaluate import REFUSALS
from bench.commands import add_choice, ask_all, chosen_lines, parser_of, search_all, write_corpus
from bench.retrieval import interval
from bench.sets import lines

DEPTH = 5
DUE = {"ANSWERABLE": False, "PARTIAL": False, "UNANSWERABLE": True}
MOST_HISTORY = 40


def main() -> None:
    parser = parser_of(__doc__)
    add_choice(parser)
    options = parser.parse_args()
    turns = chosen_lines(options.folder / "tasks.jsonl", "conv", options)
    passages = {line["id"]: line["text"] for line in lines(options.folder / "passages_pool.jsonl")}
    if options.first:
        near = {context["id"] for line in turns for context in line["contexts"]}
        passages = {name: text for name, text in passages.items() if name in near}
    print(f"{len(turns)} turns, {len(passages)} passages")
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        files = write_corpus(passages, folder)
        for name, with_history in (("last turn alone", False), ("with history", True)):
            results = ask_all([request(line, with_history=with_history) for line in turns], folder)
            found = search_all([result["search_question"] for result in results], folder, DEPTH)
            print(name)
            report(turns, results, found, files)


def request(line: Mapping[str, Any], *, with_history: bool) -> dict[str, Any]:
    """The input line for one turn."""
    said = line["history"][-MOST_HISTORY:] if with_history else []
    history = [{"role": "user" if t["role"] == "user" else "assistant", "content": t["text"]} for t in said]
    return {"question": line["question"], "history": history, "language": "en"}


def report(
    turns: Sequence[Mapping[str, Any]],
    results: Sequence[Mapping[str, Any]],
    found: Sequence[Sequence[str]],
    files: Mapping[str, str],
) -> None:
    """Print recall and refusal, each with its interval."""
    recalls = []
    for line, documents in zip(turns, found, strict=True):
        if gold := {files[c["id"]] for c in line["contexts"] if "yes" in c["rel_votes"] and c["id"] in files}:
            recalls.append(len(gold.intersection(documents)) / len(gold))
    print(f"  R@{DEPTH} {interval(recalls)}, n {len(recalls)}")
    pairs = [
        (DUE[line["answerability"]], result["status"] in REFUSALS)
        for line, result in zip(turns, results, strict=True)
        if line["answerability"] in DUE
    ]
    precision = [float(due) for due, refused in pairs if refused]
    recall = [float(refused) for due, refused in pairs if due]
    for name, values in (("precision", precision), ("recall", recall)):
        print(f"  refusal {name} " + (f"{interval(values)}, n {len(values)}" if values else "none"))


if __name__ == "__main__":
    main()
