"""A case as it is worked on: the mail, its questions, and the draft sentence by sentence. Nothing here is stored."""

import itertools
from collections.abc import Iterator
from typing import Literal

from assistant.errors import InvalidInput
from assistant.helpdesk.draft import Ask, answer_questions
from assistant.helpdesk.find import find_questions, language_of_mail
from assistant.helpdesk.records import (
    AnsweredQuestion,
    FoundQuestion,
    Mail,
    Reply,
    ReplyAnswer,
    ReplySentence,
)
from assistant.helpdesk.reply import answer_in_reply, without_repeats, write_reply
from assistant.results import AskRequest, AskResult, ErrorResult, Record
from corpus.errors import AssistantError

Mark = Literal["carried", "not_carried", "frame"]


class NoSuchPlace(InvalidInput):
    """What is to be changed is not in the draft."""

    code = "no_such_place"


class DraftSentence(Record):
    """A sentence as it is now, and as the assistant wrote it: None where staff added it."""

    key: int
    """Its own in its answer, whatever stands around it."""
    now: ReplySentence
    was: ReplySentence | None = None
    reasons: tuple[str, ...] = ()
    """Why no quote carries it; empty where one does, and for what says nothing about the call."""

    @property
    def changed(self) -> bool:
        """Whether it was changed by hand."""
        return self.now != self.was

    @property
    def mark(self) -> Mark:
        """Whether a quote carries it."""
        if self.reasons:
            return "not_carried"
        return "carried" if self.now.citations else "frame"


class DraftAnswer(Record):
    """The answer to one question; one that is struck stays out of the reply."""

    next_key: int
    """Of the next sentence that is added."""
    sentences: tuple[DraftSentence, ...]
    conditions: tuple[DraftSentence, ...] = ()
    missing: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    struck: bool = False


class CaseQuestion(Record):
    """A question of the case; `answer` is there once it was answered without an error, which `answered` tells."""

    key: int
    found: FoundQuestion
    answered: AnsweredQuestion | None = None
    answer: DraftAnswer | None = None


class Wording(Record):
    """What stands around the answers, as it is now and as the templates have it."""

    now: str
    was: str

    def renewed(self, text: str) -> "Wording":
        """With `text` of the templates; what was changed by hand stays."""
        return Wording(now=text if self.now == self.was else self.now, was=text)


class Work(Record):
    """Everything of a case that staff see and change."""

    mail: Mail
    language: str
    questions: tuple[CaseQuestion, ...]
    salutation: Wording
    opening: Wording
    closing: Wording
    next_key: int

    def question(self, key: int) -> CaseQuestion:
        """The question with `key`. Raises `NoSuchPlace`."""
        for question in self.questions:
            if question.key == key:
                return question
        raise NoSuchPlace("that question is no longer there")

    @property
    def waiting(self) -> tuple[CaseQuestion, ...]:
        """The questions without an answer, those first that nobody tried to answer yet."""
        left = [question for question in self.questions if question.answer is None]
        return tuple(sorted(left, key=lambda question: question.answered is not None))

    def unproved(self) -> Iterator[DraftSentence]:
        """The sentences of the reply that no quote carries."""
        for question in self.questions:
            if question.answer and not question.answer.struck:
                for sentence in (*question.answer.sentences, *question.answer.conditions):
                    if sentence.mark == "not_carried":
                        yield sentence


def work_of(mail: Mail) -> Work:
    """The case that `mail` makes, its questions found and none of them answered."""
    found, empty = find_questions(mail), write_reply(mail, (), language_of_mail(mail))
    return Work(
        mail=mail,
        language=empty.language,
        questions=tuple(CaseQuestion(key=key, found=question) for key, question in enumerate(found, start=1)),
        salutation=Wording(now=empty.salutation, was=empty.salutation),
        opening=Wording(now=empty.opening, was=empty.opening),
        closing=Wording(now=empty.closing, was=empty.closing),
        next_key=len(found) + 1,
    )


def answer_next(work: Work, ask: Ask) -> Work:
    """With the first waiting question answered; what was changed by hand stays. Unchanged where none waits."""
    waiting = work.waiting
    if not waiting:
        return work
    answered = _answered(work, work.questions.index(waiting[0]), ask)
    tried = waiting[0].model_copy(update={"answered": answered})
    if isinstance(answered.result, ErrorResult):
        return with_question(work, tried)
    draft = _draft(answer_in_reply(answered, work.language))
    done = with_question(work, tried.model_copy(update={"answer": draft}))
    known = [question.answered for question in done.questions if question.answer and question.answered]
    reply = write_reply(work.mail, known, work.language)
    return done.model_copy(
        update={
            "salutation": work.salutation.renewed(reply.salutation),
            "opening": work.opening.renewed(reply.opening),
            "closing": work.closing.renewed(reply.closing),
        }
    )


def in_language(work: Work, language: str) -> Work:
    """With all answers to be written anew in `language`; changes by hand are lost."""
    empty = write_reply(work.mail, (), language)
    return work.model_copy(
        update={
            "language": empty.language,
            "questions": tuple(CaseQuestion(key=q.key, found=q.found) for q in work.questions),
            "salutation": Wording(now=empty.salutation, was=empty.salutation),
            "opening": Wording(now=empty.opening, was=empty.opening),
            "closing": Wording(now=empty.closing, was=empty.closing),
        }
    )


def reply_of(work: Work) -> Reply:
    """What leaves the house: the draft as it is now, without what is struck, not answered, or said before."""
    return Reply(
        language=work.language,
        salutation=work.salutation.now,
        opening=work.opening.now,
        answers=tuple(
            without_repeats(
                ReplyAnswer(
                    question=question.found.text,
                    sentences=tuple(sentence.now for sentence in question.answer.sentences),
                    conditions=tuple(sentence.now for sentence in question.answer.conditions),
                    missing=question.answer.missing,
                    unanswered=question.answer.unanswered,
                )
                for question in work.questions
                if question.answer and not question.answer.struck
            )
        ),
        closing=work.closing.now,
    )


class _NotNow(AssistantError):
    """That question is not the one to be answered."""


def _answered(work: Work, at: int, ask: Ask) -> AnsweredQuestion:
    """The question at `at` answered, among the others, since it may go on from the one before it."""
    positions = itertools.count()

    def ask_that_one(request: AskRequest) -> AskResult:
        if next(positions) != at:
            raise _NotNow
        return ask(request)

    found = [question.found for question in work.questions]
    return answer_questions(work.mail, found, ask_that_one, work.language)[at]


def _draft(answer: ReplyAnswer) -> DraftAnswer:
    keys = itertools.count()
    return DraftAnswer(
        sentences=tuple(DraftSentence(key=next(keys), now=sentence, was=sentence) for sentence in answer.sentences),
        conditions=tuple(DraftSentence(key=next(keys), now=sentence, was=sentence) for sentence in answer.conditions),
        next_key=next(keys),
        missing=answer.missing,
        unanswered=answer.unanswered,
    )


def with_question(work: Work, changed: CaseQuestion) -> Work:
    """With `changed` in the place of the question with its key."""
    questions = tuple(changed if question.key == changed.key else question for question in work.questions)
    return work.model_copy(update={"questions": questions})
