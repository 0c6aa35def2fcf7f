"""The worker beside which our deliveries are measured: Node.js with BullMQ, undici, Redis and PostgreSQL.

`benchmarks/peer/deliver.mjs` is what it does. Redis keeps its usual durability for queues (append-only file, flushed
each second), PostgreSQL commits durably.
"""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from urllib.parse import urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict

from benchmarks.delivery.cost import Measured, Round
from benchmarks.delivery.sink import Sink
from benchmarks.hall import free_port
from event_manager.kit.postgres import EmbeddedServer
from event_manager.kit.setup import SetupError, file_lock, home, last_lines, make_directory
from event_manager.kit.webbuild import is_installed, node

FOLDER = Path(__file__).parent.parent / "peer"
TABLE = """
CREATE TABLE peer_deliveries (
  id uuid PRIMARY KEY, endpoint int NOT NULL, event_id text NOT NULL, event_type text NOT NULL, outcome text NOT NULL,
  attempts int NOT NULL, ended_at timestamptz NOT NULL, status int, error text NOT NULL, ms real NOT NULL,
  ip text NOT NULL, request_headers text NOT NULL, response_head text NOT NULL, response_body text NOT NULL);
CREATE INDEX ON peer_deliveries (endpoint, ended_at);
CREATE INDEX ON peer_deliveries (event_id)"""
RECORDED = "SELECT count(*) FROM peer_deliveries WHERE outcome = 'succeeded'"


class NoPeer(RuntimeError):
    """The peer cannot be run here; the text says why."""


class Peer:
    """A Node.js worker that waits for jobs; it lives over the rounds, so that its code is compiled but once."""

    def __init__(self, given: Mapping[str, object], worker: "subprocess.Popen[str]", *servers: int) -> None:
        self._given = given
        self._worker = worker
        self._servers = servers
        _expect(worker, "ready")

    def deliver(self, jobs: int, *, fan: int) -> tuple[Round, Round]:
        """Queue so many deliveries, ``fan`` for each event, and work them off; what each of the two took."""
        database = str(self._given["database"])
        with psycopg.connect(database, autocommit=True) as conn:
            conn.execute("TRUNCATE peer_deliveries")
        queued, sent = (self._measure(jobs, order) for order in (f"fill {jobs} {fan}", f"work {jobs}"))
        with psycopg.connect(database, autocommit=True) as conn:
            [recorded] = conn.execute(
                "SELECT count(*) FROM peer_deliveries WHERE outcome = 'succeeded'"
            ).fetchone() or (0,)
        if recorded != jobs:
            raise RuntimeError(f"the peer recorded {recorded} of {jobs} deliveries")
        return queued, sent

    def _measure(self, jobs: int, order: str) -> Round:
        measured = Measured(self._worker.pid, *self._servers)
        _tell(self._worker, order)
        _expect(self._worker, "done")
        taken = measured.end(jobs)
        _expect(self._worker, "ready")
        return taken


@contextmanager
def peer(
    server: EmbeddedServer, folder: Path, sink: Sink, *, body: str, endpoints: int, concurrency: int
) -> Iterator[Peer]:
    """The peer with a database of its own on a running server. Raises NoPeer."""
    redis = shutil.which("redis-server")
    if redis is None:
        raise NoPeer("redis-server is not installed (Debian: apt-get install redis-server)")
    _install()
    with psycopg.connect(server.superuser_dsn, autocommit=True) as conn:
        conn.execute("CREATE DATABASE peer")
    with psycopg.connect(server.superuser_dsn, dbname="peer", autocommit=True) as conn:
        conn.execute(TABLE)
    port = free_port()
    given = {
        "redis": port, "sink": sink.url, "endpoints": endpoints, "body": body, "concurrency": concurrency,
        "database": _url(server.superuser_dsn, "peer"),
    }  # fmt: skip
    command = [redis, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    command += ["--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as queue:
        try:
            _wait_for(port, queue)
            with _script(given) as worker:
                try:
                    yield Peer(given, worker, queue.pid, server.pid or 0)
                finally:
                    worker.kill()
        finally:
            queue.kill()


def _install() -> None:
    with file_lock(make_directory(home()) / "peer-node.lock"):
        if is_installed(FOLDER, dev=True):
            return
        try:
            here = node()
        except SetupError as problem:
            raise NoPeer(str(problem)) from problem
        done = subprocess.run(
            [*here.npm, "ci"], cwd=FOLDER, env=here.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=600, check=False,
        )  # fmt: skip
    if done.returncode != 0:
        raise NoPeer(f"npm ci failed in {FOLDER.name}: {last_lines(done.stdout, 6)}")


def _script(given: Mapping[str, object]) -> "subprocess.Popen[str]":
    here = node()
    command = [str(here.binary), "deliver.mjs", json.dumps(given)]
    environment = {**here.environment(), "NODE_ENV": "production"}
    return subprocess.Popen(
        command, cwd=FOLDER, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def _expect(process: "subprocess.Popen[str]", word: str) -> None:
    watch = Timer(120, process.kill)
    watch.start()
    line = process.stdout.readline() if process.stdout else ""
    watch.cancel()
    if line.strip() != word:
        raise RuntimeError(f"the peer said {line!r}, not {word!r} (exit code {process.poll()})")


def _tell(process: "subprocess.Popen[str]", word: str) -> None:
    if process.stdin:
        process.stdin.write(f"{word}\n")
        process.stdin.flush()


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end and server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise NoPeer(f"redis-server did not start (exit code {server.poll()})")


def _url(dsn: str, database: str) -> str:
    """The same login as a URL, which is what Node's client reads."""
    parts = {name: str(value) for name, value in conninfo_to_dict(dsn).items() if value is not None}
    query = urlencode({"host": parts["host"], **({"port": parts["port"]} if "port" in parts else {})})
    return f"postgresql://{parts.get('user', 'postgres')}:{parts.get('password', '')}@/{database}?{query}"
