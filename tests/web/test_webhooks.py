"""Webhooks: connected in a few steps, seen to fail and mended, replayed; a real receiver listens on this machine."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.checks import LOOKS, Look, console, faults
from tests.web.conftest import Festival, SignIn, Site
from tests.web.test_every_page import walk

pytestmark = pytest.mark.browser
looks = pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.scheme}-{look.width}")
ARRIVES_MS = 20_000


@dataclass
class Receiver:
    """A receiver that takes everything, but not at the paths in ``down``. ``heard``: (path, webhook-id)."""

    port: int = 0
    down: set[str] = field(default_factory=set)
    heard: list[tuple[str, str]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver of this test."""
    state = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", "0")))
            state.heard.append((self.path, self.headers.get("webhook-id", "")))
            refused = self.path in state.down
            body = b"the database is down" if refused else b'{"taken": true}'
            self.send_response(503 if refused else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
            """Keeps quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield state
    server.shutdown()
    server.server_close()


class Api:
    """What a test does beside the pages, as the person who looks at them."""

    def __init__(self, page: Page, site: Site) -> None:
        self.request, self.url = page.request, site.url
        self.headers = {"Origin": site.url.removesuffix("/t/lakeside")}

    def connect(self, name: str, url: str, **settings: Any) -> str:
        """Sets up a webhook for changes of events; gives its id."""
        body = {"name": name, "url": url, "events": ["event.*"], **settings}
        answer = self.request.post(f"{self.url}/api/events/webhooks", data=body, headers=self.headers)
        assert answer.status == 201, answer.text()
        return str(answer.json()["id"])

    def remove_all(self) -> None:
        """Leaves no webhook behind for the next test."""
        for each in self.request.get(f"{self.url}/api/events/webhooks").json()["items"]:
            self.request.delete(f"{self.url}/api/events/webhooks/{each['id']}", headers=self.headers)

    def rename(self, event: str, name: str) -> None:
        """Something to tell of."""
        address = f"{self.url}/api/contests/events/{event}"
        headers = {**self.headers, "If-Match": self.request.get(address).headers["etag"]}
        assert self.request.patch(address, data={"name": name}, headers=headers).ok

    def happen(self, event: str) -> None:
        """Two changes, after which the event is called as before."""
        self.rename(event, "Lakeside Gala")
        self.rename(event, "Lakeside Festival Weekend")


@pytest.fixture
def admin(sign_in: SignIn, site: Site) -> Iterator[Page]:
    """An admin's window; no webhook is there, and none remains."""
    page = sign_in("admin")
    Api(page, site).remove_all()
    yield page
    Api(page, site).remove_all()


def deliveries(page: Page) -> Locator:
    return page.get_by_role("list", name="Deliveries, newest first").get_by_role("listitem")


def settled(page: Page, axe: str) -> list[str]:
    page.wait_for_timeout(300)
    return [fault for fault in faults(page, axe) if not fault.startswith("region:")]


def test_somebody_is_connected_with_an_address_and_a_click(
    admin: Page, site: Site, axe: str, receiver: Receiver
) -> None:
    with console(admin) as heard:
        admin.goto(f"{site.url}/webhooks")
        admin.get_by_role("link", name="New webhook").first.click()
        admin.get_by_label("Address").fill(receiver.url("/board"))
        admin.get_by_role("button", name="Connect it").click()
        expect(admin.get_by_text("Choose at least one, or everything.")).to_be_visible()
        expect(admin.get_by_role("combobox", name="Events")).to_be_focused()
        admin.get_by_role("combobox", name="Events").fill("category judged")
        admin.get_by_role("option", name="category.judged").click()
        admin.keyboard.press("Escape")
        admin.get_by_role("button", name="Connect it").click()
        expect(admin.get_by_role("heading", name="127.0.0.1 is connected")).to_be_visible()
        expect(admin.get_by_text(re.compile("^whsec_"))).to_be_in_viewport()
        found = settled(admin, axe)
        admin.get_by_role("button", name="Send the test").click()
        expect(admin.get_by_text("It arrived")).to_be_visible(timeout=ARRIVES_MS)
        expect(admin.get_by_role("region", name="Body received")).to_contain_text("taken")
        found += settled(admin, axe)
        admin.get_by_role("link", name="Go to the webhook").click()
        expect(admin.get_by_text("Healthy")).to_be_visible()
        expect(admin.get_by_text(re.compile("^whsec_"))).to_be_hidden()
    assert found + heard == []
    assert [path for path, _ in receiver.heard] == ["/board"]


def test_what_was_given_up_is_looked_at_and_sent_again(
    admin: Page, site: Site, axe: str, festival: Festival, receiver: Receiver
) -> None:
    api = Api(admin, site)
    receiver.down.add("/books")
    api.connect("Books", receiver.url("/books"), retryAttempts=1)
    api.rename(festival.event, "Lakeside Gala")
    admin.goto(f"{site.url}/webhooks/dead")
    expect(deliveries(admin)).to_have_count(1, timeout=ARRIVES_MS)
    deliveries(admin).get_by_role("link", name="event.updated").click()
    expect(admin.get_by_role("heading", name="event.updated")).to_be_visible()
    expect(admin.get_by_role("region", name="Body received")).to_contain_text("the database is down")
    expect(admin.get_by_role("region", name="Body sent")).to_contain_text("Lakeside Gala")
    assert settled(admin, axe) == []
    receiver.down.clear()
    admin.get_by_role("button", name="Redeliver").click()
    expect(admin.get_by_text("The receiver took it.")).to_be_visible(timeout=ARRIVES_MS)
    api.rename(festival.event, "Lakeside Festival Weekend")
    assert len({message for _, message in receiver.heard[:2]}) == 1, "the same message, twice"


def test_many_that_were_given_up_are_sent_again_together(
    admin: Page, site: Site, festival: Festival, receiver: Receiver
) -> None:
    api = Api(admin, site)
    receiver.down.add("/books")
    hook = api.connect("Books", receiver.url("/books"), retryAttempts=1)
    api.happen(festival.event)
    admin.goto(f"{site.url}/webhooks/dead")
    admin.get_by_role("combobox", name="Webhook").click()
    admin.get_by_role("option", name="Books").click()
    expect(deliveries(admin)).to_have_count(2, timeout=ARRIVES_MS)
    receiver.down.clear()
    for box in admin.get_by_role("checkbox").all():
        box.check()
    admin.get_by_role("button", name="Redeliver 2").click()
    expect(admin.get_by_text("2 deliveries are on the way once more.")).to_be_visible()
    admin.goto(f"{site.url}/webhooks/{hook}/deliveries?state=succeeded")
    expect(deliveries(admin)).to_have_count(2, timeout=ARRIVES_MS)


def test_what_waited_while_it_was_off_is_skipped_by_choice(
    admin: Page, site: Site, axe: str, festival: Festival, receiver: Receiver
) -> None:
    api = Api(admin, site)
    hook = api.connect("Books", receiver.url("/books"))
    admin.goto(f"{site.url}/webhooks/{hook}")
    admin.get_by_role("switch", name="This webhook is on").press("Space")
    expect(admin.get_by_text("It is switched off")).to_be_visible()
    api.happen(festival.event)
    admin.goto(f"{site.url}/webhooks/{hook}/deliveries")
    expect(deliveries(admin)).to_have_count(2, timeout=ARRIVES_MS)
    admin.get_by_role("button", name="Switch it on").click()
    admin.get_by_role("radio", name="Skip them").check()
    assert settled(admin, axe) == []
    admin.get_by_role("button", name="Resume").click()
    expect(admin.get_by_text("2 deliveries were skipped")).to_be_visible()
    expect(admin.get_by_text("Healthy")).to_be_visible()
    assert receiver.heard == []


def test_settings_say_what_is_wrong_at_its_line(admin: Page, site: Site, axe: str, receiver: Receiver) -> None:
    hook = Api(admin, site).connect("Books", receiver.url("/books"))
    admin.goto(f"{site.url}/webhooks/{hook}/settings")
    save = admin.get_by_role("button", name="Save", exact=True)
    expect(save).to_be_disabled()
    field = admin.get_by_label("Filter")
    field.fill('{\n  "data": {"state": }\n}')
    expect(admin.get_by_role("button", name="Line 2")).to_be_visible()
    field.fill('{\n  "data": {\n    "points": {"$gte": true}\n  }\n}')
    save.click()
    expect(admin.get_by_text("$gte takes a number or a text.").first).to_be_visible()
    assert settled(admin, axe) == []
    admin.get_by_role("button", name="Line 3").click()
    assert field.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)") == "true"
    field.fill('{"data": {"points": {"$gte": 3}}}')
    order = admin.get_by_role("combobox", name="Order")
    order.click()
    admin.get_by_role("option", name="Strict").click()
    save.click()
    expect(admin.get_by_text("The settings are saved.")).to_be_visible()
    admin.reload()
    expect(field).to_have_value('{"data": {"points": {"$gte": 3}}}')
    expect(order).to_have_value("Strict")


