"""Whether everything that was compared hangs together: without it, two groups have no common scale."""

from collections.abc import Hashable, Iterable, Mapping


def components(links: Iterable[tuple[Hashable, Hashable]]) -> list[list[Hashable]]:
    """The connected groups of an undirected graph given by its edges, the largest first."""
    neighbours: dict[Hashable, set[Hashable]] = {}
    for a, b in links:
        neighbours.setdefault(a, set()).add(b)
        neighbours.setdefault(b, set()).add(a)
    return _groups(neighbours)


def _groups(neighbours: Mapping[Hashable, set[Hashable]]) -> list[list[Hashable]]:
    seen: set[Hashable] = set()
    groups: list[list[Hashable]] = []
    for start in sorted(neighbours, key=str):
        if start in seen:
            continue
        seen.add(start)
        group = [start]
        for node in group:
            fresh = neighbours[node] - seen
            seen |= fresh
            group += sorted(fresh, key=str)
        groups.append(sorted(group, key=str))
    return sorted(groups, key=lambda group: (-len(group), str(group[0])))
