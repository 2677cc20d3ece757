"""The helpdesk's cases: kept for some days, as they hold e-mails of people, then deleted."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assistant.storage.database import Database, stamp, storable, utc_now
from assistant.storage.requests import UnknownRequest
from assistant.storage.tables import CaseRow, RequestRow
from corpus.errors import AssistantError

State = Literal["open", "approved"]


class UnknownCase(AssistantError):
    """There is no such case, or no longer."""

    code = "unknown_case"


class ChangedMeanwhile(AssistantError):
    """Somebody changed the case after it was read."""

    code = "changed_meanwhile"


@dataclass(frozen=True, slots=True)
class CaseHead:
    """What the queue shows of a case."""

    id: str
    owner: str
    state: str
    language: str
    subject: str
    made: datetime


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case; `work` is JSON that this module does not look into, and `before` what it was before the last change."""

    head: CaseHead
    version: int
    work: str
    before: str | None


class Cases:
    """The cases in `database`, each kept for `keep_days` days. Thread-safe. All of it may raise `DatabaseError`."""

    def __init__(self, database: Database, keep_days: int, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._keep = timedelta(days=keep_days)
        self._now = now
        self.purge()

    def add(self, owner: str, language: str, subject: str, work: str, request: str = "") -> str:
        """Keep a new case; returns its ID.

        `request` is the ID of the visitor's request that becomes this case: it goes in the same transaction, and the
        case is kept no longer than it was. Raises `UnknownRequest` where somebody else was faster.
        """
        name, now = secrets.token_urlsafe(16), stamp(self._now)
        row = CaseRow(
            id=name,
            version=1,
            owner=owner,
            state="open",
            language=language,
            subject=storable(subject),
            work=storable(work),
            before=None,
            made=now,
            changed=now,
        )
        with self._database.transaction("the case could not be saved") as session:
            if request:
                taken = delete(RequestRow).where(RequestRow.id == storable(request)).returning(RequestRow.made)
                came = session.scalars(taken).one_or_none()
                if came is None:
                    raise UnknownRequest("somebody else made a case of that request, or deleted it")
                row.made = came
            session.add(row)
        self.purge()
        return name

    def queue(self) -> list[CaseHead]:
        """All cases: open ones first, the oldest first."""
        with self._database.transaction("the cases could not be read") as session:
            rows = session.scalars(select(CaseRow).order_by(CaseRow.state.desc(), CaseRow.made, CaseRow.id)).all()
            return [_head(row) for row in rows]

    def case(self, name: str) -> StoredCase:
        """One case. Raises `UnknownCase`."""
        with self._database.transaction("the case could not be read") as session:
            row = _existing(session, name)
            return StoredCase(_head(row), row.version, row.work, row.before)

    def save(self, name: str, version: int, work: str, language: str, state: State = "open") -> None:
        """Keep another state of a case that was read in `version`. Raises `UnknownCase` or `ChangedMeanwhile`."""
        now = stamp(self._now)
        values = {"before": CaseRow.work, "work": storable(work), "language": language, "state": state, "changed": now}
        change = update(CaseRow).where(CaseRow.id == name, CaseRow.version == version)
        with self._database.transaction("the case could not be saved") as session:
            saved = session.execute(change.values(version=version + 1, **values).returning(CaseRow.id))
            if not saved.all():
                _existing(session, name)
                raise ChangedMeanwhile("somebody changed this case meanwhile: load it anew; your change is not saved")

    def take(self, name: str, owner: str) -> None:
        """Make `owner` the one who answers it. Raises `UnknownCase`."""
        with self._database.transaction("the case could not be saved") as session:
            _existing(session, name).owner = owner

    def delete(self, name: str) -> None:
        """Delete a case for good. Raises `UnknownCase`."""
        with self._database.transaction("the case could not be deleted") as session:
            session.delete(_existing(session, name))

    def purge(self) -> None:
        """Delete the cases that were kept long enough."""
        with self._database.transaction("old cases could not be deleted") as session:
            session.execute(delete(CaseRow).where(CaseRow.made < stamp(self._now) - self._keep))


def _existing(session: Session, name: str) -> CaseRow:
    row = session.get(CaseRow, name)
    if row is None:
        raise UnknownCase("there is no such case: it was deleted, or kept long enough")
    return row


def _head(row: CaseRow) -> CaseHead:
    return CaseHead(row.id, row.owner, row.state, row.language, row.subject, row.made)
