"""What the assistant reaches on the half of our own questions that it is tuned on: a change for the worse shows."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

QUESTIONS = Path(__file__).parent / "questions.jsonl"

FLOORS = {
    # score: (floor, measured on 24 November 2026); between the two lies one question or two
    ("retrieval", "English", "first 1"): (0.59, 0.625),
    ("retrieval", "English", "first 5"): (0.84, 0.875),
    ("retrieval", "other languages", "first 1"): (0.75, 0.779),
    ("retrieval", "other languages", "first 5"): (0.89, 0.912),
    ("citation", "precision of citations"): (0.69, 0.723),
    ("citation", "recall of facts"): (0.71, 0.745),
    ("refusal", "recall"): (0.83, 0.871),
    ("refusal", "precision"): (0.58, 0.614),
    ("answers", "right in all"): (0.55, 0.585),
}


@pytest.fixture(scope="module")
def scores(store: Path) -> Any:
    command = [sys.executable, "-m", "assistant", "eval", str(QUESTIONS), "--split", "tune", "--json"]
    environment = {**os.environ, "CALL_ASSISTANT_STORE": str(store), "CALL_ASSISTANT_TODAY": "2026-11-24"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", FLOORS, ids=", ".join)
def test_no_score_falls_below_its_floor(name: tuple[str, ...], scores: Any) -> None:
    floor, measured = FLOORS[name]
    figure = scores
    for part in name:
        figure = figure[part]
    assert figure["value"] >= floor, f"{figure['value']:.3f}, where {measured} was measured"


def test_only_the_half_to_tune_on_is_asked(scores: Any) -> None:
    lines = map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines())
    assert scores["questions"] == sum(line["split"] == "tune" for line in lines)
