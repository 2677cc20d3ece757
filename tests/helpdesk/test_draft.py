"""A draft: every question answered on its own, by the contract, without personal data."""

import json
from email.message import EmailMessage

import pytest

from assistant.helpdesk.draft import make_draft
from assistant.helpdesk.mail import mail_of_text, read_mail
from assistant.helpdesk.records import Mail
from assistant.results import AskRequest, AskResult
from assistant.service import Assistant
from corpus.errors import AssistantError
from tests.helpdesk.mails import TUNED, Sample, samples
from tests.invariants import check_invariants, validate


def requests_of(mail: Mail) -> list[AskRequest]:
    """What is asked for the draft of a reply to a mail."""
    asked: list[AskRequest] = []

    def ask(request: AskRequest) -> AskResult:
        asked.append(request)
        raise AssistantError("nobody answers here")

    make_draft(mail, ask)
    return asked


@pytest.mark.parametrize("sample", samples(TUNED), ids=lambda sample: sample.path.name)
def test_a_draft_obeys_the_contract(sample: Sample, assistant: Assistant) -> None:
    draft = make_draft(sample.mail, assistant.ask)
    data = json.loads(draft.model_dump_json())
    validate("draft", data)
    assert len(data["questions"]) == len(sample.questions)
    for question in data["questions"]:
        check_invariants(question["result"], lambda name: assistant.show(name).text)
        assert question["result"]["language"] == draft.language == sample.language
        for cited in question["result"]["citations"]:
            assert cited["quote"] in draft.text


def test_what_is_asked_holds_no_personal_data_and_tells_who_asks(assistant: Assistant) -> None:
    asked: list[AskRequest] = []

    def ask(request: AskRequest) -> AskResult:
        asked.append(request)
        return assistant.ask(request)

    text = (
        "Dear all,\n\nmy name is Paula Novak (+386 1 234 56 78). We are a municipality in Slovenia.\n\n"
        "Can we apply with Paula Novak, paula@example.org, as our contact?\n\nBest regards\nPaula Novak"
    )
    draft = make_draft(mail_of_text(text), ask, "de")
    assert "Novak" in draft.questions[0].text
    sent = " ".join(turn for request in asked for turn in (request.question, *(t.content for t in request.history)))
    assert not any(part in sent for part in ("Paula", "Novak", "@", "234"))
    result = draft.questions[0].result
    assert isinstance(result, AskResult)
    assert [fact.value for fact in result.asker] == ["municipality", "Slowenien"]
    assert draft.language == "de"


@pytest.mark.parametrize(
    ("first", "joined"),
    [
        ("What is the budget of priority 1?", "And for priority 4?"),
        ("Wie hoch ist das Budget von Priorität 1?", "Und für Priorität 4?"),
        ("Quel est le budget de la priorité 1 ?", "Et pour la priorité 4 ?"),
        ("¿Cuál es el presupuesto de la prioridad 1?", "¿Y para la prioridad 4?"),
        ("Qual è il budget della priorità 1?", "E per la priorità 4?"),
        ("Jaki jest budżet priorytetu 1?", "A dla priorytetu 4?"),
    ],
)
def test_what_goes_on_from_a_question_is_asked_after_it(first: str, joined: str) -> None:
    asked = requests_of(mail_of_text(f"{first} {joined}"))
    assert [(request.question.lower(), [turn.content for turn in request.history]) for request in asked] == [
        (first.lower(), []),
        (joined.lower(), [first]),
    ]


@pytest.mark.parametrize(
    "mail",
    [
        "What is the maximum grant? And who decides?",
        "Wann ist die Frist? Und wie reicht man ein?",
        "Kto może składać wnioski? A jak złożyć wniosek?",
    ],
)
def test_a_whole_question_after_an_and_is_asked_by_itself(mail: str) -> None:
    assert not any(request.history for request in requests_of(mail_of_text(mail)))


def test_what_stands_by_itself_is_asked_by_itself() -> None:
    asked = requests_of(mail_of_text("Is the call open? And where do I apply? And what is the budget?"))
    assert [request.question for request in asked] == ["Is the call open?", "where do I apply?", "what is the budget?"]
    assert not any(request.history for request in asked)


@pytest.mark.parametrize(
    ("own", "told"),
    [("Please see the attached mail.", "We are a school in Ireland. We are 3 partners."), ("Is the call open?", "")],
)
def test_who_asks_is_told_by_who_wrote_the_question(own: str, told: str) -> None:
    inner, outer = EmailMessage(), EmailMessage()
    inner.set_content("We are a school in Ireland. Can we apply?")
    inner.add_attachment("We are 3 partners.", filename="us.txt")
    outer.set_content(own)
    outer.add_attachment(inner)
    (asked,) = requests_of(read_mail(outer.as_bytes()))
    assert " ".join(turn.content for turn in asked.history) == told


def test_a_question_that_goes_on_is_answered_for_what_it_names(assistant: Assistant) -> None:
    draft = make_draft(mail_of_text("What is the budget of priority 1? And of priority 4?"), assistant.ask)
    one, four = (question.result for question in draft.questions)
    assert isinstance(one, AskResult)
    assert isinstance(four, AskResult)
    assert "6,000,000" in one.answer
    assert "1,200,000" in four.answer
    assert "6,000,000" not in four.answer


def test_a_question_that_fails_does_not_lose_the_others(assistant: Assistant) -> None:
    def ask(request: AskRequest) -> AskResult:
        if "budget" in request.question:
            raise AssistantError("the store is gone")
        return assistant.ask(request)

    draft = make_draft(mail_of_text("What is the deadline? What is the budget of the call?"), ask)
    validate("draft", json.loads(draft.model_dump_json()))
    assert "31 January 2019" in draft.text
    assert "2. What is the budget of the call?" in draft.text
    assert "the store is gone" not in draft.text
