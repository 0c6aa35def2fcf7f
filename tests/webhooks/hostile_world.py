"""Deliveries in a private network where every address leads to one server: what of them a dispatcher lets out.

Started by `tests.kit.egress.world.in_a_world` with the database's addresses as JSON; tells what became of each webhook.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime
from uuid import UUID

from event_manager.config import Settings
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from tests.kit.egress.hostile import ADDRESSES
from tests.kit.egress.sink import Sink
from tests.kit.egress.world import PUBLIC, Names
from tests.webhooks.stage import Stage

NAMES = ("inner.test", "metadata.test", "mixed.test")
REDIRECTS = ("127.0.0.1", "10.0.0.7", "[::1]", "169.254.169.254")


async def tell(given: dict[str, str]) -> dict[str, dict[str, object]]:
    """Outcome, error and address used by URL; and how often a server was connected to."""
    Names(
        {
            "public.test": [[PUBLIC]],
            "inner.test": [["10.0.0.7"]],
            "metadata.test": [["169.254.169.254"]],
            "mixed.test": [["127.0.0.1", "10.0.0.7"]],
            "rebind.test": [[PUBLIC], ["127.0.0.1"]],
        }
    )
    public, guarded = Sink(port=80), Sink(port=8080)
    for server in (public, guarded):
        await asyncio.start_server(server.serve, ["0.0.0.0", "::"], server.port)
    database = Database(app_dsn=given["app"], platform_dsn=given["platform"], pool_size=4)
    await database.open()
    await database.signals.start()
    stage = Stage(
        database,
        UUID(given["tenant"]),
        FixedClock(datetime(2026, 5, 1, 12, 0, tzinfo=UTC)),
        Settings(database_url=None),
    )
    hosts = [*(f"[{address}]" if ":" in address else address for address in ADDRESSES), *NAMES]
    made = {
        "hostile": await deliver(stage, [f"http://{host}:8080/close" for host in hosts]),
        "public": await deliver(stage, ["http://public.test/close"]),
        "redirects": await deliver(stage, [f"http://public.test/to?http://{host}:8080/" for host in REDIRECTS]),
        "rebind, first": await deliver(stage, ["http://rebind.test/close"]),
        "rebind, then": await deliver(stage, ["http://rebind.test:8080/close"]),
        "connections": {"public": public.connections, "guarded": guarded.connections},
    }
    await database.signals.stop()
    await database.close()
    return made


async def deliver(stage: Stage, urls: list[str]) -> dict[str, object]:
    """One delivery to each of these, tried once; stored as if nobody had looked at them when they were saved."""
    hooks = {url: await stage.endpoint(url, delays=[], types=["category.*"]) for url in urls}
    await stage.step()
    await stage.fan_out()
    told: dict[str, object] = {}
    async with stage.dispatching():
        for url, hook in hooks.items():
            [row] = await stage.ended(hook, 1)
            told[url] = [row["outcome"], row["status"], row["error"].partition(":")[0], row["ip"]]
    async with stage.work() as work:
        await work.sql("DELETE FROM webhook_endpoints WHERE id = ANY (%s)", (list(hooks.values()),))
        await work.commit()
    return told


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(tell(json.load(sys.stdin)))))
