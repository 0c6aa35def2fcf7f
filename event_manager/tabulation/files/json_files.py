"""JSON files that people hand in: rule sets of their own and result documents. Refused with the place named."""

import json
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from event_manager.tabulation.files.sheet_files import read_bytes
from event_manager.tabulation.library import load_rule_set, rule_set_names
from event_manager.tabulation.model import BadRules, ScoringError
from event_manager.tabulation.rules import RuleSet, parse_rules


def find_rule_set(name_or_file: str) -> RuleSet:
    """A shipped rule set by its name, or one of the user's own from a JSON file (a path, or a name with a dot).

    Raises BadRules naming what is near, or where the file is wrong.
    """
    if name_or_file in rule_set_names():
        return load_rule_set(name_or_file)
    if "." in name_or_file or "/" in name_or_file or "\\" in name_or_file:
        return parse_rules(read_json(name_or_file), source=name_or_file)
    near = get_close_matches(name_or_file.casefold(), rule_set_names(), n=1, cutoff=0.5)
    meant = f"; is {near[0]} meant?" if near else ""
    hint = f"; for the file of that name write ./{name_or_file}" if Path(name_or_file).is_file() else ""
    raise BadRules(f"there is no rule set “{name_or_file}”{meant}{hint}; `event-manager rules list` names them all")


def read_json(path: str) -> Any:
    """The value in a JSON file. Raises ScoringError (what, line and column) when it cannot be read as one."""
    try:
        text = read_bytes(path).decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_no_repeats, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise ScoringError(f"{path} is not UTF-8 text; save it as JSON in UTF-8") from None
    except json.JSONDecodeError as error:
        raise ScoringError(f"{path}:{error.lineno} (column {error.colno}): no JSON here: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise ScoringError(f"{path} cannot be used: {error}") from None


def _no_repeats(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Two values under one name would let one program read the first and another the last."""
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise ValueError(f"“{next(n for n in names if names.count(n) > 1)}” is there twice in one object")
    return dict(pairs)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number of JSON")
