"""Members and their roles."""

from uuid import uuid4

from httpx import AsyncClient

from tests.identity.conftest import Rows
from tests.people import People

MEMBERS = "/api/identity/members"
ADMIN = {"role": "ADMIN", "scopeKind": None, "scopeId": None}


def judge_of(scope_id: object) -> dict[str, str]:
    """The role of a judge in one contest."""
    return {"role": "JUDGE", "scopeKind": "contest", "scopeId": str(scope_id)}


async def test_members_of_the_own_tenant_are_listed_by_name_a_page_at_a_time(api: AsyncClient, people: People) -> None:
    headers = people["alice"].bearer
    first = (await api.get(MEMBERS, params={"limit": 5}, headers=headers)).json()
    second = (await api.get(MEMBERS, params={"limit": 5, "cursor": first["nextCursor"]}, headers=headers)).json()

    names = [member["name"] for member in first["items"] + second["items"]]
    assert names == ["Ada", "Alice", "Bea", "Cora", "Emma", "Jo", "Judith", "Oscar", "Tim"]
    assert second["nextCursor"] is None


async def test_members_are_found_by_part_of_the_name_and_by_role(api: AsyncClient, people: People) -> None:
    headers = people["alice"].bearer
    found = (await api.get(MEMBERS, params={"q": "JU"}, headers=headers)).json()["items"]
    judges = (await api.get(MEMBERS, params={"role": "JUDGE"}, headers=headers)).json()["items"]

    assert [member["name"] for member in found] == ["Judith"]
    assert [member["name"] for member in judges] == ["Jo", "Judith"]
    assert (await api.get(MEMBERS, params={"q": "%"}, headers=headers)).json()["items"] == []


async def test_a_judge_sees_no_list_of_members(api: AsyncClient, people: People) -> None:
    assert (await api.get(MEMBERS, headers=people["judith"].bearer)).status_code == 403


async def test_a_changed_role_counts_with_the_next_request(api: AsyncClient, people: People, sql: Rows) -> None:
    jo, contest = people["jo"], uuid4()
    assert (await api.get(MEMBERS, headers=jo.bearer)).status_code == 403

    roles = [{"role": "AUDITOR"}, judge_of(contest)]
    changed = await api.patch(f"{MEMBERS}/{jo.id}", json={"roles": roles}, headers=people["alice"].bearer)

    assert [held["role"] for held in changed.json()["roles"]] == ["AUDITOR", "JUDGE"]
    assert (await api.get(MEMBERS, headers=jo.bearer)).status_code == 200
    logged = await sql("SELECT type FROM event_log WHERE entity_id = %s ORDER BY id DESC LIMIT 3", jo.id)
    assert [row["type"] for row in logged] == ["user.role.granted", "user.role.granted", "user.role.revoked"]


async def test_only_an_admin_changes_roles(api: AsyncClient, people: People) -> None:
    for name in ("oscar", "bea", "tim", "ada", "judith", "emma", "cora"):
        answer = await api.patch(f"{MEMBERS}/{people[name].id}", json={"roles": [ADMIN]}, headers=people[name].bearer)
        assert answer.status_code == 403, name


async def test_an_admin_role_cannot_be_scoped(api: AsyncClient, people: People) -> None:
    roles = [{"role": "ADMIN", "scopeKind": "event", "scopeId": str(uuid4())}]

    answer = await api.patch(f"{MEMBERS}/{people['jo'].id}", json={"roles": roles}, headers=people["alice"].bearer)

    assert answer.status_code == 422


async def test_the_last_admin_cannot_be_demoted_suspended_or_removed(api: AsyncClient, people: People) -> None:
    alice, headers = f"{MEMBERS}/{people['alice'].id}", people["alice"].bearer

    tried = [
        await api.patch(alice, json={"roles": [{"role": "BOARD"}]}, headers=headers),
        await api.patch(alice, json={"status": "suspended"}, headers=headers),
        await api.delete(alice, headers=headers),
    ]

    assert [answer.json()["code"] for answer in tried] == ["last-admin"] * 3
    assert (await api.get(alice, headers=headers)).json()["roles"] == [ADMIN]


async def test_a_disabled_admin_does_not_count_as_the_one_left(api: AsyncClient, people: People, sql: Rows) -> None:
    headers = people["alice"].bearer
    await api.patch(f"{MEMBERS}/{people['oscar'].id}", json={"roles": [ADMIN]}, headers=headers)
    await sql("UPDATE users SET disabled_at = now() WHERE id = %s", people["oscar"].id)

    answer = await api.delete(f"{MEMBERS}/{people['alice'].id}", headers=headers)

    assert answer.json()["code"] == "last-admin"


async def test_with_a_second_admin_the_first_can_go(api: AsyncClient, people: People) -> None:
    headers = people["alice"].bearer
    await api.patch(f"{MEMBERS}/{people['oscar'].id}", json={"roles": [ADMIN]}, headers=headers)

    assert (await api.delete(f"{MEMBERS}/{people['alice'].id}", headers=headers)).status_code == 204
    assert (await api.get(MEMBERS, headers=headers)).status_code == 403


async def test_a_suspended_member_has_no_access_until_let_back_in(api: AsyncClient, people: People) -> None:
    ada, headers = people["ada"], people["alice"].bearer
    await api.patch(f"{MEMBERS}/{ada.id}", json={"status": "suspended"}, headers=headers)
    assert (await api.get(MEMBERS, headers=ada.bearer)).status_code == 403

    await api.patch(f"{MEMBERS}/{ada.id}", json={"status": "active"}, headers=headers)
    assert (await api.get(MEMBERS, headers=ada.bearer)).status_code == 200


async def test_a_removed_member_is_gone_but_keeps_the_row_that_results_name(
    api: AsyncClient, people: People, sql: Rows
) -> None:
    jo, headers = people["jo"], people["alice"].bearer

    assert (await api.delete(f"{MEMBERS}/{jo.id}", headers=headers)).status_code == 204

    assert (await api.get(f"{MEMBERS}/{jo.id}", headers=headers)).status_code == 404
    assert (await api.get("/api/identity/me", headers=jo.bearer)).json()["tenants"] == []
    assert await sql("SELECT status FROM memberships WHERE user_id = %s", jo.id) == [{"status": "removed"}]


async def test_members_of_another_tenant_are_not_there(api: AsyncClient, people: People) -> None:
    bob, headers = f"{MEMBERS}/{people['bob'].id}", people["alice"].bearer

    tried = [
        await api.get(bob, headers=headers),
        await api.patch(bob, json={"roles": []}, headers=headers),
        await api.delete(bob, headers=headers),
    ]

    assert [answer.status_code for answer in tried] == [404, 404, 404]


async def test_an_outdated_change_is_refused(api: AsyncClient, people: People) -> None:
    jo, headers = f"{MEMBERS}/{people['jo'].id}", people["alice"].bearer
    await api.patch(jo, json={"roles": [{"role": "EMCEE"}]}, headers={**headers, "If-Match": '"1"'})

    answer = await api.patch(jo, json={"roles": [ADMIN]}, headers={**headers, "If-Match": '"1"'})

    assert answer.status_code == 412
