"""The edge of the API: a router whose routes open a unit of work, honour Idempotency-Key, and commit at the end."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from starlette.responses import StreamingResponse

from event_manager.kit import idempotency
from event_manager.kit.access import Public, rule_of
from event_manager.kit.errors import PreconditionFailed, PreconditionRequired
from event_manager.kit.work import Work

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
T = TypeVar("T")


class Wire(BaseModel):
    """Base of every request and response body: camelCase on the wire, unknown fields refused."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        extra="forbid",
        from_attributes=True,
        str_strip_whitespace=True,
        serialize_by_alias=True,
    )


class Page(Wire, Generic[T]):
    """One page of a list. ``nextCursor`` is null on the last page."""

    items: list[T]
    next_cursor: str | None = None


class WorkRoute(APIRoute):
    """Runs its endpoint in one `Work`; commits after the answer is built, so that a failure to build loses nothing."""

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()
        rule = rule_of(self)

        async def handle(request: Request) -> Response:
            async with request.app.state.new_work(request) as work:
                request.state.work = work
                key = request.headers.get("idempotency-key")
                if key is None or request.method in ("GET", "HEAD") or rule is None or isinstance(rule, Public):
                    response = await handler(request)
                    await work.commit()
                    return response
                await rule(request)
                claim = await idempotency.claim(work, key, request)
                if claim.answer is not None:
                    return claim.answer
                response = await handler(request)
                if not isinstance(response, StreamingResponse):
                    await idempotency.remember(work, claim, response)
                await work.commit()
                return response

        return handle


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
