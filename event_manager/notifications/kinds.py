"""Who is told what: one class for each kind of notification, from the entries of the log that it is made of.

No kind tells a mark, a total, a place or a reason that somebody typed: only that there is something to see, and where.
Whoever follows the link sees what they may see. To add a kind, write a class and list it in `KINDS`.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal
from uuid import UUID

from sqlalchemy import select

from event_manager.contests.models import PanelSeat
from event_manager.contests.queries.places import Place, find_category, find_contest
from event_manager.eventlog.handling import Entry
from event_manager.identity.models import Invitation
from event_manager.identity.queries import get_user
from event_manager.identity.queries_members import holders
from event_manager.kit.work import Work

MailWhen = Literal["off", "at_once", "digest"]


@dataclass(frozen=True, slots=True)
class Notice:
    """Who is told (ids of people), and what: a title, a sentence, and the page to go to (a path of the app)."""

    to: frozenset[UUID]
    title: str
    body: str
    link: str


class Kind:
    """A kind of notification. ``label`` says it in the list of preferences; ``mail`` is what holds unless chosen.

    ``urgent`` ones may be mailed in quiet hours, if the person allows it.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    types: ClassVar[tuple[str, ...]]
    urgent: ClassVar[bool] = False
    mail: ClassVar[MailWhen] = "digest"
    names_member: ClassVar[bool] = False
    """Whether it names the person whose id is the payload's `userId`, to others."""

    async def notice(self, work: Work, entry: Entry) -> Notice | None:
        """What to tell of an entry; None when nobody need be told. Raises NotFound when its thing is gone."""
        raise NotImplementedError


def of(entry: Entry, field: str) -> UUID:
    """An id of the payload."""
    return UUID(entry.payload[field])


async def category(work: Work, entry: Entry) -> Place:
    """The category that an entry is about."""
    return await find_category(work, of(entry, "categoryId"))


async def panel(work: Work, place: Place) -> frozenset[UUID]:
    """The judges who sit on a category's panel."""
    seats = select(PanelSeat.user_id).where(PanelSeat.tenant_id == work.tenant, PanelSeat.state == "active")
    return frozenset(await work.session.scalars(seats.where(PanelSeat.category_id == place.category.id)))


class PanelSeatChanged(Kind):
    """To a judge: a seat was given or taken away."""

    name, label, mail = "panel-seat", "You get or lose a seat on a panel", "at_once"
    types = ("judge.assigned", "judge.unassigned")

    async def notice(self, work: Work, entry: Entry) -> Notice:
        """To the judge of the seat."""
        place, judge = await category(work, entry), frozenset([of(entry, "userId")])
        where = f"{place.category.name} ({place.contest.name}, {place.event.name})"
        if entry.type == "judge.assigned":
            link = f"/judging/{place.category.id}"
            return Notice(judge, f"You judge {place.category.name}", f"You have a seat on the panel of {where}.", link)
        body = f"Your seat on the panel of {where} was removed."
        return Notice(judge, f"You no longer judge {place.category.name}", body, "/judging")


class JudgingOpened(Kind):
    """To the judges: their sheets are open."""

    name, label, mail = "judging-opened", "Judging of a category begins in which you have a seat", "off"
    types = ("category.scoring.opened",)

    async def notice(self, work: Work, entry: Entry) -> Notice:
        """To the panel."""
        place = await category(work, entry)
        body = f"Your sheet for {place.category.name} in {place.contest.name} is open."
        link = f"/judging/{place.category.id}"
        return Notice(await panel(work, place), f"Judging of {place.category.name} has begun", body, link)


class JudgingClosed(Kind):
    """To organisers, the tally and the board: the result waits for them."""

    name, label = "judging-closed", "Judging of a category is closed and its result waits to be looked at"
    types = ("category.scoring.closed",)

    async def notice(self, work: Work, entry: Entry) -> Notice:
        """To those who close judging or release results there."""
        place = await category(work, entry)
        to = await holders(work, "judging:close", place.path) | await holders(work, "results:release", place.path)
        body = f"All marks of {place.category.name} in {place.contest.name} are in. Its result waits to be looked at."
        link = f"/categories/{place.category.id}/results"
        return Notice(to, f"Judging of {place.category.name} is closed", body, link)


