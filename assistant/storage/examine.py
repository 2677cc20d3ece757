"""For `doctor`: what can be said of a database without changing it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import SQLAlchemyError

from assistant.storage.database import address_of, cannot, engine_of
from assistant.storage.errors import DatabaseError
from assistant.storage.schema import is_current


def check_database(url: str) -> str:
    """What can be said of the database at `url`; nothing in it is changed, and no file is made.

    Raises `DatabaseError` where it could not be used.
    """
    try:
        address = address_of(url)
        shown = address.render_as_string(hide_password=True)
        if address.get_backend_name() != "sqlite":
            return f"{shown} answers, {_schema(engine_of(address))}"
        path = Path(str(address.database)).absolute()
        if not path.exists():
            _check_folder(path.parent)
            return f"{shown} is made when the service first starts"
        opened = _read_only(path)
        _check_file(path, opened)
        return f"{shown} is sound, {_schema(create_engine('sqlite://', creator=lambda: _open(opened)))}"
    except (SQLAlchemyError, ImportError, OSError, sqlite3.Error) as error:
        raise cannot("used", error) from error


def _read_only(path: Path) -> str:
    """The address for sqlite3 under which the file at `path` is read and left alone, no file made beside it."""
    # Whoever opens a file in WAL mode makes two more, unless it is said that nobody is writing.
    idle = not any(path.with_name(path.name + end).exists() for end in ("-wal", "-journal"))
    return f"{path.as_uri()}?mode=ro{'&immutable=1' if idle else ''}"


def _open(address: str) -> sqlite3.Connection:
    return sqlite3.connect(address, uri=True)


def _schema(engine: Engine) -> str:
    try:
        with engine.connect() as connection:
            current = is_current(connection)
    finally:
        engine.dispose()
    return "its schema is current" if current else "its schema is brought up to date when the service starts"


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise DatabaseError(f"there is no folder {folder} for the database: make it, or name another database")
    if not os.access(folder, os.W_OK):
        raise DatabaseError(f"no database may be made in {folder}: change the permissions, or name another")


def _check_file(path: Path, opened: str) -> None:
    with closing(_open(opened)) as database:
        found = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise DatabaseError(f"the database {path} is damaged ({found}): put its backup there, or remove it")
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise DatabaseError(f"the database {path} and its folder may not be written: change their permissions")
