"""What the rule says for this person, on ShARC in its open form: `python -m bench.verdicts FOLDER`.

FOLDER holds `dev.jsonl` and `kb.jsonl`. Every rule becomes a document; each question is asked with its scenario, of its
rule's document, by `call-assistant ask --input`, and the follow-up questions with their replies are its history. A
question is answered with yes or no; to ask for more (`More`) is the status `clarify`, or the verdict `depends` or
`unknown`, and so is no verdict at all.
"""

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.commands import add_choice, ask_all, chosen_lines, parser_of, write_corpus
from bench.retrieval import interval
from bench.sets import lines

LABELS = ("Yes", "No", "More")


def main() -> None:
    parser = parser_of(__doc__)
    add_choice(parser)
    options = parser.parse_args()
    asked = chosen_lines(options.folder / "dev.jsonl", "tree_id", options)
    wanted = {line["gold_snippet_id"] for line in asked}
    rules = {line["id"]: line["text"] for line in lines(options.folder / "kb.jsonl")}
    if options.first:
        rules = {name: text for name, text in rules.items() if name in wanted}
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        files = write_corpus(rules, folder)
        results = ask_all([request(line, files) for line in asked], folder)
    report([(line["label"], label_of(result)) for line, result in zip(asked, results, strict=True)])


def request(line: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
    """The input line for one question."""
    history: list[dict[str, Any]] = []
    for turn in line["history"]:
        asked_back = {"role": "assistant", "content": turn["follow_up_question"], "result": {"status": "clarify"}}
        history += [asked_back, {"role": "user", "content": turn["follow_up_answer"]}]
    question = f"{line['scenario']} {line['question']}".strip()
    return {"question": question, "history": history, "document": files[line["gold_snippet_id"]], "language": "en"}


def label_of(result: Mapping[str, Any]) -> str:
    """Which of the three an answer comes to."""
    if result["status"] == "clarify":
        return "More"
    return {"yes": "Yes", "no": "No"}.get(result["verdict"] or "", "More")


def report(pairs: Sequence[tuple[str, str]]) -> None:
    """Print the confusion matrix and the accuracies."""
    counts = Counter(pairs)
    print(f"{len(pairs)} questions\n{'':>10}" + "".join(f"{got:>7}" for got in LABELS))
    for truth in LABELS:
        print(f"{truth:>10}" + "".join(f"{counts[truth, got]:>7}" for got in LABELS))
    recalls = []
    for truth in LABELS:
        right = [float(got == truth) for wanted, got in pairs if wanted == truth]
        if right:
            recalls.append(sum(right) / len(right))
            print(f"{truth}: right {interval(right)}, n {len(right)}")
    print(f"macro accuracy {sum(recalls) / len(recalls):.3f}")
    print(f"micro accuracy {interval([float(truth == got) for truth, got in pairs])}")
    if more := [float(got != "More") for truth, got in pairs if truth == "More"]:
        print(f"a plain yes or no where the truth is More {interval(more)}, n {len(more)}")


if __name__ == "__main__":
    main()
