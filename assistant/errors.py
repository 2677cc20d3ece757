"""Errors of settings and of what was asked; the whole tree is drawn in `corpus.errors`."""

from corpus.errors import AssistantError


class SettingsError(AssistantError):
    """A setting is unknown or impossible; the message names its key."""

    code = "settings"


class InvalidInput(AssistantError):
    """A question, history or request that breaks the interface's limits."""

    code = "invalid"
