"""A hall full of judges: an installation of its own with one category, N judges signed in, and ids that can be counted.

Rows are written by plain SQL as the superuser, so that a big hall is there in a second. Ids are
``00000000-0000-7000-800K-NNNNNNNNNNNN`` (kind K, number N), so that pgbench can make them too.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from event_manager.config import Settings
from event_manager.kit import migrate
from event_manager.kit.installation import Installation
from event_manager.kit.postgres import EmbeddedServer
from event_manager.kit.setup import scratch_directory
from event_manager.tabulation.library import load_rule_set

ROOT = Path(__file__).parent.parent
TENANT, EVENT, CONTEST, CATEGORY, CRITERION, ENTRY, SEAT, JUDGE = range(1, 9)
SEED = """
INSERT INTO tenants (id, slug, name) VALUES (%(tenant)s, 'hall', 'The Hall');
INSERT INTO users (id, email, name) SELECT pg_temp.uid(8, n), 'judge' || n || '@hall.test', 'Judge ' || n
  FROM generate_series(1, %(judges)s) n;
INSERT INTO memberships (tenant_id, user_id) SELECT %(tenant)s, pg_temp.uid(8, n) FROM generate_series(1, %(judges)s) n;
INSERT INTO role_grants (tenant_id, user_id, role)
  SELECT %(tenant)s, pg_temp.uid(8, n), r.role
    FROM generate_series(1, %(judges)s) n, (VALUES ('JUDGE'), ('TALLY_MASTER')) r (role);
INSERT INTO sessions (user_id, token_hash, stage, tenant_id, last_used_at, expires_at, address, user_agent)
  SELECT pg_temp.uid(8, n), sha256(convert_to('token-' || n, 'UTF8')), 'full', %(tenant)s, now(),
         now() + interval '1 day', '', ''
    FROM generate_series(1, %(judges)s) n;
INSERT INTO events (tenant_id, id, name) VALUES (%(tenant)s, pg_temp.uid(2, 1), 'Finals');
INSERT INTO contests (tenant_id, id, event_id, name) VALUES (%(tenant)s, pg_temp.uid(3, 1), pg_temp.uid(2, 1), 'Solo');
INSERT INTO categories (tenant_id, id, contest_id, name, state)
  VALUES (%(tenant)s, pg_temp.uid(4, 1), pg_temp.uid(3, 1), 'Talent', 'judging');
INSERT INTO criteria (tenant_id, id, category_id, key, name, max, step)
  SELECT %(tenant)s, pg_temp.uid(5, n), pg_temp.uid(4, 1), 'c' || n, 'Criterion ' || n, 10, 0.1
    FROM generate_series(1, %(criteria)s) n;
INSERT INTO participants (tenant_id, id, name, name_key)
  SELECT %(tenant)s, pg_temp.uid(6, n), 'Act ' || n, 'act ' || n FROM generate_series(1, %(entries)s) n;
INSERT INTO contest_entries (tenant_id, id, contest_id, participant_id, number, running_order)
  SELECT %(tenant)s, pg_temp.uid(6, n), pg_temp.uid(3, 1), pg_temp.uid(6, n), n::text, n
    FROM generate_series(1, %(entries)s) n;
INSERT INTO category_entries (tenant_id, id, contest_id, category_id, contest_entry_id)
  SELECT %(tenant)s, pg_temp.uid(6, n), pg_temp.uid(3, 1), pg_temp.uid(4, 1), pg_temp.uid(6, n)
    FROM generate_series(1, %(entries)s) n;
INSERT INTO panel_seats (tenant_id, id, category_id, user_id, label)
  SELECT %(tenant)s, pg_temp.uid(7, n), pg_temp.uid(4, 1), pg_temp.uid(8, n), 'J' || n
    FROM generate_series(1, %(judges)s) n;
INSERT INTO category_rules (tenant_id, category_id, name, document)
  VALUES (%(tenant)s, pg_temp.uid(4, 1), 'weighted-mean', %(rules)s);
