"""The migrations, on real databases."""

import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from assistant.storage.database import Database
from assistant.storage.errors import DatabaseError
from assistant.storage.examine import check_database
from assistant.storage.feedback import Feedback, Rating
from assistant.storage.tables import Base
from tests.processes import surroundings

OPEN = "import sys; from assistant.storage.database import Database; Database(sys.argv[1]).close()"
BEFORE_MIGRATIONS = """
CREATE TABLE ratings (answer VARCHAR(64) NOT NULL, question TEXT NOT NULL, helpful BOOLEAN NOT NULL,
    reason TEXT NOT NULL, status VARCHAR(32) NOT NULL, corpus_version VARCHAR(128) NOT NULL, made DATETIME NOT NULL,
    PRIMARY KEY (answer));
CREATE INDEX ix_ratings_made ON ratings (made);
"""


def test_the_migrations_make_the_tables_of_the_code(database: Database, address: str) -> None:
    engine = create_engine(address)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_opening_again_changes_nothing(address: str) -> None:
    Database(address).close()
    assert check_database(address).endswith("its schema is current")
    Database(address).close()
    assert check_database(address).endswith("its schema is current")


def test_processes_that_start_at_once_take_turns(address: str) -> None:
    command = [sys.executable, "-c", OPEN, address]
    started = [subprocess.Popen(command, env=surroundings({}), stderr=subprocess.PIPE, text=True) for _ in range(4)]
    ended = [process.communicate(timeout=120)[1] for process in started]
    assert [process.returncode for process in started] == [0] * 4, ended
    assert check_database(address).endswith("its schema is current")


def test_a_database_of_before_the_migrations_keeps_its_ratings(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(path)) as old:
        old.executescript(BEFORE_MIGRATIONS)
        made = datetime(2026, 11, 1).isoformat(sep=" ")
        old.execute("INSERT INTO ratings VALUES ('a1', 'Q', 1, '', 'answered', 'v', ?)", (made,))
        old.commit()
    assert check_database(f"sqlite:///{path}").endswith("is brought up to date when the service starts")
    with closing(Database(f"sqlite:///{path}")) as database:
        kept = Feedback(database, 90, lambda: datetime(2026, 11, 2).astimezone()).ratings()
    assert kept == [Rating("a1", "Q", True, "", "answered", "v")]


def test_a_database_of_a_newer_version_is_left_alone(address: str) -> None:
    Database(address).close()
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
    engine.dispose()
    with pytest.raises(DatabaseError, match=r"made by a newer version .* \(migration 9999_later\)"):
        Database(address)
    with pytest.raises(DatabaseError, match="made by a newer version"):
        check_database(address)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("mysql://host/name", "of the kind mysql"),
        ("postgresql://nobody@127.0.0.1:1/none", "cannot be opened"),
        ("sqlite:////nowhere/at/all.sqlite3", "CALL_ASSISTANT_DATABASE_URL"),
        ("no address", "CALL_ASSISTANT_DATABASE_URL"),
        ("unknown://x", "CALL_ASSISTANT_DATABASE_URL"),
    ],
)
def test_a_database_that_cannot_be_opened(address: str, why: str) -> None:
    with pytest.raises(DatabaseError, match=why):
        Database(address)


def test_a_transaction_that_fails_changes_nothing(database: Database) -> None:
    feedback, kept = Feedback(database, 90), Rating("a", "Q", True)
    feedback.add(kept)
    with suppress(ZeroDivisionError), database.transaction("nothing could be done") as session:
        session.execute(text("DELETE FROM ratings"))
        raise ZeroDivisionError
    assert feedback.ratings() == [kept]
