"""Runs the reference libraries of `tests/webhooks/node`, installing them with the first test that asks."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from event_manager.kit.setup import file_lock, home, last_lines, make_directory
from event_manager.kit.webbuild import NO_NETWORK, is_installed, node

FOLDER = Path(__file__).parent / "node"
INSTALL_SECONDS = 600
RUN_SECONDS = 60


def run_script(name: str, given: str) -> Any:
    """What a script of the folder writes for this standard input, parsed from JSON."""
    install()
    here = node()
    command = [str(here.binary), name]
    done = subprocess.run(
        command,
        cwd=FOLDER,
        env=here.environment(),
        input=given,
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def install() -> None:
    """Bring the packages of the lock; without a registry, CI fails and everyone else's tests are skipped."""
    with file_lock(make_directory(home()) / "webhooks-node.lock"):
        if is_installed(FOLDER, dev=True):
            return
        here = node()
        done = subprocess.run(
            [*here.npm, "ci"],
            cwd=FOLDER,
            env=here.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=INSTALL_SECONDS,
            check=False,
        )
    if done.returncode == 0:
        return
    if any(sign in done.stdout for sign in NO_NETWORK) and not os.environ.get("CI"):
        pytest.skip("NO CHECKS WITH JAVASCRIPT LIBRARIES: the npm registry cannot be reached")
    pytest.fail(f"npm ci failed in {FOLDER}: {last_lines(done.stdout, 12)}")
