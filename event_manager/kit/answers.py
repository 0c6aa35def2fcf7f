"""Every failure becomes problem+json: refusals, validation, unknown addresses, and our own faults (without detail)."""

import json
from typing import Any

import orjson
import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from event_manager.kit import logs
from event_manager.kit.errors import (
    MEDIA_TYPE,
    BadRequest,
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    Problem,
    Unauthenticated,
    Unavailable,
    Unexpected,
)

log = logs.logger(__name__)
BY_STATUS: dict[int, type[Problem]] = {
    400: BadRequest, 401: Unauthenticated, 403: Forbidden, 404: NotFound, 405: MethodNotAllowed, 413: PayloadTooLarge,
}  # fmt: skip
BUSY = (psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable, psycopg.OperationalError)
RACES = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)
BAD_VALUES = (
    psycopg.errors.UntranslatableCharacter,
    psycopg.errors.NumericValueOutOfRange,
    psycopg.DataError,
)


def install(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(Problem, _answer)
    app.add_exception_handler(RequestValidationError, _answer)
    app.add_exception_handler(HTTPException, _answer)
    for expected in (psycopg.Error, DBAPIError, StaleDataError, UnicodeEncodeError):
        app.add_exception_handler(expected, _answer)
    app.add_exception_handler(Exception, _answer)  # sent outside of the edge, and raised again for the server's log


async def _answer(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    if problem.status in (404, 405) and (methods := _methods_elsewhere(request)):
        problem = MethodNotAllowed(headers={"Allow": ", ".join(methods)})
    if problem.status >= 500:
        cause = {"error": str(error)} if isinstance(problem, Unavailable) else {"exc_info": error}
        log.error("failed", path=request.url.path, **cause)
    correlation = str(getattr(request.state, "correlation_id", ""))
    return problem_response(problem, instance=request.url.path, correlation_id=correlation)


def _methods_elsewhere(request: Request) -> list[str]:
    """What the API answers to at this address, if that is other methods only."""
    path, found = request.url.path, set[str]()
    for route in request.app.routes:
        if isinstance(route, APIRoute) and route.include_in_schema and route.path_regex.match(path):
            found |= route.methods or set()
    if "GET" in found:
        found.add("HEAD")
    return [] if request.method in found else sorted(found)


def problem_response(problem: Problem, *, instance: str, correlation_id: str) -> Response:
    """A problem+json answer."""
    body = problem.body(instance=instance, correlation_id=correlation_id)
    try:
        content = orjson.dumps(body, default=str)
    except orjson.JSONEncodeError:  # it quotes half of a surrogate pair, which is no text in UTF-8
        content = json.dumps(body, default=str).encode()
    return Response(content, problem.status, headers=problem.headers, media_type=MEDIA_TYPE)


def problem_of(error: Exception) -> Problem:
    """The refusal to show for any exception."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return _validation(error)
    if isinstance(error, HTTPException):
        cls = BY_STATUS.get(error.status_code, Unexpected)
        return cls(headers=error.headers)
    if isinstance(error, UnicodeEncodeError):
        return Invalid("Some text holds half of a surrogate pair (\\ud800 to \\udfff), which is no character.")
    if isinstance(error, StaleDataError):
        return Conflict("Somebody changed this at the same moment; read it again.")
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, psycopg.errors.UniqueViolation):
        return Conflict(f"Something of this name or number exists already ({cause.diag.constraint_name}).")
    if isinstance(cause, psycopg.errors.ForeignKeyViolation):
        return Conflict(f"This is still used, or refers to something that is gone ({cause.diag.constraint_name}).")
    if isinstance(cause, RACES):
        return Conflict("Two changes met; send yours again.")
    if isinstance(cause, BAD_VALUES):
        return Invalid("A value cannot be stored: check numbers for size and text for control characters.")
    if isinstance(cause, BUSY):
        return Unavailable("The database is busy or restarting; try again in a moment.", headers={"Retry-After": "2"})
    return Unexpected()


def _validation(error: RequestValidationError) -> Problem:
    faults = [FieldError(_pointer(e["loc"]), _sentence(e)) for e in error.errors()]
    if any(e["type"] == "json_invalid" for e in error.errors()):
        return BadRequest("The body is not valid JSON.", errors=faults)
    return Invalid(f"{len(faults)} value{'s' if len(faults) > 1 else ''} cannot be accepted.", errors=faults)


def _pointer(loc: tuple[int | str, ...]) -> str:
    parts = [str(part) for part in (loc[1:] if loc and loc[0] == "body" else loc)]
    return "/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)


def _sentence(error: dict[str, Any]) -> str:
    message = str(error["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
