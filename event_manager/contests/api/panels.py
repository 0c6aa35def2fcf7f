"""Addresses of panels: seats, freeze, recusals, and my own seats."""

from event_manager.contests.api.parts import EDIT, CategoryId, ContestId, RecusalId, SeatId
from event_manager.contests.errors import AlreadyRecused, CategoryClosed, NoMember, PanelFrozen, SeatInUse
from event_manager.contests.queries import panels as reads
from event_manager.contests.queries import places
from event_manager.contests.queries.places import Place
from event_manager.contests.schemas.common import Because
from event_manager.contests.schemas.panels import (
    Assignments,
    ConflictHints,
    MySeats,
    Panel,
    PanelCopy,
    RecusalCreate,
    Recusals,
    SeatCreate,
    SeatReplace,
    SeatUpdate,
)
from event_manager.contests.service import panels, recusals
from event_manager.kit.access import require, signed_in
from event_manager.kit.errors import Forbidden, NotFound, problems
from event_manager.kit.http import Router, W
from event_manager.kit.work import Work

router = Router(prefix="/contests", tags=["panels"])

SEATS = EDIT | problems(PanelFrozen, SeatInUse, CategoryClosed)


@router.get("/my-seats", dependencies=[signed_in()], responses=problems(Forbidden))
async def list_my_seats(work: W) -> MySeats:
    """Categories in which I have a seat: those being judged first."""
    return MySeats(items=await reads.my_seats(work))


@router.get("/{contestId}/assignments", dependencies=[require("panels:read")])
async def list_assignments(work: W, contest_id: ContestId) -> Assignments:
    """Who judges what in a contest."""
    place = await places.find_contest(work, contest_id)
    work.allow("panels:read", place.path)
    return Assignments(items=await reads.read_assignments(work, place))


@router.get("/categories/{categoryId}/seats", dependencies=[require("panels:read")])
async def read_panel(work: W, category_id: CategoryId) -> Panel:
    """The panel of a category, by label."""
    return await reads.read_panel(work, await places.readable_category(work, category_id, "panels:read"))


@router.post(
    "/categories/{categoryId}/seats",
    status_code=201,
    dependencies=[require("panels:edit")],
    responses=SEATS | problems(NoMember),
)
async def create_seat(work: W, category_id: CategoryId, new: SeatCreate) -> Panel:
    """Seat a member of the organisation on the panel."""
    return await reads.read_panel(work, await panels.add_seat(work, category_id, new))


@router.post(
    "/categories/{categoryId}/seats/copy",
    status_code=201,
    dependencies=[require("panels:edit")],
    responses=SEATS,
)
async def copy_panel(work: W, category_id: CategoryId, source: PanelCopy) -> Panel:
    """Seat the judges of another category on this panel too."""
    return await reads.read_panel(work, await panels.copy_panel(work, category_id, source.category_id))


@router.patch("/seats/{seatId}", dependencies=[require("panels:edit")], responses=SEATS)
async def update_seat(work: W, seat_id: SeatId, change: SeatUpdate) -> Panel:
    """Change label, role or group of a seat, or mark its judge absent or back, with a reason."""
    return await reads.read_panel(work, await panels.update_seat(work, seat_id, change))


@router.delete("/seats/{seatId}", status_code=204, dependencies=[require("panels:edit")], responses=SEATS)
async def delete_seat(work: W, seat_id: SeatId) -> None:
    """Take a seat without marks off the panel."""
    await panels.remove_seat(work, seat_id)


@router.post("/seats/{seatId}/replace", dependencies=[require("panels:edit")], responses=SEATS | problems(NoMember))
async def replace_seat(work: W, seat_id: SeatId, new: SeatReplace) -> Panel:
    """Let another member take the seat over; the old seat stays with its marks."""
    return await reads.read_panel(work, await panels.replace_seat(work, seat_id, new))


@router.post("/categories/{categoryId}/panel/freeze", dependencies=[require("panels:edit")], responses=EDIT)
async def freeze_panel(work: W, category_id: CategoryId) -> Panel:
    """Fix who sits on the panel (opening for judging does so too)."""
    return await reads.read_panel(work, await panels.freeze(work, category_id))


@router.post(
    "/categories/{categoryId}/panel/unfreeze",
    dependencies=[require("panels:edit")],
    responses=EDIT | problems(CategoryClosed),
)
async def unfreeze_panel(work: W, category_id: CategoryId, why: Because) -> Panel:
    """Let the panel change again, and say why."""
    return await reads.read_panel(work, await panels.unfreeze(work, category_id, why.reason))


@router.get("/categories/{categoryId}/recusals", dependencies=[require("panels:read")])
async def list_recusals(work: W, category_id: CategoryId) -> Recusals:
    """Recusals and conflicts of interest in a category; reasons only where you may see them."""
    return await _recusals(work, await places.readable_category(work, category_id, "panels:read"))


@router.post(
    "/categories/{categoryId}/recusals",
    status_code=201,
    dependencies=[signed_in()],
    responses=EDIT | problems(Forbidden, NotFound, AlreadyRecused, CategoryClosed),
)
async def create_recusal(work: W, category_id: CategoryId, new: RecusalCreate) -> Recusals:
    """Declare that a judge does not mark an entry: your own seat, or anybody's with `panels:edit`."""
    return await _recusals(work, await recusals.recuse(work, category_id, new))


@router.post(
    "/recusals/{recusalId}/lift",
    dependencies=[require("panels:edit")],
    responses=EDIT | problems(CategoryClosed),
)
async def lift_recusal(work: W, recusal_id: RecusalId, why: Because) -> Recusals:
    """Let the judge mark the entry after all, and say why."""
    return await _recusals(work, await recusals.lift(work, recusal_id, why.reason))


@router.get("/categories/{categoryId}/conflict-hints", dependencies=[require("panels:edit")])
async def list_conflict_hints(work: W, category_id: CategoryId) -> ConflictHints:
    """Judges and entries that may be too close: same group and club or country, family name, address, or history."""
    place = await places.find_category(work, category_id)
    work.allow("panels:edit", place.path)
    return ConflictHints(items=await reads.conflict_hints(work, category_id))


async def _recusals(work: Work, place: Place) -> Recusals:
    return Recusals(items=await reads.read_recusals(work, place))
