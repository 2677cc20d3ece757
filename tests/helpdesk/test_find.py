"""Which questions are found in mails; those of `mails-kept-aside` were never tuned on."""

import pytest

from assistant.helpdesk.find import MOST_QUESTIONS, find_questions, language_of_mail
from assistant.helpdesk.mail import mail_of_text
from tests.helpdesk.mails import TUNED, Sample, samples


@pytest.mark.parametrize("sample", samples(TUNED), ids=lambda sample: sample.path.name)
def test_every_question_is_found_and_none_invented(sample: Sample) -> None:
    mail = sample.mail
    found = find_questions(mail)
    assert (sample.missing(found), sample.invented(found)) == ([], [])
    assert len(found) == len(sample.questions)
    assert language_of_mail(mail) == sample.language
    for question in found:
        assert " ".join(mail.text[question.start : question.end].split()) == question.text


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Please tell me whether schools may take part.", ["whether schools may take part"]),
        ("For priority 3, could you tell us what the maximum grant is?", None),
        ("How are you? Could you call me tomorrow?", []),
        ("Please let me know if you need anything else.", []),
        ("Wie geht es Ihnen? Können Sie mir bitte helfen?", []),
        ("Thanks.\n\nBest regards\nAnn\n\nP.S.: Is co-financing needed?", ["Is co-financing needed?"]),
        ("Our partners:\n- a city in Spain\n- a school", []),
        ("We have these questions on the call:\na) deadline\nb) budget", ["deadline", "budget"]),
        ("Is it open? Is it open?", ["Is it open?"]),
    ],
)
def test_what_is_asked_is_told_from_what_is_said(text: str, asked: list[str] | None) -> None:
    whole = [text] if asked is None else asked
    assert [question.text for question in find_questions(mail_of_text(text))] == whole


def test_at_most_so_many_questions_are_taken() -> None:
    mail = mail_of_text("\n".join(f"{n}. Is country number {n} admitted?" for n in range(1, 100)))
    assert len(find_questions(mail)) == MOST_QUESTIONS
