"""The Merkle tree of RFC 6962 over leaf hashes, grown in tiles of 256 hashes; pure, no storage.

A tile of level 0 holds leaf hashes, one of level n+1 the roots of full tiles of level n.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

WIDTH, HASH = 256, 32
TILE = WIDTH * HASH
"""Bytes of a full tile."""
EMPTY = sha256(b"").digest()

ReadNode = Callable[[int, int], Awaitable[bytes]]
"""Hash of the full subtree of 2**height leaves that is the index-th of its height: ``await read(height, index)``."""


def node(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def pair_up(hashes: bytes) -> bytes:
    """The next height above an even number of hashes, which lie one after the other, 32 bytes each."""
    return b"".join([sha256(b"\x01" + hashes[i : i + 64]).digest() for i in range(0, len(hashes), 64)])


def full_root(hashes: bytes) -> bytes:
    """Root of a power of two of hashes."""
    while len(hashes) > HASH:
        hashes = pair_up(hashes)
    return hashes


@dataclass
class Frontier:
    """The right edge of a growing tree: the hashes in the unfinished tile of each level, which is all growth needs."""

    levels: list[bytes] = field(default_factory=list)
    size: int = 0

    def extend(self, leaves: bytes) -> list[tuple[int, int, bytes]]:
        """Append leaf hashes; returns the tiles (level, number, hashes) that became full."""
        full: list[tuple[int, int, bytes]] = []
        level, added = 0, leaves
        while added:
            if level == len(self.levels):
                self.levels.append(b"")
            number = self.size >> (8 * (level + 1))
            hashes = self.levels[level] + added
            end = len(hashes) - len(hashes) % TILE
            full += [(level, number + i // TILE, hashes[i : i + TILE]) for i in range(0, end, TILE)]
            self.levels[level] = hashes[end:]
            added = hashes[:end]
            for _height in range(8):
                added = pair_up(added)
            level += 1
        self.size += len(leaves) // HASH
        return full

    def root(self) -> bytes:
        """Root of the tree as it stands."""
        found: bytes | None = None
        for tile in self.levels:
            start = len(tile) // HASH
            while start:  # peaks from right to left: the lowest set bit is the rightmost
                width = start & -start
                peak = full_root(tile[HASH * (start - width) : HASH * start])
                found = peak if found is None else node(peak, found)
                start -= width
        return EMPTY if found is None else found

    def copy(self) -> "Frontier":
        """An independent edge at the same size."""
        return Frontier(list(self.levels), self.size)


async def range_root(read: ReadNode, start: int, end: int) -> bytes:
    """Root over leaves start..end-1, a range that RFC 6962 splits into (start is a multiple of its largest power)."""
    count = end - start
    if count & (count - 1) == 0:
        height = count.bit_length() - 1
        return await read(height, start >> height)
    middle = start + _split(count)
    return node(await range_root(read, start, middle), await range_root(read, middle, end))


async def inclusion(read: ReadNode, index: int, size: int) -> list[bytes]:
    """Audit path of a leaf, from the leaf up. Raises ValueError when the leaf is not in a tree of this size."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(await range_root(read, middle, end))
            end = middle
        else:
            path.append(await range_root(read, start, middle))
            start = middle
    return path[::-1]


async def consistency(read: ReadNode, old: int, new: int) -> list[bytes]:
    """Proof that the tree of size `new` begins with that of size `old`. Raises ValueError unless 0 < old <= new."""
    if not 0 < old <= new:
        raise ValueError(f"no consistency between sizes {old} and {new}")
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(await range_root(read, middle, end))
            end = middle
        else:
            path.append(await range_root(read, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(await range_root(read, start, end))
    return path[::-1]


def _split(count: int) -> int:
    """The largest power of two below a count."""
    return 1 << ((count - 1).bit_length() - 1)


def root_of_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that an audit path leads to (RFC 9162, 2.1.3.2). Raises ValueError when its length is wrong."""
    position, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise ValueError("the proof is too long")
        if position & 1 or position == last:
            found = node(step, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node(found, step)
        position, last = position >> 1, last >> 1
    if last:
        raise ValueError("the proof is too short")
    return found
