"""Writes of organisations."""

from zoneinfo import available_timezones

from sqlalchemy.exc import IntegrityError

from event_manager import eventlog
from event_manager.kit.errors import FieldError
from event_manager.kit.work import Work
from event_manager.tenancy.errors import SlugReserved, SlugTaken, UnknownTimeZone
from event_manager.tenancy.event_types import TenantCreated, TenantUpdated
from event_manager.tenancy.models import Tenant
from event_manager.tenancy.queries import find_tenant, get_tenant
from event_manager.tenancy.schemas import TenantCreate, TenantUpdate

RESERVED = frozenset({"admin", "api", "app", "assets", "health", "login", "mail", "ready", "static", "support", "www"})


async def create_tenant(work: Work, new: TenantCreate) -> Tenant:
    """Set up an organisation (platform work). Raises SlugTaken, SlugReserved, UnknownTimeZone."""
    _check_timezone(new.timezone)
    if new.slug in RESERVED:
        raise SlugReserved(f"'{new.slug}' is used by the product itself: choose another short name.")
    if await find_tenant(work, new.slug) is not None:
        raise SlugTaken(f"An organisation called '{new.slug}' exists: choose another short name.")
    tenant = Tenant(slug=new.slug, name=new.name, timezone=new.timezone, locale=new.locale)
    work.session.add(tenant)
    try:
        await work.session.flush()
    except IntegrityError as error:
        raise SlugTaken(f"An organisation called '{new.slug}' exists: choose another short name.") from error
    await eventlog.append(work, TenantCreated(tenant_id=tenant.id, slug=tenant.slug, title=tenant.name))
    return tenant


async def update_tenant(work: Work, change: TenantUpdate) -> Tenant:
    """Change the work's own organisation. Raises UnknownTimeZone."""
    if change.timezone is not None:
        _check_timezone(change.timezone)
    tenant = await get_tenant(work, work.tenant)
    wanted = change.model_dump(exclude_none=True, by_alias=False)
    changes = {name: (getattr(tenant, name), new) for name, new in wanted.items() if getattr(tenant, name) != new}
    if changes:
        for name, (_old, new) in changes.items():
            setattr(tenant, name, new)
        tenant.updated_at = work.now()
        await work.session.flush()
        await eventlog.append(work, TenantUpdated(tenant_id=tenant.id, changes=changes))
    return tenant


def _check_timezone(name: str) -> None:
    if name not in available_timezones():
        raise UnknownTimeZone(
            f"'{name}' is not an IANA time zone such as 'Europe/Berlin'.",
            errors=[FieldError("/timezone", "not an IANA time zone")],
        )
