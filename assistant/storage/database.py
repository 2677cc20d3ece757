"""The database: opened once for the process, brought to the newest schema, asked in transactions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from assistant.storage.errors import DatabaseError, reason
from assistant.storage.schema import upgrade

KINDS = ("sqlite", "postgresql")
"""The databases that the migrations are written and tested for."""
CONNECT_SECONDS = 5
"""How long a server may take to answer a new connection."""


class Database:
    """The database at `url` (an SQLAlchemy address), its schema brought up to date. Thread-safe.

    Raises `DatabaseError` where it cannot be opened, or was made by a newer version.
    """

    def __init__(self, url: str) -> None:
        try:
            address = address_of(url)
            self._engine = engine_of(address)
            upgrade(self._engine)
        except (SQLAlchemyError, ImportError) as error:
            raise cannot("opened", error) from error

    @contextmanager
    def transaction(self, trouble: str) -> Iterator[Session]:
        """A session whose changes are all kept at the end, or none; `trouble` says what could not be done if it fails.

        Raises `DatabaseError`.
        """
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                yield session
        except SQLAlchemyError as error:
            raise DatabaseError(f"{trouble} ({reason(error)}): try again later") from error

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def address_of(url: str) -> URL:
    """The parsed address. Raises `DatabaseError` for a kind of database that is not supported."""
    address = make_url(url)
    if address.get_backend_name() not in KINDS:
        raise DatabaseError(
            f"CALL_ASSISTANT_DATABASE_URL names a database of the kind {address.get_backend_name()}: "
            "check the address, which is to name SQLite or PostgreSQL"
        )
    if address.get_backend_name() == "sqlite" and address.database in (None, "", ":memory:"):
        raise DatabaseError("CALL_ASSISTANT_DATABASE_URL names no file for the SQLite database: name one")
    return address


def engine_of(address: URL) -> Engine:
    """Where connections to `address` come from; nothing is connected yet."""
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address)
        event.listen(engine, "connect", _keep_references)
        return engine
    return create_engine(address, pool_pre_ping=True, connect_args={"connect_timeout": CONNECT_SECONDS})


def cannot(be: str, error: Exception) -> DatabaseError:
    """The error for a database that cannot be opened or used at all."""
    return DatabaseError(
        f"the database of CALL_ASSISTANT_DATABASE_URL cannot be {be} ({reason(error)}): check the address"
    )


def utc_now() -> datetime:
    """The moment, with its zone."""
    return datetime.now(UTC)


def stamp(now: Callable[[], datetime]) -> datetime:
    """The moment as it is kept: UTC, without a zone, as not every database keeps one."""
    return now().astimezone(UTC).replace(tzinfo=None)


def storable(text: str) -> str:
    """`text` without NUL characters, which PostgreSQL cannot keep."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _keep_references(connection: Any, _: object) -> None:
    """SQLite heeds foreign keys only where a connection asks for it (https://sqlite.org/foreignkeys.html)."""
    connection.execute("PRAGMA foreign_keys = ON")
