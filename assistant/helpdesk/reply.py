"""Answers become a `Reply`, which staff edit, and its plain text."""

from collections.abc import Sequence

from assistant.helpdesk.records import AnsweredQuestion, Mail, Reply


def write_reply(mail: Mail, questions: Sequence[AnsweredQuestion], language: str) -> Reply:
    """The reply to `mail` in `language`, or in English where there are no phrases in it."""
    raise NotImplementedError


def reply_text(reply: Reply) -> str:
    """The reply as plain text, its footnotes under it."""
    raise NotImplementedError
