"""The embedded server on real processes and directories: sharing, rights, settings, refusals."""

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from event_manager.kit import postgres_process, setup
from event_manager.kit.postgres import EmbeddedServer, main
from event_manager.kit.setup import SetupError, home, server_user
from tests.setup.conftest import OtherProcess, ask, run

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")


def test_a_new_database_is_safe_and_speaks_unicode(place: Path) -> None:
    with EmbeddedServer.start(place / "data") as server:
        settings = {
            name: ask(server, f"SELECT current_setting('{name}')")
            for name in ("fsync", "data_checksums", "server_encoding", "summarize_wal", "wal_compression")
        }
        lowered = ask(server, "SELECT lower('ΑΣ ÉÄ')")

    assert settings == {
        "fsync": "on",
        "data_checksums": "on",
        "server_encoding": "UTF8",
        "summarize_wal": "on",
        "wal_compression": "pglz",
    }
    assert lowered == "ας éä"


def test_only_a_throwaway_server_forgoes_fsync(server: EmbeddedServer) -> None:
    assert ask(server, "SHOW fsync") == "off"


def test_data_outlives_a_stop(place: Path) -> None:
    with EmbeddedServer.start(place, throwaway=True) as server:
        run(server, "CREATE TABLE kept AS SELECT 7 AS n")

    with EmbeddedServer.start(place, throwaway=True) as server:
        assert ask(server, "SELECT n FROM kept") == "7"


def test_a_wrong_password_is_refused(server: EmbeddedServer) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.dsn("postgres", "wrong", "postgres"))


def test_there_is_no_tcp_port_and_the_socket_is_private(server: EmbeddedServer) -> None:
    assert ask(server, "SHOW listen_addresses") == ""
    assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.password_file.stat().st_mode) == 0o600


def test_existing_directories_keep_their_permissions(place: Path) -> None:
    parents = [place, *place.parents]
    before = [directory.stat().st_mode for directory in parents]

    with EmbeddedServer.start(place / "made" / "data", throwaway=True):
        after = [directory.stat().st_mode for directory in parents]

    assert after == before


@pytest.mark.parametrize("name", ["we$ird \"na`me\" 'x', ü", "long-" + "x" * 120])
def test_any_directory_name_works(place: Path, name: str) -> None:
    with EmbeddedServer.start(place / name, throwaway=True) as server:
        assert ask(server, "SELECT 1") == "1"
    assert not server.socket_dir.exists()


def test_a_second_process_shares_the_server_and_its_end_leaves_it(
    place: Path, other_process: Callable[[Path], OtherProcess]
) -> None:
    with EmbeddedServer.start(place, throwaway=True) as server:
        other = other_process(place)
        shared = other.server_pid()
        other.end()

        assert shared == server.pid
        assert ask(server, "SELECT 1") == "1"


def test_the_last_process_stops_the_server(place: Path, other_process: Callable[[Path], OtherProcess]) -> None:
    server = EmbeddedServer.start(place, throwaway=True)
    other = other_process(place)
    pid = other.server_pid()

    server.stop()
    still_there = server.pid
    other.end()

    assert still_there == pid
    assert server.pid is None


def test_processes_that_start_at_once_get_one_server(
    place: Path, other_process: Callable[[Path], OtherProcess]
) -> None:
    others = [other_process(place) for _ in range(3)]

    pids = {other.server_pid() for other in others}

    assert len(pids) == 1


def test_a_database_in_any_state_can_be_removed(place: Path, other_process: Callable[[Path], OtherProcess]) -> None:
    left_behind = other_process(place)
    left_behind.server_pid()
    left_behind.kill()
    (place / "cluster" / "PG_VERSION").write_text("17\n")

    EmbeddedServer.remove(place)

    with EmbeddedServer.start(place, throwaway=True) as server:
        assert ask(server, "SELECT 1") == "1"


def test_a_database_in_use_is_not_removed(place: Path, other_process: Callable[[Path], OtherProcess]) -> None:
    other_process(place).server_pid()

    with pytest.raises(SetupError, match="Another process uses the database"):
        EmbeddedServer.remove(place)


def test_a_second_share_in_one_process_counts(place: Path) -> None:
    first = EmbeddedServer.start(place, throwaway=True)
    with EmbeddedServer.start(place, throwaway=True) as second:
        first.stop()
        assert ask(second, "SELECT 1") == "1"


def test_a_database_of_another_major_version_is_refused_with_the_way_out(place: Path) -> None:
    EmbeddedServer.start(place, throwaway=True).stop()
    (place / "cluster" / "PG_VERSION").write_text("17\n")

    with pytest.raises(SetupError, match=r"made by PostgreSQL 17, this release runs 18.*pg_dumpall"):
        EmbeddedServer.start(place, throwaway=True)


