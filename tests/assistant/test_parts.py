import pytest

from assistant.parts import split_parts
from assistant.phrases import cues


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("What is the deadline?", ["What is the deadline?"]),
        ("The budget", ["The budget"]),
        (
            "We are a small foundation in Denmark with one partner, are we in? and what about the deadline",
            ["We are a small foundation in Denmark with one partner, are we in?", "and what about the deadline"],
        ),
        (
            "Could you tell me whether NGOs may join a priority 1 network and what equipment rules apply?",
            ["Could you tell me whether NGOs may join a priority 1 network", "and what equipment rules apply?"],
        ),
        (
            "Three things: 1) how many partners for priority 2, 2) grant range for priority 2, 3) the award criteria",
            ["how many partners for priority 2", "grant range for priority 2", "the award criteria"],
        ),
        ("Hello.\n- deadline\n- total budget", ["deadline", "total budget"]),
        (
            "Good morning, we are new here. When did the call close?",
            ["Good morning, we are new here. When did the call close?"],
        ),
        (
            "Can we – an NGO from Italy – apply for priority 1?",
            ["Can we – an NGO from Italy – apply for priority 1?"],
        ),
        (
            "About priority 3: 1. What is the budget? 2. Who may apply?",
            ["What is the budget? (priority 3)", "Who may apply? (priority 3)"],
        ),
        (
            "Is trafficking the same priority in the 2017 and the 2018 call?",
            ["Is trafficking the same priority in the 2017 and the 2018 call?"],
        ),
        (
            "Is 16.2 million the budget of 26.7.2018? Who decides?",
            ["Is 16.2 million the budget of 26.7.2018?", "Who decides?"],
        ),
    ],
)
def test_the_questions_of_a_message_are_told_apart(text: str, parts: list[str]) -> None:
    assert split_parts(text, cues("en")) == parts


def test_nothing_of_a_long_list_is_lost() -> None:
    text = "\n".join(f"{number}. what is rule {number}?" for number in range(1, 31))
    parts = split_parts(text, cues("en"))
    assert len(parts) == 10
    assert all(f"rule {number}?" in " ".join(parts) for number in range(1, 31))
