"""Databases to test on: an SQLite file, and PostgreSQL where the environment names a server."""

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from assistant.storage.database import Database

SERVER = "TEST_POSTGRESQL_URL"
"""Names a PostgreSQL database whose user may make others: postgresql://user:password@host/database."""
START = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Clock:
    """Says `now`, which a test sets by hand."""

    now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'kept.sqlite3'}"
        return
    server = os.environ.get(SERVER)
    if not server:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{SERVER} names no PostgreSQL database")
        pytest.skip(f"{SERVER} names no PostgreSQL database")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"test_{os.getpid()}_{abs(hash(request.node.name)) % 10**8}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    with closing(Database(address)) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()
