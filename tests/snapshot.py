"""Brings the test database back to what it was with the cast alone, after tests that commit.

Deleting and re-filling small tables is several times faster than truncating or cloning.
"""

import psycopg

from event_manager.eventlog import persons

TABLES = """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
             AND NOT relispartition AND relname <> 'alembic_version' ORDER BY relname"""


class Snapshot:
    """Copies every filled table once; `restore` empties all and fills those again. Needs the superuser."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        with psycopg.connect(dsn) as conn:
            self.tables = [str(name) for (name,) in conn.execute(TABLES).fetchall()]
            conn.execute("CREATE SCHEMA snapshot")
            self.filled = [t for t in self.tables if conn.execute(f'SELECT 1 FROM "{t}" LIMIT 1').fetchone()]  # type: ignore[arg-type]
            for table in self.filled:
                conn.execute(f'CREATE TABLE snapshot."{table}" AS TABLE public."{table}"')  # type: ignore[arg-type]

    def restore(self) -> None:
        """Without triggers, so that neither order nor the append-only guard of the log stands in the way."""
        statements = ["SET LOCAL session_replication_role = replica"]
        statements += [f'DELETE FROM public."{table}"' for table in self.tables]
        statements += [f'INSERT INTO public."{table}" TABLE snapshot."{table}"' for table in self.filled]
        with psycopg.connect(self.dsn) as conn:
            conn.execute("; ".join(statements))  # type: ignore[arg-type]
        persons.forget()
