"""Which endpoints a dispatcher serves: shards of them, owned by locks of its database session.

Each endpoint belongs to one of `SHARDS` shards; rendezvous hashing over the dispatchers alive says who should serve a
shard, and an advisory lock of PostgreSQL makes sure that only one does. Locks end with the session: at once when the
process dies, after `LEASE_SECONDS` when it hangs (the server ends idle sessions) or its machine is gone (keep-alives).
A shard goes to another only when what its owner had under way has been recorded.
"""

import secrets
from collections.abc import Callable, Iterable
from hashlib import blake2b
from uuid import UUID

from event_manager.webhooks.dispatch.session import Session

SHARDS = 64
MEMBERS_CLASS, SHARDS_CLASS = 0x454D5731, 0x454D5732
"""First keys of the advisory locks; the second are a dispatcher's number, and a shard's."""

JOIN = "SELECT pg_try_advisory_lock(%s::int, %s::int)"
MEMBERS = """
    SELECT l.objid::bigint FROM pg_locks l
     WHERE l.locktype = 'advisory' AND l.classid = %s AND l.objsubid = 2 AND l.granted
       AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())"""
TAKE = "SELECT s, pg_try_advisory_lock(%s::int, s) FROM unnest(%s::int[]) AS s"
LEAVE = "SELECT pg_advisory_unlock(%s::int, s) FROM unnest(%s::int[]) AS s"


def shard_of(endpoint: UUID) -> int:
    """The shard of an endpoint; the last bits of its id are random."""
    return endpoint.int % SHARDS


def wanted(member: int, members: Iterable[int]) -> set[int]:
    """The shards that a dispatcher should serve among these (itself included)."""
    everybody = {*members, member}
    return {shard for shard in range(SHARDS) if max(everybody, key=lambda each: _weight(each, shard)) == member}


def _weight(member: int, shard: int) -> bytes:
    return blake2b(f"{member}/{shard}".encode(), digest_size=8).digest()


class Ownership:
    """What one dispatcher owns; all of it is lost with the session."""

    def __init__(self) -> None:
        self.member = 0
        self.owned: set[int] = set()
        self.leaving: set[int] = set()

    def owns(self, endpoint: UUID) -> bool:
        """Whether deliveries of the endpoint may be begun here."""
        shard = shard_of(endpoint)
        return shard in self.owned and shard not in self.leaving

    async def join(self, session: Session) -> None:
        """Become one of the dispatchers, with a new session."""
        self.owned.clear()
        self.leaving.clear()
        while True:
            self.member = secrets.randbelow(2**31)
            [(mine,)] = await session.run(JOIN, (MEMBERS_CLASS, self.member))
            if mine:
                return

    async def tend(self, session: Session, in_use: Callable[[int], bool]) -> bool:
        """Leave shards that others should have, as soon as nothing of theirs is under way; take those we should have.

        Returns whether anything changed.
        """
        members = [number for (number,) in await session.run(MEMBERS, (MEMBERS_CLASS,))]
        ours = wanted(self.member, members)
        before = (set(self.owned), set(self.leaving))
        self.leaving = self.owned - ours
        free = [shard for shard in self.leaving if not in_use(shard)]
        if free:
            await session.run(LEAVE, (SHARDS_CLASS, free))
            self.owned -= set(free)
            self.leaving -= set(free)
        missing = sorted(ours - self.owned)
        if missing:
            got = await session.run(TAKE, (SHARDS_CLASS, missing))
            self.owned |= {shard for shard, mine in got if mine}
        return before != (self.owned, self.leaving)
