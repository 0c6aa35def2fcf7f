"""Whether everything that was compared hangs together: without it, two groups have no common scale."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def components(links: Iterable[tuple[Node, Node]]) -> list[list[Node]]:
    """The connected groups of an undirected graph given by its edges, the largest first, each sorted by name."""
    neighbours: dict[Node, set[Node]] = {}
    for a, b in links:
        neighbours.setdefault(a, set()).add(b)
        neighbours.setdefault(b, set()).add(a)
    seen: set[Node] = set()
    groups: list[list[Node]] = []
    for start in sorted(neighbours, key=str):
        if start not in seen:
            group = _reached(start, neighbours)
            seen.update(group)
            groups.append(sorted(group, key=str))
    return sorted(groups, key=lambda group: (-len(group), str(group[0])))


def _reached(start: Node, neighbours: Mapping[Node, set[Node]]) -> list[Node]:
    found, queue = {start}, [start]
    for node in queue:
        fresh = neighbours[node] - found
        found |= fresh
        queue += fresh
    return queue
