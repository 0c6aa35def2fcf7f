"""One's own notifications and preferences, and nobody else's."""

import asyncio
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request

from event_manager.kit.access import identify
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from event_manager.notifications import api as notifications_api
from event_manager.notifications import service
from event_manager.notifications.kinds import KINDS
from event_manager.notifications.tasks import purge
from tests.people import People

PUT = """INSERT INTO notifications (tenant_id, user_id, kind, event_id, title, body, link, urgent, in_app, mail)
         VALUES (%s, %s, 'role-changed', uuidv7(), %s, 'b', '/', false, true, 'off') RETURNING id"""


@pytest.fixture
async def notes(app: FastAPI, database: Database, people: People) -> dict[str, list[UUID]]:
    """Three notifications for Alice, Oscar and Bob each."""
    made: dict[str, list[UUID]] = {}
    async with Work(database, role="platform") as work:
        for name in ("alice", "oscar", "bob"):
            who = people[name]
            rows = [await work.sql(PUT, (who.tenant_id, who.id, f"{name} {n}")) for n in range(3)]
            made[name] = [row[0]["id"] for row in rows]
        await work.commit()
    return made


async def unread(api: httpx.AsyncClient, people: People, name: str) -> int:
    count: int = (await api.get("/api/notifications/count", headers=people[name].bearer)).json()["unread"]
    return count


async def test_the_list_is_ones_own_newest_first_and_in_pages(
    api: httpx.AsyncClient, people: People, notes: dict[str, list[UUID]]
) -> None:
    alice = people["alice"].bearer
    first = (await api.get("/api/notifications", params={"limit": 2}, headers=alice)).json()
    rest = (
        await api.get("/api/notifications", params={"limit": 2, "cursor": first["nextCursor"]}, headers=alice)
    ).json()

    titles = [item["title"] for page in (first, rest) for item in page["items"]]
    assert (titles, rest["nextCursor"]) == (["alice 2", "alice 1", "alice 0"], None)


async def test_reading_is_for_oneself(api: httpx.AsyncClient, people: People, notes: dict[str, list[UUID]]) -> None:
    theirs = [str(note) for name in ("oscar", "bob") for note in notes[name]]
    left = await api.post(
        "/api/notifications/read", json={"ids": [*theirs, str(notes["alice"][0])]}, headers=people["alice"].bearer
    )
    found = await api.get("/api/notifications", params={"unread": True}, headers=people["alice"].bearer)

    assert left.json() == {"unread": 2}
    assert [item["title"] for item in found.json()["items"]] == ["alice 2", "alice 1"]
    assert [await unread(api, people, name) for name in ("oscar", "bob")] == [3, 3]

    everything = await api.post("/api/notifications/read", json={"all": True}, headers=people["alice"].bearer)
    assert (everything.json(), await unread(api, people, "oscar")) == ({"unread": 0}, 3)


@pytest.mark.parametrize("body", [{}, {"ids": [], "all": True}, {"all": False}, {"ids": ["x"]}])
async def test_what_was_read_is_said_clearly(api: httpx.AsyncClient, people: People, body: object) -> None:
    answer = await api.post("/api/notifications/read", json=body, headers=people["alice"].bearer)

    assert answer.status_code == 422


async def test_row_security_keeps_people_of_one_organisation_apart(
    database: Database, people: People, notes: dict[str, list[UUID]]
) -> None:
    async with Work(database, tenant_id=people.a, actor=people["oscar"].actor) as work:
        seen = await work.sql("SELECT title FROM notifications ORDER BY title")
        changed = await work.sql("UPDATE notifications SET read_at = now() WHERE title LIKE 'alice%%' RETURNING id")

    assert [row["title"] for row in seen] == ["oscar 0", "oscar 1", "oscar 2"]
    assert changed == []


