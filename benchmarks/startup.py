"""From the command `serve` to the first 200 of /health: on an empty folder, and on one with a database in it."""

import statistics
import time
from pathlib import Path

from benchmarks.figures import Figure, figure
from benchmarks.hall import free_port, launch, wait_until_healthy
from event_manager.kit.postgres import EmbeddedServer
from event_manager.kit.setup import scratch_directory

ROUNDS = 3


def run() -> list[Figure]:
    """Cold makes the database cluster, the roles and the schema; warm starts PostgreSQL and finds all in place."""
    with scratch_directory() as folder:
        try:
            cold = _seconds(folder / "data")
            warm = statistics.median(_seconds(folder / "data") for _ in range(ROUNDS))
        finally:
            EmbeddedServer.remove(folder / "data")
    return [
        figure("start-up cold: initdb, schema, until /health says 200", cold, "s"),
        figure("start-up warm, until /health says 200", warm, "s", most=5),
    ]


def _seconds(folder: Path) -> float:
    port, began = free_port(), time.monotonic()
    process = launch(folder, port)
    try:
        wait_until_healthy(port, process)
        return time.monotonic() - began
    finally:
        process.terminate()
        process.wait(timeout=60)
