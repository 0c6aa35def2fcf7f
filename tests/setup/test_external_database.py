"""Any PostgreSQL by DATABASE_URL: a login that is no superuser is enough; what is unsafe or wrong is one plain line."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from benchmarks.hall import free_port, wait_until_healthy
from event_manager.kit.postgres import EmbeddedServer
from event_manager.kit.setup import scratch_directory

SECRET = "k" * 40


@dataclass
class Elsewhere:
    """A server that somebody else runs, with a database owned by a login that may create roles."""

    superuser_dsn: str
    url: str

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "DATABASE_URL": self.url, "EVENT_MANAGER_SECRET_KEY": SECRET, "LOG_LEVEL": "WARNING"}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "event_manager", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    with scratch_directory() as folder, EmbeddedServer.start(folder, throwaway=True) as server:
        with psycopg.connect(server.superuser_dsn, autocommit=True) as conn:
            conn.execute("CREATE ROLE admin LOGIN CREATEROLE PASSWORD 'not-a-secret-here'")
            conn.execute("CREATE DATABASE elsewhere OWNER admin")
        url = make_conninfo(server.superuser_dsn, dbname="elsewhere", user="admin", password="not-a-secret-here")
        yield Elsewhere(server.superuser_dsn, url)


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one message of a refusal: no traceback, no password."""
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "not-a-secret-here" not in done.stderr
    assert done.stderr.startswith("event-manager: ")
    return done.stderr


def test_a_database_that_is_not_migrated_is_refused_with_the_command_that_mends_it(elsewhere: Elsewhere) -> None:
    done = elsewhere.run("serve", "--port", str(free_port()))

    assert "run 'python -m event_manager migrate'" in refused(done)


def test_a_login_that_may_create_roles_is_enough_to_migrate_and_serve(elsewhere: Elsewhere) -> None:
    migrated = [elsewhere.run("migrate") for _ in range(2)]
    port = free_port()
    command = [sys.executable, "-m", "event_manager", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=elsewhere.environment, stdout=subprocess.DEVNULL)
    try:
        wait_until_healthy(port, process)
    finally:
        process.terminate()

    assert [done.returncode for done in migrated] == [0, 0]
    assert process.wait(timeout=30) == 0


@pytest.mark.parametrize(("attribute", "words"), [("SUPERUSER", "is a superuser"), ("BYPASSRLS", "may bypass")])
def test_the_start_is_refused_when_the_application_could_see_past_row_security(
    elsewhere: Elsewhere, attribute: str, words: str
) -> None:
    elsewhere.run("migrate")
    with psycopg.connect(elsewhere.superuser_dsn, autocommit=True) as conn:
        conn.execute(f"ALTER ROLE event_manager_app {attribute}")  # type: ignore[arg-type]
        try:
            done = elsewhere.run("serve", "--port", str(free_port()))
        finally:
            conn.execute(f"ALTER ROLE event_manager_app NO{attribute}")  # type: ignore[arg-type]

    assert words in refused(done)


def test_a_database_that_does_not_answer_is_named(elsewhere: Elsewhere) -> None:
    gone = Elsewhere("", f"postgresql://admin:not-a-secret-here@127.0.0.1:{free_port()}/gone")

    assert "Connection refused" in refused(gone.run("serve"))
    assert "Connection refused" in refused(gone.run("migrate"))


@pytest.mark.parametrize("command", ["serve", "migrate", "worker"])
def test_an_address_that_is_none_is_told_without_its_password(command: str) -> None:
    told = refused(Elsewhere("", "mysql://admin:not-a-secret-here@127.0.0.1/marks").run(command))

    assert "postgresql://USER:PASSWORD@HOST/DATABASE" in told
    assert "not-a-secret-here" not in told


def test_a_weak_key_is_refused(elsewhere: Elsewhere) -> None:
    environment = {**elsewhere.environment, "EVENT_MANAGER_SECRET_KEY": "short"}
    command = [sys.executable, "-m", "event_manager", "migrate"]

    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    assert "at least 32 random characters" in refused(done)


@pytest.mark.parametrize(
    ("name", "value"), [("EVENT_MANAGER_PORT", "abc"), ("LOG_LEVEL", "loud"), ("EVENT_MANAGER_POOL_SIZE", "0")]
)
def test_a_setting_that_cannot_be_used_is_named_before_anything_starts(
    elsewhere: Elsewhere, name: str, value: str
) -> None:
    environment = {**elsewhere.environment, name: value}
    command = [sys.executable, "-m", "event_manager", "serve"]

    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    assert f"{name}: " in refused(done)
    assert repr(value) in done.stderr
