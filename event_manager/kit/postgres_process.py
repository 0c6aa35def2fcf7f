"""The server process of one cluster: is it there, start it, wait for it, stop it."""

import contextlib
import hashlib
import os
import re
import shlex
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from psycopg import pq
from psycopg.conninfo import make_conninfo

from event_manager.kit.postgres_programs import Programs
from event_manager.kit.setup import ServerUser, SetupError, disk_full, last_lines

PORT = 5432
RECOVERY_SECONDS = 600
REPORT_SECONDS = 10
LONGEST_SOCKET_PATH = 100  # 107 bytes on Linux, 103 on macOS


class ServerProcess:
    """The process serving `cluster`, whoever started it. Callers lock around `bring_up` and `shut_down`."""

    def __init__(self, cluster: Path, socket_dir: Path, log_file: Path, programs: Programs) -> None:
        self.cluster = cluster
        self.socket_dir = socket_dir
        self.log_file = log_file
        self.programs = programs

    def pid(self) -> int | None:
        """Its process id, None when it does not run; a stale or reused number counts as none."""
        try:
            pid = int((self.cluster / "postmaster.pid").read_text().splitlines()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        return pid if _works_in(pid, self.cluster) else None

    def bring_up(self, settings: Mapping[str, str], report: Callable[[str], None]) -> None:
        """Return when the server answers; start it unless it runs already.

        `report` gets a line every ten seconds. Raises SetupError when it does not come up.
        """
        _own_directory(self.socket_dir, self.programs.user)
        if self.pid() is not None and self._wait_for_answer(report):
            return
        self._remove_stale_pid_files()
        failure = self._launch(settings, report)
        for _attempt in range(30):
            if failure is None or "is still in use" not in failure:
                break
            time.sleep(1)  # children of a killed server end by themselves, the busiest within seconds
            failure = self._launch(settings, report)
        if failure is not None:
            raise disk_full(self.cluster, failure) or SetupError(
                f"PostgreSQL did not start in {self.cluster}: {_gist(failure)}. More in {self.log_file} and "
                f"{self.cluster / 'log'}."
            )

    def shut_down(self) -> None:
        """Stop it, ending open sessions, and wait until it is gone. Raises SetupError when it stays."""
        if self.pid() is None:
            return
        stop = ("stop", "--mode=fast", "--wait", f"--timeout={RECOVERY_SECONDS}")
        done = self.programs.run("pg_ctl", *stop, env={"PGDATA": str(self.cluster)})
        if done.returncode != 0 and self.pid() is not None:
            raise SetupError(f"PostgreSQL in {self.cluster} did not stop: {last_lines(done.stdout)}")
        with contextlib.suppress(OSError):  # it may lie under /tmp, which is not ours to fill
            self.socket_dir.rmdir()

    def _remove_stale_pid_files(self) -> None:
        """PostgreSQL believes the number in these files alone, which a zombie or a stranger may have by now.

        Safe here: no server works in our cluster, nobody else uses our socket directory, and the shared memory
        of a former server is still checked by PostgreSQL itself.
        """
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        (self.socket_dir / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)

    def _launch(self, settings: Mapping[str, str], report: Callable[[str], None]) -> str | None:
        """Start the server; None when it is ready, else what it wrote."""
        options = {"listen_addresses": "", "unix_socket_directories": str(self.socket_dir), "port": str(PORT)}
        options |= {"unix_socket_permissions": "0700", **settings}
        given = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in options.items())
        pg_ctl = str(self.programs.path("pg_ctl"))
        began = time.time()
        self.log_file.touch(mode=0o600)
        with self.log_file.open("w+") as output:
            starting = subprocess.Popen(
                [pg_ctl, "start", "--wait", f"--timeout={RECOVERY_SECONDS}", "-o", given],
                cwd="/",
                # Not -D: pg_ctl puts that into a shell command, where a "$" in the path would be read.
                env=self.programs.environment({"PGDATA": str(self.cluster)}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                **self.programs.user.spawn(),
            )
            if _await(starting, report, f"PostgreSQL is recovering its data in {self.cluster}") == 0:
                return None
            output.seek(0)
            return output.read() + self._newest_log(since=began)

    def _wait_for_answer(self, report: Callable[[str], None]) -> bool:
        """Wait for a server that is starting or stopping; False when it ended."""
        began = reported = time.monotonic()
        while self.pid() is not None:
            if self._answers():
                return True
            now = time.monotonic()
            if now - began > RECOVERY_SECONDS:
                raise SetupError(
                    f"The PostgreSQL server in {self.cluster} (process {self.pid()}) has not answered for "
                    f"{RECOVERY_SECONDS} s. See {self.cluster / 'log'}; if it hangs, end it and start again."
                )
            if now - reported > REPORT_SECONDS:
                reported = now
                report(f"waiting for the PostgreSQL server in {self.cluster} ({now - began:.0f} s)")
            time.sleep(0.05)
        return False

    def _answers(self) -> bool:
        where = make_conninfo(
            "", host=str(self.socket_dir), port=PORT, dbname="postgres", user="postgres", connect_timeout=2
        )
        return pq.Ping(pq.PGconn.ping(where.encode())) == pq.Ping.OK

    def _newest_log(self, since: float) -> str:
        logs = [file for file in self.cluster.glob("log/*.log") if file.stat().st_mtime >= since]
        newest = max(logs, key=lambda file: file.stat().st_mtime, default=None)
        return newest.read_text(errors="replace")[-4000:] if newest else ""


def socket_dir_for(data_dir: Path, user: ServerUser) -> Path:
    """`data_dir/run`, or where that path is too long or odd for a socket a directory under /tmp.

    Not under TMPDIR: all processes that share the server must find the same place.
    """
    beside = data_dir / "run"
    fits = len(f"{beside}/.s.PGSQL.{PORT}") <= LONGEST_SOCKET_PATH
    if fits and re.fullmatch(r"[\w/.+-]+", str(beside), re.ASCII):
        return beside
    mark = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    return Path(f"/tmp/event-manager-{user.uid}-{mark}")  # noqa: S108 - its owner and mode are checked


def _own_directory(path: Path, user: ServerUser) -> None:
    """Make `path` a directory for the server user alone. Raises SetupError when it exists and is not."""
    with contextlib.suppress(FileExistsError):
        path.mkdir(0o700)
        os.chown(path, user.uid, user.gid)
    found = path.lstat()
    if found.st_uid != user.uid or found.st_mode & 0o777 != 0o700 or path.is_symlink():
        raise SetupError(f"{path} must be a directory of user {user.name}, mode 0700. Remove it and start again.")


def _await(process: subprocess.Popen[bytes], report: Callable[[str], None], what: str) -> int:
    """The process's exit status, with a line every ten seconds until then."""
    began = time.monotonic()
    while True:
        try:
            return process.wait(timeout=REPORT_SECONDS)
        except subprocess.TimeoutExpired:
            report(f"{what} ({time.monotonic() - began:.0f} s)")


def _gist(output: str) -> str:
    """What the server complained of, without the times; else its last words."""
    complaints = [line.split(":  ", 1)[-1] for line in output.splitlines() if "FATAL:" in line or "PANIC:" in line]
    return last_lines("\n".join(complaints) or output)


def _works_in(pid: int, directory: Path) -> bool:
    """True when process `pid` is a living PostgreSQL server of `directory` (its working directory)."""
    if Path("/proc/self/cwd").exists():
        try:
            return Path(f"/proc/{pid}/cwd").samefile(directory)
        except OSError:  # gone, a zombie, or another user's: not our server
            return False
    ps = ["/bin/ps", "-p", str(pid), "-o", "comm="]
    return "postgres" in subprocess.run(ps, check=False, capture_output=True, text=True).stdout
