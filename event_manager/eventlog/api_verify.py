"""Address that verifies the sealed log now, as `event-manager verify-log` does."""

import asyncio
from uuid import UUID

from fastapi import Request

from event_manager.eventlog import EventType, append, proofs, verifying
from event_manager.eventlog.audit_types import VerificationFailed, VerificationPassed
from event_manager.eventlog.checkpoints import Signer
from event_manager.eventlog.errors import BeingVerified, LogTooLarge
from event_manager.eventlog.faults import Fault
from event_manager.eventlog.schemas import LogFault, LogVerification
from event_manager.eventlog.verifying import Report
from event_manager.kit.access import require
from event_manager.kit.errors import problems
from event_manager.kit.http import Router, W
from event_manager.kit.work import Work

router = Router(prefix="/events", tags=["event log"])
AT_ONCE = asyncio.Semaphore(2)
"""Walks over a log in one process: each reads all of it."""

MOST_ENTRIES = 2_000_000
"""Entries of a log that is verified while somebody waits for the answer."""

MOST_TOLD = 10
_walked: set[UUID] = set()


@router.get("/logs/verify", dependencies=[require("log:read")], responses=problems(BeingVerified, LogTooLarge))
async def verify_log(work: W, request: Request) -> LogVerification:
    """Recompute your organisation's sealed log and name what does not hold. Takes seconds per million entries."""
    work.allow("log:read")
    tenant = work.tenant
    if tenant in _walked:
        raise BeingVerified("Your organisation's log is being verified already; ask again when that has ended.")
    _walked.add(tenant)
    try:
        # A transaction of its own, because the whole walk must see one moment.
        async with AT_ONCE, request.app.state.new_work(request) as own:
            own.identify(work.actor, tenant)
            await verifying.begin(own)
            await _refuse_large(own)
            report = await verifying.verify(own, Signer(request.app.state.secret_key), tenant)
    finally:
        _walked.discard(tenant)
    await append(work, _told(tenant, report))
    return LogVerification(
        intact=not report.faults,
        entries=report.entries,
        retired_months=len(report.retired),
        seals=report.seals,
        unsealed=report.unsealed,
        sealed_at=report.sealed_at,
        faults=[_fault(each) for each in report.faults],
    )


async def _refuse_large(work: Work) -> None:
    sealed = next((row["size"] for row in await proofs.page(work, None, 1)), 0)
    if sealed > MOST_ENTRIES:
        raise LogTooLarge(
            f"The log has {sealed} sealed entries; up to {MOST_ENTRIES} are verified over HTTP. Have the operator run"
            " 'event-manager verify-log'."
        )


def _told(tenant: UUID, report: Report) -> EventType:
    if not report.faults:
        return VerificationPassed(log_id=tenant, entries=report.entries, seals=report.seals)
    faults = [str(fault) for fault in report.faults[:MOST_TOLD]]
    return VerificationFailed(log_id=tenant, entries=report.entries, seals=report.seals, faults=faults)


def _fault(fault: Fault) -> LogFault:
    return LogFault(
        kind=fault.kind, problem=str(fault), position=fault.position, entry_id=fault.entry_id, type=fault.type,
        at=fault.at,
    )  # fmt: skip
