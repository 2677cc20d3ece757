"""What visitors say of an answer: kept in a database for some days, then deleted. The one door to SQLAlchemy."""

import asyncio
import logging
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import String, Text, create_engine, delete, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from assistant.trouble import record
from corpus.errors import AssistantError

PURGE_SECONDS = 24 * 3600
"""How often old ratings are looked for, beside each time one is added."""

_LOG = logging.getLogger(__name__)


class DatabaseError(AssistantError):
    """The database of what visitors leave cannot be used."""

    code = "database"


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


class _Base(DeclarativeBase):
    pass


class _Row(_Base):
    __tablename__ = "ratings"

    answer: Mapped[str] = mapped_column(String(64), primary_key=True)
    question: Mapped[str] = mapped_column(Text)
    helpful: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(32))
    corpus_version: Mapped[str] = mapped_column(String(128))
    made: Mapped[datetime] = mapped_column(index=True)
    """UTC, without a zone, as not every database keeps one."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Feedback:
    """Ratings in the database at `url` (an SQLAlchemy address), each kept for `keep_days` days. Thread-safe."""

    def __init__(self, url: str, keep_days: int, now: Callable[[], datetime] = _utc_now) -> None:
        self._keep = timedelta(days=keep_days)
        self._now = now
        try:
            self._engine = create_engine(url, pool_pre_ping=True)
            _Base.metadata.create_all(self._engine)
        except (SQLAlchemyError, ImportError) as error:
            raise DatabaseError(
                f"the database of CALL_ASSISTANT_DATABASE_URL cannot be opened ({_reason(error)}): check the address"
            ) from error
        self.purge()

    def add(self, rating: Rating) -> None:
        """Keep `rating`, and delete what is too old. Raises `DatabaseError`."""
        row = _Row(
            answer=rating.answer,
            question=_storable(rating.question),
            helpful=rating.helpful,
            reason=_storable(rating.reason),
            status=rating.status,
            corpus_version=rating.corpus_version,
            made=self._stamp(),
        )
        try:
            with Session(self._engine) as session, session.begin():
                session.merge(row)
                session.execute(delete(_Row).where(_Row.made < self._stamp() - self._keep))
        except SQLAlchemyError as error:
            raise DatabaseError(f"the rating could not be saved ({_reason(error)}): try again later") from error

    def ratings(self) -> list[Rating]:
        """All that are kept, oldest first. Raises `DatabaseError`."""
        try:
            with Session(self._engine) as session:
                rows = session.scalars(select(_Row).order_by(_Row.made, _Row.answer)).all()
                return [
                    Rating(row.answer, row.question, row.helpful, row.reason, row.status, row.corpus_version)
                    for row in rows
                ]
        except SQLAlchemyError as error:
            raise DatabaseError(f"the ratings could not be read ({_reason(error)}): check the database") from error

    def purge(self) -> int:
        """Delete what was kept long enough; returns how many. Raises `DatabaseError`."""
        try:
            with Session(self._engine) as session, session.begin():
                gone = session.execute(
                    delete(_Row).where(_Row.made < self._stamp() - self._keep).returning(_Row.answer)
                ).all()
                return len(gone)
        except SQLAlchemyError as error:
            raise DatabaseError(f"old ratings could not be deleted ({_reason(error)}): check the database") from error

    @asynccontextmanager
    async def purging(self) -> AsyncIterator[None]:
        """Delete what is too old once a day while the context is open."""

        async def purge() -> None:
            while True:
                await asyncio.sleep(PURGE_SECONDS)
                try:
                    await asyncio.to_thread(self.purge)
                except DatabaseError as error:
                    record(_LOG, "deleting old ratings", error)

        task = asyncio.create_task(purge())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _stamp(self) -> datetime:
        return self._now().astimezone(UTC).replace(tzinfo=None)


def check_database(url: str) -> str:
    """What can be said of the database at `url`; nothing in it is changed, and no file is made.

    Raises `DatabaseError` where it could not be used.
    """
    try:
        address = make_url(url)
        shown = address.render_as_string(hide_password=True)
        if address.get_backend_name() == "sqlite":
            return f"{shown}{_check_sqlite(address.database)}"
        patience = {"connect_timeout": 5} if address.get_driver_name().startswith("psycopg") else {}
        engine = create_engine(address, connect_args=patience)
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        finally:
            engine.dispose()
        return f"{shown} answers"
    except (SQLAlchemyError, ImportError, OSError, sqlite3.Error) as error:
        raise DatabaseError(
            f"the database of CALL_ASSISTANT_DATABASE_URL cannot be used ({_reason(error)}): check the address"
        ) from error


def _check_sqlite(name: str | None) -> str:
    if not name or name == ":memory:":
        return " is kept in memory and forgotten when the service ends"
    path = Path(name).absolute()
    if not path.exists():
        if not path.parent.is_dir():
            raise DatabaseError(f"there is no folder {path.parent} for the database: make it, or name another database")
        if not os.access(path.parent, os.W_OK):
            raise DatabaseError(f"no database may be made in {path.parent}: change the permissions, or name another")
        return " is made when the service first starts"
    # Whoever opens a file in WAL mode makes two more, unless it is said that nobody is writing.
    idle = not any(path.with_name(path.name + end).exists() for end in ("-wal", "-journal"))
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro{'&immutable=1' if idle else ''}", uri=True)) as database:
        found = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise DatabaseError(f"the database {path} is damaged ({found}): put its backup there, or remove it")
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise DatabaseError(f"the database {path} and its folder may not be written: change their permissions")
    return " is sound"


def _storable(text: str) -> str:
    """`text` without NUL characters, which PostgreSQL cannot keep."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _reason(error: Exception) -> str:
    return " ".join(str(getattr(error, "orig", None) or error).split())[:200]
