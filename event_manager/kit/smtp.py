"""One message to one mail server, with refusals sorted into those that may pass and those that will not."""

from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib

from event_manager.config import Settings

LOOPBACK = ("localhost", "127.0.0.1", "::1")
TIMEOUT_SECONDS = 30.0


class MailRefused(Exception):
    """The mail server was not reached or refused. `permanent`: the same mail would be refused again."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class BadMailServer(ValueError):
    """EVENT_MANAGER_SMTP_URL cannot be used."""


@dataclass(frozen=True, slots=True, repr=False)
class MailServer:
    """Where mails go, and the name to greet with. `start_tls`: True must, None if offered, False never."""

    host: str
    port: int
    username: str | None
    password: str | None
    use_tls: bool
    start_tls: bool | None
    greeting: str

    @classmethod
    def of(cls, settings: Settings) -> "MailServer | None":
        """The configured server, None without one. Raises BadMailServer."""
        if settings.smtp_url is None:
            return None
        return cls.parse(settings.smtp_url.get_secret_value(), urlsplit(settings.public_url()).hostname or "localhost")

    @classmethod
    def parse(cls, url: str, our_host: str) -> "MailServer":
        """``smtps://`` is TLS from the start (port 465), ``smtp+starttls://`` insists on STARTTLS (587), ``smtp://``
        (25) takes it if offered, but insists too when there is a password to protect on the way to another machine.

        Raises BadMailServer, without repeating the password.
        """
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError as error:
            raise BadMailServer("the port of EVENT_MANAGER_SMTP_URL is no number from 1 to 65535") from error
        if parts.scheme not in ("smtp", "smtps", "smtp+starttls") or not parts.hostname:
            raise BadMailServer("write EVENT_MANAGER_SMTP_URL as smtp://user:password@host:port, or smtps://...")
        secret = parts.password is not None and parts.hostname not in LOOPBACK
        return cls(
            host=parts.hostname,
            port=port or {"smtp": 25, "smtps": 465, "smtp+starttls": 587}[parts.scheme],
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=parts.scheme == "smtps",
            greeting=f"[{our_host}]" if our_host.replace(".", "").isdigit() else our_host,
            start_tls={"smtp": True if secret else None, "smtps": False, "smtp+starttls": True}[parts.scheme],
        )


async def deliver(server: MailServer, message: EmailMessage) -> None:
    """Hand a message over. Raises MailRefused; an answer of 5xx about the mail itself is permanent."""
    try:
        await aiosmtplib.send(
            message,
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.use_tls,
            start_tls=server.start_tls,
            local_hostname=server.greeting,  # else it would be looked up, while everything waits
            timeout=TIMEOUT_SECONDS,
        )
    except aiosmtplib.SMTPException as error:
        raise _sorted(error) from error
    except OSError as error:
        raise MailRefused(f"the mail server is not reached: {error}", permanent=False) from error


def _sorted(error: aiosmtplib.SMTPException) -> MailRefused:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return _sorted(error.recipients[0])
    # A refused sign-in is the installation's fault, not the mail's: it passes once the setting is mended.
    if isinstance(error, aiosmtplib.SMTPResponseException):
        permanent = error.code >= 500 and not isinstance(error, aiosmtplib.SMTPAuthenticationError)
        return MailRefused(f"the mail server answered {error.code} {error.message}", permanent=permanent)
    return MailRefused(f"the mail server was not reached or hung up: {error}", permanent=False)
