"""The stages a rule set can be made of: one file, one class, the class's `kind` is the file's name.

Found by scanning this folder, so a new method is one new file and nothing else. A file is imported when a rule set
asks for its kind.
"""

import importlib
import pkgutil
from functools import cache

from event_manager.tabulation.methods.base import Stage


@cache
def stage_kinds() -> tuple[str, ...]:
    """Every kind of stage there is, sorted."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name.replace("_", "-") for name in names if name != "base"))


@cache
def stage_class(kind: str) -> type[Stage]:
    """The class of a kind. Raises ValueError naming the kinds there are."""
    if kind not in stage_kinds():
        raise ValueError(f"“{kind}” is no kind of stage; there are {', '.join(stage_kinds())}")
    name = f"{__name__}.{kind.replace('-', '_')}"
    members = vars(importlib.import_module(name)).values()
    (stage,) = (m for m in members if isinstance(m, type) and issubclass(m, Stage) and m.__module__ == name)
    return stage


def parse_stage(data: object) -> object:
    """The typed stage of JSON data such as `{"kind": "mean", "over": "judge"}`; a stage passes as it is.

    Raises ValueError naming the kinds there are. Used as a pydantic validator.
    """
    if isinstance(data, Stage):
        return data
    kind = data.get("kind") if isinstance(data, dict) else None
    return stage_class(str(kind)).model_validate(data)
