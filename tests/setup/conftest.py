"""Places for databases of their own, and other processes that use them."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from event_manager.kit.postgres import EmbeddedServer
from event_manager.kit.setup import scratch_directory

USER = """
import sys
from pathlib import Path
from event_manager.kit.postgres import EmbeddedServer
with EmbeddedServer.start(Path(sys.argv[1]), throwaway=True) as server:
    print(server.pid, flush=True)
    sys.stdin.read()
"""


def ask(server: EmbeddedServer, query: str) -> str:
    """The one value that `query` yields, as text."""
    with psycopg.connect(server.superuser_dsn) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return str(row[0])


def run(server: EmbeddedServer, statement: str) -> None:
    """Execute and commit `statement`."""
    with psycopg.connect(server.superuser_dsn) as connection:
        connection.execute(statement.encode())


class OtherProcess:
    """A second process that uses the server of `place` until told to end."""

    def __init__(self, place: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(place)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def server_pid(self) -> int:
        """Wait until it has started or joined the server; the server's process id."""
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())

    def end(self) -> None:
        """Let it stop in good order."""
        self.process.communicate(timeout=60)

    def kill(self) -> None:
        """End it with -9."""
        self.process.kill()
        self.process.communicate(timeout=60)


@pytest.fixture
def place() -> Iterator[Path]:
    """A new directory that the server user can reach."""
    with scratch_directory() as directory:
        yield directory


@pytest.fixture
def other_process() -> Iterator[Callable[[Path], OtherProcess]]:
    """Starts second processes; whatever is left of them is killed at the end."""
    started: list[OtherProcess] = []

    def start(place: Path) -> OtherProcess:
        started.append(OtherProcess(place))
        return started[-1]

    yield start
    for other in started:
        other.kill()
