"""Mails: what is refused, what waits, what a real mail server gets, and what is kept afterwards."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr

from event_manager.config import Settings
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.jobs import Worker, dead_jobs, defer, retry
from event_manager.kit.mail import BadMail, queue_mail, resend_mail
from event_manager.kit.smtp import BadMailServer, MailServer
from event_manager.kit.work import Work

TENANT = UUID(int=31)
Kept = tuple[str, str | None, str | None]


class Postbox:
    """What the mail server does: gives its answers one by one, then takes everything."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.got: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """The protocol's hook."""
        if self.answers:
            return self.answers.pop(0)
        raw = envelope.content
        assert isinstance(raw, bytes)
        message = message_from_bytes(raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.got.append(message)
        return "250 taken"


@pytest.fixture
async def postbox() -> AsyncIterator[tuple[Postbox, int]]:
    """A real mail server on a free port of this machine."""
    box = Postbox()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(box), "127.0.0.1", 0)
    yield box, server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


@pytest.fixture(autouse=True)
async def empty(database: Database) -> AsyncIterator[None]:
    """These tests commit; they leave the tables empty."""
    yield
    async with Work(database, role="platform") as work:
        await work.sql("DELETE FROM jobs")
        await work.sql("DELETE FROM mails")
        await work.commit()


async def write(database: Database, subject: str = "Your invitation", html: str | None = None) -> UUID:
    """Queue a mail and commit."""
    async with Work(database, tenant_id=TENANT) as work:
        mail = await queue_mail(work, to="ann@example.org", subject=subject, text="Open https://x/t/secret", html=html)
        await work.commit()
    return mail


async def kept(database: Database) -> list[Kept]:
    """State, text and error of the mails."""
    async with Work(database, role="platform") as work:
        return [(r["state"], r["text"], r["error"]) for r in await work.sql("SELECT * FROM mails ORDER BY id")]


def worker(database: Database, clock: FixedClock, port: int | None) -> Worker:
    """A worker that knows the mail server at this port."""
    url = None if port is None else SecretStr(f"smtp://127.0.0.1:{port}")
    return Worker(
        database, settings=Settings(smtp_url=url, mail_from="Harbour <no-reply@harbour.test>"), clock=clock
    )  # fmt: skip


async def test_a_mail_arrives_with_its_headers_and_both_bodies_and_its_text_is_not_kept(
    database: Database, clock: FixedClock, postbox: tuple[Postbox, int]
) -> None:
    box, port = postbox
    mail = await write(database, subject="Grüße aus Köln", html="<p>Open</p>")

    await worker(database, clock, port).run_until_idle()

    [message] = box.got
    assert (message["From"], message["To"]) == ("Harbour <no-reply@harbour.test>", "ann@example.org")
    assert (message["Subject"], message["Message-ID"]) == ("Grüße aus Köln", f"<{mail}@harbour.test>")
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert (plain.get_content().strip(), html.get_content().strip()) == ("Open https://x/t/secret", "<p>Open</p>")
    assert await kept(database) == [("sent", None, None)]


async def test_a_rolled_back_transaction_sends_nothing(
    database: Database, clock: FixedClock, postbox: tuple[Postbox, int]
) -> None:
    box, port = postbox
    async with Work(database, tenant_id=TENANT) as work:
        await queue_mail(work, to="ann@example.org", subject="No", text="no")

    await worker(database, clock, port).run_until_idle()

    assert (box.got, await kept(database)) == ([], [])


async def test_greylisting_is_tried_again_later_and_succeeds_once(
    database: Database, clock: FixedClock, postbox: tuple[Postbox, int]
) -> None:
    box, port = postbox
    box.answers = ["451 4.7.1 greylisted, come back", "421 4.3.2 busy"]
    await write(database)
    sender = worker(database, clock, port)

    await sender.run_until_idle()
    assert await kept(database) == [("waiting", "Open https://x/t/secret", None)]
    for _ in range(3):
        clock.move(timedelta(minutes=10))
        await sender.run_until_idle()

    assert len(box.got) == 1
    assert await kept(database) == [("sent", None, None)]


async def test_a_refusal_for_good_is_a_dead_letter_that_a_person_can_send_again(
    database: Database, clock: FixedClock, postbox: tuple[Postbox, int]
) -> None:
    box, port = postbox
    box.answers = ["550 5.1.1 no such user"]
    await write(database)
    sender = worker(database, clock, port)

    await sender.run_until_idle()

    refused = "the mail server answered 550 5.1.1 no such user"
    assert await kept(database) == [("dead", "Open https://x/t/secret", refused)]
    async with Work(database, tenant_id=TENANT) as work:
        [letter] = await dead_jobs(work)
        assert letter["error"] == f"Permanent: {refused}"
        await retry(work, letter["id"])
        await work.commit()
    await sender.run_until_idle()
    assert (len(box.got), await kept(database)) == (1, [("sent", None, None)])


