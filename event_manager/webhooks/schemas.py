"""Shapes of webhooks: what is set, and what is shown of it. What is secret can be written and is never shown."""

from datetime import datetime
from typing import Annotated, Any, Literal
from unicodedata import category
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from event_manager.kit.http import Wire

Kind = Literal["http", "feed", "nats"]
Form = Literal["standard", "cloudevents-structured", "cloudevents-binary", "thin"]
Template = Literal["slack", "teams", "discord", "mattermost", "google-chat"]
Ordering = Literal["none", "key", "strict"]
Scheme = Literal["v1", "v1a"]

MAX_ENDPOINTS = 50
MAX_HEADERS = 20
PEM_LENGTH = 64 * 1024


def printable(text: str) -> str:
    """The text; ValueError where it holds what nobody sees."""
    if any(category(c)[0] == "C" for c in text):
        raise ValueError("holds control or invisible characters")
    return text


def _paragraphs(text: str) -> str:
    printable(text.replace("\n", ""))
    return text


Title = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(printable)]
Described = Annotated[str, StringConstraints(max_length=500), AfterValidator(_paragraphs)]
Url = Annotated[str, StringConstraints(max_length=2048)]
Patterns = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=100)]],
    Field(min_length=1, max_length=100, description="Event types: names, `area.*`, or `*` for all."),
]
Credential = Annotated[str, StringConstraints(max_length=4096), AfterValidator(printable)]
Pem = Annotated[str, StringConstraints(min_length=1, max_length=PEM_LENGTH)]
Headers = Annotated[
    dict[Annotated[str, StringConstraints(min_length=1, max_length=256)], Credential | None],
    Field(
        max_length=MAX_HEADERS,
        description="Own headers, never shown again. In a change, null keeps a header's value; names left out go.",
    ),
]
Tries = Annotated[int, Field(ge=1, le=10, description="Tries of the usual schedule, the first one included.")]
Delays = Annotated[
    list[Annotated[int, Field(ge=1, le=604_800)]],
    Field(max_length=24, description="Own schedule: seconds to wait after each failed try, instead of retryAttempts."),
]
Timeout = Annotated[int, Field(ge=1000, le=30_000, description="Milliseconds a receiver has for its whole answer.")]
PerMinute = Annotated[int, Field(ge=1, le=100_000, description="At most so many requests a minute; null: no limit.")]
InFlight = Annotated[int, Field(ge=1, le=50, description="At most so many requests at a time; null: as it can bear.")]
Expression = Annotated[str, StringConstraints(min_length=1, max_length=4096)]


def _start(given: object, parse: ValidatorFunctionWrapHandler) -> object:
    """One fault for what is none of the three, in place of one for each."""
    try:
        return parse(given)
    except ValidationError:
        raise ValueError('must be "now", "beginning" or a time with its zone, such as 2026-05-01T10:00:00Z') from None


StartFrom = Annotated[Literal["now", "beginning"] | AwareDatetime, WrapValidator(_start)]
Filter = Annotated[
    dict[str, Any], Field(description="Pattern that the event must fit, such as `{data: {state: [open, closed]}}`.")
]


class AuthenticationPut(Wire):
    """How to sign in at the receiver; never shown again.

    ``basic`` takes username and password; ``oauth2`` (client credentials) tokenUrl, clientId, clientSecret and
    scope; ``broker`` (NATS, Kafka) username and password, or token.
    """

    kind: Literal["none", "basic", "oauth2", "broker"]
    username: Credential | None = None
    password: Credential | None = None
    token: Credential | None = None
    token_url: Url | None = None
    client_id: Credential | None = None
    client_secret: Credential | None = None
    scope: Credential | None = None


class ClientCertificatePut(Wire):
    """A certificate (with its chain) and its private key without a passphrase, both PEM; never shown again."""

    certificate: Pem
    key: Pem


class WebhookCreate(Wire):
    """A new webhook. ``url`` for kind http; the secret is made where none is given, and shown once.

    ``filter`` and either ``transform`` (JMESPath) or ``template`` (of a chat tool) choose and shape what is sent;
    both see the standard form of an event. ``startFrom``: "now", "beginning", or a time from which on entries of the
    log are delivered.
    """

    name: Title
    description: Described = ""
    kind: Kind = "http"
    url: Url = ""
    events: Patterns
    filter: Filter | None = None
    transform: Expression | None = None
    template: Template | None = None
    format: Form = "standard"
    secret: Annotated[str, StringConstraints(max_length=200)] | None = None
    headers: Headers = Field(default_factory=dict)
    auth: AuthenticationPut | None = None
    client_certificate: ClientCertificatePut | None = None
    ca: Pem | None = Field(None, description="PEM certificates to believe instead of the usual authorities.")
    retry_attempts: Tries | None = None
    retry_schedule: Delays | None = None
    timeout: Timeout | None = None
    rate_per_minute: PerMinute | None = None
    max_in_flight: InFlight | None = None
    ordering: Ordering = "none"
    blocks_on_dead: bool = Field(
        False, description="With an order: whether one that was given up stops what comes after it."
    )
    enabled: bool = True
    start_from: StartFrom = "now"


