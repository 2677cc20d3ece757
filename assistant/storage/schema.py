"""The schema, brought up to date by the migrations in `migrations/versions/`, each of which runs once.

Two processes that start at once take turns: SQLite by a write transaction, PostgreSQL by an advisory lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text

from assistant.storage.errors import DatabaseError

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_LOCK = 0x63616C6C
"""The number of our advisory lock, which all processes share: "call" in ASCII."""


def upgrade(engine: Engine) -> None:
    """Run the migrations that the database has not had, all or none.

    Raises `DatabaseError` where a newer version of the program made it, and SQLAlchemy's errors.
    """
    with _alone(engine) as connection:
        if not is_current(connection):
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def is_current(connection: Connection) -> bool:
    """Whether the database has had all migrations; False for an empty one.

    Raises `DatabaseError` where it has had one that is not known here.
    """
    scripts = ScriptDirectory(MIGRATIONS)
    had = MigrationContext.configure(connection).get_current_heads()
    try:
        scripts.get_revisions(had)
    except CommandError as error:
        raise DatabaseError(
            f"the database was made by a newer version of the assistant (migration {', '.join(had)}): install that one"
        ) from error
    return had == (scripts.get_current_head(),)


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A connection in one transaction, while no other process may change the schema."""
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield connection
        return
    # Left to itself, sqlite3 begins a transaction only before the first row is written; tables would be made outside.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")
