"""Conversations over the second call: the rules that answer them read its profile and documents, and know no other."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.results import AskRequest, AskResult, Turn
from assistant.service import Assistant
from assistant.settings import Settings
from index.build import refresh
from index.embed import Embedder
from tests.invariants import check_invariants
from tests.processes import ROOT

CALL = ROOT / "tests" / "data" / "second-call"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, embedders: tuple[Embedder, ...]) -> Iterator[Assistant]:
    store: Path = tmp_path_factory.mktemp("second") / "store"
    refresh(CALL, store, embedders)
    with Assistant(Settings(corpus=CALL, store=store, today=date(2027, 1, 15)), embedders) as made:
        yield made


def talk(assistant: Assistant, *questions: str) -> list[AskResult]:
    history: tuple[Turn, ...] = ()
    results = []
    for question in questions:
        result = assistant.ask(AskRequest(question=question, history=history))
        check_invariants(result.model_dump(mode="json"), lambda document: assistant.show(document).text)
        history += (
            Turn(role="user", content=question),
            Turn(role="assistant", content=result.answer, result=result.model_dump(mode="json")),
        )
        results.append(result)
    return results


def met(result: AskResult) -> dict[str, bool | None]:
    return {condition.text: condition.met for condition in result.conditions}


def test_its_own_conditions_are_judged_and_asked_back_for(library: Assistant) -> None:
    first, second, third = talk(library, "Are we eligible for priority 1?", "a museum", "2")
    assert first.clarification is not None
    assert first.clarification.options == ("Public library", "Museum", "School", "Private company")
    assert second.clarification is not None
    assert "How many" in second.clarification.question
    assert (third.status, third.verdict) == ("answered", "no")
    assert met(third) == {
        "A public library or a museum": True,
        "At least three partners from two countries": False,
        "One of the partners is a public library": None,
    }
    assert "at least three partners" in third.citations[0].quote


def test_what_its_sources_leave_open_is_said(library: Assistant) -> None:
    company, museum = talk(library, "Can a publisher be a partner?", "and a museum?")
    assert (company.verdict, company.unanswered) == ("unknown", ("whether a private company can take part",))
    assert (museum.verdict, museum.unanswered) == ("yes", ())


def test_its_priorities_are_compared_with_a_project_and_none_is_second_hand(library: Assistant) -> None:
    fits, money = talk(
        library, "We drive books to remote villages. Which priority fits?", "How much money is there for it?"
    )
    assert fits.sentences[0].text == "By what the sources say of each, priority 1 comes nearest to this project."
    assert {sentence.kind for sentence in fits.sentences[1:]} == {"statement"}
    assert "1,250,000" in money.answer
    assert "900,000" not in money.answer


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Since the deadline is 30 June 2027, what is the budget of priority 1?", "30 April 2027 at 12:00"),
        ("As only schools may apply, what is the budget of priority 1?", "Public libraries and museums may apply."),
        ("Because the grant covers 90 % of the costs, what is the budget of priority 1?", "at most 75%"),
    ],
)
def test_a_wrong_premise_is_corrected_by_its_own_sources(library: Assistant, question: str, quote: str) -> None:
    (result,) = talk(library, question)
    assert "takes something for granted" in result.sentences[0].text
    assert quote in result.citations[0].quote
    assert "1,250,000" in result.answer


def test_a_right_premise_is_left_alone(library: Assistant) -> None:
    (result,) = talk(library, "Since the deadline is 30 April 2027, what is the budget of priority 1?")
    assert "granted" not in result.answer