class JudgingReopened(Kind):
    """To the panel and the tally: marks can change again."""

    name, label, mail = "judging-reopened", "Judging of a category was opened again", "at_once"
    types = ("category.scoring.reopened",)

    async def notice(self, work: Work, entry: Entry) -> Notice:
        """To the panel and to those who close judging there."""
        place = await category(work, entry)
        to = await panel(work, place) | await holders(work, "judging:close", place.path)
        body = f"{place.category.name} in {place.contest.name} went back to judging: marks can be changed again."
        link = f"/categories/{place.category.id}"
        return Notice(to, f"Judging of {place.category.name} is open again", body, link)


class DeductionWaiting(Kind):
    """To those who may approve it: a deduction counts only once a second person has said yes."""

    name, label, mail = "deduction-waiting", "A deduction waits for a second person", "at_once"
    types = ("score.deduction.requested",)

    async def notice(self, work: Work, entry: Entry) -> Notice:
        """To those who may approve deductions there."""
        place = await category(work, entry)
        body = f"A deduction in {place.category.name} ({place.contest.name}) counts once a second person approves it."
        link = f"/categories/{place.category.id}/results"
        to = await holders(work, "deductions:edit", place.path)
        return Notice(to, f"A deduction in {place.category.name} waits for you", body, link)


class ConflictDeclared(Kind):
    """To those who set up panels: a judge is missing for an entry."""

    name, label = "conflict-declared", "A judge does not mark an entry"
    types = ("conflict.declared", "judge.recused")

    async def notice(self, work: Work, entry: Entry) -> Notice:
        """To those who edit the panel there."""
        place = await category(work, entry)
        why = "has a conflict of interest with" if entry.type == "conflict.declared" else "does not mark"
        body = (
            f"A judge of {place.category.name} in {place.contest.name} {why} an entry. See whether the panel suffices."
        )
        link = f"/categories/{place.category.id}/panel"
        to = await holders(work, "panels:edit", place.path)
        return Notice(to, f"A judge of {place.category.name} is out for an entry", body, link)


class EntryGone(Kind):
    """To organisers: an entry does not compete any more."""

    name, label = "entry-gone", "An entry is withdrawn or disqualified"
    types = ("contestant.withdrawn", "contestant.disqualified")

    async def notice(self, work: Work, entry: Entry) -> Notice:
        """To those who edit entries there."""
        place = await find_contest(work, of(entry, "contestId"))
        word = "withdrawn" if entry.type == "contestant.withdrawn" else "disqualified"
        body = f"An entry of {place.contest.name} in {place.event.name} was {word}."
        link = f"/contests/{place.contest.id}/entries"
        to = await holders(work, "entries:edit", place.path)
        return Notice(to, f"An entry of {place.contest.name} was {word}", body, link)


class InvitationAccepted(Kind):
    """To the inviter and the admins: somebody has joined."""

    name, label, names_member = "invitation-accepted", "Somebody accepts an invitation", True
    types = ("user.invitation.accepted",)

    async def notice(self, work: Work, entry: Entry) -> Notice:
        """To the inviter and to those who manage members."""
        invitation = await work.session.get(Invitation, (work.tenant, of(entry, "invitationId")))
        who = (await get_user(work, of(entry, "userId"))).name
        to = await holders(work, "members:manage") | ({invitation.invited_by} if invitation is not None else set())
        body = f"{who} has accepted the invitation and is a member now."
        return Notice(frozenset(to) - {of(entry, "userId")}, f"{who} has joined", body, "/members")


class RoleChanged(Kind):
    """To a member: what they may do has changed."""

    name, label, mail = "role-changed", "You get or lose a role", "at_once"
    types = ("user.role.granted", "user.role.revoked")

    async def notice(self, work: Work, entry: Entry) -> Notice:  # noqa: ARG002 - one signature for all
        """To the member."""
        role = str(entry.payload["role"]).replace("_", " ").lower()
        where = f"for one {entry.payload['scopeKind']}" if entry.payload["scopeKind"] else "in the whole organisation"
        given = entry.type == "user.role.granted"
        title = f"You have the role {role}" if given else f"You no longer have the role {role}"
        body = f"You {'were given' if given else 'lost'} the role {role} {where}."
        return Notice(frozenset([of(entry, "userId")]), title, body, "/account")


