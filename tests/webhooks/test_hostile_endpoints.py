"""Webhooks that point where they must not: refused when saved, and never connected to when stored all the same.

Those with `world` run a dispatcher in a private network where every address leads to one server that counts.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from event_manager.config import Settings
from event_manager.kit import migrate
from event_manager.kit.db import Database
from tests.kit.egress.hostile import ADDRESSES, SPELLINGS
from tests.kit.egress.sink import sink
from tests.kit.egress.world import PUBLIC, in_a_world, why_no_world
from tests.people import People
from tests.snapshot import Snapshot
from tests.webhooks.hooks import HOOK, WEBHOOKS, faults
from tests.webhooks.hostile_world import REDIRECTS
from tests.webhooks.stage import Stage

World = dict[str, dict[str, object]]
NO_WORLD = why_no_world()
in_world = pytest.mark.skipif(NO_WORLD is not None, reason=f"no private network: {NO_WORLD}")
HOSTS = [f"[{address}]" if ":" in address else address for address in ADDRESSES]


async def test_no_hostile_address_can_be_saved(api: httpx.AsyncClient, alice: dict[str, str]) -> None:
    for host in [*HOSTS, *SPELLINGS]:
        refused = await api.post(WEBHOOKS, json={**HOOK, "url": f"https://{host}:8443/in"}, headers=alice)

        assert list(faults(refused)) == ["/url"], host


async def test_no_spelling_that_was_stored_reaches_this_machine(stage: Stage) -> None:
    async with sink() as server:
        stage.settings = Settings(database_url=None)
        hooks = [
            await stage.endpoint(f"http://{host}:{server.port}/", delays=[], types=["category.*"])
            for host in SPELLINGS
        ]  # fmt: skip
        await stage.step()
        await stage.fan_out()

        async with stage.dispatching():
            ended = [row for hook in hooks for row in await stage.ended(hook, 1)]

    assert {(row["outcome"], row["status"], row["ip"]) for row in ended} == {("dead", None, "")}
    assert {row["error"].partition(":")[0] for row in ended} <= {"blocked-address", "bad-url", "dns"}
    assert server.connections == 0


@asynccontextmanager
async def relay(folder: Path, dsn: str) -> AsyncIterator[None]:
    """The database's socket once more in this folder: in a user name space nobody may open that of another user."""
    at = conninfo_to_dict(dsn)
    name = f".s.PGSQL.{at.get('port', 5432)}"

    async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await source.read(65536):
                target.write(data)
                await target.drain()
        target.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(f"{at['host']}/{name}")
        await asyncio.gather(carry(reader, back), carry(there, writer))

    async with await asyncio.start_unix_server(serve, folder / name):
        yield


@pytest.fixture
async def world(
    tmp_path: Path, logins: migrate.Logins, database: Database, people: People, snapshot: Snapshot
) -> AsyncIterator[World]:
    """What became of the webhooks of hostile_world.py."""
    ours, platform = (make_conninfo(dsn, host=str(tmp_path)) for dsn in (logins.app, logins.platform))
    given = json.dumps({"app": ours, "platform": platform, "tenant": str(people.a)})
    async with relay(tmp_path, logins.app):
        yield await asyncio.to_thread(in_a_world, tmp_path, "tests.webhooks.hostile_world", given)
    snapshot.restore()


@in_world
async def test_dispatchers_connect_to_public_addresses_only(world: World) -> None:
    blocked = ["dead", None, "blocked-address", ""]
    redirect = ["dead", 307, "redirect (307); redirects are not followed, give the final address", PUBLIC]

    assert len(world["hostile"]) == 43
    assert {url: told for url, told in world["hostile"].items() if told != blocked} == {}
    assert world["public"] == {"http://public.test/close": ["succeeded", 200, "", PUBLIC]}
    assert list(world["redirects"].values()) == [redirect] * len(REDIRECTS)
    assert world["rebind, first"] == {"http://rebind.test/close": ["succeeded", 200, "", PUBLIC]}
    assert world["rebind, then"] == {"http://rebind.test:8080/close": blocked}
    assert world["connections"] == {"public": 6, "guarded": 0}
