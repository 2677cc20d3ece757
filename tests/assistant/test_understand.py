from pathlib import Path

import pytest

from assistant.phrases import cues
from assistant.priorities import priorities_in
from assistant.results import AskRequest
from assistant.settings import SHIPPED_CORPUS
from assistant.understand import Question, other_calls_in, understand
from assistant.values import ValueKind
from corpus.profile import load_profile

PROFILE = load_profile(Path(SHIPPED_CORPUS))


def read(text: str) -> Question:
    return understand(AskRequest(question=text), PROFILE, lambda t: t.lower().split())[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is the deadline?", ValueKind.DATE),
        ("How long may a project last?", ValueKind.DURATION),
        ("How much money is there?", ValueKind.MONEY),
        ("How many partners do we need?", ValueKind.NUMBER),
        ("What is the co-financing rate?", ValueKind.PERCENT),
        ("Who may apply?", None),
    ],
)
def test_the_kind_of_value_asked_for(text: str, expected: ValueKind | None) -> None:
    assert read(text).expects is expected


@pytest.mark.parametrize(
    ("text", "yes_no"),
    [
        ("Can an NGO apply?", True),
        ("Hello, may we apply as a city?", True),
        ("We are a city. Are we eligible?", True),
        ("What is the total budget?", False),
        ("How can we apply?", False),
    ],
)
def test_a_yes_no_question_is_told_from_others(text: str, yes_no: bool) -> None:
    assert read(text).yes_no is yes_no


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("priority 1", {1}),
        ("Priorities 3, 4 and 5 need two", {3, 4, 5}),
        ("priorities 2 to 4", {2, 3, 4}),
        ("P2 projects", {2}),
        ("the local and regional integration networks", {1}),
        ("the deadline is 31 January 2019", set()),
    ],
)
def test_priorities_are_read_by_number_and_title(text: str, numbers: set[int]) -> None:
    assert priorities_in(text, cues("en"), PROFILE) == numbers


def test_other_calls_are_told_from_this_one() -> None:
    assert other_calls_in("the deadline of AMIF-2019-AG-CALL", PROFILE) == {"AMIF-2019-AG-CALL"}
    assert other_calls_in("What about HORIZON-2021-ABC-01?", PROFILE) == {"HORIZON-2021-ABC-01"}
    assert other_calls_in("AMIF-2018-AG-INTE and its topic AMIF-2018-AG-INTE-1", PROFILE) == set()


def test_a_language_asked_for_without_phrases_falls_back_and_is_kept() -> None:
    (question,) = understand(AskRequest(question="What is the deadline?", language="fi"), PROFILE, str.split)
    assert (question.language, question.wanted_language) == ("en", "fi")
