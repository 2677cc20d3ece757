"""The service's own secrets: made once, kept in the database, so that all its processes share them."""

import secrets

from assistant.storage.database import Database
from assistant.storage.errors import DatabaseError
from assistant.storage.tables import KeyRow


def key(database: Database, name: str) -> str:
    """The secret called `name`, made where there is none yet. Raises `DatabaseError`."""
    found = _read(database, name)
    if found is not None:
        return found
    made = secrets.token_hex(32)
    try:
        with database.transaction(f"the key {name} could not be made") as session:
            session.add(KeyRow(name=name, secret=made))
    except DatabaseError:
        found = _read(database, name)
        if found is None:
            raise
        return found  # another process was first
    return made


def _read(database: Database, name: str) -> str | None:
    with database.transaction(f"the key {name} could not be read") as session:
        row = session.get(KeyRow, name)
        return row.secret if row else None
