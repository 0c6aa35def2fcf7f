"""The permission table against a literal copy: whoever changes one must mean it."""

from uuid import uuid4

import pytest

from event_manager.identity.roles import ALL_PERMISSIONS, PERMISSIONS, PLATFORM_PERMISSIONS, ROLES, Role, may_give
from event_manager.kit.access import Actor, Grant

#                      AD OR BD TM AU JU EM CO
MATRIX = """
tenant:read            x  x  x  -  x  -  -  -
tenant:edit            x  -  -  -  -  -  -  -
members:read           x  x  x  -  x  -  -  -
members:invite         x  x  -  -  -  -  -  -
members:manage         x  -  -  -  -  -  -  -
api_keys:manage        x  -  -  -  -  -  -  -
contests:read          x  x  x  x  x  x  x  x
contests:edit          x  x  -  -  -  -  -  -
contests:lock          x  x  -  -  -  -  -  -
contests:unlock        x  x  -  -  -  -  -  -
entries:read           x  x  x  x  x  x  x  -
entries:read_own       -  -  -  -  -  -  -  x
entries:edit           x  x  -  -  -  -  -  -
entries:checkin        x  x  -  -  -  -  -  -
panels:read            x  x  x  x  x  x  x  -
panels:edit            x  x  -  -  -  -  -  -
rules:read             x  x  x  x  x  x  x  x
rules:edit             x  x  -  -  -  -  -  -
marks:submit           -  -  -  -  -  x  -  -
marks:enter            x  x  -  x  -  -  -  -
marks:read             x  x  x  x  x  -  -  -
marks:read_own         -  -  -  -  -  x  -  -
progress:read          x  x  x  x  x  -  -  -
results:read           x  x  x  x  x  -  -  -
judging:close          x  x  -  x  -  -  -  -
ties:decide            x  x  x  -  -  -  -  -
results:release        x  x  x  -  -  -  -  -
deductions:edit        x  x  -  x  -  -  -  -
log:read               x  -  -  -  x  -  -  -
webhooks:manage        x  -  -  -  -  -  -  -
workflow:read          x  x  x  x  x  -  -  -
workflow:edit          x  x  -  -  -  -  -  -
recovery:read          x  -  -  -  x  -  -  -
recovery:manage        x  -  -  -  -  -  -  -
"""


def actor(role: Role, scope_id: object = None) -> Actor:
    return Actor("user", grants=(Grant(PERMISSIONS[role], scope_id, role),))  # type: ignore[arg-type]


def test_each_role_has_exactly_the_permissions_of_the_matrix() -> None:
    lines = [line.split() for line in MATRIX.strip().splitlines()]

    for at, role in enumerate(ROLES):
        assert {name for name, *cells in lines if cells[at] == "x"} == PERMISSIONS[role], role


def test_a_super_admin_has_no_permission_on_tenants_data() -> None:
    assert all(name.startswith("platform:") for name in PLATFORM_PERMISSIONS)
    assert PLATFORM_PERMISSIONS.isdisjoint(ALL_PERMISSIONS)


@pytest.mark.parametrize(
    ("giver", "role", "allowed"),
    [
        ("ADMIN", "ADMIN", True),
        ("ADMIN", "JUDGE", True),
        ("ORGANIZER", "ADMIN", False),
        ("ORGANIZER", "ORGANIZER", False),
        ("ORGANIZER", "BOARD", True),
        ("ORGANIZER", "CONTESTANT", True),
        ("BOARD", "JUDGE", False),
        ("AUDITOR", "CONTESTANT", False),
        ("JUDGE", "CONTESTANT", False),
    ],
)
def test_roles_are_given_below_the_own_rank_only(giver: Role, role: Role, allowed: bool) -> None:
    assert may_give(actor(giver), role) is allowed


def test_an_organiser_of_one_event_gives_roles_in_that_event_only() -> None:
    here, elsewhere = uuid4(), uuid4()
    organiser = actor("ORGANIZER", here)

    assert may_give(organiser, "JUDGE", here)
    assert not may_give(organiser, "JUDGE", elsewhere)
    assert not may_give(organiser, "JUDGE")


def test_an_organiser_of_one_event_passes_no_guard_without_that_event() -> None:
    here = uuid4()
    organiser = actor("ORGANIZER", here)

    assert organiser.can("contests:edit", (here, uuid4()))
    assert not organiser.can("contests:edit", (uuid4(),))
    assert not organiser.can("contests:edit")
