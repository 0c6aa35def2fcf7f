"""Where two JSON values differ, each place named by its path, so that a changed result shows what was changed."""

import json
from collections.abc import Iterator
from typing import Any

_MISSING = object()
_MOST_SHOWN = 60


def differences(claimed: Any, computed: Any, path: str = "") -> Iterator[str]:
    """One sentence per place where a value is missing, extra or another; none when both are equal."""
    if isinstance(claimed, dict) and isinstance(computed, dict):
        for name in dict.fromkeys((*computed, *claimed)):
            yield from differences(claimed.get(name, _MISSING), computed.get(name, _MISSING), f"{path}/{name}")
    elif isinstance(claimed, list) and isinstance(computed, list):
        for i in range(max(len(claimed), len(computed))):
            yield from differences(_at(claimed, i), _at(computed, i), f"{path}/{_label(claimed, i)}")
    elif claimed != computed or type(claimed) is not type(computed):
        yield f"{path}: the file says {_shown(claimed)}, recomputed {_shown(computed)}"


def _at(items: list[Any], i: int) -> Any:
    return items[i] if i < len(items) else _MISSING


def _label(items: list[Any], i: int) -> str:
    """The number of an item, with its entry where it is about one."""
    item = _at(items, i)
    return f"{i} (entry {item['entry']})" if isinstance(item, dict) and "entry" in item else str(i)


def _shown(value: Any) -> str:
    if value is _MISSING:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."
