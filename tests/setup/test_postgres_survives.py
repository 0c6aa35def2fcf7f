"""The embedded server after kill -9 of anything, with stale files, on a full disk."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from event_manager.kit.postgres import EmbeddedServer
from event_manager.kit.setup import SetupError, server_user
from tests.setup.conftest import OtherProcess, ask, run

MAKE_A_DATABASE = """
import sys
from pathlib import Path
from event_manager.kit.postgres import EmbeddedServer
EmbeddedServer.start(Path(sys.argv[1])).stop()
"""


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Return when `holds`; fail after `seconds`."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def answers(server: EmbeddedServer) -> bool:
    """True when a query can be asked."""
    try:
        return ask(server, "SELECT 1") == "1"
    except psycopg.OperationalError:
        return False


def kill(pid: int | None) -> None:
    """kill -9."""
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def test_a_killed_server_comes_back_with_all_committed_rows(place: Path) -> None:
    with EmbeddedServer.start(place, throwaway=True) as server:
        run(server, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        killed = server.pid

        kill(killed)
        wait_until(lambda: server.pid not in (None, killed) and answers(server))

        assert ask(server, "SELECT count(*) FROM kept") == "1000"


def test_a_killed_child_of_the_server_costs_only_the_open_sessions(place: Path) -> None:
    with EmbeddedServer.start(place, throwaway=True) as server:
        before = server.pid
        kill(int(ask(server, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")))

        wait_until(lambda: answers(server))

        assert server.pid == before


def test_a_server_whose_last_user_was_killed_is_taken_over_and_then_stopped(
    place: Path, other_process: Callable[[Path], OtherProcess]
) -> None:
    other = other_process(place)
    left = other.server_pid()
    other.kill()

    server = EmbeddedServer.start(place, throwaway=True)
    found = server.pid
    server.stop()

    assert found == left
    assert server.pid is None


def test_a_start_killed_half_way_is_carried_on(place: Path, other_process: Callable[[Path], OtherProcess]) -> None:
    EmbeddedServer.start(place, throwaway=True).stop()
    other = other_process(place)
    wait_until(lambda: (place / "cluster" / "postmaster.pid").exists())
    other.kill()

    with EmbeddedServer.start(place, throwaway=True) as server:
        assert ask(server, "SELECT 1") == "1"


def test_a_server_that_is_just_stopping_is_awaited_and_started_again(place: Path) -> None:
    first = EmbeddedServer.start(place, throwaway=True)
    assert first.pid is not None
    os.kill(first.pid, signal.SIGINT)  # PostgreSQL's fast shutdown

    with EmbeddedServer.start(place, throwaway=True) as second:
        assert ask(second, "SELECT 1") == "1"
    first.stop()


def test_a_database_half_made_by_a_killed_run_is_made_anew(place: Path) -> None:
    maker = subprocess.Popen([sys.executable, "-c", MAKE_A_DATABASE, str(place)])
    wait_until(lambda: any(place.glob(".new-*/cluster/*")))
    maker.kill()
    maker.wait()
    half_made = (place / "cluster").exists()

    with EmbeddedServer.start(place, throwaway=True) as server:
        assert ask(server, "SELECT 1") == "1"
    assert not half_made
    assert list(place.glob(".new-*")) == []


@pytest.mark.parametrize("state", ["living", "zombie"])
def test_a_stale_pid_file_whose_number_is_in_use_again_does_not_stop_the_start(place: Path, state: str) -> None:
    EmbeddedServer.start(place, throwaway=True).stop()
    program = ["sleep", "60"] if state == "living" else ["true"]
    stranger = subprocess.Popen(program, **server_user().spawn())
    if state == "zombie":
        os.waitid(os.P_PID, stranger.pid, os.WEXITED | os.WNOWAIT)  # ended, but not yet collected
    file = place / "cluster" / "postmaster.pid"
    file.write_text(f"{stranger.pid}\n{place / 'cluster'}\n1750000000\n5432\n{place / 'run'}\n\n  0  0\nready\n")

    with EmbeddedServer.start(place, throwaway=True) as server:
        assert server.pid != stranger.pid
        assert ask(server, "SELECT 1") == "1"
    stranger.kill()
    stranger.wait()


@pytest.fixture
def small_disk(place: Path) -> Iterator[Path]:
    """A file system of 120 MB in memory."""
    disk = place / "disk"
    disk.mkdir(mode=0o755)
    mount = ["mount", "-t", "tmpfs", "-o", "size=120m,mode=755", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("file systems can be mounted by root only, and not in every container")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(disk: Path, *, leave: int) -> Path:
    """A file that takes all room on `disk` but `leave` bytes."""
    filler = disk / "filler"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    filler.write_bytes(bytes(free - leave))
    return filler


def test_a_new_database_on_a_nearly_full_disk_is_refused_with_path_and_free_bytes(small_disk: Path) -> None:
    fill(small_disk, leave=30_000_000)

    with pytest.raises(SetupError, match=rf"(29,\d+,\d+|30,000,000) bytes are free at {small_disk}/data"):
        EmbeddedServer.start(small_disk / "data")


def test_a_start_on_a_full_disk_says_so_and_works_after_room_was_made(small_disk: Path) -> None:
    place = small_disk / "data"
    with EmbeddedServer.start(place, throwaway=True) as server:
        run(server, "CREATE TABLE kept AS SELECT 7 AS n")
    filler = fill(small_disk, leave=0)

    with pytest.raises(SetupError, match=f"The disk is full: 0 bytes are free at {place}"):
        EmbeddedServer.start(place, throwaway=True)
    filler.unlink()

    with EmbeddedServer.start(place, throwaway=True) as server:
        assert ask(server, "SELECT n FROM kept") == "7"


def test_a_disk_that_fills_up_while_running_loses_no_committed_row(small_disk: Path) -> None:
    with EmbeddedServer.start(small_disk / "data", throwaway=True) as server:
        run(server, "CREATE TABLE kept AS SELECT 7 AS n")
        filler = fill(small_disk, leave=1_000_000)

        with pytest.raises(psycopg.OperationalError):
            run(server, "CREATE TABLE big AS SELECT repeat('x', 1000) FROM generate_series(1, 100000)")
        filler.unlink()
        wait_until(lambda: answers(server))

        assert ask(server, "SELECT n FROM kept") == "7"
