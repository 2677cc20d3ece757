"""The way of a mail, readable from top to bottom: find its questions, answer each, write the reply."""

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.helpdesk.find import find_questions, joined_by, language_of_mail
from assistant.helpdesk.personal import names_in, redactor
from assistant.helpdesk.records import AnsweredQuestion, Draft, FoundQuestion, Mail, Span
from assistant.helpdesk.reply import language_of_reply, reply_text, write_reply
from assistant.history import in_full, said_of_oneself
from assistant.phrases import Cues, cues
from assistant.results import MAX_QUESTION, AskRequest, AskResult, ErrorBody, ErrorResult, Turn
from assistant.spoken import spoken_in
from corpus.errors import AssistantError

Ask = Callable[[AskRequest], AskResult]
"""`Assistant.ask`."""

MOST_TOLD = 3_000
"""Characters of what the asker says of themselves that go with each question."""


def make_draft(mail: Mail, ask: Ask, language: str | None = None) -> Draft:
    """The questions of `mail`, each answered, and the reply as text; `language` is the reply's, else the mail's."""
    answered = answer_questions(mail, find_questions(mail), ask, language)
    reply = write_reply(mail, answered, language or language_of_mail(mail))
    return Draft(language=reply.language, questions=answered, text=reply_text(reply))


def answer_questions(
    mail: Mail, questions: Sequence[FoundQuestion], ask: Ask, language: str | None = None
) -> tuple[AnsweredQuestion, ...]:
    """Each question asked with what the mail says of the asker; one that fails has its error.

    One that goes on from the question before (“and for priority 4?”) is asked after that, not after its answer, which
    who wrote the mail did not know. What is asked holds no personal data. `language` is that of the answers, else the
    mail's.
    """
    spoken = language_of_mail(mail)
    cue, redact = cues(spoken), redactor(names_in(mail))
    told = redact(" ".join(_told(mail, questions, cue)))[:MOST_TOLD]
    wanted = language_of_reply(language or spoken)
    answered: list[AnsweredQuestion] = []
    before = ""
    for question in questions:
        asked = redact(question.text)[:MAX_QUESTION]
        joined = f"{joined_by(mail, question, cue)} {asked}".strip()[:MAX_QUESTION]
        whole = in_full(joined, before, "", cue)
        asked, whole = (asked, asked) if whole == joined else (joined, whole)
        turns = [told, before if _needs_what_was_asked(asked, cue) else ""]
        history = tuple(Turn(role="user", content=turn) for turn in turns if turn.strip())
        request = AskRequest(question=asked, history=history, language=wanted)
        answered.append(
            AnsweredQuestion(
                text=question.text, start=question.start, end=question.end, result=_result_or_error(ask, request)
            )
        )
        before = whole[:MAX_QUESTION]
    return tuple(answered)


def _result_or_error(ask: Ask, request: AskRequest) -> AskResult | ErrorResult:
    try:
        return ask(request)
    except AssistantError as error:
        return ErrorResult(error=ErrorBody(code=error.code, message=str(error)))


def _told(mail: Mail, questions: Sequence[FoundQuestion], cue: Cues) -> Iterator[str]:
    """What the writer of the questions, and the files with them, say of the asker; what is asked says nothing."""
    rest = mail.text
    for question in questions:
        if question.start is not None and question.end is not None:
            rest = rest[: question.start] + " " * (question.end - question.start) + rest[question.end :]
    passed_on = _asked_by_another(mail, questions)
    for start, end in mail.forwarded if passed_on else mail.own:
        yield from _said_of_oneself(rest[start:end], cue)
    for attachment in mail.attachments:
        if attachment.text and (passed_on or not attachment.enclosed):
            yield from _said_of_oneself(attachment.text, cues(spoken_in(attachment.text)))


def _asked_by_another(mail: Mail, questions: Sequence[FoundQuestion]) -> bool:
    """Whether the questions stand in what the sender passes on, so that its writer is the one who asks."""

    def within(spans: Sequence[Span]) -> bool:
        places = (question.start for question in questions if question.start is not None)
        return any(start <= place < end for place in places for start, end in spans)

    return not within(mail.own) and (within(mail.forwarded) or not mail.own)


def _said_of_oneself(text: str, cue: Cues) -> Iterator[str]:
    unbroken = re.sub(r"(?<!\n)\n(?!\n)", " ", text)
    yield from (sentence for sentence in said_of_oneself(unbroken, cue) if "?" not in sentence)


def _needs_what_was_asked(question: str, cue: Cues) -> bool:
    """Whether it goes on from the question before it: “and for priority 4?”."""
    return cue.matches("question.goes_on", question) or cue.matches("question.points_back", question)
