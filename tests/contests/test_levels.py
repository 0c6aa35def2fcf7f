"""Events, contests and categories: status, states, criteria, order, locks."""

from decimal import Decimal

import pytest

from event_manager.contests.errors import (
    ArchivedLevel,
    CategoryClosed,
    CriteriaFrozen,
    DatesReversed,
    EventSlugTaken,
    IllegalStateChange,
    Locked,
    NotLocked,
    NotReadyForJudging,
    OrderIncomplete,
    UnlockNeedsSecondPerson,
)
from event_manager.contests.queries.levels import list_categories, list_criteria, list_events
from event_manager.contests.schemas.entries import EntryCreate, ParticipantCreate
from event_manager.contests.schemas.levels import CategoryUpdate, ContestCreate, CriterionPut, EventUpdate
from event_manager.contests.service import (
    categories,
    contests,
    criteria,
    entries,
    events,
    locks,
    roster,
    set_category_state,
    standing,
    states,
)
from event_manager.kit.work import Work
from tests.factories import contests as make
from tests.people import People


async def test_an_event_ends_no_earlier_than_it_begins(work: Work) -> None:
    with pytest.raises(DatesReversed):
        await make.an_event(work, starts_on="2026-06-14", ends_on="2026-06-12")


async def test_two_events_cannot_share_a_short_name(work: Work) -> None:
    await make.an_event(work, slug="games-2026")

    with pytest.raises(EventSlugTaken):
        await make.an_event(work, slug="games-2026")


async def test_an_event_cannot_take_over_the_short_name_of_another(work: Work) -> None:
    await make.an_event(work, slug="games-2026")
    other = await make.an_event(work)

    with pytest.raises(EventSlugTaken, match="'games-2026' is another event's"):
        await events.update_event(work, other.id, EventUpdate(slug="games-2026"))


async def test_an_archived_event_takes_no_contest_until_it_is_restored(work: Work) -> None:
    event = await make.an_event(work)
    await events.set_event_status(work, event.id, "archived")

    with pytest.raises(ArchivedLevel, match="restore it first"):
        await make.a_contest(work, event)
    await events.set_event_status(work, event.id, "draft")

    assert (await make.a_contest(work, event)).event_id == event.id


async def test_an_archived_event_is_listed_only_when_asked_for(work: Work) -> None:
    event = await make.an_event(work)
    await events.set_event_status(work, event.id, "archived")

    listed, _ = await list_events(work, cursor=None, limit=50)
    archived, _ = await list_events(work, cursor=None, limit=50, status="archived")

    assert (listed, archived) == ([], [event])


async def test_a_status_that_does_not_follow_names_those_that_do(work: Work) -> None:
    event = await make.an_event(work)

    with pytest.raises(IllegalStateChange, match="'open' or 'archived', not 'closed'"):
        await events.set_event_status(work, event.id, "closed")


async def test_reordering_needs_every_category_once(work: Work) -> None:
    contest = await make.a_contest(work)
    one = (await make.a_category(work, contest, "One")).category
    two = (await make.a_category(work, contest, "Two")).category

    with pytest.raises(OrderIncomplete, match="1 are missing"):
        await categories.reorder_categories(work, contest.id, [two.id])
    await categories.reorder_categories(work, contest.id, [two.id, one.id])

    listed, _ = await list_categories(work, contest.id, cursor=None, limit=50)
    assert [category.name for category in listed] == ["Two", "One"]


@pytest.mark.parametrize("level", ["event", "contest", "category"])
async def test_a_lock_refuses_every_write_below_it(work: Work, people: People, level: locks.Level) -> None:
    place = await make.a_category(work)
    ids = dict(zip(("event", "contest", "category"), place.path, strict=True))
    [ann] = await make.some_entries(work, place.contest.id, "Ann")
    await locks.lock(work, level, ids[level], "results are out")
    category_id, contest_id = place.category.id, place.contest.id

    writes = [
        lambda: make.some_criteria(work, category_id, "Voice"),
        lambda: make.a_seat(work, category_id, people["judith"].id),
        lambda: categories.update_category(work, category_id, CategoryUpdate(name="Other")),
        lambda: states.open_judging(work, category_id),
        lambda: standing.set_entry_state(work, ann, "dq", "false start"),
        lambda: standing.set_roster_state(work, category_id, ann, "dns", "not there"),
        lambda: categories.delete_category(work, category_id),
    ]
    if level != "category":
        writes += [
            lambda: make.some_entries(work, contest_id, "Ben"),
            lambda: standing.check_in(work, ann, checked_in=True),
            lambda: make.a_category(work, place.contest, "New"),
        ]
    if level == "event":
        writes += [
            lambda: contests.create_contest(work, ids["event"], ContestCreate(name="New")),
            lambda: events.update_event(work, ids["event"], EventUpdate(name="Other")),
        ]
    for write in writes:
        with pytest.raises(Locked, match=f"The {level}.* locked"):
            await write()


