"""The first schema."""

import sqlalchemy as sa
from alembic import op

from tracker.store.tables import UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _lease() -> list[sa.Column[object]]:
    return [
        sa.Column("lease_owner", sa.String()),
        sa.Column("lease_until", UtcTime()),
        sa.Column("fence", sa.Integer(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "settings",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("value", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False, unique=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
    )
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("cases.id"), nullable=False, index=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("adapter", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("spec", sa.String(), nullable=False),
        sa.Column("sealed_reference", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_history", sa.LargeBinary(), nullable=False),
        sa.Column("retired_at", UtcTime()),
        sa.Column("next_check_at", UtcTime(), index=True),
        sa.Column("next_reason", sa.String(), nullable=False),
        sa.Column("next_params", sa.String(), nullable=False),
        sa.Column("sealed_problem", sa.LargeBinary()),
        *_lease(),
        sa.UniqueConstraint("case_id", "name", "identity"),
    )
    op.create_table(
        "observations",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source_id", sa.Integer(), sa.ForeignKey("sources.id"), nullable=False, index=True),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.Column("sealed_body", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("cases.id"), index=True),
        sa.Column("source_id", sa.Integer(), sa.ForeignKey("sources.id"), index=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("sealed_body", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("event_id", sa.String(), sa.ForeignKey("events.id"), nullable=False, index=True),
        sa.Column("receiver", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("next_try_at", UtcTime()),
        sa.Column("sent_at", UtcTime()),
        *_lease(),
        sa.UniqueConstraint("event_id", "receiver"),
    )
    op.create_index("ix_outbox_state", "outbox", ["state", "receiver"])
    op.create_table(
        "receivers",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UtcTime()),
    )
    op.create_table(
        "hosts",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("lease_owner", sa.String()),
        sa.Column("busy_until", UtcTime()),
        sa.Column("next_at", UtcTime()),
        sa.Column("history", sa.String(), nullable=False),
    )
