"""How a failure is written down: what failed and where, never what somebody typed."""

import logging
import traceback

from corpus.errors import AssistantError


def record(log: logging.Logger, what: str, error: BaseException) -> None:
    """Log that `what` failed. The message of an error not our own may quote its input, so only its place is kept."""
    if isinstance(error, AssistantError):
        log.error("%s failed: %s", what, error)
    else:
        place = "".join(traceback.format_tb(error.__traceback__))
        log.error("%s failed: %s\n%s", what, type(error).__name__, place.rstrip())
