"""The product as a real server over the filled world of the isolation matrix; nothing that is written stays."""

import asyncio
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import uvicorn
from fastapi.routing import APIRoute

from event_manager.app import create_app
from event_manager.kit import migrate
from event_manager.kit.db import Database
from tests.conftest import SECRET
from tests.isolation.cases import CASES, Case, path_ids
from tests.isolation.conftest import SETTINGS, World, passing, world

__all__ = ["world"]  # a fixture, found by its name here


@dataclass(frozen=True)
class Service:
    """A running server and what a call of each operation (method and path) needs to reach something real."""

    url: str
    world: World
    cases: dict[tuple[str, str], Case]

    def headers(self, operation: tuple[str, str]) -> dict[str, str]:
        """Credentials of somebody who may call the operation."""
        case, side = self.cases[operation], self.world.a
        who = {"admin": side.admin, "tally": side.tally, "judge": side.judge}[case.who]
        return {**self.world.people[who].bearer, **dict(case.headers)}

    def ids(self, operation: tuple[str, str]) -> dict[str, str]:
        """Ids that exist, by the name of the parameter or field that takes them."""
        case, side = self.cases[operation], self.world.a
        stage = getattr(side, case.stage)
        return {
            "criterionId": str(stage.criteria[0]),
            "userId": str(self.world.people[side.other_judge].id),
            **path_ids(case, side),
        }


@pytest.fixture(scope="module")
def service(logins: migrate.Logins, world: World) -> Iterator[Service]:
    """The server, in a thread with an event loop and connections of its own."""
    database = Database(app_dsn=logins.app, platform_dsn=logins.platform)
    app = passing(create_app(SETTINGS, database, secret_key=SECRET), database)
    app.state.stopping.set()  # live streams end after the first look
    routes = [route for route in app.routes if isinstance(route, APIRoute)]
    cases = {(method, route.path): CASES[route.name] for route in routes for method in route.methods or ()}
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="on"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    try:
        yield Service(f"http://127.0.0.1:{listener.getsockname()[1]}", world, cases)
    finally:
        server.should_exit = True
        thread.join(timeout=30)


def with_real_ids(values: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    """The same object with every well-formed id in it replaced by one of that name that exists."""
    return {name: _real(value, name, ids) for name, value in values.items()}


def _real(value: object, name: str, ids: Mapping[str, str]) -> object:
    if isinstance(value, dict):
        return with_real_ids(value, ids)
    if isinstance(value, list):
        return [_real(inner, name, ids) for inner in value]
    return ids[name] if name in ids and _is_id(value) else value


def _is_id(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True
