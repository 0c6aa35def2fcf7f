"""Telling people: write notifications, have them mailed when it suits the person, and take note of what is read."""

from collections.abc import Collection
from datetime import datetime, time
from uuid import UUID
from zoneinfo import available_timezones

from event_manager.eventlog.handling import Entry
from event_manager.identity.queries_members import active_members
from event_manager.kit.errors import FieldError
from event_manager.kit.jobs import defer
from event_manager.kit.work import Work
from event_manager.notifications import queries
from event_manager.notifications.errors import BadPreferences
from event_manager.notifications.kinds import KINDS, Kind, Notice
from event_manager.notifications.models import Preferences
from event_manager.notifications.queries import Wishes
from event_manager.notifications.quiet import next_digest
from event_manager.notifications.schemas import PreferencesIn

KEEP_DAYS = 90
PUT = """
    INSERT INTO notifications (tenant_id, user_id, kind, event_id, title, body, link, urgent, in_app, mail)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id"""
READ = """
    UPDATE notifications SET read_at = %(now)s
     WHERE tenant_id = %(tenant)s AND user_id = %(user)s AND in_app AND read_at IS NULL
       AND (%(ids)s::uuid[] IS NULL OR id = ANY (%(ids)s))"""

FORGET = """
    DELETE FROM notifications n USING event_log e
     WHERE n.tenant_id = %(tenant)s AND e.tenant_id = n.tenant_id AND e.id = n.event_id
       AND (n.user_id = %(person)s
            OR n.kind = ANY (%(naming)s) AND convert_from(e.body, 'UTF8')::jsonb ->> 'userId' = %(person)s::text)"""


def topic(tenant_id: UUID, user_id: UUID) -> str:
    """What a person's bell listens to."""
    return f"notifications:{tenant_id}:{user_id}"


async def tell(work: Work, kind: Kind, entry: Entry, notice: Notice) -> int:
    """Tell people of an entry, each once, and nobody of their own doing. Returns how many had not been told yet."""
    people = await active_members(work, notice.to - {entry.actor_id})
    wishes = await queries.wishes_of(work, people.keys())
    return sum([await _tell_one(work, kind, entry, notice, user_id, wishes[user_id]) for user_id in sorted(people)])


async def _tell_one(work: Work, kind: Kind, entry: Entry, notice: Notice, user_id: UUID, wishes: Wishes) -> bool:
    in_app, mail = wishes.in_app(kind), wishes.mail(kind)
    if not in_app and mail == "off":
        return False
    added = await work.sql(
        PUT,
        (
            work.tenant, user_id, kind.name, entry.id, _line(notice.title), notice.body, notice.link, kind.urgent,
            in_app, mail,
        ),
    )  # fmt: skip
    if not added:
        return False
    if mail == "at_once":
        due = wishes.held_until(work.now(), urgent=kind.urgent)
        await defer_mail(work, added[0]["id"], due)
    elif mail == "digest":
        await defer_digest(work, user_id, wishes)
    if in_app:
        poke(work, user_id)
    return True


def poke(work: Work, user_id: UUID) -> None:
    """Let the person's bell look again, once this is committed."""
    of_person = topic(work.tenant, user_id)
    work.after_commit(lambda: work.database.signals.poke(of_person))


async def defer_mail(work: Work, notification_id: UUID, due: datetime | None) -> None:
    """Mail one notification, not before a time."""
    await defer(work, "notifications.mail", {"notification_id": notification_id}, run_at=due)


async def defer_digest(work: Work, user_id: UUID, wishes: Wishes) -> None:
    """Have the person's next digest, after quiet hours that cover its time; one job however much it will hold."""
    due = next_digest(work.now(), wishes.zone)
    await put_off_digest(work, user_id, wishes.held_until(due, urgent=False) or due)


async def put_off_digest(work: Work, user_id: UUID, due: datetime) -> None:
    """Have the person's digest not before a time."""
    await defer(work, "notifications.digest", {"user_id": user_id}, run_at=due, key=f"digest {user_id}")


async def mark_read(work: Work, user_id: UUID, ids: Collection[UUID] | None) -> int:
    """Note that a person has read these notifications (None: all); returns how many are unread now."""
    given = {"now": work.now(), "tenant": work.tenant, "user": user_id, "ids": list(ids) if ids is not None else None}
    await work.sql(READ, given)
    poke(work, user_id)
    return await queries.count_unread(work, user_id)


async def forget_person(work: Work, person_id: UUID) -> None:
    """Remove what an erased person was told, and what others were told of them by name."""
    naming = [kind.name for kind in KINDS.values() if kind.names_member]
    await work.sql(FORGET, {"tenant": work.tenant, "person": person_id, "naming": naming})


async def save_preferences(work: Work, user_id: UUID, given: PreferencesIn) -> Preferences:
    """Keep how a person wants to be told, in the place of what was kept. Raises BadPreferences naming what is wrong."""
    _check(given)
    kept = await queries.get_preferences(work, user_id)
    if kept is None:
        kept = Preferences(tenant_id=work.tenant, user_id=user_id)
        work.session.add(kept)
    kept.kinds = {choice.kind: {"inApp": choice.in_app, "mail": choice.mail} for choice in given.kinds}
    kept.quiet_from, kept.quiet_to = _time(given.quiet_from), _time(given.quiet_to)
    kept.time_zone, kept.urgent_anytime, kept.updated_at = given.time_zone, given.urgent_anytime, work.now()
    await work.session.flush()
    return kept


def _check(given: PreferencesIn) -> None:
    faults = [
        FieldError(f"/kinds/{at}/kind", f"there is no kind '{choice.kind}'")
        for at, choice in enumerate(given.kinds)
        if choice.kind not in KINDS
    ]
    if (given.quiet_from is None) != (given.quiet_to is None):
        faults.append(FieldError("/quietTo", "quiet hours need a beginning and an end"))
    elif given.quiet_from is not None and given.quiet_from == given.quiet_to:
        faults.append(
            FieldError("/quietTo", "quiet hours that begin and end at the same time would be none, or all day")
        )
    if given.time_zone is not None and given.time_zone not in available_timezones():
        faults.append(FieldError("/timeZone", f"there is no time zone '{given.time_zone}'; such as Europe/Berlin"))
    if faults:
        raise BadPreferences(f"{faults[0].detail[0].upper()}{faults[0].detail[1:]}.", errors=faults)


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text is not None else None


def _line(text: str) -> str:
    """One line that a subject of a mail can be, whatever somebody typed as a name."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:200]
