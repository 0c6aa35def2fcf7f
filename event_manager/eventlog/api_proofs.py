"""Addresses of the sealed log: signed checkpoints, their key, proofs of an entry and of an unchanged past."""

import base64
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request

from event_manager.eventlog import merkle, proofs, queries
from event_manager.eventlog.checkpoints import Signer, origin
from event_manager.eventlog.errors import CheckpointNotFound, EntryNotFound, NotSealed, WrongSizes
from event_manager.eventlog.schemas import CheckpointKey, CheckpointPage, LogCheckpoint, LogConsistency, LogProof
from event_manager.kit.access import require
from event_manager.kit.db import Row
from event_manager.kit.errors import FieldError, problems
from event_manager.kit.http import Router, W

router = Router(prefix="/events", tags=["event log"])

Size = Annotated[int, Query(ge=1, le=proofs.LARGEST)]


@router.get("/checkpoints/latest", dependencies=[require("log:read")], responses=problems(CheckpointNotFound))
async def read_latest_checkpoint(work: W) -> LogCheckpoint:
    """The newest signed state of your organisation's log."""
    work.allow("log:read")
    return _checkpoint(await proofs.newest(work))


@router.get("/checkpoints/key", dependencies=[require("log:read")])
async def read_checkpoint_key(work: W, request: Request) -> CheckpointKey:
    """The public key that checks the signatures of checkpoints."""
    work.allow("log:read")
    return CheckpointKey(key=Signer(request.app.state.secret_key).verifier_key(origin(work.tenant)))


@router.get(
    "/checkpoints/consistency", dependencies=[require("log:read")], responses=problems(CheckpointNotFound, WrongSizes)
)
async def prove_consistency(
    work: W,
    older: Annotated[
        Size | None, Query(alias="from", description="Size of the older checkpoint; without it the oldest.")
    ] = None,
    newer: Annotated[
        Size | None, Query(alias="to", description="Size of the newer one; without it the newest.")
    ] = None,
) -> LogConsistency:
    """That the log at the newer checkpoint begins with all of the older one, unchanged."""
    work.allow("log:read")
    first = await (proofs.oldest(work) if older is None else proofs.at_size(work, older))
    second = await (proofs.newest(work) if newer is None else proofs.at_size(work, newer))
    if second["size"] < first["size"]:
        raise WrongSizes(
            "'from' must be the smaller size, 'to' the larger.", errors=[FieldError("/query/to", "below 'from'")]
        )
    path = await merkle.consistency(proofs.reader(work), first["size"], second["size"])
    return LogConsistency(path=[_b64(step) for step in path], older=_checkpoint(first), newer=_checkpoint(second))


@router.get("/checkpoints", dependencies=[require("log:read")])
async def list_checkpoints(
    work: W,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[Size | None, Query(description="`nextCursor` of the page before.")] = None,
) -> CheckpointPage:
    """Every signed state of your organisation's log, newest first."""
    work.allow("log:read")
    rows = await proofs.page(work, cursor, limit + 1)
    more = len(rows) > limit
    return CheckpointPage(
        items=[_checkpoint(row) for row in rows[:limit]], next_cursor=str(rows[limit - 1]["size"]) if more else None
    )


@router.get(
    "/logs/{logEntryId}/proof", dependencies=[require("log:read")], responses=problems(EntryNotFound, NotSealed)
)
async def prove_log_entry(work: W, entry_id: Annotated[UUID, Path(alias="logEntryId")]) -> LogProof:
    """That an entry is in the log as the newest checkpoint signed it."""
    work.allow("log:read")
    await queries.get_entry(work, entry_id)
    position = await proofs.position(work, entry_id)
    seal = await proofs.newest(work)
    read = proofs.reader(work)
    path = await merkle.inclusion(read, position, seal["size"])
    return LogProof(
        entry_id=entry_id, position=position, leaf_hash=_b64(await read(0, position)),
        path=[_b64(step) for step in path], checkpoint=_checkpoint(seal),
    )  # fmt: skip


def _checkpoint(row: Row) -> LogCheckpoint:
    return LogCheckpoint(size=row["size"], root=_b64(bytes(row["root"])), at=row["at"], note=row["checkpoint"])


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
