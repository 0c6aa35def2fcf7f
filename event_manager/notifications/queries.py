"""Reads of notifications and preferences: one's own, or those of the people that the product tells."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from event_manager.kit.paging import keyset
from event_manager.kit.work import Work
from event_manager.notifications.kinds import Kind, MailWhen
from event_manager.notifications.models import Notification, Preferences
from event_manager.notifications.quiet import Quiet
from event_manager.tenancy.queries import get_tenant

UNREAD = """
    SELECT count(*) AS n FROM notifications WHERE tenant_id = %s AND user_id = %s AND in_app AND read_at IS NULL"""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How one person wants to be told, with what holds where nothing was chosen. ``zone``: name of a time zone."""

    zone: str
    kinds: dict[str, Any] = field(default_factory=dict)
    quiet: Quiet | None = None
    urgent_anytime: bool = False

    def in_app(self, kind: Kind) -> bool:
        """Whether the kind is shown in the app."""
        return bool(self.kinds.get(kind.name, {}).get("inApp", True))

    def mail(self, kind: Kind) -> MailWhen:
        """Whether and when the kind is mailed."""
        chosen: MailWhen = self.kinds.get(kind.name, {}).get("mail", kind.mail)
        return chosen

    def held_until(self, now: datetime, *, urgent: bool) -> datetime | None:
        """When a mail may go that is ready now; None: at once."""
        if self.quiet is None or (urgent and self.urgent_anytime):
            return None
        return self.quiet.ends_at(now)


async def wishes_of(work: Work, user_ids: Collection[UUID]) -> dict[UUID, Wishes]:
    """The wishes of each of these people."""
    home = (await get_tenant(work, work.tenant)).timezone
    rows = select(Preferences).where(Preferences.tenant_id == work.tenant, Preferences.user_id.in_(user_ids))
    found = {row.user_id: _wishes(row, home) for row in await work.session.scalars(rows)}
    return {user_id: found.get(user_id, Wishes(home)) for user_id in user_ids}


def _wishes(row: Preferences, home: str) -> Wishes:
    zone = row.time_zone or home
    quiet = (
        Quiet(row.quiet_from, row.quiet_to, zone) if row.quiet_from is not None and row.quiet_to is not None else None
    )
    return Wishes(zone, row.kinds, quiet, row.urgent_anytime)


async def get_preferences(work: Work, user_id: UUID) -> Preferences | None:
    """What a person has chosen, if anything."""
    return await work.session.get(Preferences, (work.tenant, user_id))


async def list_notifications(
    work: Work, user_id: UUID, *, unread: bool, cursor: str | None, limit: int
) -> tuple[list[Notification], str | None]:
    """A person's notifications in the app, newest first."""
    own: Select[Any] = select(Notification).where(
        Notification.tenant_id == work.tenant, Notification.user_id == user_id, Notification.in_app
    )
    if unread:
        own = own.where(Notification.read_at.is_(None))
    return await keyset(work, own, [Notification.id], cursor=cursor, limit=limit, descending=True)


async def count_unread(work: Work, user_id: UUID) -> int:
    """How many notifications in the app a person has not read."""
    [row] = await work.sql(UNREAD, (work.tenant, user_id))
    return int(row["n"])


async def waiting_for_digest(work: Work, user_id: UUID, limit: int) -> list[Notification]:
    """What a person's next digest is made of, oldest first; what was read in the app meanwhile is left out."""
    own = select(Notification).where(Notification.tenant_id == work.tenant, Notification.user_id == user_id)
    due = own.where(Notification.mail == "digest", Notification.mailed_at.is_(None), Notification.read_at.is_(None))
    return list(await work.session.scalars(due.order_by(Notification.id).limit(limit)))
