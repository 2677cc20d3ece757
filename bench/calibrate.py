"""Fit the weights of `assistant/calibration.py` on the tuning half of a questions file; prints them, changes nothing.

    python -m bench.calibrate tests/evaluation/questions.jsonl

For questions in the documents' language and in others: the log-odds of being answered, over what any sentence has at
most, by logistic regression with classes of equal weight; its area under the curve with each question left out once;
and how often an answering sentence is among the first one, two and three of the ranking in force.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.calibration import OTHER_LANGUAGE, SAME_LANGUAGE, Calibration
from assistant.choose import choose
from assistant.embedders import embedders_of
from assistant.evidence import Evidence
from assistant.results import AskRequest
from assistant.retrieve import retrieve
from assistant.score import weights_for
from assistant.settings import load_settings
from assistant.understand import understand
from index.build import refresh
from index.search import Index

KINDS = ("answerable", "unanswerable", "off_topic")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    options = parser.parse_args()
    questions = [json.loads(line) for line in options.questions.read_text(encoding="utf-8").splitlines()]
    questions = [q for q in questions if q["split"] == "tune" and not q.get("history") and q["kind"] in KINDS]
    settings = load_settings()
    embedders = embedders_of(settings)
    groups: dict[str, list[tuple[dict[str, Any], Sequence[Evidence]]]] = {"same": [], "other": []}
    with tempfile.TemporaryDirectory() as folder:
        refresh(settings.corpus, Path(folder) / "store", embedders)
        with Index.open(Path(folder) / "store", embedders) as index:
            for question in questions:
                found = weighed(index, question)
                if found:
                    groups[found[0]].append((question, found[1]))
    for name, calibration in (("same", SAME_LANGUAGE), ("other", OTHER_LANGUAGE)):
        report(name, calibration, groups[name])


def weighed(index: Index, question: dict[str, Any]) -> tuple[str, Sequence[Evidence]] | None:
    """The sentences that were weighed for a question, and which weights it takes; None for several in one."""
    parts = understand(AskRequest.model_validate(question), index.profile, index.analyse)
    if len(parts) > 1 or parts[0].about_deadline or parts[0].still_open:
        return None
    (hits,) = retrieve([parts[0].text], index, None)
    found = choose(parts[0], hits, index, index.profile).weighed
    if not found:
        return None
    return ("same" if weights_for(parts[0], found) is SAME_LANGUAGE else "other"), found


def report(name: str, calibration: Calibration, found: Sequence[tuple[dict[str, Any], Sequence[Evidence]]]) -> None:
    features = [feature for feature, _ in calibration.answered]
    rows = np.array([[max(dict(one.parts)[f] for one in sentences) for f in features] for _, sentences in found])
    answered = np.array([question["kind"] == "answerable" for question, _ in found])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.5, class_weight="balanced"))
    left_out = cross_val_predict(model, rows, answered, cv=LeaveOneOut(), method="decision_function")
    model.fit(rows, answered)
    weights = model[-1].coef_[0] / model[0].scale_
    bias = model[-1].intercept_[0] - float(weights @ model[0].mean_)
    print(f"{name}: {len(found)} questions, {int(answered.sum())} of them answerable")
    print(f"  answered: {dict(zip(features, np.round(weights, 2).tolist(), strict=True))}, bias {bias:.2f}")
    print(f"  area under the curve, each left out once: {roc_auc_score(answered, left_out):.3f}")
    ranks = [_rank(question, sentences) for question, sentences in found if question["kind"] == "answerable"]
    print(f"  an answering sentence among the first 1, 2, 3: {[sum(0 < r <= k for r in ranks) for k in (1, 2, 3)]}")


def _rank(question: dict[str, Any], sentences: Sequence[Evidence]) -> int:
    wanted = question.get("evidence", [])
    return next((rank for rank, one in enumerate(sentences, start=1) if _answers(one, wanted)), 0)


def _answers(candidate: Evidence, wanted: list[list[dict[str, str]]]) -> bool:
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


if __name__ == "__main__":
    main()
