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