"""
UID = """
CREATE FUNCTION pg_temp.uid(kind int, n bigint) RETURNS uuid LANGUAGE sql AS
$$ SELECT ('00000000-0000-7000-800' || kind || '-' || lpad(to_hex(n), 12, '0'))::uuid $$
"""


def uid(kind: int, n: int) -> str:
    """The id of the n-th thing of a kind."""
    return f"00000000-0000-7000-800{kind}-{n:012x}"


def token(judge: int) -> str:
    """The session token of a judge (they count from 1)."""
    return f"token-{judge}"


@dataclass
class Hall:
    """A prepared installation, with or without its server process running."""

    folder: Path
    installation: Installation
    judges: int
    entries: int
    criteria: int
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def superuser_dsn(self) -> str:
        """The hall's database, past row security."""
        return self.installation.admin_dsn

    @property
    def app_dsn(self) -> str:
        """The hall's database as the application sees it."""
        return migrate.logins(self.installation.admin_dsn, self.installation.secret_key, self.installation.roles).app

    def start(self) -> None:
        """Start the real server process and wait until it can be used."""
        self.port = self.port or free_port()
        self.process = launch(self.folder, self.port)
        wait_until_healthy(self.port, self.process)

    def kill(self) -> None:
        """kill -9, as the power plug would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """Ask the server process to end."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=30)
            self.process = None

    def cpu_seconds(self) -> float:
        """Processor time that the server process has used so far."""
        if self.process is None:
            raise RuntimeError("the server does not run")
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def hall(judges: int, entries: int, criteria: int) -> Iterator[Hall]:
    """An installation with fsync on, migrated and filled; everything is removed at the end."""
    with scratch_directory() as folder:
        installation = Installation.prepare(Settings(database_url=None, data_dir=folder / "data"))
        made = Hall(folder / "data", installation, judges, entries, criteria)
        try:
            installation.migrate()
            fill(installation.admin_dsn, judges, entries, criteria)
            yield made
        finally:
            made.kill()
            installation.close()
            EmbeddedServer.remove(made.folder)  # a killed process has not stopped it


def fill(superuser_dsn: str, judges: int, entries: int, criteria: int) -> None:
    """Write the hall's rows."""
    rules = json.dumps(load_rule_set("weighted-mean").model_dump(mode="json", by_alias=True, exclude={"cases"}))
    values = {"tenant": uid(TENANT, 1), "judges": judges, "entries": entries, "criteria": criteria, "rules": rules}
    with psycopg.connect(superuser_dsn) as conn:
        conn.execute(UID)
        for statement in SEED.strip().split(";\n"):
            conn.execute(statement.rstrip(";"), values)
        conn.commit()
        conn.autocommit = True
        conn.execute("ANALYZE")


def marks(batch: Iterable[tuple[str, int, int, str]]) -> bytes:
    """A request body with marks of (key, entry, criterion, value)."""
    return json.dumps(
        {
            "marks": [
                {"key": key, "entryId": uid(ENTRY, entry), "criterionId": uid(CRITERION, criterion), "value": value}
                for key, entry, criterion, value in batch
            ]
        }
    ).encode()


def request(judge: int, body: bytes, port: int) -> bytes:
    """The bytes of the HTTP request that submits a body."""
    fields = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    return head("POST", f"/api/scoring/categories/{uid(CATEGORY, 1)}/marks", judge, port, fields) + body


def head(method: str, path: str, judge: int, port: int, fields: Mapping[str, str] | None = None) -> bytes:
    """The head of a judge's HTTP request."""
    given = {"Host": f"127.0.0.1:{port}", "Authorization": f"Bearer {token(judge)}", **(fields or {})}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def launch(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """The real server process on a data directory, as `event-manager serve` starts it."""
    environment = {**os.environ, "LOG_LEVEL": "WARNING", "EVENT_MANAGER_RATE_LIMIT_PER_MINUTE": "0"}
    command = [sys.executable, "-m", "event_manager", "serve", "--port", str(port), "--data-dir", str(folder)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def wait_until_healthy(port: int, process: subprocess.Popen[bytes], seconds: float = 120) -> None:
    """Until /health answers 200; RuntimeError when the process ends or the time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server did not come up (exit code {process.poll()})")