def test_secrets_are_changed_over_and_headers_never_shown(
    admin: Page, site: Site, axe: str, receiver: Receiver
) -> None:
    hook = Api(admin, site).connect("Books", receiver.url("/books"), headers={"X-Key": "curtain-call"})
    admin.goto(f"{site.url}/webhooks/{hook}/security")
    secrets = admin.get_by_role("list", name="Signing secrets").get_by_role("listitem")
    admin.get_by_role("button", name="New secret").click()
    found = settled(admin, axe)
    admin.get_by_role("button", name="Make it").click()
    expect(admin.get_by_text("Copy it now: it is not shown again")).to_be_visible()
    expect(secrets).to_have_count(2)
    secrets.filter(has_text="Ends").get_by_role("button").click()
    admin.get_by_role("button", name="Revoke it").click()
    expect(secrets).to_have_count(1)
    admin.get_by_role("button", name="Add a header").click()
    added = admin.get_by_role("group", name="New header")
    added.get_by_label("Name").fill("X-Other")
    admin.get_by_role("group", name="X-Other").get_by_label("Value", exact=True).fill("encore")
    admin.get_by_role("button", name="Save the headers").click()
    expect(admin.get_by_text("The headers are saved.")).to_be_visible()
    admin.reload()
    expect(admin.get_by_role("group", name="X-Other")).to_be_visible()
    found += settled(admin, axe)
    assert found == []
    assert "encore" not in admin.content()
    assert "curtain-call" not in admin.content()


