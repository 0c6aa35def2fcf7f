"""Verification of the sealed log: recomputes every leaf from its entry and every root from the leaves.

The truth is the signed roots. Where the entries do not give them but the stored hashes do, the first entry that differs
from its stored hash is the one that was changed; where neither does, the seal is named.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from event_manager.eventlog import checkpoints, faults, leaves, retirements
from event_manager.eventlog.checkpoints import BadCheckpoint, Checkpoint, Signer
from event_manager.eventlog.faults import Fault, Tampered
from event_manager.eventlog.merkle import Frontier
from event_manager.eventlog.retirements import Gaps, Retirement
from event_manager.eventlog.stored import Slot, seals, slots
from event_manager.kit.db import Row
from event_manager.kit.work import Work

AFTER = f"""
    SELECT {leaves.SELECT} FROM event_log
     WHERE tenant_id = %s AND (event_log.xid, id) > (%s::text::xid8, %s) ORDER BY event_log.xid, id LIMIT %s"""  # noqa: S608
UPPER = """
    SELECT level, number, hashes FROM event_tiles WHERE tenant_id = %s AND level > 0"""
CURSOR = "SELECT last_xid::text AS xid, last_id AS id FROM event_seals ORDER BY last_xid DESC, last_id DESC LIMIT 1"
STRANGER = f"""
    SELECT {leaves.SELECT},
           (SELECT count(*) FROM event_log b
             WHERE b.tenant_id = event_log.tenant_id AND (b.xid, b.id) < (event_log.xid, event_log.id)) AS position
      FROM event_log
     WHERE tenant_id = %s AND (event_log.xid, id) <= (%s::text::xid8, %s)
       AND NOT EXISTS (SELECT FROM known WHERE known.id = event_log.id)
     ORDER BY event_log.xid, id LIMIT 1"""  # noqa: S608
KNOWN = """
    WITH known AS MATERIALIZED (
      SELECT encode(substring(t.entries FROM 16 * n + 1 FOR 16), 'hex')::uuid AS id
        FROM event_tiles t CROSS JOIN generate_series(0, octet_length(t.entries) / 16 - 1) AS n
       WHERE t.tenant_id = %s AND t.level = 0)"""
UNSEALED = "SELECT count(*) AS n FROM event_log WHERE tenant_id = %s AND (xid, id) > (%s::text::xid8, %s)"


@dataclass
class Report:
    """What was found in a tenant's log: sealed entries that were checked, entries not sealed yet, faults in order.

    ``entries`` counts those of ``retired`` months too, of which only the hashes are left.
    """

    tenant_id: UUID
    entries: int = 0
    retired: list[Retirement] = field(default_factory=list)
    seals: int = 0
    unsealed: int = 0
    sealed_at: datetime | None = None
    faults: list[Fault] = field(default_factory=list)


async def begin(work: Work) -> None:
    """Make all reads of the work see one moment, however long they take. First call of a platform work."""
    await work.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    await work.sql("SET LOCAL statement_timeout = 0")


async def verify(work: Work, signer: Signer, tenant: UUID, anchors: Sequence[Checkpoint] = ()) -> Report:
    """Check a tenant's log, and that it continues the checkpoints ``anchors`` kept elsewhere. After `begin`."""
    gaps = Gaps(await retirements.read(work, signer, tenant))
    walk = Walk(work, signer, tenant, anchors, gaps)
    walk.report.retired = gaps.records
    try:
        await walk.run()
    except Tampered as found:
        walk.report.faults.append(found.fault)
    retired = sum(record.entries for record in gaps.records)
    cursor = next(iter(await work.sql(CURSOR)), {"xid": "0", "id": UUID(int=0)})
    if all(
        fault.kind not in ("tile", "seal") for fault in walk.report.faults
    ):  # else the tiles do not tell who belongs
        for row in await strangers(work, tenant, cursor):
            stranger = faults.of_row(
                "inserted", row, row["position"] + retired, "was inserted afterwards: no seal knows it"
            )
            walk.report.faults.append(stranger)
    walk.report.faults.sort(key=lambda fault: -1 if fault.position is None else fault.position)
    walk.report.unsealed = (await work.sql(UNSEALED, (tenant, cursor["xid"], cursor["id"])))[0]["n"]
    return walk.report