async def test_an_entry_joins_the_open_categories_and_leaves_a_locked_one_alone(work: Work) -> None:
    contest = await make.a_contest(work)
    await make.a_category(work, contest, "Open")
    shut = (await make.a_category(work, contest, "Shut")).category
    await locks.lock(work, "category", shut.id, "results are out")

    await make.some_entries(work, contest.id, "Ann")

    rows = await work.sql("SELECT category_id FROM category_entries WHERE category_id = %s", (shut.id,))
    assert rows == []


async def test_who_locked_cannot_unlock(work: Work, people: People) -> None:
    event = await make.an_event(work)
    await locks.lock(work, "event", event.id, "results are out")

    with pytest.raises(UnlockNeedsSecondPerson):
        await locks.unlock(work, "event", event.id, "changed my mind")
    work.actor = people["oscar"].actor
    place = await locks.unlock(work, "event", event.id, "a typo in the venue")

    assert place.event.locked_at is None


async def test_what_is_open_needs_no_unlocking(work: Work) -> None:
    event = await make.an_event(work)

    with pytest.raises(NotLocked):
        await locks.unlock(work, "event", event.id, "just in case")


async def test_judging_opens_only_with_criterion_rule_set_seat_and_entry(work: Work) -> None:
    place = await make.a_category(work)

    with pytest.raises(NotReadyForJudging) as refused:
        await states.open_judging(work, place.category.id)

    assert refused.value.detail == (
        "'Solo' needs at least one criterion and a rule set and at least one active seat and at least one entry."
    )
    assert [error.pointer for error in refused.value.errors] == ["/criteria", "/rules", "/panel", "/entries"]


async def test_opening_freezes_the_panel_and_closing_and_reopening_keep_the_reason(work: Work, people: People) -> None:
    place = await make.a_judged_category(work, people["judith"].id)
    category = place.category
    assert (category.state, category.panel_frozen_at) == ("judging", work.now())

    await set_category_state(work, category.id, "judged")
    await states.reopen(work, category.id, "a mark was read wrongly")

    assert (category.state, category.reopened_from) == ("judging", "judged")
    assert category.reopened_reason == "a mark was read wrongly"


async def test_an_illegal_step_names_the_allowed_ones(work: Work, people: People) -> None:
    place = await make.a_judged_category(work, people["judith"].id)

    with pytest.raises(IllegalStateChange, match="'judged' by close judging, not to 'approved'"):
        await set_category_state(work, place.category.id, "approved")


async def test_a_template_is_never_judged(work: Work, people: People) -> None:
    place = await make.a_category(work, is_template=True)
    await make.some_criteria(work, place.category.id, "Voice")
    await make.some_entries(work, place.contest.id, "Ann")
    await make.a_seat(work, place.category.id, people["judith"].id)

    with pytest.raises(NotReadyForJudging, match="clone it first"):
        await states.open_judging(work, place.category.id)


async def test_criteria_are_put_as_a_whole_list_and_get_keys_of_their_own(work: Work) -> None:
    place = await make.a_category(work)

    await make.some_criteria(work, place.category.id, "Ausdruck & Haltung", "Technik", "Technik")

    found = await list_criteria(work, place.category.id)
    assert [(c.key, c.sort_order) for c in found] == [("ausdruck_haltung", 1), ("technik", 2), ("technik_2", 3)]


