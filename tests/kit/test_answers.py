"""What a client is told when the database goes away, and when it uses a method that an address does not know."""

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from psycopg.conninfo import make_conninfo

from event_manager.kit.access import public
from event_manager.kit.http import Router, W
from event_manager.kit.postgres import EmbeddedServer


def add_route(app: FastAPI, superuser_dsn: str) -> None:
    """`/api/broken`: its database connection is ended by an administrator while it uses it."""
    router = Router()

    @router.get("/broken", dependencies=[public()])
    async def broken(work: W) -> None:
        [row] = await work.sql("SELECT pg_backend_pid() AS pid")
        with psycopg.connect(superuser_dsn) as conn:
            conn.execute("SELECT pg_terminate_backend(%s, 5000)", (row["pid"],))
        await work.sql("SELECT 1")

    app.router.routes.insert(0, router.routes[0])


async def test_a_lost_database_connection_is_a_proper_answer_and_heals(
    api: httpx.AsyncClient, app: FastAPI, server: EmbeddedServer
) -> None:
    add_route(app, make_conninfo(server.superuser_dsn, dbname="event_manager"))

    answers = [await api.get("/api/broken", headers={"X-Correlation-ID": "lost-connection"}) for _ in range(3)]

    for answer in answers:
        assert answer.status_code == 503
        assert answer.json()["code"] == "unavailable"
        assert answer.headers["Retry-After"] == "2"
        assert answer.headers["X-Correlation-ID"] == "lost-connection"
    assert (await api.get("/health")).status_code == 200


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_a_known_address_says_which_methods_it_takes(api: httpx.AsyncClient, method: str) -> None:
    answer = await api.request(method, "/api/identity/sign-in")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert answer.json()["code"] == "method-not-allowed"


async def test_all_methods_of_an_address_are_named_together(api: httpx.AsyncClient) -> None:
    answer = await api.delete("/api/tenants/current")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, PATCH")


async def test_an_unknown_address_stays_unknown(api: httpx.AsyncClient) -> None:
    assert (await api.get("/api/nowhere")).status_code == 404
