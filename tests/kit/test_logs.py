"""Log lines for people: colours where somebody looks at a terminal, and only there."""

import os
import subprocess
import sys

import pytest

SAY = "from event_manager.kit import logs; logs.configure('INFO', 'console'); logs.logger('hall').info('doors open')"
COLOUR = b"\x1b["


def said(environment: dict[str, str], *, terminal: bool) -> bytes:
    """What a process writes that logs one line for people."""
    reader, writer = os.openpty() if terminal else os.pipe()
    clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    try:
        subprocess.run([sys.executable, "-c", SAY], env=clean | environment, stdout=writer, check=True, timeout=60)
        return os.read(reader, 10_000)
    finally:
        os.close(writer)
        os.close(reader)


@pytest.mark.parametrize(
    ("terminal", "environment", "coloured"),
    [(True, {}, True), (True, {"NO_COLOR": "1"}, False), (False, {}, False)],
    ids=["terminal", "NO_COLOR", "file"],
)
def test_lines_are_coloured_for_a_terminal_only(terminal: bool, environment: dict[str, str], coloured: bool) -> None:
    line = said(environment, terminal=terminal)

    assert b"doors open" in line
    assert (COLOUR in line) is coloured
