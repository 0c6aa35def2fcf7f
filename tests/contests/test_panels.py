"""Panels: seats, freeze, replacement, recusals and hints."""

import pytest

from event_manager.contests.errors import AlreadyRecused, CategoryClosed, NoMember, PanelFrozen, SeatInUse
from event_manager.contests.models import PanelSeat
from event_manager.contests.queries import panels as reads
from event_manager.contests.schemas.entries import EntryCreate, ParticipantCreate
from event_manager.contests.schemas.panels import RecusalCreate, SeatCreate, SeatReplace, SeatUpdate
from event_manager.contests.service import entries, panels, recusals, set_category_state
from event_manager.kit.access import Actor
from event_manager.kit.errors import Forbidden
from event_manager.kit.work import Work
from tests.factories import contests as make
from tests.people import People


async def test_seats_get_the_next_free_label(work: Work, people: People) -> None:
    place = await make.a_category(work)
    await make.a_seat(work, place.category.id, people["judith"].id)
    await make.a_seat(work, place.category.id, people["jo"].id, role="head")

    panel = await reads.read_panel(work, place)

    assert [(seat.label, seat.name, seat.role) for seat in panel.items] == [
        ("J1", "Judith", "regular"),
        ("J2", "Jo", "head"),
    ]


async def test_a_member_of_another_organisation_cannot_be_seated(work: Work, people: People) -> None:
    place = await make.a_category(work)

    with pytest.raises(NoMember) as refusal:
        await panels.add_seat(work, place.category.id, SeatCreate(user_id=people["jana"].id))

    assert refusal.value.errors[0].pointer == "/userId"


async def test_nobody_sits_twice_on_a_panel(work: Work, people: People) -> None:
    place = await make.a_category(work)
    await make.a_seat(work, place.category.id, people["judith"].id)

    with pytest.raises(SeatInUse, match="sits on the panel already"):
        await make.a_seat(work, place.category.id, people["judith"].id)


async def test_a_frozen_panel_names_the_way_to_unfreeze_it(work: Work, people: People) -> None:
    place = await make.a_judged_category(work, people["judith"].id)

    with pytest.raises(PanelFrozen, match="Unfreeze it with a reason") as refusal:
        await panels.add_seat(work, place.category.id, SeatCreate(user_id=people["jo"].id))

    assert refusal.value.extra["unfreeze"] == f"/api/contests/categories/{place.category.id}/panel/unfreeze"


async def test_an_unfrozen_panel_takes_a_seat_again(work: Work, people: People) -> None:
    place = await make.a_judged_category(work, people["judith"].id)

    await panels.unfreeze(work, place.category.id, "a judge was forgotten")
    await make.a_seat(work, place.category.id, people["jo"].id)

    assert len((await reads.read_panel(work, place)).items) == 2


async def test_a_judge_who_cannot_go_on_is_marked_absent_although_the_panel_is_frozen(
    work: Work, people: People
) -> None:
    place = await make.a_judged_category(work, people["judith"].id)
    [seat] = (await reads.read_panel(work, place)).items

    await panels.update_seat(work, seat.id, SeatUpdate(state="absent", reason="fell ill"))

    [after] = (await reads.read_panel(work, place)).items
    assert (after.state, after.state_reason) == ("absent", "fell ill")


async def test_a_replaced_seat_stays_and_its_successor_has_the_same_label(work: Work, people: People) -> None:
    place = await make.a_category(work)
    old = await make.a_seat(work, place.category.id, people["judith"].id, role="head")

    await panels.replace_seat(work, old, SeatReplace(user_id=people["jo"].id, reason="travels"))

    seats = (await reads.read_panel(work, place)).items
    assert [(s.label, s.role, s.state, s.replaces_id) for s in seats] == [
        ("J1", "head", "replaced", None),
        ("J1", "head", "active", old),
    ]


async def test_a_seat_with_marks_is_not_removed(work: Work, people: People) -> None:
    place = await make.a_category(work)
    seat_id = await make.a_seat(work, place.category.id, people["judith"].id)
    seat = await work.session.get_one(PanelSeat, (work.tenant, seat_id))
    seat.marks_version = 1

    with pytest.raises(SeatInUse, match="replace the judge"):
        await panels.remove_seat(work, seat_id)


async def test_after_judging_the_panel_stays_until_the_category_is_reopened(work: Work, people: People) -> None:
    place = await make.a_judged_category(work, people["judith"].id)
    await set_category_state(work, place.category.id, "judged")

    with pytest.raises(CategoryClosed, match="reopen"):
        await panels.unfreeze(work, place.category.id, "too late")


def as_judge(work: Work, judge: Actor) -> Work:
    """The same transaction with another actor."""
    work.actor = judge
    return work


