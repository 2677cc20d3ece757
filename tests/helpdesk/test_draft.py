"""A draft: every question answered on its own, by the contract, without personal data."""

import json

import pytest

from assistant.helpdesk.draft import make_draft
from assistant.helpdesk.mail import mail_of_text
from assistant.results import AskRequest, AskResult
from assistant.service import Assistant
from corpus.errors import AssistantError
from tests.helpdesk.mails import TUNED, Sample, samples
from tests.invariants import check_invariants, validate


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
