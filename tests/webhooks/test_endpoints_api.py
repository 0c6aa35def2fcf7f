"""Webhooks over HTTP: set up, read, change, remove; what is wrong is named at its place."""

import httpx

from tests.webhooks.hooks import HOOK, WEBHOOKS, create


async def test_a_webhook_is_set_up_in_one_call_with_its_secret_shown_once(
    api: httpx.AsyncClient, alice: dict[str, str]
) -> None:
    made = await create(api, alice)

    again = await api.get(f"{WEBHOOKS}/{made['id']}", headers=alice)
    assert made["secret"].startswith("whsec_")
    assert "secret" not in again.json()
    assert again.headers["cache-control"] == "no-store"
    wanted = {
        **HOOK, "kind": "http", "format": "standard", "enabled": True, "retryAttempts": 10, "timeout": 15000,
        "waiting": 0,
    }  # fmt: skip
    assert {name: made[name] for name in wanted} == wanted
    assert made["health"]["state"] == "healthy"
    assert [secret["hint"] for secret in made["secrets"]] == [made["secret"].rstrip("=")[-4:]]


async def test_a_change_touches_only_what_it_names_and_needs_the_newest_version_where_one_is_named(
    api: httpx.AsyncClient, alice: dict[str, str]
) -> None:
    made = await create(api, alice, filter={"data": {"state": "open"}}, headers={"X-Key": "k1", "X-Other": "k2"})
    here = f"{WEBHOOKS}/{made['id']}"

    changed = await api.put(here, json={"timeout": 5000}, headers={**alice, "If-Match": '"1"'})
    late = await api.put(here, json={"timeout": 6000}, headers={**alice, "If-Match": '"1"'})
    cleared = await api.put(here, json={"filter": None, "headers": {"x-key": None}}, headers=alice)

    assert (changed.status_code, changed.json()["timeout"], changed.json()["filter"]) == (
        200, 5000, {"data": {"state": "open"}},
    )  # fmt: skip
    assert changed.headers["etag"] == '"2"'
    assert late.status_code == 412
    assert (cleared.json()["filter"], cleared.json()["headerNames"]) == (None, ["x-key"])
