import pytest

from assistant.history import in_full, read_history
from assistant.phrases import cues
from assistant.results import Turn

EN = cues("en")


@pytest.mark.parametrize(
    ("before", "question", "full"),
    [
        (
            "How much money is there for priority 1?",
            "and for priority 4?",
            "for priority 4: How much money is there for  ?",
        ),
        ("Can a company be a partner?", "and NGOs?", "NGOs: Can a company be a partner?"),
        ("What is the deadline?", "at what time?", "at what time?"),
        ("What is the deadline?", "And at what time?", "at what time: What is the deadline?"),
        ("What is priority 1 about?", "And how long may it last?", "And how long may it last? (priority 1)"),
        ("Which areas does priority 1 cover?", "list them", "list them: Which areas does priority 1 cover?"),
        ("What is a Union action?", "What does that mean?", "What does that mean: What is a Union action?"),
        (
            "How long may a priority 1 project last?",
            "And what is the total budget?",
            "And what is the total budget? (priority 1)",
        ),
        ("What is the deadline?", "Who may apply?", "Who may apply?"),
        ("May NGOs join?", "and what equipment rules apply?", "and what equipment rules apply?"),
        ("", "and for priority 4?", "and for priority 4?"),
    ],
)
def test_what_is_left_out_is_put_in(before: str, question: str, full: str) -> None:
    assert in_full(question, before, "", EN) == full


def test_what_an_answer_spoke_of_may_be_pointed_back_to() -> None:
    asked = "What is there for trafficked people?"
    assert in_full("And how many partners does it need?", asked, "Priority 3 is about them.", EN).endswith(
        "(Priority 3)"
    )


def test_a_conversation_is_read_in_order() -> None:
    turns = [
        Turn(role="user", content="We are a city in Spain. How long may a priority 1 project last?"),
        Turn(role="assistant", content="Up to 3 years."),
        Turn(role="user", content="and for priority 2?"),
        Turn(role="assistant", content="Not said."),
        Turn(role="user", content="Are we eligible?"),
        Turn(role="assistant", content="What are you?", result={"status": "clarify"}),
    ]
    before = read_history(turns, EN)
    assert before.question == "Are we eligible?"
    assert before.awaits_reply
    assert before.asked_back == 1
    assert before.about_asker == ("We are a city in Spain.", "Are we eligible?")


def test_a_follow_up_goes_on_from_the_question_that_priorities_matter_to() -> None:
    asked = Turn(role="user", content="We are a foundation in Denmark, are we in? and what about the deadline?")
    before = read_history([asked, Turn(role="assistant", content="No.")], EN)
    assert in_full("and for priority 4?", before.question, before.answer, EN) == (
        "for priority 4: We are a foundation in Denmark, are we in?"
    )
