"""Mails of notifications, written when they go: what was read or chosen otherwise meanwhile is not mailed."""

from event_manager.identity.models import User
from event_manager.identity.queries_members import active_members
from event_manager.kit.jobs import JobWork
from event_manager.kit.mail import queue_mail
from event_manager.notifications import queries, service
from event_manager.notifications.kinds import KINDS
from event_manager.notifications.models import Notification
from event_manager.tenancy.queries import get_tenant

MOST_IN_DIGEST = 100
PREFERENCES_PAGE = "/account/notifications"


async def mail_one(work: JobWork, note: Notification) -> None:
    """Mail a notification now, or at the end of the person's quiet hours; not at all when it is of no use any more."""
    if note.mailed_at is not None or note.mail != "at_once":
        return
    kind, member = KINDS.get(note.kind), (await active_members(work, [note.user_id])).get(note.user_id)
    if kind is None or member is None or note.read_at is not None:
        note.mailed_at = work.now()  # settled: nothing is to be sent
        return
    wishes = (await queries.wishes_of(work, [note.user_id]))[note.user_id]
    note.mail = wishes.mail(kind)
    if note.mail == "digest":
        await service.defer_digest(work, note.user_id, wishes)
    if note.mail != "at_once":
        return
    if (due := wishes.held_until(work.now(), urgent=note.urgent)) is not None:
        await service.defer_mail(work, note.id, due)
        return
    await _send(work, member, note.title, [note.body, _address(work, note.link)])
    note.mailed_at = work.now()


async def mail_digest(work: JobWork, member: User) -> None:
    """Mail what a person has not read of a day, or wait for the end of the quiet hours."""
    notes = await queries.waiting_for_digest(work, member.id, MOST_IN_DIGEST)
    if not notes:
        return
    wishes = (await queries.wishes_of(work, [member.id]))[member.id]
    if (due := wishes.held_until(work.now(), urgent=False)) is not None:
        await service.put_off_digest(work, member.id, due)
        return
    wanted = [note for note in notes if (kind := KINDS.get(note.kind)) and wishes.mail(kind) != "off"]
    tenant = " ".join((await get_tenant(work, work.tenant)).name.split())
    if wanted:
        count = f"{len(wanted)} things" if len(wanted) > 1 else "1 thing"
        told = [f"{note.title}\n{note.body}\n{_address(work, note.link)}" for note in wanted]
        await _send(work, member, f"{tenant}: {count} to know"[:200], told)
    for note in notes:
        note.mailed_at = work.now()
    if len(notes) == MOST_IN_DIGEST:
        await service.put_off_digest(work, member.id, work.now())


def _address(work: JobWork, link: str) -> str:
    return f"{work.settings.public_url()}{link}"


async def _send(work: JobWork, member: User, subject: str, parts: list[str]) -> None:
    text = "\n\n".join([f"Hello {member.name},", *parts])
    why = f"Which mails you get, and when: {_address(work, PREFERENCES_PAGE)}"
    await queue_mail(work, to=member.email, subject=subject, text=f"{text}\n\n--\n{why}\n")
