"""Mails of notifications: at once, in a digest or not at all; held in quiet hours; not for what was read meanwhile."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import httpx

from event_manager import eventlog
from event_manager.kit.access import system_actor
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from event_manager.webhooks.event_types import WebhookEndpointFailing, WebhookEndpointPaused
from tests.notifications.conftest import Mails
from tests.people import People

Run = Callable[[], Awaitable[object]]
NOW_QUIET = {"quietFrom": "11:00", "quietTo": "13:30", "timeZone": "UTC"}  # the clock of the tests stands at noon


async def happen(database: Database, people: People, clock: FixedClock, *, paused: bool = False) -> None:
    """A webhook of Aurora Arts fails; Alice is told."""
    given = {
        "webhook_id": uuid4(),
        "title": "Scoreboard",
        "host": "x.example.org",
        "failing_since": None,
        "reason": "x",
    }
    event = WebhookEndpointPaused.model_validate(given) if paused else WebhookEndpointFailing.model_validate(given)
    async with Work(database, tenant_id=people.a, actor=system_actor("webhooks"), clock=clock) as work:
        await eventlog.append(work, event)
        await work.commit()


async def prefer(api: httpx.AsyncClient, people: People, **given: object) -> None:
    answer = await api.put("/api/notifications/preferences", json=given, headers=people["alice"].bearer)
    assert answer.status_code == 200, answer.text


async def test_a_mail_says_what_happened_and_where_to_go(
    api: httpx.AsyncClient, database: Database, people: People, clock: FixedClock, follow: Run, jobs: Run, mails: Mails
) -> None:
    await happen(database, people, clock)
    await follow()
    await jobs()
    await jobs()

    [mail] = await mails()
    assert (mail["to_address"], mail["subject"]) == ("alice@example.org", "The webhook 'Scoreboard' is failing")
    assert "Hello Alice,\n\nThe webhook 'Scoreboard' has only failed for an hour." in mail["text"]
    assert "https://events.example.org/webhooks/" in mail["text"]


async def test_in_quiet_hours_a_mail_waits_for_their_end(
    api: httpx.AsyncClient, database: Database, people: People, clock: FixedClock, follow: Run, jobs: Run, mails: Mails
) -> None:
    await prefer(api, people, **NOW_QUIET)
    await happen(database, people, clock)
    await follow()
    await jobs()
    held = await mails()

    clock.move(timedelta(hours=1, minutes=30))
    await jobs()

    assert (held, len(await mails())) == ([], 1)


async def test_quiet_hours_that_are_chosen_later_hold_a_mail_that_was_held_already(
    api: httpx.AsyncClient, database: Database, people: People, clock: FixedClock, follow: Run, jobs: Run, mails: Mails
) -> None:
    await prefer(api, people, **NOW_QUIET)
    await happen(database, people, clock)
    await follow()
    await prefer(api, people, **{**NOW_QUIET, "quietTo": "15:00"})
    clock.move(timedelta(hours=2))
    await jobs()
    held = await mails()

    clock.move(timedelta(hours=1))
    await jobs()

    assert (held, len(await mails())) == ([], 1)


async def test_an_urgent_mail_breaks_quiet_hours_only_if_the_person_allows_it(
    api: httpx.AsyncClient, database: Database, people: People, clock: FixedClock, follow: Run, jobs: Run, mails: Mails
) -> None:
    await prefer(api, people, **NOW_QUIET)
    await happen(database, people, clock, paused=True)
    await follow()
    await jobs()
    held = await mails()
    await prefer(api, people, **NOW_QUIET, urgentAnytime=True)
    await happen(database, people, clock, paused=True)
    await happen(database, people, clock)
    await follow()
    await jobs()

    assert (held, [mail["subject"] for mail in await mails()]) == ([], ["The webhook 'Scoreboard' is paused"])


async def test_a_digest_is_one_mail_at_eight_with_all_that_was_not_read(
    api: httpx.AsyncClient, database: Database, people: People, clock: FixedClock, follow: Run, jobs: Run, mails: Mails
) -> None:
    await prefer(
        api, people, kinds=[{"kind": "webhook-failing", "inApp": True, "mail": "digest"}], timeZone="Asia/Tokyo"
    )
    for _ in range(3):
        await happen(database, people, clock)
    await follow()
    listed = (await api.get("/api/notifications", headers=people["alice"].bearer)).json()["items"]
    await api.post("/api/notifications/read", json={"ids": [listed[0]["id"]]}, headers=people["alice"].bearer)
    await jobs()
    early = await mails()

    clock.move(timedelta(hours=11))  # eight in the morning in Tokyo
    await jobs()
    await jobs()

    [mail] = await mails()
    assert (early, mail["subject"]) == ([], "Aurora Arts: 2 things to know")
    assert mail["text"].count("has only failed for an hour") == 2


async def test_what_was_read_in_the_app_or_is_not_wanted_any_more_is_not_mailed(
    api: httpx.AsyncClient, database: Database, people: People, clock: FixedClock, follow: Run, jobs: Run, mails: Mails
) -> None:
    await prefer(api, people, **NOW_QUIET)
    await happen(database, people, clock)
    await happen(database, people, clock, paused=True)
    await follow()
    listed = (await api.get("/api/notifications", headers=people["alice"].bearer)).json()["items"]
    [read] = [item["id"] for item in listed if item["kind"] == "webhook-paused"]
    await api.post("/api/notifications/read", json={"ids": [read]}, headers=people["alice"].bearer)
    await prefer(api, people, kinds=[{"kind": "webhook-failing", "inApp": True, "mail": "off"}])

    clock.move(timedelta(hours=3))
    await jobs()

    assert await mails() == []


async def test_off_in_the_app_and_by_mail_is_off(
    api: httpx.AsyncClient, database: Database, people: People, clock: FixedClock, follow: Run, jobs: Run, mails: Mails
) -> None:
    await prefer(
        api, people,
        kinds=[
            {"kind": "webhook-failing", "inApp": False, "mail": "off"},
            {"kind": "webhook-paused", "inApp": False, "mail": "at_once"},
        ],
    )  # fmt: skip
    await happen(database, people, clock)
    await happen(database, people, clock, paused=True)
    await follow()
    await jobs()

    listed = await api.get("/api/notifications", headers=people["alice"].bearer)
    assert listed.json()["items"] == []
    assert [mail["subject"] for mail in await mails()] == ["The webhook 'Scoreboard' is paused"]


async def test_whoever_has_left_gets_no_mail(
    api: httpx.AsyncClient, database: Database, people: People, clock: FixedClock, follow: Run, jobs: Run, mails: Mails
) -> None:
    await prefer(api, people, **NOW_QUIET)
    await happen(database, people, clock)
    await follow()
    async with Work(database, role="platform") as work:
        await work.sql("UPDATE memberships SET status = 'removed' WHERE user_id = %s", (people["alice"].id,))
        await work.commit()

    clock.move(timedelta(hours=3))
    await jobs()

    assert await mails() == []
