"""Own rule sets of an organisation: checked word for word, kept as versions that are never changed."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from event_manager import eventlog
from event_manager.kit.db import Row
from event_manager.kit.errors import FieldError
from event_manager.kit.work import Work
from event_manager.scoring.errors import RulesRefused
from event_manager.scoring.event_types import RuleSetSaved
from event_manager.scoring.inputs import rules_for
from event_manager.scoring.models import RuleSetVersion
from event_manager.tabulation.library import check_rule_set
from event_manager.tabulation.model import ScoringError
from event_manager.tabulation.rules import RuleSet, parse_rules

Document = dict[str, Any]
PLAINER = {
    "Field required": "must be given",
    "Extra inputs are not permitted": "there is no such option here",
    "Input should be a valid string": "must be text, in quotation marks",
}
FAULT = re.compile(r"^rule set: (?P<pointer>/.*?): (?P<words>.*)$")


def parse_document(document: Mapping[str, Any], criteria: Sequence[Row] = ()) -> RuleSet:
    """The rule set of a document, with a category's criteria where there are any.

    Raises RulesRefused with every fault at its place, such as `/document/stages/0`.
    """
    try:
        return rules_for(dict(document), criteria) if criteria else parse_rules(document)
    except ScoringError as error:
        faults = [_fault(line) for line in str(error).splitlines()]
        raise RulesRefused("The rule set cannot be used.", errors=faults) from error


async def check_document(work: Work, document: Document) -> tuple[Document, RuleSet]:
    """The document as it would be saved, under its next version. Raises RulesRefused, also for a worked example
    that it does not reproduce."""
    work.allow("rules:edit")
    document = {**document, "version": str(await _next_version(work, document.get("name")))}
    rules = parse_document(document)
    outcomes = await asyncio.to_thread(check_rule_set, rules)
    faults = [
        FieldError(f"/document/cases/{i}", fault) for i, outcome in enumerate(outcomes) for fault in outcome.faults
    ]
    if faults:
        raise RulesRefused("The rule set does not give what its own worked examples say.", errors=faults)
    return document, rules


async def save_rule_set(work: Work, document: Document) -> RuleSetVersion:
    """Store a version of an own rule set; its number is given here. Raises RulesRefused."""
    work.allow("rules:edit")
    await work.sql(
        "SELECT pg_advisory_xact_lock(hashtextextended('rule sets of ' || %s::text, 0))", (work.tenant,)
    )  # two saved at once take turns, so that each gets a number of its own
    document, rules = await check_document(work, document)
    saved = RuleSetVersion(
        tenant_id=work.tenant, name=rules.name, version=int(rules.version), title=rules.title, document=document
    )
    work.session.add(saved)
    await work.session.flush()
    event = RuleSetSaved(rule_set_id=saved.id, rule_set=saved.name, rule_set_version=saved.version)
    await eventlog.append(work, event)
    return saved


async def _next_version(work: Work, name: object) -> int:
    if not isinstance(name, str):
        return 1
    latest = await work.session.scalar(
        select(func.max(RuleSetVersion.version)).where(
            RuleSetVersion.tenant_id == work.tenant, RuleSetVersion.name == name
        )
    )
    return (latest or 0) + 1


def _fault(line: str) -> FieldError:
    """`rule set: /stages/0: words` as a fault at `/document/stages/0`."""
    found = FAULT.match(line)
    if found is None:
        return FieldError("/document", line.removeprefix("rule set: "))
    pointer = "" if found["pointer"] == "/" else found["pointer"]
    words = found["words"].removeprefix("Value error, ")
    return FieldError(f"/document{pointer}", PLAINER.get(words, words))
