"""The guide shows the permission table that is in force."""

from event_manager.identity.roles import ALL_PERMISSIONS, PERMISSIONS, ROLES
from tests.conftest import ROOT


def test_the_guide_shows_the_table_in_force() -> None:
    guide = (ROOT / "docs" / "identity.md").read_text(encoding="utf-8")
    shown = {}
    for line in guide.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 1 + len(ROLES):
            shown[cells[0].strip("`")] = {role for role, cell in zip(ROLES, cells[1:], strict=True) if cell == "yes"}

    assert shown == {name: {role for role in ROLES if name in PERMISSIONS[role]} for name in ALL_PERMISSIONS}
