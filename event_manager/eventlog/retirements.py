"""Records of months that were dropped from the log: what went, signed, so that no deletion passes for a retirement.

The tree keeps the hashes and ids of dropped entries; a record names how many there were and the digest of their ids, so
that no other place of the tree can be made to look retired.
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from event_manager.eventlog.checkpoints import BadCheckpoint, Signer, origin
from event_manager.eventlog.faults import Fault
from event_manager.eventlog.stored import Slot
from event_manager.kit.work import Work

NOTES = "SELECT note FROM event_retirements WHERE tenant_id = %s ORDER BY from_id"
KEEP = "INSERT INTO event_retirements (tenant_id, from_id, note) VALUES (%s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Retirement:
    """Entries of one tenant with from_id <= id < to_id that were dropped.

    ``digest`` is the SHA-256 over their ids in the order of the tree.
    """

    tenant_id: UUID
    from_id: UUID
    to_id: UUID
    entries: int
    digest: bytes
    at: datetime

    def __str__(self) -> str:
        return f"{self.entries} of {_month(self.from_id)} were retired on {self.at.date().isoformat()}"


def name(tenant_id: UUID) -> str:
    """First line of a tenant's records, and the name of their key."""
    return f"{origin(tenant_id)}/retired"


def signed(signer: Signer, record: Retirement) -> str:
    """The record as a signed note."""
    digest = base64.b64encode(record.digest).decode()
    at = record.at.astimezone(UTC).isoformat()
    return signer.sign_text(
        f"{name(record.tenant_id)}\nfrom {record.from_id}\nto {record.to_id}\nentries {record.entries}\n"
        f"digest {digest}\ntime {at}\n"
    )


def opened(signer: Signer, tenant_id: UUID, note: str) -> Retirement:
    """Check and parse a signed record of this tenant. Raises BadCheckpoint."""
    try:
        found, start, end, entries, digest, at = signer.open_text(note).splitlines()
        if found != name(tenant_id):
            raise BadCheckpoint(f"the record is of another log: {found}")
        return Retirement(
            tenant_id, UUID(start.removeprefix("from ")), UUID(end.removeprefix("to ")),
            int(entries.removeprefix("entries ")), base64.b64decode(digest.removeprefix("digest ")),
            datetime.fromisoformat(at.removeprefix("time ")),
        )  # fmt: skip
    except ValueError as error:
        raise BadCheckpoint(f"the record of a retirement cannot be trusted: {error}") from None


async def keep(work: Work, signer: Signer, record: Retirement) -> None:
    """Store a record for good (platform work)."""
    await work.sql(KEEP, (record.tenant_id, record.from_id, signed(signer, record)))


async def read(work: Work, signer: Signer, tenant_id: UUID) -> list[Retirement]:
    """The tenant's records, oldest month first. One that is not signed by this installation counts as none."""
    found: list[Retirement] = []
    for row in await work.sql(NOTES, (tenant_id,)):
        try:
            found.append(opened(signer, tenant_id, row["note"]))
        except BadCheckpoint:
            continue
    return found


class Gaps:
    """The places of a tree whose entries were retired: each is taken in the order of the tree, and counted."""

    def __init__(self, records: Sequence[Retirement]) -> None:
        self.records = list(records)
        self._counts = [0] * len(self.records)
        self._digests = [sha256() for _ in self.records]

    def take(self, slot: Slot) -> bool:
        """Whether the entry that is missing here lies in a retired month."""
        for number, record in enumerate(self.records):
            if record.from_id <= slot.entry_id < record.to_id:
                self._counts[number] += 1
                self._digests[number].update(slot.entry_id.bytes)
                return True
        return False

    def faults(self) -> Iterator[Fault]:
        """Months of which other entries are missing than were retired."""
        for record, count, digest in zip(self.records, self._counts, self._digests, strict=True):
            if (count, digest.digest()) != (record.entries, record.digest):
                yield Fault(
                    "removed",
                    f"of {_month(record.from_id)} {record.entries} entries were retired, but {count} are missing there:"
                    " an entry was removed, or the tile that names it was changed",
                )


def _month(from_id: UUID) -> str:
    return datetime.fromtimestamp((from_id.int >> 80) / 1000, UTC).strftime("%Y-%m")
