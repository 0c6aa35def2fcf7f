"""What the set-up steps (database server, front end, browser) share.

`home()` is the one directory for everything made at run time: in a clone `.event-manager/`, else
`~/.local/share/event-manager`. PostgreSQL refuses to run as root, so for root the place must be one that the
unprivileged server user can reach; a clone inside `/root` cannot be, and `/var/lib/event-manager/<clone>`
takes its place. `EVENT_MANAGER_HOME` overrides all of this.
"""

import errno
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

PROJECT = Path(__file__).resolve().parents[2]
LOW_SPACE = 64 * 1024 * 1024


class SetupError(Exception):
    """A set-up step failed. The text says what, where and how to mend it; show it without traceback."""


def tell(line: str) -> None:
    """Print a progress line for the person who waits."""
    print(f"event-manager: {line}", file=sys.stderr, flush=True)


class Spawn(TypedDict, total=False):
    """The part of `subprocess.run`'s arguments that decides who runs a program."""

    user: int
    group: int
    extra_groups: list[int]
    umask: int


@dataclass(frozen=True)
class ServerUser:
    """The account PostgreSQL runs under: our own (name "" if it has none), or for root an unprivileged one."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """True when we are root and the server is not."""
        return self.uid != os.geteuid()

    def spawn(self) -> Spawn:
        """Arguments for `subprocess.run` that start a program as this user."""
        if not self.is_other:
            return {"umask": 0o077}
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "umask": 0o077}


def server_user() -> ServerUser:
    """Who runs PostgreSQL: us, or as root `EVENT_MANAGER_PG_USER` (default `nobody`).

    Raises SetupError when root names no usable account.
    """
    if os.geteuid() != 0:
        return ServerUser(_own_name(), os.geteuid(), os.getegid())
    name = os.environ.get("EVENT_MANAGER_PG_USER", "nobody")
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise SetupError(
            f"PostgreSQL cannot run as root and this machine has no user {name!r}. "
            "Name an existing unprivileged user in EVENT_MANAGER_PG_USER."
        ) from None
    if entry.pw_uid == 0:
        raise SetupError("EVENT_MANAGER_PG_USER must be an unprivileged user; PostgreSQL refuses to run as root.")
    return ServerUser(name, entry.pw_uid, entry.pw_gid)


def _own_name() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # containers run under numbers that have no name
        return ""


def blocked_at(path: Path, user: ServerUser) -> Path | None:
    """The first existing directory on the way to `path` that `user` may not enter, or None.

    Asked of the system as that user, so access lists and mount options count too.
    """
    if not user.is_other:
        return None
    for directory in [*reversed(path.parents), path]:
        if not directory.exists():
            return None
        enter = subprocess.run(
            ["/bin/sh", "-c", 'cd -- "$1"', "sh", directory],
            check=False,
            cwd="/",
            stderr=subprocess.DEVNULL,
            **user.spawn(),
        )
        if enter.returncode != 0:
            return directory
    return None


def home() -> Path:
    """Directory for data and caches made at run time (not created here)."""
    if chosen := os.environ.get("EVENT_MANAGER_HOME"):
        return Path(chosen).absolute()
    clone = (PROJECT / "run.py").exists()
    place = PROJECT / ".event-manager" if clone else Path("~/.local/share/event-manager").expanduser()
    if blocked_at(place, server_user()) is None:
        return place
    mark = hashlib.sha256(str(place).encode()).hexdigest()[:8]
    return Path("/var/lib/event-manager") / f"{place.parent.name}-{mark}"


def cache_dir() -> Path:
    """Directory for what can be made again: server binaries, test templates, the browser."""
    return make_directory(home() / "cache")


def make_directory(path: Path, mode: int = 0o700) -> Path:
    """Create `path` and missing parents; what exists keeps its permissions.

    Root's directories can be entered by others (not listed), because the server user must pass through.
    Raises SetupError when it cannot be made.
    """
    if path.is_dir():
        return path
    try:
        make_directory(path.parent)
        path.mkdir(exist_ok=True)
        path.chmod(0o711 if os.geteuid() == 0 and mode == 0o700 else mode)
    except OSError as problem:
        raise disk_full(path, problem) or SetupError(
            f"Cannot create the directory {path}: {problem.strerror}. Choose another place with --data-dir "
            "or EVENT_MANAGER_HOME."
        ) from problem
    return path


def free_bytes(path: Path) -> int:
    """Free bytes for us on the file system of `path` (or of its nearest existing parent)."""
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free


def disk_full(path: Path, cause: OSError | str) -> SetupError | None:
    """A SetupError naming the full disk when `cause` (an error or a program's output) says so, else None."""
    if isinstance(cause, OSError):
        full = cause.errno in {errno.ENOSPC, errno.EDQUOT} or "No space left" in str(cause)
    else:
        full = "No space left on device" in cause or "Disk quota exceeded" in cause
    if not full:
        return None
    return SetupError(
        f"The disk is full: {free_bytes(path):,} bytes are free at {path}. "
        "Make room there, or choose another place with --data-dir, and start again; nothing was lost."
    )


def last_lines(output: str, count: int = 3, joint: str = " / ") -> str:
    """The last lines of a program's output, for an error message."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return joint.join(lines[-count:]) or "it said nothing"


@contextmanager
def file_lock(path: Path) -> Iterator[int]:
    """Hold `path` as a lock between processes; the system frees it when its holders died. Yields its descriptor.

    A program started with that descriptor is a holder too, and keeps others waiting if it outlives us.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as problem:
        raise disk_full(path, problem) or SetupError(
            f"Cannot write {path}: {problem.strerror}. Start as the owner of its directory, or choose another "
            "place with --data-dir or EVENT_MANAGER_HOME."
        ) from problem
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def scratch_directory() -> Iterator[Path]:
    """A temporary directory the server user can reach, for databases of tests and drills; removed at the end.

    (pytest's `tmp_path` is closed to others, so root's server cannot use it.)
    """
    usual = Path(tempfile.gettempdir())
    parent = usual if blocked_at(usual, server_user()) is None else make_directory(home() / "scratch")
    with tempfile.TemporaryDirectory(prefix="event-manager-", dir=parent, ignore_cleanup_errors=True) as name:
        directory = Path(name).resolve()
        if os.geteuid() == 0:
            directory.chmod(0o711)
        yield directory