async def test_an_unreachable_server_is_tried_for_long_and_then_given_up(
    database: Database, clock: FixedClock, unused_tcp_port: int
) -> None:
    await write(database)
    sender = worker(database, clock, unused_tcp_port)

    runs = 0
    for _ in range(20):
        runs += await sender.run_until_idle()
        clock.move(timedelta(hours=6))

    [(state, _text, error)] = await kept(database)
    assert (runs, state) == (14, "dead")
    assert str(error).startswith("the mail server was not reached or hung up:")


async def test_without_a_mail_server_mails_wait_until_there_is_one(
    database: Database, clock: FixedClock, postbox: tuple[Postbox, int]
) -> None:
    box, port = postbox
    await write(database)
    await worker(database, clock, None).run_until_idle()
    assert await kept(database) == [("waiting", "Open https://x/t/secret", None)]

    clock.at += timedelta(days=365)  # the row's time is the database's
    async with Work(database, role="platform") as work:
        await defer(work, "mail.resume")
        await work.commit()
    await worker(database, clock, port).run_until_idle()

    assert (len(box.got), await kept(database)) == (1, [("sent", None, None)])


async def test_a_dead_mail_can_be_sent_again_by_its_id(
    database: Database, clock: FixedClock, postbox: tuple[Postbox, int]
) -> None:
    box, port = postbox
    box.answers = ["554 5.7.1 refused"]
    mail = await write(database)
    await worker(database, clock, port).run_until_idle()

    async with Work(database, tenant_id=TENANT) as work:
        await resend_mail(work, mail)
        await work.commit()
    await worker(database, clock, port).run_until_idle()

    assert (len(box.got), await kept(database)) == (1, [("sent", None, None)])


@pytest.mark.parametrize(
    "address",
    [
        "", "ann", "ann@", "@example.org", "ann@example.org\nBcc: all@example.org", "ann@example.org\r\nX: y",
        "ann@example.org, bob@example.org", "Ann <ann@example.org>", "ann@exam ple.org", "ann@example.org\x00",
        "a" * 250 + "@example.org",
    ],
)  # fmt: skip
async def test_what_is_no_single_plain_address_is_refused(database: Database, address: str) -> None:
    async with Work(database, tenant_id=TENANT) as work:
        with pytest.raises(BadMail, match="no e-mail address"):
            await queue_mail(work, to=address, subject="Hello", text="")


@pytest.mark.parametrize("subject", ["", "  ", "Hello\nBcc: all@example.org", "Hello\rX: y", "a\u2028b", "x" * 301])
async def test_a_subject_that_could_become_a_header_is_refused(database: Database, subject: str) -> None:
    async with Work(database, tenant_id=TENANT) as work:
        with pytest.raises(BadMail, match="subject"):
            await queue_mail(work, to="ann@example.org", subject=subject, text="")


@pytest.mark.parametrize(
    ("url", "port", "tls", "start_tls"),
    [
        ("smtp://mail", 25, False, None),
        ("smtp://127.0.0.1:1025", 1025, False, None),
        ("smtp://ann:p%40ss@mail", 25, False, True),  # a password does not cross the network in the clear
        ("smtp://ann:p%40ss@localhost", 25, False, None),
        ("smtps://ann:p%40ss@mail", 465, True, False),
        ("smtp+starttls://ann:p%40ss@mail", 587, False, True),
    ],
)
def test_addresses_of_mail_servers(url: str, port: int, tls: bool, start_tls: bool | None) -> None:
    server = MailServer.parse(url, "events.example.org")

    assert (server.port, server.use_tls, server.start_tls) == (port, tls, start_tls)
    assert server.password in (None, "p@ss")


@pytest.mark.parametrize("url", ["mail:25", "http://mail", "smtp://", "smtp://ann:hunter2@mail:99999"])
def test_a_wrong_address_of_the_mail_server_is_told_without_its_password(url: str) -> None:
    with pytest.raises(BadMailServer) as refusal:
        MailServer.parse(url, "events.example.org")

    assert "EVENT_MANAGER_SMTP_URL" in str(refusal.value)
    assert "hunter2" not in str(refusal.value)
