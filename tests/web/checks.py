"""What every page must pass: no accessibility violation, no console error, no sideways scrolling."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Error, Page

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """Each violation of the present page as 'rule: element'."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("(rules) => axe.run({ runOnly: rules })", RULES)
    return [f"{each['id']}: {node['html'][:160]}" for each in found["violations"] for node in each["nodes"]]


def assert_good(page: Page) -> None:
    """Fail with the list of what is wrong on the present page."""
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0, f"{page.url} scrolls sideways by {wide} px"


@contextmanager
def quiet_console(page: Page, *, expected: tuple[str, ...] = ()) -> Iterator[None]:
    """Fail when the page writes an error or warning that contains none of the expected texts."""
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(text in message.text for text in expected):
            heard.append(message.text)

    def crash(error: Error) -> None:
        heard.append(str(error))

    page.on("console", hear)
    page.on("pageerror", crash)
    yield
    page.remove_listener("console", hear)
    page.remove_listener("pageerror", crash)
    assert heard == []
