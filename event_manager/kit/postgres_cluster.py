"""The embedded PostgreSQL's cluster: made new, copied for tests, checked before use."""

import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from event_manager.kit.postgres_programs import MAJOR, Programs
from event_manager.kit.setup import (
    LOW_SPACE,
    ServerUser,
    SetupError,
    cache_dir,
    disk_full,
    file_lock,
    free_bytes,
    last_lines,
    make_directory,
)

INITDB = (
    "--username=postgres",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--no-locale",
    "--locale-provider=builtin",
    "--builtin-locale=PG_UNICODE_FAST",
    "--data-checksums",
    "--no-instructions",
)
SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "128MB",
    "wal_level": "replica",
    "summarize_wal": "on",
    "wal_compression": "pglz",
    "track_commit_timestamp": "on",
    "max_slot_wal_keep_size": "4GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    # One file a weekday, each overwritten a week later: the log cannot fill the disk unseen.
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
}


def create_cluster(cluster: Path, password_file: Path, programs: Programs, *, durable: bool = True) -> None:
    """Make a new cluster at `cluster`, complete or not at all, and write its superuser's password."""
    password = secrets.token_urlsafe(24)
    # initdb holds the lock with us: if we are killed, the next maker waits for it before it clears up.
    with file_lock(cluster.parent / "making.lock") as lock, _staging(cluster) as staging:
        secret = staging / "password"
        secret.write_text(password)
        give(staging, programs.user)
        options = [f"--pwfile={secret}", *INITDB, *(f"--set={name}={value}" for name, value in SETTINGS.items())]
        if not durable:
            options.append("--no-sync")
        made = programs.run("initdb", *options, staging / "cluster", keep_open=[lock])
        if made.returncode != 0:
            raise disk_full(cluster, made.stdout) or SetupError(
                f"initdb could not make a database in {cluster.parent}: {last_lines(made.stdout)}"
            )
        write_secret(password_file, password)
        (staging / "cluster").rename(cluster)


def copy_template(cluster: Path, password_file: Path, programs: Programs) -> None:
    """As `create_cluster`, in a third of its time: a copy of a cluster made once and kept in the cache.

    For tests only: all copies share one password and one system identifier.
    """
    recipe = repr((programs.path("postgres").stat().st_mtime_ns, INITDB, SETTINGS))
    template = cache_dir() / f"template-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"
    with file_lock(cache_dir() / "template.lock"):
        if not (template / "cluster").exists():
            shutil.rmtree(template, ignore_errors=True)
            make_directory(template)
            create_cluster(template / "cluster", template / "superuser.password", programs, durable=False)
    with file_lock(cluster.parent / "making.lock"), _staging(cluster) as staging:
        shutil.copytree(template / "cluster", staging / "cluster", symlinks=True)
        give(staging / "cluster", programs.user)
        write_secret(password_file, (template / "superuser.password").read_text())
        (staging / "cluster").rename(cluster)


@contextmanager
def _staging(cluster: Path) -> Iterator[Path]:
    """A directory beside `cluster` to build it in: a killed run leaves nothing that looks like a cluster.

    Raises SetupError when the disk is full or nearly so.
    """
    place = cluster.parent
    for leftover in place.glob(".new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    if free_bytes(place) < LOW_SPACE:
        raise SetupError(
            f"Not enough room for a new database: {free_bytes(place):,} bytes are free at {place}, "
            f"{LOW_SPACE:,} are needed. Make room, or choose another place with --data-dir."
        )
    staging = Path(tempfile.mkdtemp(prefix=".new-", dir=place))
    try:
        yield staging
    except OSError as problem:
        raise disk_full(place, problem) or SetupError(f"Cannot make a database in {place}: {problem}") from problem
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def give(tree: Path, user: ServerUser) -> None:
    """Make `user` the owner of `tree` and all in it."""
    if user.is_other:
        for path in [tree, *tree.rglob("*")]:
            os.chown(path, user.uid, user.gid, follow_symlinks=False)


def write_secret(path: Path, text: str) -> None:
    """Write `text` to a file only we can read; complete or not at all."""
    staging = path.with_name(f".{path.name}.new")
    staging.unlink(missing_ok=True)
    descriptor = os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    staging.rename(path)


def check_cluster(cluster: Path, password_file: Path, user: ServerUser) -> None:
    """Raise SetupError unless `cluster` is of our major version, owned by `user`, its password at hand."""
    owner = cluster.stat().st_uid
    if owner != user.uid:
        raise SetupError(
            f"The database in {cluster} belongs to user number {owner}, but PostgreSQL would run as "
            f"{user.name}. Start as its owner (as root: name the owner in EVENT_MANAGER_PG_USER), or choose "
            "another --data-dir."
        )
    version = cluster / "PG_VERSION"
    if not version.exists():
        raise SetupError(
            f"{cluster} exists but holds no PostgreSQL database. Move it away or choose another --data-dir."
        )
    if (found := version.read_text().strip()) != MAJOR:
        raise SetupError(
            f"The database in {cluster} was made by PostgreSQL {found}, this release runs {MAJOR}. Write it out "
            "with the release of Event Manager that made it (pg_dumpall) and read it into a new one; "
            "docs/set-up.md shows the four commands. Nothing was changed."
        )
    if not password_file.exists():
        raise SetupError(
            f"The password of the database in {cluster} is missing. Bring {password_file} back, for example "
            "from a backup, or choose another --data-dir."
        )
