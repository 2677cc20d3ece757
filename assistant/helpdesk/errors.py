"""Errors of the helpdesk; the whole tree is drawn in `corpus.errors`."""

from corpus.errors import AssistantError


class UnreadableMail(AssistantError):
    """An e-mail cannot be read; the message says why and what to do."""

    code = "unreadable"
