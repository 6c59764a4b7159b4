"""Cases that the store keeps, and what a person says about any case: paused, archived, snoozed, confirmed, acknowledged.

The shape of each page, the pages themselves, and what was amended after they were read again.
"""

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
    op.add_column("sources", sa.Column("sealed_shapes", sa.LargeBinary()))
    op.add_column("sources", sa.Column("drift", sa.String()))
    op.add_column("observations", sa.Column("sealed_amended", sa.LargeBinary()))
    op.create_table(
        "pages",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source_id", sa.Integer(), sa.ForeignKey("sources.id"), nullable=False, index=True),
        sa.Column("observation_id", sa.Integer(), sa.ForeignKey("observations.id")),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("kept_at", UtcTime(), nullable=False, index=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sealed_outcome", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_body", sa.LargeBinary(), nullable=False),
    )
