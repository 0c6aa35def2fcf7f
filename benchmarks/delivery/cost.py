"""What something took: time on the clock, and processor time of processes as /proc has it."""

import os
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Round:
    """One round of so many deliveries or transactions: seconds, and CPU seconds of whoever sends and of its servers."""

    count: int
    seconds: float
    sender: float
    servers: float

    def __add__(self, after: "Round") -> "Round":
        """The same ones in two steps, this one first."""
        return Round(self.count, self.seconds + after.seconds, self.sender + after.sender, self.servers + after.servers)

    @property
    def rate(self) -> float:
        """How many a second."""
        return self.count / self.seconds

    @property
    def cost(self) -> float:
        """CPU microseconds of one."""
        return (self.sender + self.servers) / self.count * 1e6


class Measured:
    """Begins now."""

    def __init__(self, sender: int, *servers: int) -> None:
        self._pids = (sender, servers)
        self._sender, self._servers = cpu_seconds(sender), cpu_seconds(*servers)
        self._began = time.perf_counter()

    def end(self, count: int) -> Round:
        """What it took until now."""
        seconds = time.perf_counter() - self._began
        sender, servers = self._pids
        return Round(count, seconds, cpu_seconds(sender) - self._sender, cpu_seconds(*servers) - self._servers)


def cpu_seconds(*roots: int) -> float:
    """What these processes and all that came from them have used so far, ended children included."""
    children = defaultdict(list)
    used = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (fields := _stat(folder)) is not None:
            children[int(fields[1])].append(int(folder.name))
            used[int(folder.name)] = sum(int(f) for f in fields[11:15])
    waiting, total = list(roots), 0
    while waiting:
        pid = waiting.pop()
        total += used.get(pid, 0)
        waiting += children[pid]
    return total / TICK


def _stat(folder: Path) -> list[str] | None:
    """Fields of /proc/PID/stat from the state on; None when the process has ended."""
    try:
        return (folder / "stat").read_text().rsplit(") ", 1)[1].split()
    except OSError:
        return None
