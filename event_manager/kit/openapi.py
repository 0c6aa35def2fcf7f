"""The OpenAPI document: problem+json published, access rules shown, stable operation ids."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from event_manager.kit.access import Public, rule_of
from event_manager.kit.errors import (
    PROBLEM_SCHEMA,
    BadRequest,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    problems,
)
from event_manager.kit.http import takes_no_key

SECURITY: list[dict[str, list[str]]] = [{"session": []}, {"bearer": []}]
SCHEMES = {
    "session": {"type": "apiKey", "in": "cookie", "name": "em_session"},
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key or a session token."},
}
IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Repeat a write safely: the first answer is given again for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[\x21-\x7e]+$"},
}
WRITES = ("POST", "PUT", "PATCH", "DELETE")


def install(app: FastAPI, also: Callable[[dict[str, Any]], None] = lambda _document: None) -> None:
    """Make ``app.openapi()`` produce the full document. ``also`` adds what the rooms above know."""
    for route in _routes(app):
        route.operation_id = _camel(route.name)

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
            also(app.openapi_schema)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _routes(app: FastAPI) -> list[APIRoute]:
    return [route for route in app.routes if isinstance(route, APIRoute) and route.include_in_schema]


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        description="Judged contests from entry to a certified, published result.",
        routes=app.routes,
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = PROBLEM_SCHEMA
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    components["securitySchemes"] = SCHEMES
    for route in _routes(app):
        for method in (route.methods or set()) - {"HEAD"}:
            _complete(document["paths"][route.path_format][method.lower()], route, method)
    return document


def _complete(operation: dict[str, Any], route: APIRoute, method: str) -> None:
    """Add what follows from the access rule and the shape of the request."""
    rule = rule_of(route)
    expected: list[type[Problem]] = [TooManyRequests, Unavailable]
    if method in WRITES:
        expected += [BadRequest, Conflict]
    if rule is not None and not isinstance(rule, Public):
        operation["security"] = SECURITY
        expected += [Unauthenticated, Forbidden]
        if method in ("POST", "PUT", "PATCH") and not takes_no_key(route):
            operation.setdefault("parameters", []).append(IDEMPOTENCY)
    if rule is not None:
        operation["x-access"] = rule.summary
    responses = operation["responses"]
    if "422" in responses and "HTTPValidationError" in str(responses["422"]):
        del responses["422"]
        expected.append(Invalid)
    if "{" in route.path:
        expected.append(NotFound)
    for status, described in problems(*expected).items():
        responses.setdefault(str(status), described)


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(part.title() for part in tail)