def test_a_replay_is_counted_reasoned_and_followed(
    admin: Page, site: Site, axe: str, festival: Festival, receiver: Receiver
) -> None:
    api = Api(admin, site)
    api.happen(festival.event)
    hook = api.connect("Books", receiver.url("/books"))
    admin.goto(f"{site.url}/webhooks/replays/new?webhook={hook}")
    admin.get_by_role("radio", name="Only what was never sent").check()
    admin.get_by_role("button", name="Count them").click()
    expect(admin.get_by_text(re.compile(r"^\d+ deliveries, in about 1 minute\.$"))).to_be_visible()
    assert receiver.heard == []
    admin.get_by_label("Reason").fill("The books were set up late.")
    found = settled(admin, axe)
    admin.get_by_role("button", name="Begin the replay").click()
    expect(admin.get_by_text("Complete")).to_be_visible(timeout=ARRIVES_MS)
    found += settled(admin, axe)
    assert found == []
    admin.goto(f"{site.url}/webhooks/replays")
    expect(admin.get_by_role("link", name="The books were set up late.")).to_be_visible()
    assert len(receiver.heard) >= 2


@looks
def test_every_page_of_webhooks(
    sign_in: SignIn, admin: Page, site: Site, axe: str, festival: Festival, receiver: Receiver, look: Look
) -> None:
    api = Api(admin, site)
    receiver.down.add("/books")
    books = api.connect("Books", receiver.url("/books"), retryAttempts=1)
    board = api.connect("Board", receiver.url("/board"), template="slack")
    feed = api.connect("Archive", "", kind="feed")
    api.happen(festival.event)
    admin.goto(f"{site.url}/webhooks/{board}/deliveries?state=succeeded")
    expect(deliveries(admin)).to_have_count(2, timeout=ARRIVES_MS)
    places = [
        ("/webhooks", "Webhooks"), ("/webhooks/new", "New webhook"), ("/webhooks/dead", "Webhooks"),
        ("/webhooks/replays", "Webhooks"), ("/webhooks/replays/new", "New replay"), (f"/webhooks/{books}", "Books"),
        (f"/webhooks/{board}", "Board"), (f"/webhooks/{feed}", "Archive"), (f"/webhooks/{board}/deliveries", "Board"),
        (f"/webhooks/{board}/test", "Send a test"), (f"/webhooks/{board}/settings", "What it hears of"),
        (f"/webhooks/{books}/security", "Signing secrets"), ("/event-types", "Event catalogue"),
        ("/event-types?type=event.updated", "event.updated"),
    ]  # fmt: skip
    assert walk(sign_in("admin", look), site, axe, places) == []


def test_only_admins_see_webhooks(sign_in: SignIn, site: Site) -> None:
    page = sign_in("organizer")
    page.goto(f"{site.url}/webhooks/replays")
    expect(page.get_by_text("Only admins connect other systems")).to_be_visible()
    expect(page.get_by_role("link", name="Webhooks")).to_be_hidden()
