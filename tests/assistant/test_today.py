"""The same questions before and after the deadline: what depends on the date changes, and nothing else does."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from assistant.results import AskRequest, AskResult
from assistant.service import Assistant
from assistant.settings import Settings
from index.embed import Embedder
from tests.invariants import check_invariants

OPEN_THEN = {
    "Can we still apply?": ("yes", "no"),
    "Is the call closed?": ("no", "yes"),
    "Ist die Ausschreibung noch offen?": ("yes", "no"),
}
"""Questions whose verdict the date turns: before the deadline, and after it."""
DATED = (
    *OPEN_THEN,
    "What is the deadline?",
    "Quelle est la date limite ?",
    "May a municipality apply?",
    "Can Danish NGOs participate?",
)
"""Questions beside whose answer the date says how far the deadline is, or that it has passed."""
UNDATED = (
    "What is the total budget?",
    "How much money is there for priority 4?",
    "How long may a priority 1 project last?",
    "Which areas does priority 1 cover?",
    "What does priority 5 support?",
    "When was the call published?",
    "How many partners does priority 3 need?",
    "What was the deadline of AMIF-2019-AG-CALL?",
    "We run foster care for unaccompanied children. Which priority fits?",
    "Are we eligible?",
    "What are the award criteria?",
    "Who won the world cup?",
    "Wie hoch ist das Gesamtbudget?",
)
QUOTE = "The deadline of the call AMIF-2018-AG-INTE was 31 January 2019 at 17:00 Brussels time"


@pytest.fixture(scope="module")
def before(settings: Settings, embedders: tuple[Embedder, ...]) -> Iterator[Assistant]:
    with Assistant(settings.model_copy(update={"today": date(2018, 12, 1)}), embedders) as made:
        yield made


def ask(assistant: Assistant, question: str) -> AskResult:
    result = assistant.ask(AskRequest(question=question))
    check_invariants(result.model_dump(mode="json"), lambda document: assistant.show(document).text)
    return result


def undated(result: AskResult) -> dict[str, Any]:
    """What no date may change."""
    said = result.model_dump(mode="json", exclude={"timings_ms", "as_of", "answer", "sentences", "citations"})
    said["statements"] = [sentence.text for sentence in result.sentences if sentence.kind == "statement"]
    said["conditions"] = [(condition.text, condition.met) for condition in result.conditions]
    said["quotes"] = {citation.quote for citation in result.citations if QUOTE not in citation.quote}
    return said


def test_there_are_twenty_questions() -> None:
    assert len({*DATED, *UNDATED}) == 20


@pytest.mark.parametrize("question", UNDATED)
def test_what_does_not_depend_on_the_date_stays_the_same(
    assistant: Assistant, before: Assistant, question: str
) -> None:
    then, now = ask(before, question), ask(assistant, question)
    assert undated(then) == undated(now)
    assert then.sentences == now.sentences
    assert (then.as_of, now.as_of) == ("2018-12-01", "2026-11-24")


@pytest.mark.parametrize("question", DATED)
def test_what_depends_on_the_date_changes_and_nothing_beside_it(
    assistant: Assistant, before: Assistant, question: str
) -> None:
    then, now = ask(before, question), ask(assistant, question)
    verdicts = (then.verdict, now.verdict)
    assert verdicts == OPEN_THEN.get(question, (now.verdict, now.verdict))
    assert {**undated(then), "verdict": None} == {**undated(now), "verdict": None}
    computed = [[s.text for s in result.sentences if s.kind == "computed"] for result in (then, now)]
    assert computed[0] != computed[1]
    assert "opportunities/portal" in now.answer
    assert "opportunities/portal" not in then.answer
