"""Five mails that were written before finding questions was, and never tuned on."""

import json

import pytest

from assistant.helpdesk.draft import make_draft
from assistant.helpdesk.find import find_questions, language_of_mail
from assistant.service import Assistant
from tests.helpdesk.mails import KEPT_ASIDE, Sample, samples
from tests.invariants import check_invariants, validate


@pytest.mark.parametrize("sample", samples(KEPT_ASIDE), ids=lambda sample: sample.path.name)
def test_every_question_is_found_and_none_invented(sample: Sample) -> None:
    mail = sample.mail
    found = find_questions(mail)
    assert (sample.missing(found), sample.invented(found)) == ([], [])
    assert len(found) == len(sample.questions)
    assert language_of_mail(mail) == sample.language


@pytest.mark.parametrize("sample", samples(KEPT_ASIDE), ids=lambda sample: sample.path.name)
def test_a_draft_obeys_the_contract(sample: Sample, assistant: Assistant) -> None:
    data = json.loads(make_draft(sample.mail, assistant.ask).model_dump_json())
    validate("draft", data)
    for question in data["questions"]:
        check_invariants(question["result"], lambda name: assistant.show(name).text)