def test_a_directory_that_is_no_database_is_refused(place: Path) -> None:
    (place / "cluster").mkdir()
    os.chown(place / "cluster", server_user().uid, server_user().gid)

    with pytest.raises(SetupError, match="holds no PostgreSQL database"):
        EmbeddedServer.start(place)


def test_a_lost_password_file_is_named(place: Path) -> None:
    EmbeddedServer.start(place, throwaway=True).stop()
    (place / "superuser.password").unlink()

    with pytest.raises(SetupError, match=r"superuser\.password"):
        EmbeddedServer.start(place, throwaway=True)


@AS_ROOT
def test_a_directory_the_server_user_cannot_reach_is_refused_by_name(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)

    with pytest.raises(SetupError, match=f"may not enter {closed} .*Choose a --data-dir"):
        EmbeddedServer.start(closed / "data")


@AS_ROOT
def test_a_database_of_another_user_is_refused(place: Path) -> None:
    EmbeddedServer.start(place, throwaway=True).stop()
    os.chown(place / "cluster", 12345, 12345)

    with pytest.raises(SetupError, match="belongs to user number 12345"):
        EmbeddedServer.start(place, throwaway=True)


@AS_ROOT
@pytest.mark.parametrize("name", ["no-such-user", "root"])
def test_an_unusable_server_user_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("EVENT_MANAGER_PG_USER", name)

    with pytest.raises(SetupError, match="EVENT_MANAGER_PG_USER"):
        server_user()


def test_the_home_can_be_chosen(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.setenv("EVENT_MANAGER_HOME", str(place))

    assert home() == place


@AS_ROOT
def test_root_in_a_closed_clone_keeps_its_data_where_the_server_can_reach_it(
    monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    clone = place / "my-clone"
    clone.mkdir(mode=0o755)
    (clone / "run.py").touch()
    monkeypatch.delenv("EVENT_MANAGER_HOME", raising=False)
    monkeypatch.setattr(setup, "PROJECT", clone)

    open_to_all = home()
    clone.chmod(0o700)
    closed = home()

    assert open_to_all == clone / ".event-manager"
    assert closed.parent == Path("/var/lib/event-manager")
    assert closed.name.startswith("my-clone-")


@AS_ROOT
def test_a_scratch_directory_can_be_reached_even_when_the_temporary_one_cannot(
    monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(tempfile, "tempdir", str(closed))
    monkeypatch.setenv("EVENT_MANAGER_HOME", str(place / "home"))

    with setup.scratch_directory() as directory:
        assert directory.is_relative_to(place / "home")


def test_the_settings_of_a_client_do_not_reach_the_server(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGDATA", "/nonexistent")
    monkeypatch.setenv("PGOPTIONS", "-c nonsense=1")

    server = EmbeddedServer.start(place, throwaway=True)
    server.stop()

    assert server.pid is None


def test_a_server_that_cannot_start_says_why_and_where_to_look(place: Path) -> None:
    EmbeddedServer.start(place, throwaway=True).stop()
    with (place / "cluster" / "postgresql.conf").open("a") as file:
        file.write("port = seven\n")

    with pytest.raises(SetupError, match=rf"postgresql\.conf.* More in {place}/server\.log"):
        EmbeddedServer.start(place, throwaway=True)


def test_a_long_start_reports_that_it_goes_on(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.setattr(postgres_process, "REPORT_SECONDS", 0.02)
    lines: list[str] = []

    EmbeddedServer.start(place, throwaway=True, report=lines.append).stop()

    assert lines[0] == f"PostgreSQL is recovering its data in {place}/cluster (0 s)"


def test_a_database_moves_into_a_new_one_as_the_guide_says(place: Path) -> None:
    old, new, dump = place / "old", place / "new", place / "all.sql"
    with EmbeddedServer.start(old, throwaway=True) as server:
        run(server, "CREATE TABLE kept AS SELECT 7 AS n")
    command = [sys.executable, "-m", "event_manager.kit.postgres"]

    with dump.open("w") as output:
        subprocess.run([*command, old, "pg_dumpall", "--no-role-passwords"], stdout=output, check=True, timeout=60)
    subprocess.run(
        [*command, new, "psql", "--quiet", "--file", dump, "postgres"],
        check=True,
        timeout=60,
        capture_output=True,
    )

    with EmbeddedServer.start(new, throwaway=True) as server:
        assert ask(server, "SELECT n FROM kept") == "7"


def test_the_shell_command_names_the_programs_it_has(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    EmbeddedServer.start(place, throwaway=True).stop()

    code = main([str(place), "pg_dumb"])

    assert code == 1
    assert "no program 'pg_dumb'. There are: clusterdb, createdb" in capsys.readouterr().err
