"""Accounts of the staff, and who of them is signed in. Tokens are kept as their SHA-256, passwords as argon2id."""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from assistant.passwords import check_password, hashed, is_outdated, matches
from assistant.storage.database import Database, stamp, utc_now
from assistant.storage.tables import AccountRow, DeviceRow, SessionRow
from corpus.errors import AssistantError

IDLE = timedelta(hours=1)
"""A session ends when it was not used for so long."""
LONGEST = timedelta(hours=12)
"""A session ends so long after signing in."""
DEVICE_KNOWN = timedelta(days=90)
"""A browser is known for so long after the last time somebody signed in there."""
_NOTED = timedelta(minutes=1)
"""How exactly it is kept when a session was last used."""
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")


class AccountError(AssistantError):
    """An account cannot be made, changed or found; the message says why."""

    code = "account"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of the staff."""

    name: str
    made: datetime
    password_set: datetime


class Accounts:
    """The accounts in `database`. Thread-safe. All of it may raise `DatabaseError`."""

    def __init__(self, database: Database, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._now = now

    def add(self, name: str, password: str) -> None:
        """Make an account. Raises `AccountError` or `BadPassword`."""
        name = _tidy(name)
        check_password(password, name)
        secret, now = hashed(password), stamp(self._now)
        with self._database.transaction("the account could not be made") as session:
            if session.get(AccountRow, name):
                raise AccountError(f"there is an account {name} already: `call-assistant account password {name}`")
            session.add(AccountRow(name=name, secret=secret, made=now, changed=now))

    def all(self) -> list[Account]:
        """All accounts, by name."""
        with self._database.transaction("the accounts could not be read") as session:
            rows = session.scalars(select(AccountRow).order_by(AccountRow.name)).all()
            return [Account(row.name, row.made, row.changed) for row in rows]

    def set_password(self, name: str, password: str) -> None:
        """Give an account another password, and end its sessions. Raises `AccountError` or `BadPassword`."""
        name = _tidy(name)
        check_password(password, name)
        secret = hashed(password)
        with self._database.transaction("the password could not be changed") as session:
            row = _existing(session, name)
            row.secret, row.changed = secret, stamp(self._now)
            session.execute(delete(SessionRow).where(SessionRow.account == name))
            session.execute(delete(DeviceRow).where(DeviceRow.account == name))

    def remove(self, name: str) -> None:
        """Delete an account and end its sessions; its cases stay. Raises `AccountError`."""
        with self._database.transaction("the account could not be removed") as session:
            session.delete(_existing(session, _tidy(name)))

    def sign_in(self, name: str, password: str) -> str | None:
        """The token of a new session, or None where name or password is wrong; both take as long."""
        name = name.strip().lower()
        with self._database.transaction("nobody could be signed in") as session:
            row = session.get(AccountRow, name) if _NAME.fullmatch(name) else None
            secret = row.secret if row else None
        if not matches(secret, password) or secret is None:
            return None
        renewed = hashed(password) if is_outdated(secret) else secret
        token, now = secrets.token_urlsafe(32), stamp(self._now)
        with self._database.transaction("nobody could be signed in") as session:
            # Only if the password is still that one: somebody may have changed it meanwhile.
            same = update(AccountRow).where(AccountRow.name == name, AccountRow.secret == secret)
            if not session.execute(same.values(secret=renewed).returning(AccountRow.name)).all():
                return None
            session.add(SessionRow(token=_digest(token), account=name, made=now, used=now))
        return token

    def account_of(self, token: str) -> str | None:
        """The name of who is signed in with `token`; None for an unknown or ended session."""
        now = stamp(self._now)
        with self._database.transaction("the session could not be read") as session:
            row = session.get(SessionRow, _digest(token))
            if row is None or _ended(row, now):
                return None
            if row.used < now - _NOTED:
                row.used = now
            return row.account

    def sign_out(self, token: str) -> None:
        """End the session."""
        with self._database.transaction("the session could not be ended") as session:
            session.execute(delete(SessionRow).where(SessionRow.token == _digest(token)))

    def new_device(self, name: str, before: str) -> str:
        """A token by which a browser is known in which `name` signed in, in the place of the one of `before`."""
        token = secrets.token_urlsafe(32)
        with self._database.transaction("the browser could not be noted") as session:
            session.execute(delete(DeviceRow).where(DeviceRow.token == _digest(before)))
            session.add(DeviceRow(token=_digest(token), account=name.strip().lower(), used=stamp(self._now)))
        return token

    def knows_device(self, token: str, name: str) -> bool:
        """Whether `name` once signed in in the browser with `token`."""
        with self._database.transaction("the browser could not be looked up") as session:
            row = session.get(DeviceRow, _digest(token))
            return row is not None and row.account == name.strip().lower() and row.used >= self._ago(DEVICE_KNOWN)

    def purge(self) -> None:
        """Delete ended sessions and browsers that are no longer known."""
        with self._database.transaction("ended sessions could not be deleted") as session:
            ended = or_(SessionRow.made <= self._ago(LONGEST), SessionRow.used <= self._ago(IDLE))
            session.execute(delete(SessionRow).where(ended))
            session.execute(delete(DeviceRow).where(DeviceRow.used < self._ago(DEVICE_KNOWN)))

    def _ago(self, span: timedelta) -> datetime:
        return stamp(self._now) - span


def _tidy(name: str) -> str:
    tidy = name.strip().lower()
    if not _NAME.fullmatch(tidy):
        raise AccountError("the name of an account has 1 to 64 letters a to z, digits, dots and hyphens")
    return tidy


def _existing(session: Session, name: str) -> AccountRow:
    row = session.get(AccountRow, name)
    if row is None:
        raise AccountError(f"there is no account {name}: `call-assistant account list` names all")
    return row


def _ended(row: SessionRow, now: datetime) -> bool:
    return now - row.made >= LONGEST or now - row.used >= IDLE


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