async def strangers(work: Work, tenant: UUID, cursor: Row, *, before: str = "") -> list[Row]:
    """The first entry up to ``cursor`` that no tile knows, if there is one; ``before`` is put before the query.

    The planner takes for granted that one is found soon and compares each entry with each known id, which for a log
    that holds (the usual case) takes hours at a million entries: the ids are to be hashed.
    """
    await work.sql("SET LOCAL enable_nestloop = off")
    found = await work.sql(before + KNOWN + STRANGER, (tenant, tenant, cursor["xid"], cursor["id"]))
    await work.sql("SET LOCAL enable_nestloop = on")
    return found


class Walk:
    """One walk over a tenant's seals and entries, in order; ends at the first fault by raising Tampered."""

    def __init__(self, work: Work, signer: Signer, tenant: UUID, anchors: Sequence[Checkpoint], gaps: Gaps) -> None:
        self._gaps = gaps
        self._work, self._signer, self._tenant = work, signer, tenant
        self._anchors = sorted(anchors, key=lambda anchor: anchor.size)
        self._slots = slots(work, tenant)
        self._tree = Frontier()
        self._upper: dict[tuple[int, int], bytes] = {}
        self._key = (0, UUID(int=0))
        self._previous = bytes(32)
        self.report = Report(tenant)

    async def run(self) -> None:
        """Check everything."""
        async for seal in seals(self._work, self._tenant):
            checkpoint = self._open(seal)
            held = [slot async for slot in _take(self._slots, checkpoint.size - self._tree.size)]
            await self._check(seal, checkpoint, held)
            self.report.entries, self.report.seals = self._tree.size, self.report.seals + 1
            self.report.sealed_at = checkpoint.at
        async for slot in self._slots:
            raise Tampered(
                faults.of_slot(
                    "seal", slot, "is in the tree, but the last seals are gone: the end of the log was cut off"
                )
            )
        await self._check_upper()
        for fault in self._gaps.faults():
            raise Tampered(fault)
        for anchor in self._anchors:
            raise Tampered(Fault("checkpoint", _cut_off(anchor, self._tree.size)))

    def _open(self, seal: Row) -> Checkpoint:
        """The signed checkpoint of a seal, which must continue the one before and agree with its own row."""
        name = f"the seal at size {seal['size']}"
        try:
            checkpoint = self._signer.open(seal["checkpoint"])
        except BadCheckpoint as error:
            raise Tampered(Fault("seal", f"{name} cannot be trusted: {error}")) from None
        if checkpoint.origin != checkpoints.origin(self._tenant):
            raise Tampered(Fault("seal", f"{name} is of another log: {checkpoint.origin}"))
        if checkpoint.previous != self._previous:
            raise Tampered(Fault("seal", f"{name} does not continue the one before it: a seal is missing or changed"))
        if (checkpoint.size, checkpoint.root, checkpoint.at) != (seal["size"], bytes(seal["root"]), seal["at"]):
            raise Tampered(Fault("seal", f"{name} was changed: its size, root or time is not the signed one"))
        self._previous = checkpoints.digest(seal["checkpoint"])
        return checkpoint

    async def _check(self, seal: Row, checkpoint: Checkpoint, held: list[Slot]) -> None:
        own = [self._leaf(slot) for slot in held]
        grown = self._tree.copy()
        full = grown.extend(b"".join(own))
        if grown.size != checkpoint.size or grown.root() != checkpoint.root:
            raise Tampered(await self._blame(checkpoint, held, own))
        for slot, leaf in zip(held, own, strict=True):
            if slot.hash != leaf:
                raise Tampered(
                    faults.of_slot("tile", slot, "is as it was sealed, but its hash in the tile was changed")
                )
        self._check_anchors(checkpoint, own)
        first, last = _key(held[0], seal["first_xid"]), _key(held[-1], seal["last_xid"])
        if (first, last) != ((seal["first_xid"], seal["first_id"]), (seal["last_xid"], seal["last_id"])):
            raise Tampered(Fault("seal", f"the seal at size {checkpoint.size} names other entries than it sealed"))
        self._tree, self._key = grown, last
        self._upper |= {(level, number): tile for level, number, tile in full if level}

    def _leaf(self, slot: Slot) -> bytes:
        """The hash that the entry at a place gives; of a retired one what was stored, of a missing one nothing."""
        if slot.row is not None:
            return leaves.leaf(slot.row)
        return slot.hash if self._gaps.take(slot) else b""

    def _check_anchors(self, checkpoint: Checkpoint, own: list[bytes]) -> None:
        """Raise Tampered unless the tree had the root of each anchor at its size."""
        while self._anchors and self._anchors[0].size <= checkpoint.size:
            anchor = self._anchors.pop(0)
            then = self._tree.copy()
            then.extend(b"".join(own[: anchor.size - self._tree.size]))
            if then.root() != anchor.root:
                raise Tampered(Fault("checkpoint", _rewritten(anchor)))

    async def _blame(self, checkpoint: Checkpoint, held: list[Slot], own: list[bytes]) -> Fault:
        """Who is it, when the entries do not give the signed root?"""
        stored = self._tree.copy()
        stored.extend(b"".join(slot.hash for slot in held))
        if stored.size != checkpoint.size:
            return Fault(
                "tile", f"the tiles end at {stored.size}, the seal says {checkpoint.size}: a tile is missing or cut"
            )
        wrong = next((i for i, slot in enumerate(held) if slot.hash != own[i]), None)
        if wrong is not None and stored.root() == checkpoint.root:
            return await self._name(held, wrong)
        hint = (
            f"; the first that differs from its stored hash is entry {held[wrong].entry_id}"
            if wrong is not None
            else ""
        )
        return Fault(
            "seal",
            f"neither the entries nor the stored hashes at positions {self._tree.size} to {checkpoint.size - 1} give"
            f" what the seal at size {checkpoint.size} signed at {checkpoint.at.isoformat()}{hint}",
            self._tree.size,
        )

    async def _name(self, held: list[Slot], wrong: int) -> Fault:
        """The fault at a place whose stored hash is true while the entry named there does not give it."""
        slot = held[wrong]
        before = _key(held[wrong - 1]) if wrong else self._key
        nearby = await self._work.sql(AFTER, (self._tenant, str(before[0]), before[1], 3))
        for row in nearby:
            if leaves.leaf(row) == slot.hash:
                return faults.of_row(
                    "tile", row, slot.position, "is as it was sealed, but its id in the tile was changed"
                )
        if slot.row is None:
            return faults.of_slot("removed", slot, "was removed")
        after = next((_key(later) for later in held[wrong + 1 :] if later.row is not None), None)
        if _key(slot) <= before or (after is not None and _key(slot) >= after):
            return faults.of_slot("reordered", slot, "was moved to another place in the order")
        return faults.of_slot("altered", slot, "was altered after it was sealed")

    async def _check_upper(self) -> None:
        """The tiles above level 0 are what proofs are made of."""
        size = self._tree.size
        for level, tile in enumerate(self._tree.levels):
            if level and tile:
                self._upper[level, size >> (8 * (level + 1))] = tile
        found = {
            (row["level"], row["number"]): bytes(row["hashes"]) for row in await self._work.sql(UPPER, (self._tenant,))
        }
        for place in sorted(self._upper.keys() | found.keys()):
            if self._upper.get(place) != found.get(place):
                raise Tampered(Fault("tile", f"tile {place[1]} of level {place[0]} was changed; the entries hold"))


def _key(slot: Slot, xid: int = 0) -> tuple[int, UUID]:
    """Where an entry stands in the order of commits; ``xid`` where it is not there to say."""
    return (slot.row["xid"], slot.row["id"]) if slot.row else (xid, slot.entry_id)


async def _take(source: AsyncIterator[Slot], count: int) -> AsyncIterator[Slot]:
    while count > 0:
        try:
            yield await anext(source)
        except StopAsyncIteration:
            return
        count -= 1


def _cut_off(anchor: Checkpoint, size: int) -> str:
    return (
        f"the end of the log was cut off: the checkpoint of {anchor.at.isoformat()} had {anchor.size} entries,"
        f" the seals end at {size}"
    )


def _rewritten(anchor: Checkpoint) -> str:
    return (
        f"the log was rewritten and sealed anew: its first {anchor.size} entries are not those of the checkpoint of"
        f" {anchor.at.isoformat()}"
    )
