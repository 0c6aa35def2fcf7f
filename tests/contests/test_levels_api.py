"""Events, contests, categories and criteria over HTTP."""

import httpx

from tests.people import People

EVENT = {"name": "Harbour Games", "startsOn": "2026-06-12", "endsOn": "2026-06-14", "venue": "Old Pier"}


async def post(api: httpx.AsyncClient, path: str, body: dict[str, object], people: People) -> dict[str, object]:
    answer = await api.post(f"/api/contests{path}", json=body, headers=people["oscar"].bearer)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_an_organiser_sets_up_event_contest_and_category(api: httpx.AsyncClient, people: People) -> None:
    event = await post(api, "/events", EVENT, people)
    contest = await post(api, f"/events/{event['id']}/contests", {"name": "Ballroom"}, people)
    category = await post(
        api,
        f"/{contest['id']}/categories",
        {"name": "Final", "weight": "1.50", "kind": "dances", "partNames": ["Waltz", "Tango"]},
        people,
    )

    read = await api.get(f"/api/contests/categories/{category['id']}", headers=people["judith"].bearer)

    assert read.status_code == 200
    body = read.json()
    assert (body["eventName"], body["contestName"], body["name"]) == ("Harbour Games", "Ballroom", "Final")
    assert (body["weight"], body["kind"], body["partNames"]) == ("1.5", "dances", ["Waltz", "Tango"])
    assert (body["state"], body["criteria"], body["entries"], body["seats"]) == ("draft", 0, 0, 0)
    assert read.headers["etag"] == '"1"'


async def test_criteria_need_the_etag_and_refuse_an_old_one(api: httpx.AsyncClient, people: People) -> None:
    me = people["oscar"].bearer
    event = await post(api, "/events", EVENT, people)
    contest = await post(api, f"/events/{event['id']}/contests", {"name": "Song"}, people)
    category = await post(api, f"/{contest['id']}/categories", {"name": "Solo"}, people)
    address = f"/api/contests/categories/{category['id']}/criteria"
    body = {"criteria": [{"name": "Voice", "max": "10", "step": "0.25", "weight": "1.50"}]}

    blind = await api.put(address, json=body, headers=me)
    put = await api.put(address, json=body, headers={**me, "If-Match": '"1"'})
    stale = await api.put(address, json=body, headers={**me, "If-Match": '"1"'})

    assert (blind.status_code, put.status_code, stale.status_code) == (428, 200, 412)
    assert put.headers["etag"] == '"2"'
    [criterion] = put.json()["items"]
    assert {k: criterion[k] for k in ("key", "min", "max", "step", "weight")} == {
        "key": "voice", "min": "0", "max": "10", "step": "0.25", "weight": "1.5",
    }  # fmt: skip


async def test_a_locked_event_answers_423_with_the_level_named(api: httpx.AsyncClient, people: People) -> None:
    event = await post(api, "/events", EVENT, people)
    address = f"/api/contests/events/{event['id']}"
    await api.post(f"{address}/lock", json={"reason": "results are out"}, headers=people["oscar"].bearer)

    refused = await api.patch(address, json={"name": "Other"}, headers=people["oscar"].bearer)
    own = await api.post(f"{address}/unlock", json={"reason": "a mistake"}, headers=people["oscar"].bearer)
    second = await api.post(f"{address}/unlock", json={"reason": "a mistake"}, headers=people["alice"].bearer)

    assert (refused.status_code, refused.json()["code"], refused.json()["level"]) == (423, "locked", "event")
    assert (own.status_code, own.json()["code"]) == (409, "unlock-needs-second-person")
    assert (second.status_code, second.json()["lockedAt"]) == (200, None)


async def test_a_whole_contest_day_over_http(api: httpx.AsyncClient, people: People) -> None:
    me, judith = people["oscar"].bearer, people["judith"].bearer
    event = await post(api, "/events", EVENT, people)
    contest = await post(api, f"/events/{event['id']}/contests", {"name": "Song"}, people)
    category = await post(api, f"/{contest['id']}/categories", {"name": "Solo"}, people)
    here, there = f"/api/contests/categories/{category['id']}", f"/api/contests/{contest['id']}"
    await api.put(
        f"{here}/criteria",
        json={"criteria": [{"name": "Voice", "max": "10"}]},
        headers={**me, "If-Match": "*"},
    )
    entries = await api.post(
        f"{there}/entries/bulk",
        json={"rows": [{"participant": {"name": name}} for name in ("Ann", "Ben", "Cleo")]},
        headers=me,
    )
    ann, ben, cleo = [entry["id"] for entry in entries.json()["items"]]
    draw = await api.put(f"{there}/running-order", json={"how": "shuffle", "seed": "7"}, headers=me)
    again = await api.put(f"{there}/running-order", json={"how": "shuffle", "seed": "7"}, headers=me)
    given = await api.put(f"{there}/running-order", json={"how": "given", "entryIds": [cleo, ann, ben]}, headers=me)
    checked = await api.post(f"/api/contests/entries/{ann}/check-in", json={}, headers=me)
    panel = await api.post(f"{here}/seats", json={"userId": str(people["judith"].id)}, headers=me)
    seat = panel.json()["items"][0]["id"]
    await api.put(f"/api/scoring/categories/{category['id']}/rules", json={"name": "sum"}, headers=me)
    opened = await api.post(f"{here}/open-judging", headers=me)
    recused = await api.post(
        f"{here}/recusals", json={"seatId": seat, "entryId": ben, "reason": "my brother"}, headers=judith
    )
    scratched = await api.post(
        f"{here}/entries/{cleo}/state", json={"state": "scratched", "reason": "lost voice"}, headers=me
    )
    seats = await api.get("/api/contests/my-seats", headers=judith)
    roster = await api.get(f"{here}/entries", headers=judith)

    statuses = [a.status_code for a in (entries, draw, given, checked, panel, opened, recused, scratched, seats)]
    assert statuses == [201, 200, 200, 200, 201, 200, 201, 200, 200]
    assert draw.json() == again.json()
    assert checked.json()["checkedInAt"] is not None
    [mine] = seats.json()["items"]
    assert (mine["categoryName"], mine["state"], mine["entries"], mine["recused"]) == ("Solo", "judging", 2, 1)
    assert [(e["position"], e["name"], e["number"], e["state"]) for e in roster.json()["items"]] == [
        (1, "Cleo", "3", "scratched"),
        (2, "Ann", "1", "entered"),
        (3, "Ben", "2", "entered"),
    ]
