"""How often the widget is used, by site and day: numbers only, kept for some days, and a limit for each day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Date, Delete, bindparam, delete, select, text, update

from assistant.storage.database import Database, utc_now
from assistant.storage.tables import WidgetUseRow

_BEGIN_DAY = text(
    "INSERT INTO widget_use (site, day, questions, refused) VALUES (:site, :day, 0, 0) ON CONFLICT DO NOTHING"
).bindparams(bindparam("day", type_=Date))


@dataclass(frozen=True, slots=True)
class SiteDay:
    """One day (UTC) of one site."""

    site: str
    day: date
    questions: int
    refused: int
    """Questions that were too many for the day."""

    def __str__(self) -> str:
        site = self.site or "the service's own pages"
        return f"{self.day}  {self.questions:>6}  {site}" + (f" ({self.refused} refused)" if self.refused else "")


class WidgetUse:
    """Counts in `database`: at most `a_day` questions a site and day, counts kept `keep_days` days. Thread-safe."""

    def __init__(self, database: Database, a_day: int, keep_days: int, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self.a_day = a_day
        """Questions that are answered on one site in a day."""
        self._keep = timedelta(days=keep_days)
        self._now = now
        self.purge()

    def count(self, site: str) -> int:
        """Count one question on `site`: 0 where it may be asked, else the seconds until the next day.

        Raises `DatabaseError`.
        """
        now = self._now().astimezone(UTC)
        today = now.date()
        row = (WidgetUseRow.site == site, WidgetUseRow.day == today)
        more = update(WidgetUseRow).where(*row, WidgetUseRow.questions < self.a_day)
        with self._database.transaction("the question could not be counted") as session:
            session.execute(self._old())
            session.execute(_BEGIN_DAY, {"site": site, "day": today})
            asked = more.values(questions=WidgetUseRow.questions + 1).returning(WidgetUseRow.questions)
            if session.execute(asked).all():
                return 0
            session.execute(update(WidgetUseRow).where(*row).values(refused=WidgetUseRow.refused + 1))
        tomorrow = datetime.combine(today + timedelta(days=1), time(), UTC)
        return int((tomorrow - now).total_seconds()) + 1

    def give_back(self, site: str) -> None:
        """Take back one question that was counted on `site` today and not answered. Raises `DatabaseError`."""
        today = self._now().astimezone(UTC).date()
        row = (WidgetUseRow.site == site, WidgetUseRow.day == today, WidgetUseRow.questions > 0)
        with self._database.transaction("the question could not be taken back") as session:
            session.execute(update(WidgetUseRow).where(*row).values(questions=WidgetUseRow.questions - 1))

    def purge(self) -> int:
        """Delete the counts that were kept long enough; returns how many. Raises `DatabaseError`."""
        with self._database.transaction("old counts could not be deleted") as session:
            return len(session.execute(self._old().returning(WidgetUseRow.day)).all())

    def days(self) -> list[SiteDay]:
        """All counts that are kept, the newest day first. Raises `DatabaseError`."""
        with self._database.transaction("the use of the widget could not be read") as session:
            rows = session.scalars(select(WidgetUseRow).order_by(WidgetUseRow.day.desc(), WidgetUseRow.site)).all()
            return [SiteDay(row.site, row.day, row.questions, row.refused) for row in rows]

    def _old(self) -> Delete:
        oldest = self._now().astimezone(UTC).date() - self._keep
        return delete(WidgetUseRow).where(WidgetUseRow.day <= oldest)