async def test_putting_criteria_again_keeps_ids_swaps_keys_and_tells_what_changed(work: Work) -> None:
    place = await make.a_category(work)
    await make.some_criteria(work, place.category.id, "Voice", "Style", "Gone")
    voice, style, gone = await list_criteria(work, place.category.id)

    await criteria.put_criteria(
        work,
        place.category.id,
        [
            CriterionPut(id=style.id, key="voice", name="Style", max=Decimal(10)),
            CriterionPut(id=voice.id, key="style", name="Voice", max=Decimal(20)),
        ],
    )

    found = await list_criteria(work, place.category.id)
    assert [(c.id, c.key, c.max) for c in found] == [(style.id, "voice", 10), (voice.id, "style", 20)]
    logged = await work.sql(
        """SELECT type FROM event_log WHERE entity_id = %s AND type LIKE 'category.criterion.%%'
            ORDER BY id DESC LIMIT 3""",
        (place.category.id,),
    )
    assert sorted(row["type"].rsplit(".", 1)[1] for row in logged) == ["changed", "changed", "removed"]
    assert gone.id not in [c.id for c in found]


async def test_while_judging_only_names_weights_and_order_of_criteria_change(work: Work, people: People) -> None:
    place = await make.a_judged_category(work, people["judith"].id)
    [voice] = await list_criteria(work, place.category.id)
    before = await inputs_version(work, place.category.id)

    await criteria.put_criteria(
        work, place.category.id, [CriterionPut(id=voice.id, name="Voice!", max=Decimal(10), weight=Decimal(2))]
    )
    assert await inputs_version(work, place.category.id) == before + 1
    for refused in ([], [CriterionPut(id=voice.id, name="Voice!", max=Decimal(20))]):
        with pytest.raises(CriteriaFrozen, match="being judged"):
            await criteria.put_criteria(work, place.category.id, refused)


async def inputs_version(work: Work, category_id: object) -> int:
    [row] = await work.sql("SELECT inputs_version FROM categories WHERE id = %s", (category_id,))
    return int(row["inputs_version"])


async def test_everything_that_can_alter_a_result_raises_the_inputs_version(work: Work, people: People) -> None:
    place = await make.a_judged_category(work, people["judith"].id, "Ann")
    seen = [await inputs_version(work, place.category.id)]

    [ben] = await make.some_entries(work, place.contest.id, "Ben")
    seen.append(await inputs_version(work, place.category.id))
    await standing.set_entry_state(work, ben, "dq", "doping")
    seen.append(await inputs_version(work, place.category.id))
    await standing.set_roster_state(work, place.category.id, ben, "dnf", "fell")
    seen.append(await inputs_version(work, place.category.id))

    assert seen == sorted(set(seen))


async def test_only_drafts_are_deleted(work: Work, people: People) -> None:
    draft = await make.a_category(work)
    await make.some_criteria(work, draft.category.id, "Voice")
    judged = await make.a_judged_category(work, people["judith"].id)

    await categories.delete_category(work, draft.category.id)
    with pytest.raises(CategoryClosed, match="only drafts"):
        await categories.delete_category(work, judged.category.id)

    assert await list_criteria(work, draft.category.id) == []


async def test_parts_are_fixed_once_judging_began(work: Work, people: People) -> None:
    place = await make.a_judged_category(work, people["judith"].id)

    with pytest.raises(CategoryClosed, match="parts"):
        await categories.update_category(
            work, place.category.id, CategoryUpdate(kind="rounds", part_names=["One", "Two"])
        )


async def test_no_entry_of_another_contest_gets_into_a_category(work: Work) -> None:
    place = await make.a_category(work)
    elsewhere = await make.a_category(work)
    row = EntryCreate(participant=ParticipantCreate(name="Ann"), category_ids=[elsewhere.category.id])

    with pytest.raises(Exception, match="no category of the contest"):
        await entries.enter(work, place.contest.id, [row])


async def test_a_change_of_facts_that_can_alter_a_result_leaves_a_trace(work: Work) -> None:
    place = await make.a_category(work)
    [entry_id] = await make.some_entries(work, place.contest.id, "Zoë")

    await roster.set_roster_facts(work, place.category.id, entry_id, {"difficulty": "3.2"})

    [logged] = await work.sql(
        """SELECT convert_from(body, 'UTF8')::jsonb AS body FROM event_log
            WHERE entity_id = %s AND type = 'contestant.updated'""",
        (entry_id,),
    )
    assert logged["body"]["categoryId"] == str(place.category.id)
    assert logged["body"]["changes"] == {"facts": ["{}", '{"difficulty":"3.2"}']}
