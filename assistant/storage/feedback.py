"""What visitors say of an answer: kept for some days, then deleted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from assistant.storage.database import Database, stamp, storable, utc_now
from assistant.storage.tables import RatingRow


@dataclass(frozen=True, slots=True)
class Rating:
    """A thumb for one answer; a later one for the same `answer` replaces it."""

    answer: str
    """The answer's ID, given by the page that showed it; up to 64 characters."""
    question: str
    helpful: bool
    reason: str = ""
    status: str = ""
    """The answer's `status`."""
    corpus_version: str = ""


class Feedback:
    """Ratings in `database`, each kept for `keep_days` days. Thread-safe."""

    def __init__(self, database: Database, keep_days: int, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._keep = timedelta(days=keep_days)
        self._now = now
        self.purge()

    def add(self, rating: Rating) -> None:
        """Keep `rating`, and delete what is too old. Raises `DatabaseError`."""
        row = RatingRow(
            answer=rating.answer,
            question=storable(rating.question),
            helpful=rating.helpful,
            reason=storable(rating.reason),
            status=rating.status,
            corpus_version=rating.corpus_version,
            made=stamp(self._now),
        )
        with self._database.transaction("the rating could not be saved") as session:
            session.merge(row)
            session.execute(delete(RatingRow).where(RatingRow.made < self._oldest()))

    def ratings(self) -> list[Rating]:
        """All that are kept, oldest first. Raises `DatabaseError`."""
        with self._database.transaction("the ratings could not be read") as session:
            rows = session.scalars(select(RatingRow).order_by(RatingRow.made, RatingRow.answer)).all()
            return [
                Rating(row.answer, row.question, row.helpful, row.reason, row.status, row.corpus_version)
                for row in rows
            ]

    def purge(self) -> int:
        """Delete what was kept long enough; returns how many. Raises `DatabaseError`."""
        with self._database.transaction("old ratings could not be deleted") as session:
            old = delete(RatingRow).where(RatingRow.made < self._oldest())
            return len(session.execute(old.returning(RatingRow.answer)).all())

    def _oldest(self) -> datetime:
        return stamp(self._now) - self._keep
