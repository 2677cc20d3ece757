"""Answers that a visitor made a link for: kept for some days, then deleted."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete

from assistant.storage.database import Database, stamp, storable, utc_now
from assistant.storage.tables import SharedAnswerRow


class SharedAnswers:
    """Answers in `database` as JSON, each kept for `keep_days` days. Thread-safe."""

    def __init__(self, database: Database, keep_days: int, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._keep = timedelta(days=keep_days)
        self._now = now
        self.purge()

    def add(self, result: str) -> str:
        """Keep `result`, and delete what is too old; returns an ID that cannot be guessed. Raises `DatabaseError`."""
        row = SharedAnswerRow(id=secrets.token_urlsafe(16), result=storable(result), made=stamp(self._now))
        with self._database.transaction("the answer could not be saved") as session:
            session.add(row)
            session.execute(delete(SharedAnswerRow).where(SharedAnswerRow.made < self._oldest()))
        return row.id

    def find(self, answer_id: str) -> str | None:
        """The answer that was kept under `answer_id`, while it is kept. Raises `DatabaseError`."""
        with self._database.transaction("the answer could not be read") as session:
            row = session.get(SharedAnswerRow, storable(answer_id))
            return row.result if row and row.made >= self._oldest() else None

    def remove(self, result: str) -> int:
        """Delete `result` under every ID that it was kept under; returns how many. Raises `DatabaseError`."""
        with self._database.transaction("the answer could not be deleted") as session:
            same = delete(SharedAnswerRow).where(SharedAnswerRow.result == storable(result))
            return len(session.execute(same.returning(SharedAnswerRow.id)).all())

    def purge(self) -> int:
        """Delete what was kept long enough; returns how many. Raises `DatabaseError`."""
        with self._database.transaction("old answers could not be deleted") as session:
            old = delete(SharedAnswerRow).where(SharedAnswerRow.made < self._oldest())
            return len(session.execute(old.returning(SharedAnswerRow.id)).all())

    def _oldest(self) -> datetime:
        return stamp(self._now) - self._keep
