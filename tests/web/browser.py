"""Finds a Chromium on this machine: the one named by EM_CHROMIUM, one on PATH, or Playwright's own download."""

import os
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "No Chromium found, so the browser tests cannot run. Install one (for example 'apt-get install chromium'), "
    "run 'playwright install chromium', or set EM_CHROMIUM to an executable."
)


def find_chromium() -> Path | None:
    """An executable Chromium, or None."""
    named = os.environ.get("EM_CHROMIUM")
    if named:
        return Path(named)
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.is_file() else None
