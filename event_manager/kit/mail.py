"""Mails: stored and deferred in the caller's transaction, sent by a job.

    await queue_mail(work, to="ann@example.org", subject="Your invitation", text=f"Open {link}")

Without EVENT_MANAGER_SMTP_URL mails wait, and go out once it is set. A mail server may get one twice after a crash;
both carry the same Message-ID. The body is removed once it is sent.
"""

import re
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any
from uuid import UUID

from event_manager.kit.errors import Invalid, NotFound
from event_manager.kit.jobs import Backoff, JobWork, Permanent, Temporary, defer, task
from event_manager.kit.jobs.models import NO_TENANT
from event_manager.kit.smtp import MailRefused, MailServer, deliver
from event_manager.kit.work import Work

ADDRESS = re.compile(r"^[^\s\x00-\x1f\x7f@<>,;:\"()\[\]\\]+@[^\s\x00-\x1f\x7f@<>,;:\"()\[\]\\]+$")
CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
WAITING_DAYS = 7
SENT_DAYS = 30


class BadMail(Invalid):
    """This mail cannot be sent."""


async def queue_mail(work: Work, *, to: str, subject: str, text: str, html: str | None = None) -> UUID:
    """Send a mail to one address after this transaction; returns its id.

    Raises BadMail for what is no single address, and for an address or subject with line breaks or control
    characters (they would become headers of their own).
    """
    check_address(to)
    if not subject.strip() or len(subject) > 300 or CONTROL.search(subject):
        raise BadMail("A subject has 1 to 300 characters, no line breaks and no control characters.")
    [row] = await work.sql(
        "INSERT INTO mails (tenant_id, to_address, subject, text, html) VALUES (%s, %s, %s, %s, %s) RETURNING id",
        (work.tenant_id or NO_TENANT, to, subject, text, html),
    )
    mail_id: UUID = row["id"]
    await defer(work, "mail.send", {"mail_id": mail_id}, priority=10)
    return mail_id


def check_address(address: str) -> None:
    """Raise BadMail unless this is one plain address (``name@host``)."""
    if len(address) > 254 or not ADDRESS.match(address):
        raise BadMail(f"{address[:100]!r} is no e-mail address such as ann@example.org.")


async def resend_mail(work: Work, mail_id: UUID) -> None:
    """Try a dead or waiting mail again. Raises NotFound when there is none."""
    rows = await work.sql(
        """UPDATE mails SET state = 'waiting', error = NULL
            WHERE tenant_id = %s AND id = %s AND state <> 'sent' RETURNING id""",
        (work.tenant_id or NO_TENANT, mail_id),
    )
    if not rows:
        raise NotFound(f"There is no unsent mail {mail_id}.")
    await defer(work, "mail.send", {"mail_id": mail_id}, priority=10)


@task("mail.send", max_attempts=14, timeout=90, backoff=Backoff(first=10, cap=4 * 3600))
async def send_mail(work: JobWork, *, mail_id: str) -> None:
    """Hand one mail to the mail server. Greylisting and an unreachable server are tried again for half a day."""
    server = MailServer.of(work.settings)
    tenant = work.tenant_id or NO_TENANT
    found = await work.sql(
        "SELECT * FROM mails WHERE tenant_id = %s AND id = %s AND state <> 'sent'", (tenant, mail_id)
    )
    if server is None or not found:
        return
    message = compose(found[0], sender=work.settings.mail_from)
    await work.commit()  # gives the connection back while the mail server takes its time
    try:
        await deliver(server, message)
    except MailRefused as refusal:
        if not refusal.permanent and not work.last_attempt:
            raise Temporary(str(refusal)) from refusal
        await work.sql(
            "UPDATE mails SET state = 'dead', error = %s WHERE tenant_id = %s AND id = %s",
            (str(refusal), tenant, mail_id),
        )
        await work.commit()
        raise Permanent(str(refusal)) from refusal
    await work.sql(
        """UPDATE mails SET state = 'sent', sent_at = %s, text = NULL, html = NULL, error = NULL
            WHERE tenant_id = %s AND id = %s""",
        (work.now(), tenant, mail_id),
    )


@task("mail.resume", platform=True, cron="*/5 * * * *")
async def resume_waiting(work: JobWork) -> None:
    """Defer again what has waited for a mail server, once there is one."""
    if MailServer.of(work.settings) is None:
        return
    for row in await work.sql(
        """SELECT tenant_id, id FROM mails m WHERE state = 'waiting' AND created_at < %s
              AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.tenant_id = m.tenant_id AND j.task = 'mail.send'
                                                     AND j.args ->> 'mail_id' = m.id::text)
            ORDER BY created_at LIMIT 1000""",
        (work.now() - timedelta(minutes=1),),
    ):
        await defer(work, "mail.send", {"mail_id": row["id"]}, tenant_id=row["tenant_id"])


@task("mail.purge", platform=True, cron="41 3 * * *")
async def purge_mails(work: JobWork) -> None:
    """Forget sent mails after a month and unsent ones after a week: their links have run out."""
    await work.sql(
        "DELETE FROM mails WHERE created_at < CASE state WHEN 'sent' THEN %s ELSE %s END",
        (work.now() - timedelta(days=SENT_DAYS), work.now() - timedelta(days=WAITING_DAYS)),
    )


def compose(row: dict[str, Any], *, sender: str) -> EmailMessage:
    """The message of a row of ``mails``: plain text, with HTML as an alternative."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = row["to_address"]
    message["Subject"] = row["subject"]
    message["Date"] = format_datetime(row["created_at"])
    message["Message-ID"] = f"<{row['id']}@{parseaddr(sender)[1].rpartition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(row["text"] or "")
    if row["html"] is not None:
        message.add_alternative(row["html"], subtype="html")
    return message
