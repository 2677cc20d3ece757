"""Which questions a mail asks, by the cues of its language."""

from assistant.helpdesk.records import FoundQuestion, Mail

MOST_QUESTIONS = 30
"""Questions of a mail that are answered."""


def find_questions(mail: Mail) -> tuple[FoundQuestion, ...]:
    """The questions in what is to be answered of `mail`, in order, at most `MOST_QUESTIONS`."""
    raise NotImplementedError


def language_of_mail(mail: Mail) -> str:
    """The ISO 639-1 code of the language that `mail` is written in."""
    raise NotImplementedError
