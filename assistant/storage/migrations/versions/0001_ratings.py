"""Ratings. A database of before the migrations has the table already."""

import sqlalchemy as sa
from alembic import op

revision = "0001_ratings"
down_revision = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "ratings",
        sa.Column("answer", sa.String(64), primary_key=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("helpful", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("corpus_version", sa.String(128), nullable=False),
        sa.Column("made", sa.DateTime, nullable=False),
        if_not_exists=True,
    )
    op.create_index("ix_ratings_made", "ratings", ["made"], if_not_exists=True)
