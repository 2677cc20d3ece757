"""The tables, as the migrations leave them; `tests/assistant/storage/test_schema.py` holds the two together."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """All tables. Moments are UTC without a zone."""


class RatingRow(Base):
    """A thumb for an answer."""

    __tablename__ = "ratings"

    answer: Mapped[str] = mapped_column(String(64), primary_key=True)
    question: Mapped[str] = mapped_column(Text)
    helpful: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(32))
    corpus_version: Mapped[str] = mapped_column(String(128))
    made: Mapped[datetime] = mapped_column(index=True)


class WidgetUseRow(Base):
    """How often the widget was used on a site on a day."""

    __tablename__ = "widget_use"

    site: Mapped[str] = mapped_column(String(255), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    """In UTC."""
    questions: Mapped[int]
    refused: Mapped[int]
    """Questions that were too many for the day."""


class AccountRow(Base):
    """Somebody of the staff; `secret` is the argon2id hash of the password."""

    __tablename__ = "accounts"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    secret: Mapped[str] = mapped_column(String(255))
    made: Mapped[datetime]
    changed: Mapped[datetime]
    """When the password was set."""


class SessionRow(Base):
    """Somebody signed in; `token` is the SHA-256 of what the cookie holds."""

    __tablename__ = "sessions"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("accounts.name", ondelete="CASCADE"), index=True)
    made: Mapped[datetime] = mapped_column(index=True)
    used: Mapped[datetime]


class DeviceRow(Base):
    """A browser in which somebody once signed in; `token` is the SHA-256 of what its cookie holds."""

    __tablename__ = "devices"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("accounts.name", ondelete="CASCADE"), index=True)
    used: Mapped[datetime] = mapped_column(index=True)


class CaseRow(Base):
    """An e-mail and its draft, as JSON, and what the queue shows of it."""

    __tablename__ = "cases"

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    version: Mapped[int]
    """Grows with each change, so that nobody overwrites what somebody else did meanwhile."""
    owner: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(Text)
    work: Mapped[str] = mapped_column(Text)
    before: Mapped[str | None] = mapped_column(Text)
    """`work` as it was before the last change."""
    made: Mapped[datetime] = mapped_column(index=True)
    changed: Mapped[datetime]


class KeyRow(Base):
    """A secret of the service itself."""

    __tablename__ = "keys"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    secret: Mapped[str] = mapped_column(String(128))


class SharedAnswerRow(Base):
    """An answer that has a link."""

    __tablename__ = "shared_answers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    result: Mapped[str] = mapped_column(Text)
    made: Mapped[datetime] = mapped_column(index=True)


class RequestRow(Base):
    """What a visitor wrote to the people behind the assistant."""

    __tablename__ = "requests"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(8))
    conversation: Mapped[str] = mapped_column(Text)
    made: Mapped[datetime] = mapped_column(index=True)
