"""The scoring guide names everything there is: kinds of stages, tie breakers, policies, rule sets."""

from pathlib import Path
from typing import get_args

import pytest

from event_manager.tabulation.library import rule_set_names
from event_manager.tabulation.methods import stage_kinds
from event_manager.tabulation.rules import Policies, RuleSet
from event_manager.tabulation.ties import Breaker

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = "".join((DOCS / name).read_text(encoding="utf-8") for name in ("scoring.md", "scoring-ranking.md"))
BREAKERS = [get_args(b.model_fields["kind"].annotation)[0] for b in get_args(get_args(Breaker)[0])]


@pytest.mark.parametrize("name", [*rule_set_names(), *stage_kinds(), *BREAKERS, *Policies.model_fields])
def test_it_is_in_the_guide(name: str) -> None:
    assert f"`{name}`" in GUIDE or f"`{name} " in GUIDE


@pytest.mark.parametrize("field", [f.alias or name for name, f in RuleSet.model_fields.items()])
def test_every_field_of_a_rule_set_is_explained(field: str) -> None:
    assert f"`{field}`" in GUIDE
