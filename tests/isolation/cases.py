"""How each route is called. A route that is missing here fails the matrix, so that no new one escapes it.

A case says which stage of the world the path's ids come from and what body makes the call succeed for its own tenant.
Names in ``ids`` replace path parameters; bodies are made from the side whose ids are sent.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from tests.factories.scoring import Stage, mark
from tests.isolation.world import Side

Kind = Literal["tenant", "own", "public", "platform"]
StageName = Literal["draft", "judging", "complete", "judged", "locked_event", "locked_contest", "locked_category"]
Body = Callable[[Side], object]


@dataclass(frozen=True)
class Case:
    """``kind``: of a tenant; of the signed-in person alone; open to everybody (nothing of a tenant in it); or of the
    installation, for its super admin alone.

    ``who`` makes the positive call. ``stage``: whose category, contest and event the path names. Bodies that name
    somebody of the cast are completed by `completed` in the matrix.
    """

    kind: Kind = "tenant"
    who: Literal["admin", "tally", "judge"] = "admin"
    stage: StageName = "judging"
    body: Body | None = None
    upload: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    ids: dict[str, Callable[[Side], str]] = field(default_factory=dict)


def path_ids(case: Case, side: Side) -> dict[str, str]:
    """What the path parameters are replaced by."""
    stage: Stage = getattr(side, case.stage)
    ids = dict(side.ids)
    ids |= {"eventId": str(stage.event), "contestId": str(stage.contest), "categoryId": str(stage.category)}
    ids |= {"entryId": str(stage.entries[0])}
    ids["seatId"] = str(stage.seats[side.judge])
    return ids | {name: pick(side) for name, pick in case.ids.items()}


def reason(_side: Side) -> object:
    """The body of what needs nothing but a reason."""
    return {"reason": "because it is tested"}


ANY_VERSION = (("If-Match", "*"),)
READ = Case()
JUDGED = Case(stage="judged")
OWN = Case(kind="own")
PUBLIC = Case(kind="public")
PLATFORM = Case(kind="platform")

IDENTITY = {
    "read_me": OWN, "sign_out": OWN, "list_sessions": OWN, "end_other_sessions": OWN,
    "update_me": Case(kind="own", body=lambda _: {"name": "Somebody Else"}),
    "choose_tenant": Case(kind="own", body=lambda s: {"tenant": s.ids["tenant"]}),
    "change_password": OWN, "end_session": Case(kind="own"), "enrol_totp": OWN, "confirm_totp": OWN,
    "disable_totp": OWN, "renew_recovery_codes": OWN,
    "sign_in_with_password": PUBLIC, "sign_in_with_totp": PUBLIC, "sign_in_with_recovery_code": PUBLIC,
    "forgot_password": PUBLIC, "reset_password": PUBLIC, "read_invitation": PUBLIC, "accept_invitation": PUBLIC,
    "list_members": READ, "read_member": READ, "list_invitations": READ, "list_api_keys": READ,
    "update_member": Case(body=lambda _: {"roles": [{"role": "EMCEE"}]}),
    "remove_member": READ, "resend_invitation": READ, "revoke_invitation": READ, "revoke_api_key": READ,
    "create_invitations": Case(body=lambda _: {"emails": ["new@guests.example"], "roles": [{"role": "JUDGE"}]}),
    "create_api_key": Case(body=lambda _: {"name": "one more", "role": "EMCEE"}),
}  # fmt: skip

TENANCY = {"read_tenant": READ, "update_tenant": Case(body=lambda _: {"name": "Renamed"})}

LEVELS = {
    "list_events": READ, "read_event": READ, "list_contests": READ, "read_contest": READ, "list_templates": READ,
    "list_categories": READ, "read_category": READ, "read_criteria": READ, "list_my_seats": Case(who="judge"),
    "create_event": Case(body=lambda _: {"name": "New event"}),
    "reorder_events": Case(body=lambda s: {"ids": s.ids["events"].split()}),
    "update_event": Case(body=lambda _: {"name": "Changed"}),
    "set_event_status": Case(body=lambda _: {"status": "open"}),
    "clone_event": Case(body=lambda _: {"name": "Copy"}),
    "lock_event": Case(body=reason), "lock_contest": Case(body=reason), "lock_category": Case(body=reason),
    "unlock_event": Case(stage="locked_event", body=reason),
    "unlock_contest": Case(stage="locked_contest", body=reason),
    "unlock_category": Case(stage="locked_category", body=reason),
    "create_contest": Case(body=lambda _: {"name": "New contest"}),
    "update_contest": Case(body=lambda _: {"name": "Changed"}),
    "set_contest_status": Case(body=lambda _: {"status": "open"}),
    "clone_contest": Case(body=lambda _: {"name": "Copy"}),
    "reorder_contests": Case(body=lambda s: {"ids": [str(s.judging.contest)]}),
    "create_category": Case(body=lambda _: {"name": "New category"}),
    "update_category": Case(stage="draft", body=lambda _: {"name": "Changed"}),
    "delete_category": Case(stage="draft"),
    "clone_category": Case(body=lambda _: {"name": "Copy"}),
    "reorder_categories": Case(body=lambda s: {"ids": [str(s.judging.category)]}),
    "put_criteria": Case(
        stage="draft", headers=ANY_VERSION, body=lambda _: {"criteria": [{"name": "Only one", "max": "10"}]}
    ),
    "open_judging": Case(stage="draft"),
    "reopen_category": Case(stage="judged", body=reason),
}  # fmt: skip

ENTRIES = {
    "list_participants": READ, "read_participant": READ, "archive_participant": READ, "list_entries": READ,
    "read_entry": READ, "read_roster": READ,
    "create_participant": Case(body=lambda _: {"name": "Newcomer"}),
    "update_participant": Case(body=lambda _: {"name": "Renamed"}),
    "create_entry": Case(body=lambda _: {"participant": {"name": "Newcomer"}}),
    "create_entries": Case(body=lambda _: {"rows": [{"participant": {"name": "Newcomer"}}]}),
    "preview_import": Case(stage="draft", upload=b"name\nNewcomer\n"),
    "import_entries": Case(stage="draft", upload=b"name\nNewcomer\n"),
    "update_entry": Case(stage="draft", body=lambda _: {"number": "77"}),
    "set_entry_state": Case(body=lambda _: {"state": "scratched", "reason": "ill today"}),
    "check_in_entry": Case(body=lambda _: {"checkedIn": True}),
    "set_roster": Case(stage="draft", body=lambda s: {"entryIds": [str(s.draft.entries[0])]}),
    "update_roster_entry": Case(stage="draft", body=lambda _: {"facts": {"difficulty": "3.2"}}),
    "set_roster_state": Case(body=lambda _: {"state": "dns", "reason": "not there"}),
    "set_category_running_order": Case(body=lambda _: {"how": "reverse"}),
    "set_running_order": Case(body=lambda _: {"how": "reverse"}),
    "renumber_entries": Case(stage="draft", body=lambda _: {"start": 10}),
}  # fmt: skip

PANELS = {
    "read_panel": READ, "list_recusals": READ, "list_conflict_hints": READ,
    "list_assignments": READ,
    "copy_panel": Case(stage="draft", body=lambda s: {"categoryId": str(s.judging.category)}),
    "create_seat": Case(stage="draft"),
    "update_seat": Case(body=lambda _: {"state": "absent", "reason": "missed the bus"}),
    "delete_seat": Case(stage="draft"),
    "replace_seat": Case(),
    "freeze_panel": Case(stage="draft"),
    "unfreeze_panel": Case(body=reason),
    "create_recusal": Case(
        body=lambda s: {
            "seatId": str(s.judging.seats[s.other_judge]), "entryId": str(s.judging.entries[1]), "reason": "my pupil",
        }
    ),
    "lift_recusal": Case(body=reason),
}  # fmt: skip

SCORING = {
    "read_sheet": Case(who="judge"),
    "submit_marks": Case(who="judge", body=lambda s: {"marks": [mark(s.judging, 1, 0, "5.5")]}),
    "read_own_mark_history": Case(who="judge"),
    "read_readiness": Case(stage="draft"), "read_progress": READ, "read_mark_history": JUDGED,
    "close_judging": Case(who="tally", stage="complete"),
    "read_category_result": JUDGED, "read_result_document": JUDGED, "read_contest_result": JUDGED,
    "list_rule_sets": READ, "read_rule_set": READ, "read_category_rules": READ, "read_contest_rules": READ,
    "save_rule_set": Case(), "check_rule_set": Case(), "read_rule_guide": READ, "read_contest_result_document": JUDGED,
    "choose_category_rules": Case(stage="draft", body=lambda _: {"name": "sum"}),
    "choose_contest_rules": Case(body=lambda _: {"method": "rank-sum"}),
    "list_deductions": JUDGED, "list_decisions": JUDGED,
    "request_deduction": Case(
        stage="judged", who="tally",
        body=lambda s: {"entryId": str(s.judged.entries[1]), "points": "1", "reason": "too long"},
    ),
    "approve_deduction": JUDGED, "withdraw_deduction": JUDGED,
    "decide_tie": Case(
        stage="judged", body=lambda s: {"entryIds": [str(e) for e in s.judged.entries], "reason": "as agreed"}
    ),
    "watch_category": READ,
}  # fmt: skip

LOG = {
    "follow_log": READ, "search_log": READ, "read_log_entry": READ, "export_log": READ, "list_event_types": READ,
    "read_latest_checkpoint": READ, "read_checkpoint_key": READ, "prove_consistency": READ, "list_checkpoints": READ,
    "prove_log_entry": READ, "verify_log": READ, "read_activity": READ,
    "list_handlers": PLATFORM, "list_dead_letters": PLATFORM, "retry_dead_letter": PLATFORM,
    "discard_dead_letter": PLATFORM,
}  # fmt: skip

WEBHOOKS = {
    "list_webhooks": READ, "read_webhook": READ, "delete_webhook": READ,
    "create_webhook": Case(body=lambda _: {"name": "New", "url": "https://hooks.example.org/in", "events": ["*"]}),
    "update_webhook": Case(body=lambda _: {"name": "Renamed", "events": ["score.*"]}),
    "rotate_webhook_secret": Case(body=lambda _: {"scheme": "v1"}),
    "revoke_webhook_secret": READ, "test_webhook": Case(body=lambda _: {"eventType": "contest.created"}),
    "list_deliveries": READ, "read_delivery": READ, "redeliver": READ, "read_webhook_statistics": READ,
    "cancel_delivery": Case(ids={"deliveryId": lambda s: s.ids["waitingId"]}),
    "resume_webhook": Case(ids={"webhookId": lambda s: s.ids["pausedId"]}, body=lambda _: {"held": "skip"}),
    "read_feed": Case(ids={"webhookId": lambda s: s.ids["feedId"]}),
    "list_replays": READ, "read_replay": READ, "pause_replay": READ, "resume_replay": READ, "cancel_replay": READ,
    "create_replay": Case(body=lambda s: {"webhookIds": [s.ids["webhookId"]], "reason": "as it is tested"}),
}  # fmt: skip

NOTIFICATIONS = {
    "list_notifications": OWN, "count_notifications": OWN, "watch_notifications": OWN,
    "mark_notifications_read": Case(kind="own", body=lambda _: {"all": True}),
    "read_notification_preferences": OWN, "save_notification_preferences": OWN,
}  # fmt: skip

SYSTEM = {"health": PUBLIC, "ready": PUBLIC, "read_metrics": PUBLIC, "page": PUBLIC, "read_docs": PUBLIC,
    "read_asyncapi": PUBLIC,
    "read_event_schema": Case(kind="public", ids={"eventType": lambda _: "contest.created", "version": lambda _: "1"}),
    "read_problem": Case(kind="public", ids={"code": lambda _: "not-found"}),
    "list_outbox": PUBLIC, "read_outbox_mail": PUBLIC,  # the demo alone has these
}  # fmt: skip

CASES: dict[str, Case] = {
    **IDENTITY,
    **TENANCY,
    **LEVELS,
    **ENTRIES,
    **PANELS,
    **SCORING,
    **LOG,
    **WEBHOOKS,
    **NOTIFICATIONS,
    **SYSTEM,
}
