"""A visitor's conversation, as records and as blocks of HTML."""

import pytest
from bs4 import BeautifulSoup

from assistant.limits import Desk, RateLimit, Waiting
from assistant.results import MAX_HISTORY, MAX_QUESTION, AskRequest
from assistant.seal import Seal
from assistant.ui.chat_page import ChatPage
from assistant.ui.conversation import (
    MAX_TURNS,
    Answered,
    Asking,
    Talk,
    answered_turn,
    in_line,
    problem_block,
    stopped_block,
    working_block,
)
from assistant.ui.words import words
from tests.assistant.ui.fakes import ANSWERED, FakeAssistant

WORDS = words("en")


def answered(talk: Talk, question: str) -> Talk:
    return talk.answered(Answered(f"a-{question}", question, ANSWERED, f"<p>{question}</p>"))


def test_an_answer_becomes_history() -> None:
    talk = answered(Talk().ask(Asking("Q", lambda: None)), "Q")
    assert [turn.content for turn in talk.history] == ["Q", ANSWERED.answer]
    assert talk.history[1].result is not None
    assert talk.history[1].result["status"] == "answered"
    assert talk.asking is None


def test_a_talk_never_changes_under_another_visitor() -> None:
    first = Talk()
    second = answered(first, "Q")
    assert first == Talk()
    assert [turn.block for turn in second.turns] == ["<p>Q</p>"]


def test_only_the_last_answer_can_be_taken_back() -> None:
    talk = answered(answered(Talk(), "one"), "two")
    assert [turn.question for turn in talk.without("a-two").turns] == ["one"]
    assert talk.without("a-one") == talk.without("") == talk
    assert Talk().without("a-one") == Talk()


def test_a_long_talk_forgets_its_beginning_and_says_so() -> None:
    talk = Talk()
    for number in range(MAX_TURNS):
        talk = answered(talk, f"Q{number}")
    assert not talk.forgot
    talk = answered(talk, "last")
    assert len(talk.history) == MAX_HISTORY
    assert len(talk.turns) == MAX_TURNS
    assert talk.history[0].content == "Q1"
    assert "no longer shown" in talk.markdown(WORDS).split("\n\n")[0]
    AskRequest(question="x", history=talk.history)


def test_each_turn_is_one_block() -> None:
    talk = answered(answered(Talk(), "one\n\ntwo"), "three")
    assert talk.markdown(WORDS, "<p>last</p>").split("\n\n") == [
        "<p>one&#10;&#10;two</p>",
        "<p>three</p>",
        "<p>last</p>",
    ]


def test_every_answer_has_an_id_of_its_own() -> None:
    turns = [answered_turn(ANSWERED, WORDS, 90, "sealed") for _ in range(5)]
    assert len({turn.id for turn in turns}) == len({turn.block for turn in turns}) == 5


def test_work_is_shown_step_by_step() -> None:
    page = BeautifulSoup(working_block("Q", ("Reading", "Searching 3 documents"), WORDS), "lxml")
    assert [step.text for step in page.select(".steps li")] == ["Reading", "Searching 3 documents"]
    assert [step.text for step in page.select("[aria-current=step]")] == ["Searching 3 documents"]
    assert page.select_one("[data-heard='Searching 3 documents'][data-state=working]")


@pytest.mark.parametrize("block", [problem_block('"Q" & <b>', "It is busy.", WORDS), stopped_block('"Q" & <b>', WORDS)])
def test_a_problem_keeps_the_question_and_offers_to_try_again(block: str) -> None:
    page = BeautifulSoup(block, "lxml")
    button = page.select_one(".problem button")
    assert button is not None
    assert button["data-ask"] == '"Q" & <b>'
    assert "your question is kept" in page.text


def test_a_question_that_is_too_long_cannot_be_tried_again_as_it_is() -> None:
    block = problem_block("Q" * MAX_QUESTION, "It is too long.", WORDS, again=False)
    assert "<button" not in block


@pytest.mark.parametrize(("ahead", "said"), [(0, "next"), (1, "One question"), (7, "7 questions")])
def test_a_place_in_the_line_is_said_in_words(ahead: int, said: str) -> None:
    assert said in in_line(Waiting(ahead), WORDS)


def test_reopening_too_often_is_said() -> None:
    desk, rate = Desk(1, 1), RateLimit(1)
    rate.wait("10.0.0.1")
    page = ChatPage(FakeAssistant(), desk, rate, Seal("key"), 90, None, None)
    shown = page.reopen("[]", "en", Talk(), "10.0.0.1").conversation or ""
    desk.close()
    assert "You have asked many questions in a short time." in shown
