"""The way of a mail: find its questions, answer each, write the reply."""

from collections.abc import Callable, Sequence

from assistant.helpdesk.records import AnsweredQuestion, Draft, FoundQuestion, Mail
from assistant.results import AskRequest, AskResult

Ask = Callable[[AskRequest], AskResult]
"""`Assistant.ask`."""


def answer_questions(
    mail: Mail, questions: Sequence[FoundQuestion], ask: Ask, language: str | None = None
) -> tuple[AnsweredQuestion, ...]:
    """Each question asked on its own, with what the mail says of the asker; one that fails has its error.

    What is asked holds no personal data. `language` is that of the answers, else the mail's.
    """
    raise NotImplementedError


def make_draft(mail: Mail, ask: Ask, language: str | None = None) -> Draft:
    """The questions of `mail`, each answered, and the reply as text."""
    raise NotImplementedError
