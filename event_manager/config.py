"""Every setting of the product, in one class. Each field's description is its documentation."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _split(value: object) -> object:
    return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value


Names = Annotated[list[str], NoDecode, BeforeValidator(_split)]
"""Several names in one variable, separated by commas."""


class Settings(BaseSettings):
    """Read from the environment (prefix ``EVENT_MANAGER_``); unknown variables are ignored."""

    model_config = SettingsConfigDict(env_prefix="EVENT_MANAGER_", extra="ignore")

    database_url: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("DATABASE_URL", "EVENT_MANAGER_DATABASE_URL", "database_url"),
        description="PostgreSQL 17+ to use, as a login that may create roles. Unset: the embedded server.",
    )
    data_dir: Path | None = Field(
        None, description="Folder of the embedded database and the installation's key. Unset: a default."
    )
    secret_key: SecretStr | None = Field(
        None,
        description="Key of the installation (32+ characters). Unset: generated once in the data folder.",
    )
    role_prefix: str = Field(
        "event_manager",
        pattern=r"^[a-z][a-z0-9_]{0,40}$",
        description="Prefix of the three database roles; change it when two installations share a server.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8400, ge=0, le=65535, description="Port to listen on.")
    base_url: str = Field("", description="Public address, used in mails. Unset: http://HOST:PORT.")
    base_domain: str = Field(
        "", description="Domain under which each tenant has SLUG.DOMAIN. Unset: tenants by path /t/SLUG."
    )
    allowed_origins: Names = Field(
        default_factory=list,
        description="Further origins whose pages may write with a session cookie, separated by commas.",
    )
    trusted_proxies: Names = Field(
        default_factory=list, description="Addresses of reverse proxies whose X-Forwarded-For is believed."
    )
    smtp_url: SecretStr | None = Field(
        None, description="smtp://user:password@host:port or smtps://...; unset: mails wait in the outbox."
    )
    mail_from: str = Field("Event Manager <no-reply@localhost>", description="Sender of mails.")
    demo: bool = Field(False, description="Demo mode: shows the local mail outbox page. Never on a real one.")
    pool_size: int = Field(8, ge=1, le=100, description="Database connections per process for the application.")
    platform_pool_size: int = Field(4, ge=1, le=100, description="Connections per process for platform work.")
    statement_timeout_ms: int = Field(15_000, ge=100, description="Longest a database statement may run.")
    session_days: int = Field(14, ge=1, le=365, description="Days until an unused session ends.")
    log_retention_months: int = Field(
        0, ge=0, le=1200, description="Months that the event log keeps; older ones are dropped whole. 0: for ever."
    )
    rate_limit_per_minute: int = Field(
        1200, ge=0, description="Requests a minute per signed-in actor and tenant; 0 turns the limit off."
    )
    anonymous_rate_limit_per_minute: int = Field(
        3000, ge=0, description="Requests a minute per address without sign-in; 0 turns the limit off."
    )
    worker_concurrency: int = Field(5, ge=1, le=100, description="Jobs a worker runs at once.")
    handler_concurrency: int = Field(
        5, ge=1, le=100, description="Entries of the event log that a process hands to handlers at once."
    )
    webhook_allowed_networks: Names = Field(
        default_factory=list,
        description="Private networks (CIDR, such as 10.1.0.0/16) that webhooks may reach, separated by commas. "
        "Unset: public addresses only; the demo also reaches this machine.",
    )
    webhook_timeout: int = Field(
        15_000,
        ge=1000,
        le=30_000,
        validation_alias=AliasChoices("WEBHOOK_TIMEOUT", "EVENT_MANAGER_WEBHOOK_TIMEOUT", "webhook_timeout"),
        description="Milliseconds that a new webhook's receiver has to answer, unless the webhook says otherwise.",
    )
    webhook_retry_attempts: int = Field(
        10,
        ge=1,
        le=10,
        validation_alias=AliasChoices(
            "WEBHOOK_RETRY_ATTEMPTS", "EVENT_MANAGER_WEBHOOK_RETRY_ATTEMPTS", "webhook_retry_attempts"
        ),
        description="How often a delivery is tried in all, unless the webhook says otherwise.",
    )
    webhook_slots: int = Field(200, ge=5, le=2000, description="Webhook requests that a process has under way at once.")
    delivery_retention_days: int = Field(
        90, ge=7, le=3650, description="Days that ended webhook deliveries and their attempts are kept."
    )
    log_level: str = Field(
        "INFO",
        validation_alias=AliasChoices("LOG_LEVEL", "EVENT_MANAGER_LOG_LEVEL", "log_level"),
        pattern="^(?i:debug|info|warning|error)$",
        description="DEBUG, INFO, WARNING or ERROR.",
    )
    log_format: str = Field("json", pattern="^(json|console)$", description="json or console.")
    web_dist: Path | None = Field(None, description="Folder of a built front end. Unset: the package's own.")

    def public_url(self) -> str:
        """Address that people use, without a trailing slash."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")


@lru_cache
def get_settings() -> Settings:
    """Settings of this process, read once."""
    return Settings()
