"""The reader alone, on English pages of OMoS-QA asked in four languages: `python -m bench.reader.measure FOLDER`.

With the weights that answer. Thresholds are chosen on the training pages that were held out; figures are of the `dev`
part. `ask` is measured by `python -m bench.pages`.
"""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.reader.data import LANGUAGES, Example, omosqa, windows
from bench.retrieval import interval
from index.reader import Reading, load_reader
from index.records import Passage, Sentence

Read = list[tuple[Example, Reading]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    chosen = read([e for e in omosqa(options.folder, "train", random.Random(0), every_pair=True) if e.held_out])
    line = max(np.arange(-3, 3, 0.1), key=lambda t: np.mean([f1(e, r, t) for e, r in chosen if any(e.labels)]))
    whole = max(np.arange(-4, 4, 0.1), key=lambda t: balance(chosen, t))
    print(f"thresholds: line {line:.1f}, answered {whole:.1f}, on {len(chosen)} held-out questions")
    found = read(list(omosqa(options.folder, "dev", random.Random(0), every_pair=True)))
    for number, language in enumerate(LANGUAGES):
        report(language, found[number :: len(LANGUAGES)], float(line), float(whole))


def read(examples: Sequence[Example]) -> Read:
    reader = load_reader(())
    found = []
    for example in examples:
        passages = [(passage_of(example.context, lines), None) for _, lines in windows(example.lines)]
        readings = reader.read(example.question, passages)
        lines = tuple(line for reading in readings for line in reading.sentences)
        found.append((example, Reading(lines, max(reading.answered for reading in readings))))
    return found


def passage_of(context: str, lines: Sequence[str]) -> Passage:
    text, sentences = "\n".join(lines), []
    start = 0
    for line in lines:
        sentences.append(Sentence(start, start + len(line)))
        start += len(line) + 1
    return Passage("", "", 0, len(text), text, None, None, context, tuple(sentences))


def report(name: str, found: Read, line: float, whole: float) -> None:
    macro = [f1(e, r, line) for e, r in found if any(e.labels)]
    hits, cited, due = (sum(column) for column in zip(*(counts(e, r, line) for e, r in found), strict=True))
    refused = [r.answered < whole for _, r in found]
    rightly = sum(r and not any(e.labels) for r, (e, _) in zip(refused, found, strict=True))
    unanswerable = sum(not any(e.labels) for e, _ in found)
    print(
        f"{name}: line F1 {interval(macro)} mean, {2 * hits / (cited + due):.3f} of all lines "
        f"(precision {hits / max(1, cited):.3f}, recall {hits / due:.3f}); unanswerable recall "
        f"{rightly / unanswerable:.3f}, precision {rightly / max(1, sum(refused)):.3f}, n = {len(found)}"
    )


def counts(example: Example, reading: Reading, threshold: float) -> tuple[int, int, int]:
    cited = [logit >= threshold for logit in reading.sentences]
    hits = sum(c and label == 1 for c, label in zip(cited, example.labels, strict=True))
    return hits, sum(cited), sum(label == 1 for label in example.labels)


def f1(example: Example, reading: Reading, threshold: float) -> float:
    hits, cited, due = counts(example, reading, threshold)
    return 2 * hits / (cited + due)


def balance(found: Read, threshold: float) -> float:
    """F1 of refusing."""
    refused = [(r.answered < threshold, not any(e.labels)) for e, r in found]
    both, got, due = sum(a and b for a, b in refused), sum(a for a, _ in refused), sum(b for _, b in refused)
    return 2 * both / max(1, got + due)


if __name__ == "__main__":
    main()
