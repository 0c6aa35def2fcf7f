"""Addresses of the tenancy room."""

from fastapi import Request, Response

from event_manager.kit.access import require
from event_manager.kit.errors import Invalid, PreconditionFailed, problems
from event_manager.kit.http import Router, W, check_if_match, set_etag
from event_manager.tenancy import queries, service
from event_manager.tenancy.models import Tenant
from event_manager.tenancy.schemas import TenantUpdate, TenantView

router = Router(prefix="/tenants", tags=["tenants"])


@router.get("/current", dependencies=[require("tenant:read")])
async def read_tenant(work: W, response: Response) -> TenantView:
    """The organisation you are working in."""
    return _view(await queries.get_tenant(work, work.tenant), response)


@router.patch("/current", dependencies=[require("tenant:edit")], responses=problems(Invalid, PreconditionFailed))
async def update_tenant(work: W, request: Request, response: Response, change: TenantUpdate) -> TenantView:
    """Change name, time zone or language of your organisation."""
    work.allow("tenant:edit")
    check_if_match(request, (await queries.get_tenant(work, work.tenant)).version)
    return _view(await service.update_tenant(work, change), response)


def _view(tenant: Tenant, response: Response) -> TenantView:
    set_etag(response, tenant.version)
    return TenantView.model_validate(tenant)
