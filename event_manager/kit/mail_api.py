"""The demo's outbox: mails that wait since no mail server is set. Mounted in demo mode only, for this machine only."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Query, Request
from sqlalchemy import select

from event_manager.kit.access import public
from event_manager.kit.errors import NotFound, problems
from event_manager.kit.http import Page, Router, W, Wire
from event_manager.kit.mail_models import Mail
from event_manager.kit.paging import DEFAULT_LIMIT, MAX_LIMIT, BadCursor, keyset
from event_manager.kit.smtp import LOOPBACK
from event_manager.kit.work import Work

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


class MailSummary(Wire):
    """A mail in the list. ``state``: waiting, sent, or dead (refused for good)."""

    id: UUID
    to: str
    subject: str
    state: str
    created_at: datetime


class MailRead(MailSummary):
    """A whole mail. The bodies are null once it is sent."""

    text: str | None
    html: str | None
    error: str | None


def only_demo(request: Request) -> None:
    """Raise NotFound unless this is a demo and the caller sits at this machine, with no proxy in between.

    The name that was asked for counts too: another site's name may be made to point here.
    """
    here = request.state.client_address in LOOPBACK and request.url.hostname in LOOPBACK
    near = here and not any(name in request.headers for name in FORWARDED)
    if not (request.app.state.settings.demo and near):
        raise NotFound("The outbox can be read in the demo, from the machine it runs on.")


router = Router(prefix="/demo/outbox", tags=["demo"])
GUARDS = [public(), Depends(only_demo)]


@router.get("", dependencies=GUARDS, responses=problems(NotFound, BadCursor))
async def list_outbox(
    work: W, limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT, cursor: str | None = None
) -> Page[MailSummary]:
    """Mails of all organisations, newest first."""
    async with _platform(work) as all_tenants:
        rows, following = await keyset(
            all_tenants, select(Mail), [Mail.id], cursor=cursor, limit=limit, descending=True
        )
    return Page(items=[MailSummary(**_head(row)) for row in rows], next_cursor=following)


@router.get("/{mailId}", dependencies=GUARDS, responses=problems(NotFound))
async def read_outbox_mail(work: W, mail_id: Annotated[UUID, Path(alias="mailId")]) -> MailRead:
    """One mail with its text."""
    async with _platform(work) as all_tenants:
        row = await all_tenants.session.scalar(select(Mail).where(Mail.id == mail_id))
    if row is None:
        raise NotFound(f"There is no mail {mail_id} in the outbox.")
    return MailRead(**_head(row), text=row.text, html=row.html, error=row.error)


def _platform(work: Work) -> Work:
    """Mails belong to tenants, and the demo's outbox shows them all."""
    return Work(work.database, role="platform", clock=work.clock, correlation_id=work.correlation_id)


def _head(row: Mail) -> dict[str, Any]:
    return {
        "id": row.id, "to": row.to_address, "subject": row.subject, "state": row.state, "created_at": row.created_at,
    }  # fmt: skip