async def test_preferences_begin_as_proposed_and_are_kept_as_chosen(api: httpx.AsyncClient, people: People) -> None:
    alice = people["alice"].bearer
    proposed = (await api.get("/api/notifications/preferences", headers=alice)).json()
    chosen = {
        "kinds": [{"kind": "judging-closed", "inApp": False, "mail": "at_once"}],
        "quietFrom": "22:00", "quietTo": "06:30", "timeZone": "Europe/Berlin", "urgentAnytime": True,
    }  # fmt: skip
    await api.put("/api/notifications/preferences", json=chosen, headers=alice)
    kept = (await api.get("/api/notifications/preferences", headers=alice)).json()
    other = (await api.get("/api/notifications/preferences", headers=people["oscar"].bearer)).json()

    assert [kind["kind"] for kind in proposed["kinds"]] == list(KINDS)
    assert {name: kept[name] for name in ("quietFrom", "quietTo", "timeZone", "urgentAnytime")} == {
        name: chosen[name] for name in ("quietFrom", "quietTo", "timeZone", "urgentAnytime")
    }
    [closed] = [kind for kind in kept["kinds"] if kind["kind"] == "judging-closed"]
    assert (closed["inApp"], closed["mail"]) == (False, "at_once")
    assert other == proposed


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"kinds": [{"kind": "nothing", "inApp": True, "mail": "off"}]}, "/kinds/0/kind"),
        ({"quietFrom": "22:00"}, "/quietTo"),
        ({"quietFrom": "22:00", "quietTo": "22:00"}, "/quietTo"),
        ({"timeZone": "Mars/Olympus"}, "/timeZone"),
        ({"quietFrom": "25:00", "quietTo": "06:00"}, "/quietFrom"),
    ],
)
async def test_wrong_preferences_are_named_at_their_place(
    api: httpx.AsyncClient, people: People, given: dict[str, object], pointer: str
) -> None:
    answer = await api.put("/api/notifications/preferences", json=given, headers=people["alice"].bearer)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_a_program_and_whoever_has_no_organisation_have_no_notifications(
    api: httpx.AsyncClient, people: People
) -> None:
    made = await api.post(
        "/api/identity/api-keys", json={"name": "Board", "role": "ORGANIZER"}, headers=people["alice"].bearer
    )
    key = {"Authorization": f"Bearer {made.json()['token']}"}

    assert (await api.get("/api/notifications", headers=key)).status_code == 403
    assert (await api.get("/api/notifications/count", headers=people["sam"].bearer)).status_code == 403


async def test_the_bell_rings_when_something_is_new_and_when_it_was_read(
    app: FastAPI, database: Database, people: People, notes: dict[str, list[UUID]]
) -> None:
    alice = people["alice"]
    request = Request({
        "type": "http", "method": "GET", "path": "/", "query_string": b"", "app": app,
        "headers": [(b"authorization", f"Bearer {alice.token}".encode())],
        "state": {"correlation_id": "test-live", "client_address": "", "identified": False, "tenant_slug": None},
    })  # fmt: skip
    async with app.state.new_work(request) as work:
        request.state.work = work
        await identify(request)
        events = aiter((await notifications_api.watch_notifications(work, request)).body_iterator)

    first = await anext(events)
    async with Work(database, tenant_id=people.a, actor=alice.actor) as work:
        await service.mark_read(work, alice.id, None)
        await work.commit()
    second = await asyncio.wait_for(anext(events), 5)

    assert (str(first), str(second)) == (
        'event: changed\ndata: {"unread":3}\n\n',
        'event: changed\ndata: {"unread":0}\n\n',
    )


async def test_after_ninety_days_notifications_are_forgotten(
    api: httpx.AsyncClient, database: Database, people: People, notes: dict[str, list[UUID]]
) -> None:
    async with Work(database, role="platform") as work:
        await work.sql(
            "UPDATE notifications SET created_at = now() - interval '91 days' WHERE id = ANY (%s)",
            (notes["alice"][:2],),
        )
        await purge(work)  # type: ignore[arg-type]
        await work.commit()

    assert [await unread(api, people, name) for name in ("alice", "oscar")] == [1, 3]