class ApiKeyMade(Kind):
    """To the admins: a program has access now."""

    name, label, mail = "api-key-made", "An API key is made", "at_once"
    types = ("user.api_key.created",)

    async def notice(self, work: Work, entry: Entry) -> Notice:
        """To those who manage API keys."""
        body = f"The API key '{entry.payload['title']}' was made. If nobody should have, end it."
        return Notice(await holders(work, "api_keys:manage"), "An API key was made", body, "/account/keys")


class _Webhook(Kind):
    """Base of what concerns a webhook: to those who manage webhooks. ``said``: title and sentence by type."""

    said: ClassVar[dict[str, tuple[str, str]]]

    async def notice(self, work: Work, entry: Entry) -> Notice | None:
        """To those who manage webhooks."""
        named = f"'{entry.payload['title']}'"
        title, body = (text.format(named) for text in self.said[entry.type])
        to = await holders(work, "webhooks:manage")
        return Notice(to, title, body, f"/webhooks/{entry.payload['webhookId']}")


class WebhookTroubled(_Webhook):
    """A receiver fails for the moment, or works again."""

    name, label, mail = "webhook-troubled", "A webhook has trouble, or works again", "off"
    types = ("webhook.endpoint.degraded", "webhook.endpoint.recovered")
    said: ClassVar = {
        types[0]: ("The webhook {} has trouble", "The webhook {} failed several times in a row. Deliveries wait."),
        types[1]: ("The webhook {} works again", "The webhook {} answers again. What waited is being delivered."),
    }


class WebhookFailing(_Webhook):
    """A receiver has failed for long; somebody should act before it is paused."""

    name, label, mail = "webhook-failing", "A webhook fails for long and will be paused", "at_once"
    types = ("webhook.endpoint.failing", "webhook.endpoint.pausing_soon")
    said: ClassVar = {
        types[0]: ("The webhook {} is failing", "The webhook {} has only failed for an hour. Deliveries wait."),
        types[1]: (
            "The webhook {} will be paused tomorrow",
            "The webhook {} has only failed for four days. Unless it answers, it is paused within a day.",
        ),
    }


class WebhookPaused(_Webhook):
    """Nothing is sent any more."""

    name, label, mail, urgent = "webhook-paused", "A webhook is paused or switched off by the product", "at_once", True
    types = ("webhook.endpoint.paused", "webhook.endpoint.disabled")
    said: ClassVar = {
        types[0]: (
            "The webhook {} is paused",
            "The webhook {} has only failed for five days: nothing is sent to it until you resume it. Deliveries wait.",
        ),
        types[1]: (
            "The webhook {} was switched off",
            "The receiver of the webhook {} says that it is gone. Nothing is sent to it. Deliveries wait.",
        ),
    }


class WebhookBlocked(_Webhook):
    """A delivery was given up, and those behind it wait for a decision."""

    name, label, mail, urgent = (
        "webhook-blocked",
        "A delivery is given up and holds up those behind it",
        "at_once",
        True,
    )
    types = ("webhook.delivery.dead",)
    said: ClassVar = {
        types[0]: (
            "The webhook {} is held up",
            "A delivery of the webhook {} was given up, and those behind it wait until you resend or cancel it.",
        )
    }

    async def notice(self, work: Work, entry: Entry) -> Notice | None:
        """Only where the order is kept."""
        return await super().notice(work, entry) if entry.payload.get("blocks") else None


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        DeductionWaiting(), JudgingClosed(), ConflictDeclared(), EntryGone(), PanelSeatChanged(), JudgingOpened(),
        JudgingReopened(), InvitationAccepted(), RoleChanged(), ApiKeyMade(), WebhookPaused(), WebhookBlocked(),
        WebhookFailing(), WebhookTroubled(),
    )
}  # fmt: skip
"""Every kind by name, in the order of the list of preferences."""

TYPES: tuple[str, ...] = tuple(sorted({name for kind in KINDS.values() for name in kind.types}))
