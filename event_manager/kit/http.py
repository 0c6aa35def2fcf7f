"""The edge of the API: a router whose routes open a unit of work, honour Idempotency-Key, and commit at the end."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Generic, TypeVar, cast

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, core_schema
from starlette.responses import StreamingResponse

from event_manager.kit import idempotency
from event_manager.kit.access import Public, rule_of
from event_manager.kit.errors import BadRequest, PreconditionFailed, PreconditionRequired
from event_manager.kit.work import Work

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
T = TypeVar("T")

WITHOUT_KEY = {"x-idempotency-key": False}
"""``openapi_extra`` of a route without Idempotency-Key: it waits for others, and a transaction would hold the key."""


def _take_literally(schema: object) -> None:
    """Turn off pydantic's conversions to booleans, integers and times in a model's schema.

    `strict` for the whole model would refuse ids and times as text too, which is how JSON has them.
    """
    if isinstance(schema, dict):
        kind = schema.get("type")
        if kind in ("int", "bool"):
            schema["strict"] = True
        elif kind in ("date", "datetime"):
            inner = {**schema}
            schema.clear()
            schema.update(core_schema.no_info_before_validator_function(_written_as_time, cast(CoreSchema, inner)))
            return
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            _take_literally(part)


def _written_as_time(given: object) -> object:
    """A time is text such as 2026-05-01T10:00:00Z; a number of seconds may as well be a mistake."""
    if isinstance(given, int | float) or (isinstance(given, str) and "-" not in given[1:]):
        raise ValueError("must be text such as 2026-05-01, or with the time 2026-05-01T10:00:00Z")
    return given


class Wire(BaseModel):
    """Base of every request and response body: camelCase on the wire, unknown fields refused.

    Booleans and integers are those of JSON, not "1", 1.0 or true for 1; times are text in ISO 8601.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        extra="forbid",
        from_attributes=True,
        str_strip_whitespace=True,
        serialize_by_alias=True,
    )

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[BaseModel], handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        _take_literally(handler.resolve_ref_schema(schema))
        return schema


class Page(Wire, Generic[T]):
    """One page of a list. ``nextCursor`` is null on the last page."""

    items: list[T]
    next_cursor: str | None = None


class WorkRoute(APIRoute):
    """Runs its endpoint in one `Work`; commits after the answer is built, so that a failure to build loses nothing."""

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()
        rule = rule_of(self)
        keyless = takes_no_key(self)

        async def handle(request: Request) -> Response:
            async with request.app.state.new_work(request) as work:
                request.state.work = work
                key = request.headers.get("idempotency-key")
                if key is None or request.method in ("GET", "HEAD") or rule is None or isinstance(rule, Public):
                    response = await handler(request)
                    await work.commit()
                    return response
                await rule(request)
                if keyless:
                    raise BadRequest("This address takes no Idempotency-Key: each call is made anew. Leave it out.")
                claim = await idempotency.claim(work, key, request)
                if claim.answer is not None:
                    return claim.answer
                response = await handler(request)
                if not isinstance(response, StreamingResponse):
                    await idempotency.remember(work, claim, response)
                await work.commit()
                return response

        return handle


def takes_no_key(route: APIRoute) -> bool:
    """Whether a route was declared with `WITHOUT_KEY`."""
    return (route.openapi_extra or {}).get("x-idempotency-key") is False


class Router(APIRouter):
    """A room's router; its addresses begin with ``/api``."""

    def __init__(self, *, prefix: str = "", tags: list[str] | None = None) -> None:
        super().__init__(prefix=f"/api{prefix}", tags=list(tags or []), route_class=WorkRoute)


async def get_work(request: Request) -> Work:
    """The request's unit of work. Async, because plain functions would each cost a trip to a thread."""
    work: Work = request.state.work
    return work


W = Annotated[Work, Depends(get_work)]


def etag(version: int | str) -> str:
    """Strong entity tag of a versioned resource."""
    return f'"{version}"'


def set_etag(response: Response, version: int | str) -> None:
    """Send the version as an ETag."""
    response.headers["ETag"] = etag(version)


def check_if_match(request: Request, version: int | str, *, required: bool = False) -> None:
    """Compare If-Match with the present version.

    Raises PreconditionFailed when it differs, PreconditionRequired when it is asked for and missing.
    """
    given = request.headers.get("if-match")
    if given is None:
        if required:
            raise PreconditionRequired(
                f"Send If-Match with the ETag you have read, for example If-Match: {etag(version)}."
            )
        return
    if given.strip() != "*" and etag(version) not in [tag.strip() for tag in given.split(",")]:
        raise PreconditionFailed(f"You have seen {given}, the present version is {etag(version)}: read it again.")


def not_modified(request: Request, version: int | str) -> bool:
    """Whether If-None-Match names the present version (weak comparison)."""
    given = request.headers.get("if-none-match", "")
    return etag(version) in [tag.strip().removeprefix("W/") for tag in given.split(",")]


def known_version(request: Request) -> str | None:
    """The version that If-None-Match names, if it names just one."""
    given = request.headers.get("if-none-match", "").removeprefix("W/")
    quoted = len(given) > 2 and given[0] == given[-1] == '"' and '"' not in given[1:-1]
    return given[1:-1] if quoted else None
