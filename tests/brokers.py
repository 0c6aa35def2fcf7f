"""Finds a NATS server for the tests of relays, and brings Debian's where the machine has none.

In this order: `EVENT_MANAGER_NATS_SERVER`, one on PATH, Debian's package, downloaded and unpacked once into the
project's cache (which needs no administrator rights, only apt's list of packages).

    python -m tests.brokers        print the path
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from event_manager.kit.setup import SetupError, cache_dir, file_lock, last_lines

PACKAGE = "nats-server"


def nats_server() -> Path:
    """An executable nats-server. Where it cannot be had, CI on Debian fails and everyone else's tests are skipped."""
    try:
        return find() or bring()
    except SetupError as problem:
        if os.environ.get("CI") and shutil.which("apt-get"):
            raise
        pytest.skip(f"NO TESTS WITH NATS: {problem}")


def find() -> Path | None:
    """The server of this machine, if it has one."""
    if named := os.environ.get("EVENT_MANAGER_NATS_SERVER"):
        if not os.access(named, os.X_OK):
            raise SetupError(f"EVENT_MANAGER_NATS_SERVER names {named}, which is not an executable file.")
        return Path(named)
    found = shutil.which(PACKAGE, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    return Path(found) if found else None


def bring() -> Path:
    """Debian's package, unpacked in the project's cache. Raises SetupError."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise SetupError("there is no nats-server here. Install one or name it in EVENT_MANAGER_NATS_SERVER.")
    place = cache_dir() / PACKAGE
    with file_lock(cache_dir() / "nats-server.lock"):
        if not place.exists():
            with tempfile.TemporaryDirectory(prefix=".nats-", dir=cache_dir()) as name:
                _download(Path(name))
                [package] = Path(name).glob("*.deb")
                _run(["dpkg-deb", "-x", str(package), str(Path(name) / "ready")], Path(name))
                (Path(name) / "ready").rename(place)
    return place / "usr" / "sbin" / PACKAGE


def _download(directory: Path) -> None:
    fetch = ["apt-get", "-q", "download", PACKAGE]
    try:
        _run(fetch, directory)
    except SetupError:
        if os.geteuid() != 0:
            raise
        _run(["apt-get", "-q", "update"], directory)  # a fresh machine has no list of packages yet
        _run(fetch, directory)


def _run(command: list[str], directory: Path) -> None:
    done = subprocess.run(command, cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SetupError(f"'{' '.join(command[:3])}' failed ({last_lines(done.stderr)})")


if __name__ == "__main__":
    try:
        print(find() or bring())
    except SetupError as problem:
        sys.exit(f"nats-server: {problem}")
