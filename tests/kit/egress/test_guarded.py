"""No connection to what is not public: literals, spellings, redirects, names that lead inside or change their mind.

Those with `world` run in a private network where every address there is leads to one server (see world.py).
"""

import pytest

from event_manager.kit.egress import Guard, Request, Sender
from tests.kit.egress.hostile import ADDRESSES, SPELLINGS
from tests.kit.egress.sink import Sink, sink
from tests.kit.egress.world import PUBLIC, in_a_world, why_no_world

World = dict[str, dict[str, object]]
NO_WORLD = why_no_world()
in_world = pytest.mark.skipif(NO_WORLD is not None, reason=f"no private network: {NO_WORLD}")
HOSTS = [f"[{address}]" if ":" in address else address for address in ADDRESSES]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """What became of each story of world.py."""
    return in_a_world(tmp_path_factory.mktemp("world"))


@in_world
def test_without_the_guard_the_hostile_addresses_are_reached(world: World) -> None:
    assert world["control"]["connections"] == 35  # all but multicast, broadcast and link-local


@in_world
def test_no_hostile_address_is_connected_to(world: World) -> None:
    assert world["hostile"]["results"] == dict.fromkeys(HOSTS, "blocked-address")
    assert world["hostile"]["connections"] == 0


@in_world
@pytest.mark.parametrize(
    ("host", "address"), [("public.test", PUBLIC), ("8.8.8.8", "8.8.8.8"), ("[2606:4700::1111]", "2606:4700::1111")]
)
def test_a_public_address_is_reached(world: World, host: str, address: str) -> None:
    assert world[host] == {"results": {host: 200}, "used": [address], "connections": 1}


@in_world
@pytest.mark.parametrize("name", ["inner.test", "metadata.test"])
def test_a_name_that_leads_inside_is_refused(world: World, name: str) -> None:
    assert world[name] == {"results": {name: "blocked-address"}, "used": [""], "connections": 0}


@in_world
def test_of_a_name_with_several_addresses_only_the_public_one_is_used(world: World) -> None:
    assert world["mixed.test"] == {"results": {"mixed.test": 200}, "used": [PUBLIC], "connections": 1}


@in_world
def test_a_name_that_changes_its_mind_is_judged_anew(world: World) -> None:
    assert world["rebind, first"] == {"results": {"rebind.test": 200}, "used": [PUBLIC], "connections": 1}
    assert world["rebind, then"] == {"results": {"rebind.test": "blocked-address"}, "used": [""], "connections": 0}


@in_world
def test_a_name_that_nobody_answers_for_holds_up_no_other(world: World) -> None:
    assert world["silent"]["order"] == [200, 200, 200, "timeout", 200]


@pytest.mark.parametrize("host", SPELLINGS)
async def test_no_spelling_reaches_this_machine(server: Sink, host: str) -> None:
    async with Sender[int](lambda _batch: None, guard=Guard()) as sender:
        response = await sender.fetch(Request("POST", f"http://{host}:{server.port}/", timeout=3))

    assert (response.status, server.connections) == (None, 0)
    assert response.error in ("blocked-address", "bad-url", "dns")


async def test_a_redirect_inside_is_not_followed() -> None:
    async with sink() as inner, sink("127.0.0.2") as outer:
        redirect = f"/to?{inner.url()}"
        async with Sender[int](lambda _batch: None, guard=Guard(["127.0.0.2/32"])) as sender:
            response = await sender.fetch(Request("POST", outer.url(redirect, host="127.0.0.2")))

    assert (response.status, response.header("location")) == (307, inner.url())
    assert (outer.connections, inner.connections) == (1, 0)


async def test_the_refusal_says_why(server: Sink) -> None:
    async with Sender[int](lambda _batch: None, guard=Guard()) as sender:
        response = await sender.fetch(Request("POST", server.url()))

    assert response.detail == "127.0.0.1 is not a public address (this machine)."
    assert response.ip == ""


async def test_one_refusal_does_not_outlast_its_request(server: Sink) -> None:
    async with sink("127.0.0.2") as allowed, Sender[int](lambda _batch: None, guard=Guard(["127.0.0.2/32"])) as sender:
        refused = await sender.fetch(Request("POST", server.url()))
        taken = await sender.fetch(Request("POST", allowed.url(host="127.0.0.2")))

    assert (refused.error, taken.error, taken.status) == ("blocked-address", None, 200)
