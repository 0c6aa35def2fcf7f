"""Refusals as classes: a code, a status, a sentence. Served as RFC 9457 problem+json, published in OpenAPI.

A room states each of its refusals as a subclass of `Problem` in its ``errors.py``. The docstring's first line is
the title; the sentence given at raise says what, where and how to mend it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault in a request: a JSON pointer into the body (or ``/query/limit``) and what is wrong there."""

    pointer: str
    detail: str


class Problem(Exception):
    """Something went wrong."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "problem"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "code" not in cls.__dict__:
            cls.code = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", cls.__name__).lower()

    def __init__(
        self,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self.detail = detail or self.title()
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})
        super().__init__(self.detail)

    @classmethod
    def title(cls) -> str:
        """First line of the docstring."""
        return (cls.__doc__ or cls.__name__).strip().splitlines()[0].rstrip(".")

    @classmethod
    def address(cls) -> str:
        """Where it is explained (`kit.problem_types`): the `type` of its answers."""
        return f"/api/problems/{cls.code}"

    def body(self, *, instance: str = "", correlation_id: str = "") -> dict[str, Any]:
        """The RFC 9457 object."""
        body: dict[str, Any] = {
            **self.extra,
            "type": self.address(),
            "title": self.title(),
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "instance": instance,
            "correlationId": correlation_id,
        }
        if self.errors:
            body["errors"] = [{"pointer": e.pointer, "detail": e.detail} for e in self.errors]
        return body


class BadRequest(Problem):
    """The request cannot be understood."""

    status = 400


class Unauthenticated(Problem):
    """Sign in first."""

    status = 401


class Forbidden(Problem):
    """You may not do this."""

    status = 403


class NotFound(Problem):
    """There is nothing here, or nothing that you may see."""

    status = 404


class MethodNotAllowed(Problem):
    """This address does not answer to that method."""

    status = 405


class Conflict(Problem):
    """This does not fit the present state."""

    status = 409


class Gone(Problem):
    """This is no longer available."""

    status = 410


class PreconditionFailed(Problem):
    """Somebody changed this in the meantime."""

    status = 412


class PayloadTooLarge(Problem):
    """The request is too large."""

    status = 413


class Invalid(Problem):
    """Some values cannot be accepted."""

    status = 422


class PreconditionRequired(Problem):
    """Say which version you have seen (If-Match)."""

    status = 428


class TooManyRequests(Problem):
    """Too many requests."""

    status = 429


class Unexpected(Problem):
    """The server failed; the correlation id finds the cause in its log."""

    status = 500


class Unavailable(Problem):
    """The service cannot answer just now; try again."""

    status = 503


PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457 problem details.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "correlationId"],
    "properties": {
        "type": {"type": "string", "examples": ["/api/problems/not-found"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "examples": ["not-found"]},
        "instance": {"type": "string"},
        "correlationId": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}


def problems(*classes: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """OpenAPI ``responses`` for the refusals a route can give, with an example of each."""
    responses: dict[int | str, dict[str, Any]] = {}
    for cls in classes:
        entry = responses.setdefault(
            cls.status,
            {
                "description": cls.title(),
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}},
            },
        )
        if cls.title() not in entry["description"]:
            entry["description"] += f"; or: {cls.title()}"
        example = cls().body(instance="/api/...", correlation_id="c0ffee00c0ffee00")
        entry["content"][MEDIA_TYPE]["examples"][cls.code] = {"summary": cls.title(), "value": example}
    return responses


def all_problems() -> list[type[Problem]]:
    """Every refusal class that has been imported, by code."""
    found: dict[str, type[Problem]] = {}
    todo = [Problem]
    while todo:
        for cls in todo.pop().__subclasses__():
            found[cls.code] = cls
            todo.append(cls)
    return [found[code] for code in sorted(found)]
