"""Reads of organisations."""

from uuid import UUID

from sqlalchemy import select

from event_manager.kit.errors import NotFound
from event_manager.kit.paging import keyset
from event_manager.kit.work import Work
from event_manager.tenancy.models import Tenant


async def get_tenant(work: Work, tenant_id: UUID) -> Tenant:
    """One organisation that row security lets this work see. Raises NotFound."""
    tenant = await work.session.get(Tenant, tenant_id)
    if tenant is None:
        raise NotFound("There is no such organisation.")
    return tenant


async def find_tenant(work: Work, slug: str) -> Tenant | None:
    """An organisation by its short name (platform work)."""
    return await work.session.scalar(select(Tenant).where(Tenant.slug == slug))


async def list_tenants(work: Work, *, cursor: str | None, limit: int) -> tuple[list[Tenant], str | None]:
    """All organisations by short name (platform work)."""
    return await keyset(work, select(Tenant), [Tenant.slug, Tenant.id], cursor=cursor, limit=limit)
