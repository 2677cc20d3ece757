"""Which priority fits a described project? Over the shipped call in a real store."""

import pytest

from assistant.results import AskRequest, AskResult, Turn
from assistant.service import Assistant
from tests.invariants import check_invariants


def ask(assistant: Assistant, question: str, *before: tuple[str, AskResult]) -> AskResult:
    history = [
        turn
        for asked, given in before
        for turn in (
            Turn(role="user", content=asked),
            Turn(role="assistant", content=given.answer, result=given.model_dump(mode="json")),
        )
    ]
    result = assistant.ask(AskRequest(question=question, history=tuple(history)))
    check_invariants(result.model_dump(mode="json"), lambda document: assistant.show(document).text)
    return result


@pytest.mark.parametrize(
    ("question", "says", "document"),
    [
        ("We want to run language cafés in social housing with the city: which priority?", "priority 1", "priority-1"),
        ("A shelter for women who were trafficked, under which priority could that be?", "priority 3", "priority-3"),
        ("Schulung von Pflegefamilien für geflüchtete Kinder. Welche Priorität passt?", "Priorität 4", "priority-4"),
        (
            "Échanges entre habitants et réfugiés : quelle priorité ?",
            "priorité 1",
            "priority-1",
        ),
        ("Vídeos de la diáspora sobre los riesgos del tráfico: ¿qué prioridad encaja?", "prioridad 5", "priority-5"),
        ("Formiamo famiglie affidatarie per minori soli: quale priorità è adatta?", "priorità 4", "priority-4"),
        ("Tworzymy rodziny zastępcze dla dzieci uchodźców: który priorytet pasuje?", "priorytet 4", "priority-4"),
    ],
)
def test_the_priority_that_stands_out_is_named_with_the_quotes_that_decided(
    assistant: Assistant, question: str, says: str, document: str
) -> None:
    result = ask(assistant, question)
    assert (result.status, result.verdict) == ("answered", None)
    assert says in result.sentences[0].text
    assert document in " ".join(citation.document for citation in result.citations)
    assert "2, 3, 4, 5" in result.sentences[-1].text


@pytest.mark.parametrize("project", ["We sell solar panels", "We plan a music festival", "We teach chess in schools"])
def test_no_choice_is_made_where_no_priority_stands_out(assistant: Assistant, project: str) -> None:
    result = ask(assistant, f"{project}. Which priority should we choose?")
    assert result.sentences[0].text.endswith("no priority stands out for this project; these come nearest.")
    assert len(result.citations) == 2


def test_an_item_of_a_list_is_shown_with_what_leads_in(assistant: Assistant) -> None:
    result = ask(assistant, "We set up a one-stop shop with other regions. Which priority fits?")
    lead, item = (sentence.text for sentence in result.sentences[1:3])
    assert lead.endswith("in particular:”")
    assert "one-stop-shop" in item


def test_a_project_that_was_described_before_is_compared(assistant: Assistant) -> None:
    said = "We run foster care for unaccompanied children."
    result = ask(assistant, f"{said} Which priority fits best, and what is the total budget?")
    assert "priority 4" in result.sentences[0].text
    assert "16.2 million" in result.answer
    later = ask(assistant, "Which priority fits us?", (f"{said} What is the deadline?", result))
    assert "priority 4" in later.sentences[0].text
    assert said in later.search_question


def test_where_no_project_was_described_it_is_asked_for(assistant: Assistant) -> None:
    first = ask(assistant, "Which priority fits?")
    assert first.status == "clarify"
    assert {citation.document for citation in first.citations} == {"call-at-a-glance.md"}
    assert len(first.citations) == 5
    reply = ask(assistant, "a safe house for trafficked women", ("Which priority fits?", first))
    assert "priority 3" in reply.sentences[0].text
    budget = ask(assistant, "How much money is there for it?", ("a safe house for trafficked women", reply))
    assert "2,500,000" in budget.answer


@pytest.mark.parametrize("question", ["Which priorities are there?", "Which priority has the largest budget?"])
def test_other_questions_about_priorities_compare_nothing(assistant: Assistant, question: str) -> None:
    assert "nearest" not in ask(assistant, question).answer
