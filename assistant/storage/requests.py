"""What visitors write to the people behind the assistant, with the answers it is about: kept for some days."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select

from assistant.storage.database import Database, stamp, storable, utc_now
from assistant.storage.tables import RequestRow
from corpus.errors import AssistantError

Kind = Literal["person", "report"]
"""A question to a person, or the report of an answer that is wrong."""


@dataclass(frozen=True, slots=True)
class VisitorRequest:
    """What one visitor wrote."""

    kind: Kind
    text: str
    email: str
    """Where the reply is to go; empty for a report that asks for none."""
    language: str
    """Of the page it was written on."""
    conversation: str
    """The `ask` results it is about, oldest first, as a JSON list."""


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """A request and where it is kept."""

    id: str
    made: datetime
    request: VisitorRequest


class UnknownRequest(AssistantError):
    """There is no such request, or no longer."""

    code = "unknown_request"


class Requests:
    """Requests in `database`, each kept for `keep_days` days. Thread-safe."""

    def __init__(self, database: Database, keep_days: int, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._keep = timedelta(days=keep_days)
        self._now = now
        self.purge()

    def add(self, request: VisitorRequest) -> None:
        """Keep `request`, and delete what is too old. Raises `DatabaseError`."""
        row = RequestRow(
            id=secrets.token_urlsafe(16),
            kind=request.kind,
            text=storable(request.text),
            email=storable(request.email),
            language=request.language,
            conversation=storable(request.conversation),
            made=stamp(self._now),
        )
        with self._database.transaction("the request could not be saved") as session:
            session.add(row)
            session.execute(delete(RequestRow).where(RequestRow.made < self._oldest()))

    def all(self) -> list[KeptRequest]:
        """All that are kept, oldest first. Raises `DatabaseError`."""
        with self._database.transaction("the requests could not be read") as session:
            rows = session.scalars(select(RequestRow).order_by(RequestRow.made, RequestRow.id)).all()
            return [KeptRequest(row.id, row.made, _request(row)) for row in rows]

    def find(self, name: str) -> KeptRequest:
        """One request by its ID. Raises `UnknownRequest` and `DatabaseError`."""
        with self._database.transaction("the request could not be read") as session:
            row = session.get(RequestRow, storable(name))
            if row is None:
                raise UnknownRequest("somebody else made a case of that request, or deleted it")
            return KeptRequest(row.id, row.made, _request(row))

    def delete(self, name: str) -> None:
        """Delete one request; one that is gone already stays so. Raises `DatabaseError`."""
        with self._database.transaction("the request could not be deleted") as session:
            session.execute(delete(RequestRow).where(RequestRow.id == storable(name)))

    def purge(self) -> int:
        """Delete what was kept long enough; returns how many. Raises `DatabaseError`."""
        with self._database.transaction("old requests could not be deleted") as session:
            old = delete(RequestRow).where(RequestRow.made < self._oldest())
            return len(session.execute(old.returning(RequestRow.id)).all())

    def _oldest(self) -> datetime:
        return stamp(self._now) - self._keep


def _request(row: RequestRow) -> VisitorRequest:
    kind: Kind = "report" if row.kind == "report" else "person"
    return VisitorRequest(kind, row.text, row.email, row.language, row.conversation)
