"""Answers that have a link, what visitors write to a person, and the service's own keys."""

import sqlalchemy as sa
from alembic import op

revision = "0004_shared_answers_and_requests"
down_revision = "0003_widget_use"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "keys",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("secret", sa.String(128), nullable=False),
    )
    op.create_table(
        "shared_answers",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("made", sa.DateTime, nullable=False),
    )
    op.create_index("ix_shared_answers_made", "shared_answers", ["made"])
    op.create_table(
        "requests",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("conversation", sa.Text, nullable=False),
        sa.Column("made", sa.DateTime, nullable=False),
    )
    op.create_index("ix_requests_made", "requests", ["made"])
