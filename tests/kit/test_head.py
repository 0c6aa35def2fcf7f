"""HEAD answers as GET does, without the body."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import StreamingResponse

from event_manager.kit.access import public
from event_manager.kit.http import Router
from tests.people import People

SHOWN = ("content-type", "content-length", "etag", "x-content-type-options", "allow", "content-security-policy")


def head_of(answer: httpx.Response) -> dict[str, str | None]:
    """What a reader of the head goes by."""
    return {"status": str(answer.status_code), **{name: answer.headers.get(name) for name in SHOWN}}


@pytest.mark.parametrize("path", ["/health", "/api/openapi.json", "/api/docs", "/api/nowhere", "/api/identity/me"])
async def test_head_is_get_without_the_body(api: httpx.AsyncClient, path: str) -> None:
    got, asked = await api.get(path), await api.head(path)

    assert asked.content == b""
    assert head_of(asked) == head_of(got)
    assert int(asked.headers["Content-Length"]) == len(got.content)


async def test_head_tells_the_version_that_a_change_needs(api: httpx.AsyncClient, people: People) -> None:
    me = people["oscar"].bearer
    created = await api.post("/api/contests/events", headers=me, json={"name": "Spring Cup"})
    path = f"/api/contests/events/{created.json()['id']}"

    asked = await api.head(path, headers=me)

    assert (asked.status_code, asked.headers["ETag"], asked.content) == (200, '"1"', b"")
    assert head_of(asked) == head_of(await api.get(path, headers=me))


async def test_head_of_an_address_without_get_is_refused(api: httpx.AsyncClient) -> None:
    asked = await api.head("/api/identity/sign-in")

    assert (asked.status_code, asked.headers["Allow"], asked.content) == (405, "POST", b"")


async def test_head_of_a_stream_ends_at_once(api: httpx.AsyncClient, app: FastAPI) -> None:
    router = Router()

    async def for_ever() -> AsyncIterator[bytes]:
        await asyncio.Event().wait()
        yield b""

    @router.get("/endless", dependencies=[public()])
    async def endless() -> StreamingResponse:
        return StreamingResponse(for_ever(), media_type="text/event-stream")

    app.router.routes.insert(0, router.routes[0])

    async with asyncio.timeout(10):
        asked = await api.head("/api/endless")

    assert (asked.status_code, asked.headers["Content-Type"]) == (200, "text/event-stream; charset=utf-8")


def test_no_address_lists_head_as_an_operation(app: FastAPI) -> None:
    operations = [operation for path in app.openapi()["paths"].values() for operation in path]

    assert operations.count("head") == 0
