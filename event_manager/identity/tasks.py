"""Jobs of the identity room."""

from event_manager.identity import account
from event_manager.kit.jobs import JobWork, task


@task("identity.mail_reset_link", platform=True)
async def mail_reset_link(work: JobWork, *, email: str) -> None:
    """Mail a link to set a new password."""
    await account.mail_reset_link(work, email, page=f"{work.settings.public_url()}{account.RESET_PAGE}")


@task("identity.purge", platform=True, cron="23 3 * * *")
async def purge(work: JobWork) -> None:
    """Forget sessions, links and attempts that ended a month ago."""
    await account.purge_ended(work)
