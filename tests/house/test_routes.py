"""Every route is asynchronous through and through: a plain function would cost a trip to a thread on each request."""

import inspect

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from event_manager.app import create_app
from event_manager.config import Settings
from event_manager.kit.db import Database

APP = create_app(Settings(), Database(app_dsn="", platform_dsn=""), secret_key="0" * 32)
ROUTES = [route for route in APP.routes if isinstance(route, APIRoute)]


def plain(dependant: Dependant) -> list[str]:
    """Names of plain functions among a route's dependencies and its endpoint."""
    call = dependant.call
    own = [] if call is None or is_async(call) else [getattr(call, "__qualname__", repr(call))]
    return [*own, *[name for inner in dependant.dependencies for name in plain(inner)]]


def is_async(call: object) -> bool:
    return inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(getattr(call, "__call__", None))  # noqa: B004


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_nothing_on_the_way_of_a_request_runs_in_a_thread(route: APIRoute) -> None:
    assert plain(route.dependant) == []


def test_operation_names_are_unique() -> None:
    names = [route.name for route in ROUTES]

    assert sorted(names) == sorted(set(names))