class WebhookUpdate(Wire):
    """Fields to change; what is left out stays.

    Null empties ``filter``, ``transform``, ``template``, ``clientCertificate``, ``ca``, ``ratePerMinute`` and
    ``maxInFlight``, and takes ``retryAttempts``, ``retrySchedule`` and ``timeout`` back to the usual.
    """

    name: Title | None = None
    description: Described | None = None
    url: Url | None = None
    events: Patterns | None = None
    filter: Filter | None = None
    transform: Expression | None = None
    template: Template | None = None
    format: Form | None = None
    headers: Headers | None = None
    auth: AuthenticationPut | None = None
    client_certificate: ClientCertificatePut | None = None
    ca: Pem | None = None
    retry_attempts: Tries | None = None
    retry_schedule: Delays | None = None
    timeout: Timeout | None = None
    rate_per_minute: PerMinute | None = None
    max_in_flight: InFlight | None = None
    ordering: Ordering | None = None
    blocks_on_dead: bool | None = None
    enabled: bool | None = None


class OAuth2View(Wire):
    """Where a token is fetched, and as whom."""

    token_url: str
    client_id: str


class AuthenticationView(Wire):
    """How the webhook signs in at its receiver: names, never values.

    ``readable`` is false where all this was sealed under another installation key: give headers and sign-in again.
    """

    basic_username: str | None
    oauth2: OAuth2View | None
    client_certificate: bool
    broker: bool
    ca: bool
    readable: bool


class SecretView(Wire):
    """A signing secret: its last four characters, for v1a the public key. ``expiresAt`` is null while it is current."""

    id: UUID
    scheme: Scheme
    hint: str
    public_key: str | None
    created_at: datetime
    expires_at: datetime | None


class HealthView(Wire):
    """How sending goes. Degraded: only one delivery at a time is tried; paused: none, until it is resumed."""

    state: Literal["healthy", "degraded", "paused"]
    failures_in_row: int
    failing_since: datetime | None
    next_probe_at: datetime | None


class WebhookView(Wire):
    """A webhook as it is set. ``waiting``: deliveries to be made, counted up to 1000 (``waitingIsExact``)."""

    id: UUID
    name: str
    description: str
    kind: Kind
    url: str
    events: list[str]
    filter: dict[str, Any] | None
    transform: str | None
    template: Template | None
    format: Form
    header_names: list[str]
    authentication: AuthenticationView
    secrets: list[SecretView]
    retry_attempts: int
    retry_schedule: list[int]
    timeout: int
    rate_per_minute: int | None
    max_in_flight: int | None
    ordering: Ordering
    blocks_on_dead: bool
    enabled: bool
    disabled_reason: str
    health: HealthView
    waiting: int
    waiting_is_exact: bool
    version: int
    created_at: datetime
    updated_at: datetime


class Webhooks(Wire):
    """All webhooks of the organisation; there are 50 at the most."""

    items: list[WebhookView]


class WebhookCreated(WebhookView):
    """A webhook that was just set up. ``secret`` is shown this once; null for kinds that sign nothing."""

    secret: str | None


class SecretCreate(Wire):
    """A new signing secret. Earlier ones of the same scheme stay valid for ``overlapHours``; 0 ends them at once."""

    scheme: Scheme = "v1"
    secret: Annotated[str, StringConstraints(max_length=200)] | None = None
    overlap_hours: Annotated[int, Field(ge=0, le=168)] = 24


class SecretShown(SecretView):
    """A signing secret that was just made. ``secret`` is shown this once; receivers of v1a need the public key only."""

    secret: str


class Held(Wire):
    """What becomes of the deliveries that waited: made in their order, or ended as skipped."""

    held: Literal["deliver", "skip"]


class Resumed(Wire):
    """The webhook after it was resumed. ``skipped``: deliveries that were ended."""

    webhook: WebhookView
    skipped: int
