"""One installation as a process sees it: its key, its database, ready to open."""

import asyncio
import os
import secrets
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg_pool import PoolTimeout
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from event_manager.config import Settings
from event_manager.kit import migrate
from event_manager.kit.db import Database, UnsafeRole
from event_manager.kit.postgres import EmbeddedServer
from event_manager.kit.setup import SetupError, file_lock, home, make_directory

DATABASE = "event_manager"
KEY_FILE = "secret.key"


@dataclass
class Installation:
    """Settings with what they lead to. ``server`` is None when DATABASE_URL names the database."""

    settings: Settings
    secret_key: str
    roles: migrate.Roles
    admin_dsn: str
    server: EmbeddedServer | None = None

    @classmethod
    def prepare(cls, settings: Settings) -> "Installation":
        """Find or start the database server. Blocks. Raises SetupError with a sentence for the user."""
        roles = migrate.Roles(settings.role_prefix)
        folder = data_dir(settings)
        key = secret_key(settings, folder)
        if settings.database_url is not None:
            return cls(settings, key, roles, database_address(settings.database_url.get_secret_value()))
        server = EmbeddedServer.start(folder)
        with preparing(folder):
            _create_database(server.superuser_dsn)
        admin = psycopg.conninfo.make_conninfo(server.superuser_dsn, dbname=DATABASE)
        return cls(settings, key, roles, admin, server)

    def migrate(self) -> None:
        """Create roles and bring the schema up to date. Raises SetupError when the server refuses."""
        try:
            with preparing(data_dir(self.settings)):
                logins = migrate.bootstrap(self.admin_dsn, self.secret_key, self.roles)
                migrate.upgrade(logins.owner, self.roles)
        except (psycopg.Error, SQLAlchemyError, migrate.DatabaseTooOld) as error:
            raise SetupError(
                f"The database cannot be prepared: {_words(error)}\n"
                "DATABASE_URL must name a login that may create roles, and a database that it owns."
            ) from error

    def check_migrated(self) -> None:
        """Raise SetupError when the schema is behind the code, or the roles do not exist yet."""
        logins = migrate.logins(self.admin_dsn, self.secret_key, self.roles)
        try:
            behind = migrate.pending(logins.owner, self.roles)
        except (psycopg.Error, SQLAlchemyError) as error:
            raise SetupError(
                f"The database cannot be used: {_words(error)}\n"
                "Check DATABASE_URL; on a new database run 'python -m event_manager migrate' first."
            ) from error
        if behind:
            raise SetupError(
                "The database is behind this version, or was restored from a dump and not prepared since:"
                " run 'python -m event_manager migrate'."
            )

    def database(self) -> Database:
        """Pools for this process, not yet opened."""
        logins = migrate.logins(self.admin_dsn, self.secret_key, self.roles)
        return Database(
            app_dsn=logins.app,
            platform_dsn=logins.platform,
            pool_size=self.settings.pool_size,
            platform_pool_size=self.settings.platform_pool_size,
            statement_timeout_ms=self.settings.statement_timeout_ms,
            secret_key=self.secret_key,
        )

    def check_roles(self) -> None:
        """Raise SetupError when the application's login could see past row security, or cannot connect."""
        asyncio.run(self._check_roles())

    async def _check_roles(self) -> None:
        database = self.database()
        try:
            await database.open()
        except (UnsafeRole, PoolTimeout, psycopg.Error) as error:
            raise SetupError(f"The start is refused: {_words(error)}") from error
        finally:
            await database.close()

    def close(self) -> None:
        """Let go of the embedded server; the last process stops it."""
        if self.server is not None:
            self.server.stop()


def _words(error: Exception) -> str:
    """What the database said, on one line, without the library's own remarks."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return " ".join(str(cause).split())


def preparing(folder: Path) -> AbstractContextManager[int]:
    """One process prepares at a time; the others wait and find the work done."""
    make_directory(folder)
    return file_lock(folder / "prepare.lock")


def data_dir(settings: Settings) -> Path:
    """Where the embedded database and the key live."""
    return (settings.data_dir or home() / "data").absolute()


def secret_key(settings: Settings, folder: Path) -> str:
    """The installation's key: the setting, or a file made once. Raises SetupError for a weak one."""
    if settings.secret_key is not None:
        key = settings.secret_key.get_secret_value()
        if len(key) < 32:
            raise SetupError("EVENT_MANAGER_SECRET_KEY is too short: use at least 32 random characters.")
        return key
    path = folder / KEY_FILE
    try:
        with preparing(folder):
            if not path.exists():
                with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                    file.write(secrets.token_urlsafe(48))
        return path.read_text().strip()
    except OSError as error:
        raise SetupError(f"The installation's key cannot be kept in {path}: {error.strerror}.") from error


def database_address(url: str) -> str:
    """The address as given. Raises SetupError, without repeating what may hold a password, if it is none."""
    try:
        psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise SetupError(
            "DATABASE_URL is no address of a PostgreSQL database: it reads postgresql://USER:PASSWORD@HOST/DATABASE, "
            "with special characters of the password as %40 and so on."
        ) from None
    return url


def _create_database(superuser_dsn: str) -> None:
    with psycopg.connect(superuser_dsn, autocommit=True) as conn:
        if conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone() is None:
            conn.execute(f"CREATE DATABASE {DATABASE}")
            conn.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
