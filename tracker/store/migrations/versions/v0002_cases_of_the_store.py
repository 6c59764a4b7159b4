"""Cases that the store keeps, and what a person says about any case: paused, archived, snoozed, confirmed, acknowledged."""

import sqlalchemy as sa
from alembic import op

from tracker.store.tables import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("sealed_spec", sa.LargeBinary()))
    op.add_column("cases", sa.Column("sealed_words", sa.LargeBinary()))
    op.add_column("cases", sa.Column("paused_at", UtcTime()))
    op.add_column("cases", sa.Column("archived_at", UtcTime()))
    op.add_column("cases", sa.Column("snoozed_until", UtcTime()))
    op.add_column("cases", sa.Column("imported_at", UtcTime()))
    op.add_column("events", sa.Column("acked_at", UtcTime()))
    op.add_column("events", sa.Column("reminders", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("events", sa.Column("reminded_at", UtcTime()))
