"""The pull feed: every message once along the cursors, the same cursor the same messages, waits that hold nothing."""

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from event_manager.eventlog import tail
from event_manager.kit.db import Database
from event_manager.webhooks import feeding
from tests.eventlog.served import served
from tests.factories.scoring import a_stage, mark
from tests.people import People
from tests.webhooks.logged import WEBHOOKS, a_webhook, append, contest, event

ENOUGH = 20
"""Seconds that a test waits at most for what comes within one."""


@pytest.fixture
def alice(people: People) -> dict[str, str]:
    return people["alice"].bearer


async def a_feed(api: httpx.AsyncClient, who: dict[str, str], name: str = "Feed", **more: Any) -> str:
    made = await a_webhook(api, who, name, kind="feed", url="", **more)
    return f"{WEBHOOKS}/{made['id']}/feed"


async def fetch(api: httpx.AsyncClient, who: dict[str, str], feed: str, **params: Any) -> dict[str, Any]:
    answer = await api.get(feed, params=params, headers=who)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


def titles(page: dict[str, Any]) -> list[str]:
    return [item["data"]["title"] for item in page["items"]]


async def test_a_receiver_that_follows_the_cursors_gets_everything_once_in_order(
    api: httpx.AsyncClient, database: Database, people: People, alice: dict[str, str]
) -> None:
    await append(database, people.a, [event("before the feed was set up")])
    feed = await a_feed(api, alice)
    await append(database, people.b, [event("foreign")])
    ids = await append(database, people.a, [event(f"{n}") if n % 2 else contest() for n in range(10)])

    pages = [await fetch(api, alice, feed, limit=2)]
    while pages[-1]["more"]:
        pages.append(await fetch(api, alice, feed, limit=2, cursor=pages[-1]["nextCursor"]))
    await append(database, people.a, [event("later")])
    later = await fetch(api, alice, feed, cursor=pages[-1]["nextCursor"])
    again = await fetch(api, alice, feed, limit=2, cursor=pages[0]["nextCursor"])

    assert [title for page in pages for title in titles(page)] == ["1", "3", "5", "7", "9"]
    assert [page["more"] for page in pages] == [True, True, False]
    assert [item["id"] for item in pages[0]["items"]] == [f"evt_{ids[n].hex}" for n in (1, 3)]
    assert titles(later) == ["later"]
    assert again["items"] == pages[1]["items"]


async def test_a_feed_may_begin_at_the_beginning_and_filters_hold(
    api: httpx.AsyncClient, database: Database, people: People, alice: dict[str, str]
) -> None:
    await append(database, people.a, [event("old"), event("lantern")])
    feed = await a_feed(api, alice, startFrom="beginning", filter={"data": {"title": "lantern"}})

    assert titles(await fetch(api, alice, feed)) == ["lantern"]


async def test_what_fits_rarely_comes_in_pages_that_say_there_is_more(
    api: httpx.AsyncClient, database: Database, people: People, alice: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "READ_AT_ONCE", 5)
    monkeypatch.setattr(feeding, "READS_A_PAGE", 2)
    feed = await a_feed(api, alice, filter={"data": {"title": "rare"}})
    await append(database, people.a, [event("rare" if n == 17 else "often") for n in range(30)])

    first = await fetch(api, alice, feed)
    second = await fetch(api, alice, feed, cursor=first["nextCursor"])

    assert (first["items"], first["more"]) == ([], True)
    assert titles(second) == ["rare"]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("standard", {"type": "event.created", "data": {"title": "One"}}),
        ("thin", {"type": "event.created", "payloadOmitted": "by-choice"}),
        ("cloudevents-structured", {"specversion": "1.0", "type": "event.created", "data": {"title": "One"}}),
        ("cloudevents-binary", {"specversion": "1.0", "type": "event.created", "data": {"title": "One"}}),
    ],
)
async def test_messages_come_in_the_format_of_the_webhook(
    api: httpx.AsyncClient,
    database: Database,
    people: People,
    alice: dict[str, str],
    form: str,
    expected: dict[str, Any],
) -> None:
    feed = await a_feed(api, alice, format=form)
    await append(database, people.a, [event("One")])

    [item] = (await fetch(api, alice, feed))["items"]

    item["data"] = {name: value for name, value in item["data"].items() if name == "title"}
    assert {name: item[name] for name in expected} == expected


