"""Who may do what. Deny by default: a route without a declaration here stops the start-up.

An `Actor` holds grants. A grant is a set of permissions, valid everywhere in the tenant (``scope_id`` None) or below
one resource. A resource is named by its *path*: the ids from the top down, e.g. (event, contest, category).
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from fastapi import Request, params
from fastapi.routing import APIRoute

from event_manager.kit.errors import Forbidden, Unauthenticated

Path = tuple[UUID, ...]
ActorKind = Literal["anonymous", "user", "api_key", "system"]


@dataclass(frozen=True, slots=True)
class Grant:
    """Permissions, in the whole tenant or below one resource. ``role`` is what gave them, for display."""

    permissions: frozenset[str]
    scope_id: UUID | None = None
    role: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts in a unit of work, with all that it may do in the work's tenant."""

    kind: ActorKind = "anonymous"
    user_id: UUID | None = None
    api_key_id: UUID | None = None
    session_id: UUID | None = None
    name: str = ""
    grants: tuple[Grant, ...] = field(default=())

    def can(self, permission: str, path: Path = ()) -> bool:
        """Whether a grant covers this permission at this path (empty path: only tenant-wide grants)."""
        return any(
            permission in grant.permissions and (grant.scope_id is None or grant.scope_id in path)
            for grant in self.grants
        )

    def can_somewhere(self, permission: str) -> bool:
        """Whether any grant, however scoped, holds this permission."""
        return any(permission in grant.permissions for grant in self.grants)

    def scopes(self, permission: str) -> frozenset[UUID] | None:
        """Ids below which the permission holds; None means everywhere."""
        held = [grant.scope_id for grant in self.grants if permission in grant.permissions]
        if None in held:
            return None
        return frozenset(scope for scope in held if scope is not None)


ANONYMOUS = Actor()


def system_actor(name: str, permissions: Iterable[str] = ()) -> Actor:
    """The product itself, acting in a job or a command."""
    return Actor(kind="system", name=name, grants=(Grant(frozenset(permissions)),))


Authenticate = Callable[[Request], Awaitable[None]]


async def identify(request: Request) -> None:
    """Fill in actor and tenant of the request's work, once. `identity` installs the authenticator."""
    if not request.state.identified:
        authenticate: Authenticate = request.app.state.authenticate
        await authenticate(request)
        request.state.identified = True


class AccessRule:
    """What a route asks of its caller. Instances are FastAPI dependencies and are found by the start-up check."""

    summary = ""

    async def __call__(self, request: Request) -> None:
        raise NotImplementedError


class Public(AccessRule):
    """Anybody."""

    summary = "public"

    async def __call__(self, request: Request) -> None:  # noqa: ARG002 - one signature for all rules
        """Callers without a valid sign-in stay anonymous; a bad credential is not an error here."""
        return


class SignedIn(AccessRule):
    """Anybody who has fully signed in, whatever the tenant."""

    summary = "signed in"

    async def __call__(self, request: Request) -> None:
        await identify(request)
        if request.state.work.actor.kind == "anonymous":
            raise Unauthenticated("Sign in, or send a valid bearer token.")


@dataclass(frozen=True)
class Require(AccessRule):
    """A permission in some scope of the tenant; the service checks the very resource."""

    permission: str

    @property
    def summary(self) -> str:  # type: ignore[override]
        return self.permission

    async def __call__(self, request: Request) -> None:
        await identify(request)
        actor = request.state.work.actor
        if actor.kind == "anonymous":
            raise Unauthenticated("Sign in, or send a valid bearer token.")
        if not actor.can_somewhere(self.permission):
            whom = "the operator of the installation" if self.permission.startswith("platform:") else "an admin"
            raise Forbidden(f"This needs the permission '{self.permission}'; ask {whom}.")


def public() -> params.Depends:
    """Mark a route as open to everybody."""
    return params.Depends(Public())


def signed_in() -> params.Depends:
    """Mark a route as open to every signed-in person."""
    return params.Depends(SignedIn())


def require(permission: str) -> params.Depends:
    """Mark a route as needing a permission."""
    return params.Depends(Require(permission))


def rule_of(route: APIRoute) -> AccessRule | None:
    """The access rule a route declares, if it declares one."""
    for dependant in route.dependant.dependencies:
        if isinstance(dependant.call, AccessRule):
            return dependant.call
    return None


__all__ = [
    "ANONYMOUS", "AccessRule", "Actor", "Grant", "Path", "Public", "Require", "SignedIn",
    "identify", "public", "require", "rule_of", "signed_in", "system_actor",
]  # fmt: skip
