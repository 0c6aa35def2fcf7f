"""What every page must pass: no accessibility violation, no console error, no sideways scrolling."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from playwright.sync_api import ConsoleMessage, Error, Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True)
class Look:
    """A colour scheme on a screen of some width."""

    scheme: Literal["light", "dark"]
    width: int

    def context(self) -> dict[str, Any]:
        """Settings of a browser context; a narrow screen is a phone's."""
        phone = self.width < 600
        return {
            "color_scheme": self.scheme,
            "viewport": {"width": self.width, "height": 844 if phone else 900},
            "has_touch": phone,
            "reduced_motion": "reduce",
            "locale": "en-GB",
        }


LOOKS = [Look("light", 390), Look("dark", 390), Look("light", 1280), Look("dark", 1280)]
PHONE = LOOKS[0]


def faults(page: Page, axe: str) -> list[str]:
    """What is wrong on the present page, as 'rule: element'."""
    page.evaluate(axe)
    found = page.evaluate("(rules) => axe.run({ runOnly: rules })", RULES)
    listed = [f"{each['id']}: {node['html'][:160]}" for each in found["violations"] for node in each["nodes"]]
    wide = page.evaluate(SIDEWAYS)
    return [*listed, f"scrolls sideways by {wide} px"] if wide else listed


@contextmanager
def console(page: Page, *, expected: tuple[str, ...] = ()) -> Iterator[list[str]]:
    """Collects errors and warnings that the page writes, but those that contain an expected text."""
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(text in message.text for text in expected):
            heard.append(f"{page.url}: {message.text}")

    def crash(error: Error) -> None:
        heard.append(f"{page.url}: {error}")

    page.on("console", hear)
    page.on("pageerror", crash)
    yield heard
    page.remove_listener("console", hear)
    page.remove_listener("pageerror", crash)
