"""How Alembic reaches the database: as the owner role, one transaction for all steps."""

import psycopg
from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from event_manager.kit.db import Base
from event_manager.migrations.tables import load

load()


def run() -> None:
    """Migrate under an advisory lock, so that two processes starting at once do not collide.

    It is also where a database that was restored from a dump lets its log go on.
    """
    dsn = context.config.attributes["dsn"]
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(dsn), poolclass=NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            include_object=_ours,
        )
        with context.begin_transaction():
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('event-manager migrations'))"))
            context.run_migrations()
            if connection.scalar(text("SELECT to_regproc('event_log_go_on')")) is not None:
                connection.execute(text("SELECT event_log_go_on()"))


def _ours(_object: object, name: str | None, kind: str, reflected: bool, _compare: object) -> bool:
    """Partitions are made by jobs, not by models."""
    return not (kind == "table" and reflected and name is not None and "_p2" in name)


run()
