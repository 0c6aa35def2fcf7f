"""The rule sets there are to choose from: the organisation's own, then the library's."""

from typing import Any

from event_manager.kit.errors import NotFound
from event_manager.kit.work import Work
from event_manager.scoring.queries import own_rule_sets
from event_manager.scoring.schemas import RuleSetSummary, RuleSetView
from event_manager.tabulation.library import load_rule_set, rule_set_names
from event_manager.tabulation.rules import RuleSet, parse_rules


async def list_rule_sets(work: Work) -> list[RuleSetSummary]:
    """Own ones first, then the library, by name."""
    own = [_summary(parse_rules(row["document"]), "own", str(row["version"])) for row in await own_rule_sets(work)]
    library = [_summary(load_rule_set(name), "library") for name in rule_set_names()]
    return [*own, *library]


async def get_rule_set(work: Work, name: str) -> RuleSetView:
    """One rule set with its document. Raises NotFound."""
    for row in await own_rule_sets(work):
        if row["name"] == name:
            summary = _summary(parse_rules(row["document"]), "own", str(row["version"]))
            return RuleSetView(**summary.model_dump(), document=row["document"])
    if name not in rule_set_names():
        raise NotFound(f"There is no rule set '{name}'.")
    rules = load_rule_set(name)
    return RuleSetView(**_summary(rules, "library").model_dump(), document=_document(rules))


def view_of(document: dict[str, Any], rules: RuleSet) -> RuleSetView:
    """An own rule set as it would be shown."""
    return RuleSetView(**_summary(rules, "own").model_dump(), document=document)


async def find_document(work: Work, name: str) -> dict[str, Any]:
    """The document of a rule set by name. Raises NotFound."""
    return (await get_rule_set(work, name)).document


def _document(rules: RuleSet) -> dict[str, Any]:
    document: dict[str, Any] = rules.model_dump(mode="json", by_alias=True, exclude={"cases"})
    return document


def _summary(rules: RuleSet, origin: str, version: str = "") -> RuleSetSummary:
    return RuleSetSummary.model_validate(
        {
            "name": rules.name, "version": version or rules.version, "title": rules.title, "source": rules.source,
            "origin": origin, "mark_kind": rules.marks.kind, "reads": rules.reads,
        }
    )  # fmt: skip
