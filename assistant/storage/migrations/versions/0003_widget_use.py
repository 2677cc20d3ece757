"""How often the widget was used, by site and day."""

import sqlalchemy as sa
from alembic import op

revision = "0003_widget_use"
down_revision = "0002_helpdesk"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "widget_use",
        sa.Column("site", sa.String(255), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("questions", sa.Integer, nullable=False),
        sa.Column("refused", sa.Integer, nullable=False),
    )