async def test_a_judge_recuses_the_own_seat_only(work: Work, people: People) -> None:
    place = await make.a_category(work)
    own = await make.a_seat(work, place.category.id, people["judith"].id)
    other = await make.a_seat(work, place.category.id, people["jo"].id)
    [ann] = await make.some_entries(work, place.contest.id, "Ann")
    as_judge(work, people["judith"].actor)

    await recusals.recuse(work, place.category.id, RecusalCreate(seat_id=own, entry_id=ann, reason="my niece"))

    with pytest.raises(Forbidden):
        await recusals.recuse(work, place.category.id, RecusalCreate(seat_id=other, entry_id=ann, reason="his niece"))
    [view] = await reads.read_recusals(work, place)
    assert (view.seat_id, view.entry_id, view.reason) == (own, ann, "my niece")


async def test_other_judges_see_that_somebody_is_recused_but_not_why(work: Work, people: People) -> None:
    place = await make.a_category(work)
    seat = await make.a_seat(work, place.category.id, people["judith"].id)
    [ann] = await make.some_entries(work, place.contest.id, "Ann")
    await recusals.recuse(work, place.category.id, RecusalCreate(seat_id=seat, entry_id=ann, reason="my niece"))

    [view] = await reads.read_recusals(as_judge(work, people["jo"].actor), place)

    assert (view.seat_id, view.reason) == (seat, "")


async def test_recusing_twice_is_refused_and_lifting_lets_the_judge_mark_again(work: Work, people: People) -> None:
    place = await make.a_category(work)
    seat = await make.a_seat(work, place.category.id, people["judith"].id)
    [ann] = await make.some_entries(work, place.contest.id, "Ann")
    new = RecusalCreate(seat_id=seat, entry_id=ann, kind="conflict", reason="coached her")
    await recusals.recuse(work, place.category.id, new)

    with pytest.raises(AlreadyRecused):
        await recusals.recuse(work, place.category.id, new)
    [view] = await reads.read_recusals(work, place)
    await recusals.lift(work, view.id, "another Ann")

    assert await reads.read_recusals(work, place) == []


async def test_hints_point_at_group_name_and_history_and_fall_silent_once_declared(work: Work, people: People) -> None:
    contest = await make.a_contest(work)
    rows = [
        EntryCreate(participant=ParticipantCreate(name="Ann Judith", club="Old Pier")),
        EntryCreate(participant=ParticipantCreate(name="Ben", country="Årland")),
        EntryCreate(participant=ParticipantCreate(name="Cleo")),
    ]
    ann, ben, cleo = await entries.enter(work, contest.id, rows)
    earlier = await make.a_category(work, contest, "Heat")
    old_seat = await make.a_seat(work, earlier.category.id, people["judith"].id)
    place = await make.a_category(work, contest, "Final")
    seat = await make.a_seat(work, place.category.id, people["judith"].id, group_label="arland")
    await recusals.recuse(work, earlier.category.id, RecusalCreate(seat_id=old_seat, entry_id=cleo, reason="friend"))

    hints = await reads.conflict_hints(work, place.category.id)

    assert [(hint.seat_id, hint.entry_id, hint.why) for hint in hints] == [
        (seat, ann, "same family name"),
        (seat, ben, "same country"),
        (seat, cleo, "stepped aside for this participant in another category"),
    ]
    await recusals.recuse(work, place.category.id, RecusalCreate(seat_id=seat, entry_id=ben, reason="same country"))
    assert ben not in [hint.entry_id for hint in await reads.conflict_hints(work, place.category.id)]


async def test_my_seats_lists_what_is_being_judged_first(work: Work, people: People) -> None:
    draft = await make.a_category(work, name="Later")
    await make.a_seat(work, draft.category.id, people["judith"].id)
    judged = await make.a_judged_category(work, people["judith"].id, "Ann", "Ben", "Cleo")

    seats = await reads.my_seats(as_judge(work, people["judith"].actor))

    assert [(s.category_id, s.state, s.entries, s.criteria) for s in seats] == [
        (judged.category.id, "judging", 3, 1),
        (draft.category.id, "draft", 0, 0),
    ]


async def test_a_panel_is_copied_to_another_category_and_who_sits_there_stays(work: Work, people: People) -> None:
    contest = await make.a_contest(work)
    one, two = await make.a_category(work, contest, "One"), await make.a_category(work, contest, "Two")
    await make.a_seat(work, one.category.id, people["judith"].id, role="head")
    await make.a_seat(work, one.category.id, people["jo"].id)
    await make.a_seat(work, two.category.id, people["jo"].id)

    await panels.copy_panel(work, two.category.id, one.category.id)

    matrix = await reads.read_assignments(work, two)
    assert [(c.name, [(s.label, s.name, s.role) for s in c.seats]) for c in matrix] == [
        ("One", [("J1", "Judith", "head"), ("J2", "Jo", "regular")]),
        ("Two", [("J1", "Jo", "regular"), ("J2", "Judith", "head")]),
    ]


async def test_two_seats_never_share_a_label(work: Work, people: People) -> None:
    place = await make.a_category(work)
    await make.a_seat(work, place.category.id, people["judith"].id)
    second = await make.a_seat(work, place.category.id, people["jo"].id)

    with pytest.raises(SeatInUse, match="The label J1 is taken"):
        await panels.update_seat(work, second, SeatUpdate(label="J1"))
