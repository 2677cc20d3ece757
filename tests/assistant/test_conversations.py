"""Conversations as applicants have them, through the public interface, each turn with the history of those before.

`tests/evaluation/conversations.jsonl` was written from the documents before anybody looked at what is answered. A turn
is right where status, verdict, conditions and cited facts are as the file wants them, and nothing is quoted that must
not be. The conversations marked `kept` are only reported: nobody looks at which of them fail.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.results import AskRequest, AskResult, Turn
from assistant.service import Assistant
from tests.invariants import check_invariants
from tests.processes import ROOT

LINES = (ROOT / "tests" / "evaluation" / "conversations.jsonl").read_text(encoding="utf-8").splitlines()
CONVERSATIONS = [json.loads(line) for line in LINES]


def faults(wanted: dict[str, Any], result: AskResult) -> Iterator[str]:
    """What is not as `wanted`."""
    if result.status not in wanted["status"]:
        yield f"status {result.status}"
    if "verdict" in wanted and result.verdict not in wanted["verdict"]:
        yield f"verdict {result.verdict}"
    for words, met in wanted.get("conditions", {}).items():
        if [condition.met for condition in result.conditions if words in condition.text] != [met]:
            yield f"condition {words!r}"
    quotes = [(citation.document, citation.quote) for citation in result.citations]
    for places in wanted["cites"]:
        if not any(place["document"] == d and place["quote"] in quote for place in places for d, quote in quotes):
            yield f"not cited: {places[0]['quote']!r}"
    yield from (f"quotes {w!r}" for w in wanted.get("must_not_quote", []) if any(w in quote for _, quote in quotes))
    yield from (f"does not say {w!r}" for w in wanted.get("says", []) if w not in result.answer)


def hold(assistant: Assistant, conversation: dict[str, Any]) -> Iterator[list[str]]:
    """The faults of each turn; the history is the assistant's own, right or wrong."""
    history: tuple[Turn, ...] = ()
    for wanted in conversation["turns"]:
        result = assistant.ask(AskRequest(question=wanted["question"], history=history))
        check_invariants(result.model_dump(mode="json"), lambda document: assistant.show(document).text)
        history += (
            Turn(role="user", content=wanted["question"]),
            Turn(role="assistant", content=result.answer, result=result.model_dump(mode="json")),
        )
        yield list(faults(wanted, result))


def test_the_file_is_what_it_says() -> None:
    assert len(CONVERSATIONS) >= 40
    assert set(Counter(c["language"] for c in CONVERSATIONS)) == {"de", "en", "es", "fr", "it", "pl"}
    assert 0.25 < sum(c["kept"] for c in CONVERSATIONS) / len(CONVERSATIONS) < 0.4
    assert len({c["id"] for c in CONVERSATIONS}) == len(CONVERSATIONS)


def test_the_wanted_quotes_stand_in_their_documents(assistant: Assistant) -> None:
    places = [place for c in CONVERSATIONS for turn in c["turns"] for fact in turn["cites"] for place in fact]
    assert places
    for place in places:
        assert place["quote"] in assistant.show(place["document"]).text


@pytest.mark.parametrize(("kept", "floor"), [(False, 0.82), (True, 0.8)], ids=["worked on", "kept"])
def test_turns_come_out_right(assistant: Assistant, kept: bool, floor: float) -> None:
    chosen = [conversation for conversation in CONVERSATIONS if conversation["kept"] is kept]
    outcomes = [(c["id"], list(hold(assistant, c))) for c in chosen]
    turns = [turn for _, held in outcomes for turn in held]
    right = sum(not turn for turn in turns)
    whole = sum(not any(held) for _, held in outcomes)
    print(f"{right} of {len(turns)} turns right, {whole} of {len(chosen)} conversations in all turns")
    if not kept:
        for name, held in outcomes:
            for number, turn in enumerate(held, start=1):
                print(*(f"{name} turn {number}: {fault}" for fault in turn), sep="\n", end="\n" if turn else "")
    assert right >= floor * len(turns)
