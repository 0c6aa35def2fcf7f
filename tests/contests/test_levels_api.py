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
