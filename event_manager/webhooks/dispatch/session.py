"""The one database session of a dispatcher: its locks, its claims and its records all live and die with it.

That is the fence: who has lost the locks cannot claim any more, since both need the same session.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.types.string import ByteaBinaryLoader

LEASE_SECONDS = 30
"""A session that says nothing for so long is ended by the server, and its locks with it."""
SETTINGS = {
    "statement_timeout": "30000",
    "idle_session_timeout": str(LEASE_SECONDS * 1000),
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "timezone": "UTC",
    "search_path": "public",
    # Statistics of a queue are always out of date: walk the indexes, and plan each statement once.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}


class Session:
    """An open session; each statement is a transaction of its own. Raises psycopg.Error once it is lost."""

    def __init__(self, connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> None:
        self._connection = connection
        self._hot = connection.cursor(binary=True)
        for name in ("uuid", "timestamptz"):
            self._hot.adapters.register_loader(name, ByteaBinaryLoader)

    @classmethod
    async def open(cls, dsn: str) -> "Session":
        """Connect as the role of the address."""
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        address = make_conninfo(dsn, options=options, application_name="event-manager-dispatcher")
        return cls(await psycopg.AsyncConnection.connect(address, autocommit=True, prepare_threshold=1))

    async def run(self, query: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a statement."""
        async with self._connection.cursor(binary=True) as cursor:
            await cursor.execute(query, params)
            return await cursor.fetchall() if cursor.description else []

    async def raw(self, query: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a statement, ids and times as the bytes that came: what is not looked at need not be made."""
        await self._hot.execute(query, params)
        return await self._hot.fetchall() if self._hot.description else []

    async def close(self) -> None:
        """End it, and give up everything it held."""
        await self._connection.close()
