"""Fit the weights of `assistant/calibration.py` on the tuning half of a questions file; prints them, changes nothing.

python bench/calibrate.py tests/evaluation/questions.jsonl
"""

import argparse
import json
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from assistant.calibration import Calibration
from assistant.choose import choose
from assistant.embedders import embedders_of
from assistant.evidence import Evidence
from assistant.results import AskRequest
from assistant.retrieve import retrieve
from assistant.settings import load_settings
from assistant.understand import understand
from index.build import refresh
from index.search import Index

FEATURES = tuple(
    field.name
    for field in fields(Calibration)
    if field.name not in ("bias", "answers", "beside", "source_beside", "in_scope")
)


def answers(candidate: Evidence, wanted: list[list[dict[str, str]]]) -> bool:
    """Whether the candidate overlaps one of the quotes that answer by at least half of the shorter."""
    for fact in wanted:
        for place in fact:
            if place["document"] != candidate.document.id:
                continue
            start = candidate.document.text.find(place["quote"])
            end = start + len(place["quote"])
            shared = min(end, candidate.end) - max(start, candidate.start)
            if start >= 0 and shared >= 0.5 * min(end - start, candidate.end - candidate.start):
                return True
    return False


def rows_of(index: Index, question: dict[str, Any]) -> list[tuple[list[float], bool]]:
    request = AskRequest.model_validate(question)
    read = understand(request, index.profile, index.analyse)[0]
    (hits,) = retrieve([read.text], index, None)
    weighed = choose(read, hits, index, index.profile).weighed
    return [([dict(c.parts)[name] for name in FEATURES], answers(c, question.get("evidence", []))) for c in weighed]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--language", default="en")
    options = parser.parse_args()
    path = options.questions
    settings = load_settings()
    embedders = embedders_of(settings)
    questions = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    questions = [q for q in questions if q["split"] == "tune" and not q.get("history")]
    questions = [q for q in questions if q["language"] == options.language]
    with tempfile.TemporaryDirectory() as folder:
        refresh(settings.corpus, Path(folder) / "store", embedders)
        with Index.open(Path(folder) / "store", embedders) as index:
            groups = [rows_of(index, question) for question in questions]
    features: NDArray[Any] = np.array([row for group in groups for row, _ in group])
    labels = np.array([label for group in groups for _, label in group])
    shares = np.array([1 / len(group) for group in groups for _ in group])
    fitted = LogisticRegression(C=10.0, class_weight=None).fit(features, labels, sample_weight=shares * 24)
    print(f"{len(questions)} questions, {len(labels)} sentences, {int(labels.sum())} of them answer")
    print(f"bias = {fitted.intercept_[0]:.2f}")
    for name, weight in zip(FEATURES, fitted.coef_[0], strict=True):
        print(f"{name} = {weight:.2f}")
    best = [max(float(fitted.decision_function(np.array([r]))[0]) for r, _ in g) for g in groups if g]
    answerable = [bool(q.get("evidence")) for q, g in zip(questions, groups, strict=True) if g]
    for threshold in np.arange(-3, 2.1, 0.25):
        kept = [b >= threshold for b in best]
        right = sum(k == a for k, a in zip(kept, answerable, strict=True))
        refused = sum(not k and not a for k, a in zip(kept, answerable, strict=True))
        wrongly = sum(not k and a for k, a in zip(kept, answerable, strict=True))
        print(f"answers = {threshold:+.2f}: right {right}/{len(best)}, rightly refused {refused}, wrongly {wrongly}")


if __name__ == "__main__":
    main()
