"""The live stream: says when to look again, to whoever may look at that moment."""

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request

from event_manager.kit.access import identify
from event_manager.kit.db import Database
from event_manager.scoring import views
from tests.factories.scoring import a_stage
from tests.people import PASSWORD, People


async def test_a_stream_ends_with_the_sign_in_it_was_opened_with(
    app: FastAPI, api: httpx.AsyncClient, database: Database, people: People
) -> None:
    stage = await a_stage(database, people)
    given = {"email": people["tim"].email, "password": PASSWORD, "cookie": False}
    token = (await api.post("/api/identity/sign-in", json=given)).json()["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    await api.post("/api/identity/tenant", json={"tenant": str(people.a)}, headers=bearer)
    request = Request({
        "type": "http", "method": "GET", "path": "/", "query_string": b"", "app": app,
        "headers": [(b"authorization", f"Bearer {token}".encode())],
        "state": {"correlation_id": "test-live", "client_address": "", "identified": False, "tenant_slug": None},
    })  # fmt: skip
    async with app.state.new_work(request) as work:
        request.state.work = work
        await identify(request)
        events = aiter(views.stream(work, request, stage.category).body_iterator)

    first = await anext(events)
    await api.post("/api/identity/sign-out", headers=bearer)
    database.signals.poke(views.topic(stage.category))

    assert str(first).startswith('event: changed\ndata: {"state":"judging"')
    with pytest.raises(StopAsyncIteration):
        await anext(events)
