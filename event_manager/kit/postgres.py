"""The embedded PostgreSQL server: started when first needed, shared by processes, stopped by the last one.

    with EmbeddedServer.start(data_dir) as server:
        server.superuser_dsn                          # conninfo for psycopg, database "postgres"
        server.dsn("event_manager_app", "secret", "event_manager")

    EmbeddedServer.start(directory, throwaway=True)   # tests only: no fsync, cluster copied from a template

From a shell, any of PostgreSQL's programs on the database of a data directory, started for it if need be:

    python -m event_manager.kit.postgres DIR psql event_manager
    python -m event_manager.kit.postgres DIR pg_dumpall > all.sql

`start` blocks (use it before the event loop runs) and raises `SetupError` with a sentence for the user.

In the data directory:
    cluster/              PostgreSQL's own files, owned by the server user
    run/                  its socket, for the server user and root only; there is no TCP port
    superuser.password    of the login `postgres`, 0600
    server.log            output of the start; later messages are in cluster/log/

Who keeps it alive: each process holds a shared lock on `users.lock` while it uses the server; at its end it
tries to make the lock exclusive, and who succeeds was the last and stops the server. The system drops the
locks of killed processes. If the last one was killed, the server stays, idle, and the next start takes it
over. While a process uses the server, a guard thread starts it again should it vanish (killed, out of memory,
full disk).
"""

import atexit
import fcntl
import logging
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from psycopg.conninfo import make_conninfo

from event_manager.kit.postgres_cluster import check_cluster, copy_template, create_cluster
from event_manager.kit.postgres_process import PORT, ServerProcess, socket_dir_for
from event_manager.kit.postgres_programs import Programs, find_programs
from event_manager.kit.setup import SetupError, blocked_at, file_lock, make_directory, server_user, tell

GUARD_SECONDS = 1.0
THROWAWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "logging_collector": "off",
}

log = logging.getLogger(__name__)


