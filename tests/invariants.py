"""The contract's invariants, checked on a result from outside."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA = json.loads((Path(__file__).parent / "data" / "schema.json").read_text(encoding="utf-8"))


def validate(kind: str, result: dict[str, Any]) -> None:
    Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": SCHEMA["$defs"]}).validate(result)


def check_invariants(result: dict[str, Any], text_of: Callable[[str], str]) -> None:
    """Raise AssertionError where `result` breaks one; `text_of` gives a document's text as `show` prints it."""
    validate("ask", result)
    citations = result["citations"]
    for item in citations:
        assert item["quote"] == text_of(item["document"])[item["start"] : item["end"]]
    for passage in result["nearest"]:
        assert passage["text"] == text_of(passage["document"])[passage["start"] : passage["end"]]
    numbers = [item["number"] for item in citations]
    assert numbers == list(range(1, len(numbers) + 1))
    used = {n for part in ("sentences", "conditions", "conflicts") for item in result[part] for n in item["citations"]}
    assert used == set(numbers)
    for sentence in result["sentences"]:
        assert bool(sentence["citations"]) == (sentence["kind"] != "frame"), sentence
    assert all(item["citations"] for item in result["conditions"])
    assert all(len(item["citations"]) >= 2 for item in result["conflicts"])
    assert result["answer"] == " ".join(
        re.sub(r"\[(\d+)\]", r"\\[\1\\]", s["text"]) + "".join(f" [{n}]" for n in s["citations"])
        for s in result["sentences"]
    )
    if result["status"] in ("not_found", "out_of_scope"):
        assert not citations
        assert {s["kind"] for s in result["sentences"]} == {"frame"}
    else:
        assert not result["nearest"]
    assert (result["clarification"] is not None) == (result["status"] == "clarify")
