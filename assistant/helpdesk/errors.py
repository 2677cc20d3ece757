"""Errors of the helpdesk; the whole tree is drawn in `corpus.errors`."""

from assistant.errors import InvalidInput
from corpus.errors import AssistantError


class UnreadableMail(AssistantError):
    """An e-mail cannot be read; the message says why and what to do."""

    code = "unreadable"


class UnwritableReply(InvalidInput):
    """A reply cannot be written in the form asked for; the message says what to do."""