class EmbeddedServer:
    """A running server and this process's share in it."""

    def __init__(self, data_dir: Path, programs: Programs, settings: Mapping[str, str]) -> None:
        """Use `EmbeddedServer.start`; this only remembers where things lie."""
        self.data_dir = data_dir
        self.cluster = data_dir / "cluster"
        self.password_file = data_dir / "superuser.password"
        self.socket_dir = socket_dir_for(data_dir, programs.user)
        self.programs = programs
        self._server = ServerProcess(self.cluster, self.socket_dir, data_dir / "server.log", programs)
        self._settings = dict(settings)
        self._users: TextIO | None = None
        self._owner = os.getpid()
        self._stopping = threading.Event()
        self._guard = threading.Thread(target=self._keep_alive, name="postgres-guard", daemon=True)

    @classmethod
    def start(
        cls,
        data_dir: Path,
        *,
        throwaway: bool = False,
        settings: Mapping[str, str] | None = None,
        report: Callable[[str], None] = tell,
    ) -> Self:
        """Join the server of `data_dir`, starting it, and making its database, where needed.

        `settings` are server settings for this start (they count only if it is not running yet).
        `throwaway` trades safety on power loss for speed, for tests. `report` gets a line every ten seconds
        of a long recovery.
        Raises SetupError: no programs for this platform, directory not reachable or not ours, other major
        version, full disk, no recovery within ten minutes.
        """
        data_dir = data_dir.resolve()
        user = server_user()
        make_directory(data_dir)
        if blocked := blocked_at(data_dir, user):
            raise SetupError(
                f"PostgreSQL runs as user {user.name!r}, who may not enter {blocked} on the way to "
                f"{data_dir}. Choose a --data-dir that all may pass to, for example "
                "/var/lib/event-manager/data, or start as a normal user. (Existing directories keep their "
                "permissions.)"
            )
        given = {**(THROWAWAY if throwaway else {}), **(settings or {})}
        server = cls(data_dir, find_programs(user), given)
        with server._start_lock():
            if server.cluster.exists():
                check_cluster(server.cluster, server.password_file, user)
            else:
                create = copy_template if throwaway else create_cluster
                create(server.cluster, server.password_file, server.programs)
            server._server.bring_up(server._settings, report)
            server._users = server._users_lock()
            fcntl.flock(server._users, fcntl.LOCK_SH)
        server._guard.start()
        atexit.register(server.stop)
        return server

    @classmethod
    def remove(cls, data_dir: Path) -> None:
        """Delete the database of `data_dir`, whatever its state; a server left behind is stopped first.

        Raises SetupError when a process uses it.
        """
        server = cls(data_dir.resolve(), find_programs(server_user()), {})
        if not data_dir.is_dir():
            return
        with server._start_lock(), server._users_lock() as users:
            if not _is_last(users):
                raise SetupError(f"Another process uses the database in {data_dir}. Stop it first.")
            server._server.shut_down()
            if server.cluster.exists():
                shutil.rmtree(server.cluster)
            server.password_file.unlink(missing_ok=True)

    def dsn(self, user: str, password: str, dbname: str) -> str:
        """Conninfo for psycopg of `user` on database `dbname`."""
        host = str(self.socket_dir)
        return make_conninfo("", host=host, port=PORT, user=user, password=password, dbname=dbname)

    @property
    def superuser_dsn(self) -> str:
        """Conninfo of the login `postgres` on the database `postgres`."""
        return self.dsn("postgres", self.password_file.read_text(), "postgres")

    def client_environment(self) -> dict[str, str]:
        """Variables that lead psql, pg_dump and their like to this server as the superuser."""
        password = self.password_file.read_text()
        return {"PGHOST": str(self.socket_dir), "PGPORT": str(PORT), "PGUSER": "postgres", "PGPASSWORD": password}

    @property
    def pid(self) -> int | None:
        """Process id of the server (its postmaster), None while it is down."""
        return self._server.pid()

    def stop(self) -> None:
        """Give up our share; stops the server if nobody else uses it. Calling it again does nothing."""
        if self._users is None or os.getpid() != self._owner:  # a forked child has no share of its own
            return
        self._stopping.set()
        with self._start_lock(), self._users as users:
            self._users = None
            atexit.unregister(self.stop)
            if _is_last(users):
                self._server.shut_down()
        self._guard.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start_lock(self) -> AbstractContextManager[int]:
        """Held by whoever starts or stops the server."""
        return file_lock(self.data_dir / "start.lock")

    def _users_lock(self) -> TextIO:
        """Held, shared, by whoever uses the server."""
        file = self.data_dir / "users.lock"
        file.touch(mode=0o600)
        return file.open("r+")

    def _keep_alive(self) -> None:
        """Start the server again when it vanished while we use it."""
        pause = GUARD_SECONDS
        while not self._stopping.wait(pause):
            pause = GUARD_SECONDS
            if self._server.pid() is not None:
                continue
            if not self.cluster.exists():
                return
            try:
                with self._start_lock():
                    if not self._stopping.is_set():
                        log.warning("PostgreSQL in %s is gone; starting it again", self.cluster)
                        self._server.bring_up(self._settings, log.warning)
            except (SetupError, OSError) as problem:
                pause = 10 * GUARD_SECONDS
                log.error("%s", problem)  # noqa: TRY400 - the sentence says all


def _is_last(users: TextIO) -> bool:
    """True when nobody but the holder of `users` uses the server."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def main(arguments: Sequence[str]) -> int:
    """The shell command of the head comment; returns the program's exit code."""
    if len(arguments) < 2:
        print("usage: python -m event_manager.kit.postgres DIR PROGRAM [ARGUMENT ...]", file=sys.stderr)
        return 2
    directory, name, *rest = arguments
    try:
        with EmbeddedServer.start(Path(directory)) as server:
            program = server.programs.find(name)
            env = {**os.environ, **server.client_environment()}
            return subprocess.run([program, *rest], env=env, check=False).returncode
    except SetupError as problem:
        tell(str(problem))
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
