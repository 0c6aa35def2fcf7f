"""Proofs over HTTP: what they claim is checked with the published key and the pure functions."""

import base64
from typing import Any
from uuid import uuid4

import httpx
import pytest

from event_manager.eventlog import leaves, merkle
from event_manager.eventlog.checkpoints import Signer
from event_manager.eventlog.sealing import seal_batch
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from tests.conftest import SECRET
from tests.eventlog.test_merkle import consistent
from tests.eventlog.test_sealing import fill
from tests.people import People

SIGNER = Signer(SECRET)


async def seal(database: Database, clock: FixedClock) -> None:
    async with Work(database, role="platform", clock=clock) as work:
        while await seal_batch(work, SIGNER, 5000):
            await work.commit()


async def get(api: httpx.AsyncClient, people: People, path: str, **params: Any) -> dict[str, Any]:
    """What Ada the auditor is answered."""
    answer = await api.get(f"/api/events{path}", params=params, headers=people["ada"].bearer)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def raw(text: str) -> bytes:
    return base64.b64decode(text)


@pytest.mark.parametrize("count", [1, 700])
async def test_an_entry_is_proven_to_be_in_the_signed_checkpoint(
    api: httpx.AsyncClient, people: People, database: Database, clock: FixedClock, count: int
) -> None:
    await fill(database, people.a, count)
    await seal(database, clock)
    await fill(database, people.a, 3)
    await seal(database, clock)
    async with Work(database, role="platform") as work:
        rows = await work.sql(
            f"SELECT {leaves.SELECT} FROM event_log WHERE tenant_id = %s ORDER BY event_log.xid, id", (people.a,)
        )

    for place in {0, len(rows) // 2, len(rows) - 4, len(rows) - 1}:
        proof = await get(api, people, f"/logs/{rows[place]['id']}/proof")
        signed = SIGNER.open(proof["checkpoint"]["note"])
        path = [raw(step) for step in proof["path"]]

        assert (proof["position"], raw(proof["leafHash"])) == (place, leaves.leaf(rows[place]))
        assert merkle.root_of_inclusion(raw(proof["leafHash"]), place, signed.size, path) == signed.root
        assert raw(proof["checkpoint"]["root"]) == signed.root


async def test_the_log_is_proven_to_continue_an_older_checkpoint(
    api: httpx.AsyncClient, people: People, database: Database, clock: FixedClock
) -> None:
    for count in (5, 300, 40):
        await fill(database, people.a, count)
        await seal(database, clock)
    latest = await get(api, people, "/checkpoints/latest")
    first_page = await get(api, people, "/checkpoints", limit=2)
    second_page = await get(api, people, "/checkpoints", limit=2, cursor=first_page["nextCursor"])
    sizes = [c["size"] for c in first_page["items"] + second_page["items"]]

    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], len(sizes)) == (latest["size"], 3)
    for older in sizes:
        proof = await get(api, people, "/checkpoints/consistency", **{"from": older, "to": latest["size"]})
        roots = raw(proof["older"]["root"]), raw(proof["newer"]["root"])
        assert consistent(older, latest["size"], *roots, [raw(step) for step in proof["path"]])


async def test_the_published_key_is_the_signers(api: httpx.AsyncClient, people: People) -> None:
    name = f"event-manager/{people.a}"

    assert (await get(api, people, "/checkpoints/key"))["key"] == SIGNER.verifier_key(name)


async def test_what_is_not_there_is_refused_by_name(
    api: httpx.AsyncClient, people: People, database: Database, clock: FixedClock
) -> None:
    await fill(database, people.a, 2)
    ada = people["ada"].bearer
    async with Work(database, role="platform") as work:
        [row] = await work.sql("SELECT id FROM event_log WHERE tenant_id = %s ORDER BY id DESC LIMIT 1", (people.a,))

    unsealed = await api.get(f"/api/events/logs/{row['id']}/proof", headers=ada)
    unknown = await api.get(f"/api/events/logs/{uuid4()}/proof", headers=ada)
    nothing = await api.get("/api/events/checkpoints/latest", headers=ada)
    await seal(database, clock)
    no_size = await api.get("/api/events/checkpoints/consistency", params={"from": 99999}, headers=ada)

    assert [answer.json()["type"].rpartition("/")[2] for answer in (unsealed, unknown, nothing, no_size)] == [
        "not-sealed", "entry-not-found", "checkpoint-not-found", "checkpoint-not-found",
    ]  # fmt: skip


async def test_a_judge_reads_no_checkpoints(api: httpx.AsyncClient, people: People) -> None:
    answer = await api.get("/api/events/checkpoints", headers=people["judith"].bearer)

    assert answer.status_code == 403
