"""PostgreSQL's own load generator: what the database could do without us."""

import re
import subprocess
import tempfile

from benchmarks.hall import Hall
from event_manager.kit.postgres_programs import find_programs
from event_manager.kit.setup import server_user


def transactions_per_second(made: Hall, script: str, seconds: int, clients: int = 8) -> float:
    """How often a script runs a second, as the application's login, by prepared statements."""
    programs = find_programs(server_user())
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        options = ["-c", str(clients), "-j", "2", "-M", "prepared", "-n", "-T", str(seconds), "-f", file.name]
        done = subprocess.run(
            [programs.path("pgbench"), *options, made.app_dsn], capture_output=True, text=True, check=True
        )
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if found is None:
        raise RuntimeError(done.stdout + done.stderr)
    return float(found[1])
