"""The product as a process of its own with the demo's people and festival, and browsers signed in as them."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from event_manager.kit.setup import SetupError, scratch_directory
from event_manager.kit.webbuild import ensure_tools
from tests.browser import chromium
from tests.web.checks import Look

ROOT = Path(__file__).parents[2]
PASSWORD = "curtain up at eight"
START_SECONDS = 240


@dataclass(frozen=True)
class Site:
    """Where the demo answers."""

    url: str

    def address(self, name: str) -> str:
        """E-mail address of somebody of the demo's cast."""
        return f"{name}@lakeside.example"


SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def base_url() -> str:
    """None: tests name whole addresses. (The plugin's own fixture of this name is deprecated by pytest 9.)"""
    return ""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium of this machine."""
    return {**browser_type_launch_args, "executable_path": str(chromium())}


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker's program text."""
    try:
        return (ensure_tools() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    except SetupError as problem:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"NO BROWSER TESTS: {problem}")


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The demo on a free port with data of its own; stopped and removed at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with scratch_directory() as folder:
        command = [sys.executable, "-m", "event_manager", "demo", "--port", str(port), "--data-dir", str(folder)]
        settings = {"EVENT_MANAGER_ANONYMOUS_RATE_LIMIT_PER_MINUTE": "0", "EVENT_MANAGER_RATE_LIMIT_PER_MINUTE": "0"}
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            try:
                _wait_until_ready(process)
                yield Site(f"http://127.0.0.1:{port}/t/lakeside")
            finally:
                process.terminate()
                process.communicate(timeout=60)


def _wait_until_ready(process: "subprocess.Popen[str]") -> None:
    heard: list[str] = []
    for line in process.stdout or ():
        heard.append(line)
        if "Event Manager is ready" in line:
            return
    raise RuntimeError(f"the demo did not start: {''.join(heard)}")


@pytest.fixture
def sign_in(browser: Browser, site: Site) -> Iterator[SignIn]:
    """Opens a browser window of its own, signed in as somebody of the cast."""
    contexts: list[BrowserContext] = []

    def opened(name: str, look: Look | None = None) -> Page:
        shape = look or Look("light", 1280)
        context = browser.new_context(**shape.context())
        context.set_default_timeout(15_000)
        contexts.append(context)
        given = {"email": site.address(name), "password": PASSWORD}
        answer = context.request.post(
            f"{site.url}/api/identity/sign-in", data=given, headers={"Origin": site.url.removesuffix("/t/lakeside")}
        )
        assert answer.ok, answer.text()
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@dataclass(frozen=True)
class Festival:
    """Ids of the demo's festival by name."""

    event: str
    contests: dict[str, str]
    categories: dict[str, str]


@pytest.fixture
def festival(sign_in: SignIn, site: Site) -> Festival:
    """What the demo has set up, read through the API."""
    request = sign_in("organizer").request

    def items(path: str) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = request.get(f"{site.url}/api/contests{path}").json()["items"]
        return listed

    event = next(each["id"] for each in items("/events") if each["name"] == "Lakeside Festival Weekend")
    contests = {each["name"]: each["id"] for each in items(f"/events/{event}/contests")}
    categories = {each["name"]: each["id"] for contest in contests.values() for each in items(f"/{contest}/categories")}
    return Festival(event, contests, categories)
