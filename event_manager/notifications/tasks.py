"""Jobs of the notifications."""

from datetime import timedelta
from uuid import UUID

from event_manager.identity.queries_members import active_members
from event_manager.kit.jobs import JobWork, task
from event_manager.notifications import mailing, service
from event_manager.notifications.models import Notification


@task("notifications.mail")
async def mail(work: JobWork, *, notification_id: str) -> None:
    """Mail one notification."""
    key = (work.tenant, UUID(notification_id))
    note = await work.session.get(Notification, key, with_for_update=True)
    if note is not None:
        await mailing.mail_one(work, note)
        await work.session.flush()


@task("notifications.digest")
async def digest(work: JobWork, *, user_id: str) -> None:
    """Mail a person's digest."""
    member = (await active_members(work, [UUID(user_id)])).get(UUID(user_id))
    if member is not None:
        await mailing.mail_digest(work, member)
        await work.session.flush()


@task("notifications.purge", platform=True, cron="53 3 * * *")
async def purge(work: JobWork) -> None:
    """Forget what people were told 90 days ago."""
    await work.sql("DELETE FROM notifications WHERE created_at < %s", (work.now() - timedelta(days=service.KEEP_DAYS),))
