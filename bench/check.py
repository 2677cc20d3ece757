"""How well `check` tells carried sentences from others, through the command line.

`python -m bench.check FOLDER`: FOLDER holds the public sets omosqa, doc2dial and wice. Sentences of the first two are
held against their own page, as they are and changed in one place; the claims of the third against their evidence.
Rules and constants are chosen on the half that `--tune` shows; without it the other half is reported.
"""

import argparse
import hashlib
import json
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.changes import CHANGES, LEAD_INS, Pair

SEED = 20181106
EACH = 45
"""Changed sentences of each kind in each language, where there are as many."""
MIN_WORDS = 6
MAX_CHARS = 600


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Figures for `check` over public sets.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tune", action="store_true", help="the half that rules and constants are chosen on")
    parser.add_argument("--wrong", action="store_true", help="print the pairs that come out wrong")
    options = parser.parse_args()
    pairs = _pairs(options.folder, options.tune)
    claims = [c for c in _lines(options.folder / "wice" / "claim_dev.jsonl") if _tuned(c["claim"]) == options.tune]
    lines = [{"sentence": pair.sentence, "quotes": pair.quotes} for pair in pairs]
    lines += [{"sentence": claim["claim"], "quotes": claim["evidence"]} for claim in claims]
    results = _check(lines)
    _report_pairs(pairs, [r["supported"] for r in results[: len(pairs)]])
    if options.wrong:
        for pair, found in zip(pairs, results, strict=False):
            if found["supported"] != pair.faithful:
                print(json.dumps([pair.kind, pair.sentence, found["reasons"]], ensure_ascii=False))
    _report_claims(claims, results[len(pairs) :])


def _pairs(folder: Path, tune: bool) -> list[Pair]:
    rng = random.Random(SEED)
    pairs: list[Pair] = []
    for language in ("en", "de", "fr"):
        sentences = [found for found in _sentences(folder, language) if _tuned(found[1]) == tune]
        rng.shuffle(sentences)
        done = dict.fromkeys(CHANGES, 0)
        used = []
        for sentence, page in sentences:
            quotes = (page,) if rng.random() < 0.5 else (sentence,)
            kinds = sorted((kind for kind in CHANGES if done[kind] < EACH), key=done.__getitem__)
            for kind in kinds:
                changed = CHANGES[kind](sentence, language, rng)
                if changed and changed != sentence and changed not in page:
                    done[kind] += 1
                    used.append((sentence, quotes))
                    pairs.append(Pair(language, kind, changed, quotes, faithful=False))
                    break
        for number, (sentence, quotes) in enumerate(used):
            lead_in = LEAD_INS[language][number % 4]
            pairs.append(Pair(language, "as it is", sentence, quotes, faithful=True))
            pairs.append(Pair(language, "after a lead-in", lead_in.format(sentence), quotes, faithful=True))
    return pairs


def _sentences(folder: Path, language: str) -> Iterator[tuple[str, str]]:
    """Sentences, each with the page or passage that has it."""
    pages = dict.fromkeys(line["context"] for line in _lines(folder / "omosqa" / language / "dev.jsonl"))
    found = [(line, page) for page in pages for line in page.split("\n")]
    if language == "en":
        passages = [line["text"] for line in _lines(folder / "doc2dial" / "passages.jsonl")][::4]
        found += [(s, text) for text in passages for s in re.split(r"(?<=[a-z][.!]) (?=[A-Z])", text)]
    seen = set()
    for sentence, page in found:
        sentence = sentence.strip()
        if len(sentence.split()) >= MIN_WORDS and len(sentence) <= MAX_CHARS and sentence not in seen:
            seen.add(sentence)
            yield sentence, page


def _tuned(key: str) -> bool:
    return hashlib.sha256(key.encode()).digest()[0] < 128


def _check(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "corpus").mkdir()
        (folder / "corpus" / "empty.txt").write_text("Nothing rests on this.", encoding="utf-8")
        source, target = folder / "in.jsonl", folder / "out.jsonl"
        source.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        where = ["--corpus", str(folder / "corpus"), "--store", str(folder / "store")]
        for command in (["index"], ["check", "--input", str(source), "--output", str(target)]):
            subprocess.run([sys.executable, "-m", "assistant", *command, *where], check=True, stdout=subprocess.DEVNULL)
        return list(_lines(target))


def _report_pairs(pairs: Sequence[Pair], passed: Sequence[bool]) -> None:
    print(f"{len(pairs)} pairs; share supported (95 % Wilson interval), n")
    for language in ("en", "de", "fr", None):
        for kind in ("as it is", "after a lead-in", *CHANGES, None):
            chosen = [
                ok
                for pair, ok in zip(pairs, passed, strict=True)
                if language in (pair.language, None) and (pair.kind == kind if kind else not pair.faithful)
            ]
            if chosen:
                low, high = _wilson(sum(chosen), len(chosen))
                share = sum(chosen) / len(chosen)
                print(
                    f"{language or 'all':4}{kind or 'all changed':16}{share:.3f} [{low:.3f}, {high:.3f}]  {len(chosen)}"
                )


def _wilson(hits: int, n: int) -> tuple[float, float]:
    z, share = 1.96, hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    wide = z * ((share * (1 - share) + z * z / (4 * n)) / n) ** 0.5 / (1 + z * z / n)
    return max(0.0, middle - wide), min(1.0, middle + wide)


def _report_claims(claims: Sequence[dict[str, Any]], results: Sequence[dict[str, Any]]) -> None:
    truth = np.array([claim["label"] == "supported" for claim in claims])
    scores = {
        "probability": np.array([found["probability"] for found in results]),
        "word overlap": np.array([_overlap(claim["claim"], " ".join(claim["evidence"])) for claim in claims]),
    }
    print(f"wice, {len(claims)} claims, {truth.sum()} supported")
    for name, given in scores.items():
        low, high = _bootstrap(truth, given)
        print(f"AUC of {name}: {_auc(truth, given):.3f} [{low:.3f}, {high:.3f}]")
    said = np.array([found["supported"] for found in results])
    print(f"macro F1 of supported: {(_f1(truth, said) + _f1(~truth, ~said)) / 2:.3f}")


def _overlap(claim: str, evidence: str) -> float:
    words, known = (set(re.findall(r"\w+", text.lower())) for text in (claim, evidence))
    return len(words & known) / len(words)


def _auc(truth: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    yes, no = scores[truth][:, None], scores[~truth][None, :]
    return float((yes > no).mean() + (yes == no).mean() / 2)


def _bootstrap(truth: NDArray[np.bool_], scores: NDArray[np.float64]) -> tuple[float, float]:
    rng = np.random.default_rng(SEED)
    drawn = [rng.integers(0, len(truth), len(truth)) for _ in range(2_000)]
    low, high = np.percentile([_auc(truth[d], scores[d]) for d in drawn], [2.5, 97.5])
    return float(low), float(high)


def _f1(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    hits = int((truth & said).sum())
    return 2 * hits / max(1, int(truth.sum()) + int(said.sum()))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


if __name__ == "__main__":
    main()
