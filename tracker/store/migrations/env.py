"""Alembic's entry: runs the versions on the connection that engine.py hands over, inside its one transaction."""

from alembic import context
from sqlmodel import SQLModel

import tracker.store.tables  # noqa: F401 - fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    transaction_per_migration=False,
    transactional_ddl=True,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
