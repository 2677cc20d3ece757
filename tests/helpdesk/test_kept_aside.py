"""Five mails that were written before finding questions was, and never tuned on."""

import json

import pytest

from assistant.helpdesk.draft import make_draft
from assistant.helpdesk.find import find_questions, language_of_mail
from assistant.service import Assistant
from tests.helpdesk.mails import KEPT_ASIDE, Sample, samples
from tests.invariants import check_invariants, validate


def test_the_questions_are_found_as_when_they_were_first_looked_at() -> None:
    """8 of 9 whole, none invented; the ninth, “is it enough …, or do … have to …?”, is asked in its two halves."""
    kept = samples(KEPT_ASIDE)
    found = {sample.path.name: find_questions(sample.mail) for sample in kept}
    missing = [asked for sample in kept for asked in sample.missing(found[sample.path.name])]
    asked = [text for sample in kept for text in sample.questions]
    invented = [text for sample in kept for text in sample.invented(found[sample.path.name])]
    assert len(missing) <= 1
    assert all(any(half in whole for whole in asked) for half in invented)
    assert sum(map(len, found.values())) <= len(asked) + 1
    assert all(language_of_mail(sample.mail) == sample.language for sample in kept)


@pytest.mark.parametrize("sample", samples(KEPT_ASIDE), ids=lambda sample: sample.path.name)
def test_a_draft_obeys_the_contract(sample: Sample, assistant: Assistant) -> None:
    data = json.loads(make_draft(sample.mail, assistant.ask).model_dump_json())
    validate("draft", data)
    for question in data["questions"]:
        check_invariants(question["result"], lambda name: assistant.show(name).text)
