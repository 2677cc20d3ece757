"""The tables, as the migrations leave them; `tests/assistant/storage/test_schema.py` holds the two together."""

from datetime import datetime

from sqlalchemy import String, Text
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