async def test_an_entry_that_the_transformation_fails_on_comes_in_thin_form(
    api: httpx.AsyncClient, database: Database, people: People, alice: dict[str, str]
) -> None:
    feed = await a_feed(api, alice, transform="{title: data.title, twice: join('', [data.title, data.title])}")
    broken = await a_feed(api, alice, name="Broken", transform="join('', data.title)")
    await append(database, people.a, [event("One")])

    assert (await fetch(api, alice, feed))["items"] == [{"title": "One", "twice": "OneOne"}]
    [item] = (await fetch(api, alice, broken))["items"]
    assert (item["type"], item["payloadOmitted"]) == ("event.created", "by-choice")


async def test_embargoed_entries_come_with_a_link_and_nothing_else(
    api: httpx.AsyncClient, database: Database, people: People, alice: dict[str, str]
) -> None:
    stage = await a_stage(database, people)
    feed = await a_feed(api, alice, events=["score.*"])
    given = {"marks": [mark(stage, 0, 0, "7.5")]}
    answer = await api.post(f"{stage.base}/marks", json=given, headers=people["judith"].bearer)
    assert answer.status_code == 200, answer.text

    [item] = (await fetch(api, alice, feed))["items"]

    assert item["payloadOmitted"] == "embargoed"
    assert "7.5" not in str(item)


async def test_a_wait_ends_with_the_first_message_and_holds_no_connection_until_then(
    app: FastAPI, database: Database, people: People, alice: dict[str, str]
) -> None:
    async with served(app) as api, asyncio.timeout(ENOUGH):
        feed = await a_feed(api, alice)
        now = (await fetch(api, alice, feed))["nextCursor"]
        waiting = [asyncio.create_task(fetch(api, alice, feed, cursor=now, wait=30)) for _ in range(10)]
        async with app.state.tail.listen(people.a) as listener:
            await append(database, people.a, [contest()])  # does not fit
            while not (await listener.take(1))[0]:
                pass
        await append(database, people.a, [event("awaited")])
        pages = await asyncio.gather(*waiting)

    assert [titles(page) for page in pages] == [["awaited"]] * 10


async def test_a_wait_ends_empty_when_nothing_comes(
    api: httpx.AsyncClient, database: Database, people: People, alice: dict[str, str]
) -> None:
    feed = await a_feed(api, alice)

    page = await fetch(api, alice, feed, wait=1)
    await append(database, people.a, [event("later")])

    assert (page["items"], page["more"]) == ([], False)
    assert titles(await fetch(api, alice, feed, cursor=page["nextCursor"])) == ["later"]


async def test_a_program_reads_it_with_a_key_that_may_do_nothing_else(
    api: httpx.AsyncClient, database: Database, people: People, alice: dict[str, str]
) -> None:
    feed = await a_feed(api, alice)
    asked = {"name": "ticketing", "role": "AUDITOR", "permissions": ["log:read"]}
    made = (await api.post("/api/identity/api-keys", json=asked, headers=alice)).json()
    key = {"Authorization": f"Bearer {made['token']}"}
    await append(database, people.a, [event("One")])

    assert titles(await fetch(api, key, feed)) == ["One"]
    assert (await api.get(WEBHOOKS, headers=key)).status_code == 403


async def test_cursors_of_others_other_kinds_and_feeds_that_are_off_are_refused(
    api: httpx.AsyncClient, people: People, alice: dict[str, str]
) -> None:
    feed, other = await a_feed(api, alice), await a_feed(api, alice, name="Other")
    foreign = await a_feed(api, people["bob"].bearer)
    hook = await a_webhook(api, alice, "Hook")
    cursor = (await fetch(api, alice, other))["nextCursor"]
    off = await a_feed(api, alice, name="Off", enabled=False)

    async def refusal(address: str, who: dict[str, str] = alice, **params: str) -> tuple[int, str]:
        answer = await api.get(address, params=params, headers=who)
        return answer.status_code, answer.json()["code"]

    assert await refusal(feed, cursor=cursor) == (422, "bad-cursor")
    assert await refusal(feed, cursor="AAAA") == (422, "bad-cursor")
    assert await refusal(foreign) == (404, "webhook-not-found")
    assert await refusal(f"{WEBHOOKS}/{hook['id']}/feed") == (409, "not-for-this-kind")
    assert await refusal(off) == (409, "feed-off")
    assert await refusal(feed, people["oscar"].bearer) == (403, "forbidden")


async def test_the_waits_of_an_organisation_are_bounded(
    api: httpx.AsyncClient, alice: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "MOST_STREAMS", 0)
    feed = await a_feed(api, alice)

    answer = await api.get(feed, params={"wait": 5}, headers=alice)

    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-streams")
