"""The permission table: which role may do what, as data. Deny by default: what is not listed is refused.

A role is held in the whole tenant or below one event, contest or category (`ADMIN` always in the whole tenant).
SUPER_ADMIN is no role of a tenant: it works on the installation and reads no tenant's data.
"""

from typing import Literal, get_args
from uuid import UUID

from event_manager.kit.access import Actor, Grant

Role = Literal["ADMIN", "ORGANIZER", "BOARD", "TALLY_MASTER", "AUDITOR", "JUDGE", "EMCEE", "CONTESTANT"]
ScopeKind = Literal["event", "contest", "category"]
ROLES: tuple[Role, ...] = get_args(Role)
SUPER_ADMIN = "SUPER_ADMIN"

RANK: dict[Role, int] = {
    "ADMIN": 5, "ORGANIZER": 4, "BOARD": 3, "TALLY_MASTER": 3, "AUDITOR": 3, "JUDGE": 2, "EMCEE": 1, "CONTESTANT": 1,
}  # fmt: skip

_READ_SETUP = frozenset({"contests:read", "entries:read", "panels:read", "rules:read"})
_SET_UP = frozenset(
    [
        "contests:edit",
        "contests:lock",
        "contests:unlock",
        "entries:edit",
        "entries:checkin",
        "panels:edit",
        "rules:edit",
    ]
)
_READ_BEFORE_APPROVAL = frozenset({"progress:read", "marks:read", "results:read"})

_ORGANIZER = (
    _READ_SETUP | _SET_UP | _READ_BEFORE_APPROVAL
    | {"tenant:read", "members:read", "members:invite", "marks:enter", "deductions:edit", "results:release"}
    | {"judging:close", "ties:decide"}
    | {"workflow:read", "workflow:edit"}
)  # fmt: skip
_OFFICIAL = _READ_SETUP | _READ_BEFORE_APPROVAL | {"workflow:read"}

PERMISSIONS: dict[Role, frozenset[str]] = {
    "ADMIN": _ORGANIZER
    | {"tenant:edit", "members:manage", "api_keys:manage", "log:read", "webhooks:manage"}
    | {"recovery:read", "recovery:manage"},
    "ORGANIZER": _ORGANIZER,
    "BOARD": _OFFICIAL | {"tenant:read", "members:read", "results:release", "ties:decide"},
    "TALLY_MASTER": _OFFICIAL | {"marks:enter", "deductions:edit", "judging:close"},
    "AUDITOR": _OFFICIAL | {"tenant:read", "members:read", "log:read", "recovery:read"},
    "JUDGE": _READ_SETUP | {"marks:submit", "marks:read_own"},
    "EMCEE": _READ_SETUP,
    "CONTESTANT": frozenset({"contests:read", "rules:read", "entries:read_own"}),
}

PLATFORM_PERMISSIONS = frozenset(
    {
        "platform:tenants",
        "platform:users",
        "platform:console",
        "platform:log",
        "platform:handlers",
        "platform:recovery",
    }
)

ALL_PERMISSIONS = frozenset[str]().union(*PERMISSIONS.values())


def may_give(actor: Actor, role: Role, scope_id: UUID | None = None) -> bool:
    """Whether the actor may give a role there: admins any, inviters only below their own rank.

    ``scope_id`` is None for a role in the whole tenant; a scoped inviter gives roles in exactly its own scope.
    """
    return any(_covers(grant, role) for grant in actor.grants if grant.scope_id in (None, scope_id))


def _covers(grant: Grant, role: Role) -> bool:
    if "members:manage" in grant.permissions:
        return True
    rank = next((rank for held, rank in RANK.items() if held == grant.role), 0)
    return "members:invite" in grant.permissions and RANK[role] < rank
