"""What can go wrong with the database."""

from corpus.errors import AssistantError


class DatabaseError(AssistantError):
    """The database of what visitors and staff leave cannot be used."""

    code = "database"


def reason(error: Exception) -> str:
    """Why the database failed, as one line that fits into a message; never the statement nor what was in it."""
    return " ".join(str(getattr(error, "orig", None) or error).split())[:200]
