"""The tree agrees with an independent implementation, at sizes around every boundary."""

import hashlib

import pytest
from pymerkle import InmemoryTree  # type: ignore[import-untyped]

from event_manager.eventlog import merkle

SIZES = [1, 2, 3, 5, 7, 8, 255, 256, 257, 300, 511, 512, 513, 1000]


def leaves(count: int) -> list[bytes]:
    return [hashlib.sha256(b"\x00" + str(i).encode()).digest() for i in range(count)]


def reader(hashes: list[bytes]) -> merkle.ReadNode:
    async def read(height: int, index: int) -> bytes:
        return merkle.full_root(b"".join(hashes[index << height : (index + 1) << height]))

    return read


def reference(count: int) -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    for i in range(count):
        tree.append_entry(str(i).encode())
    return tree


@pytest.mark.parametrize("size", SIZES)
def test_the_root_is_that_of_an_independent_tree(size: int) -> None:
    edge = merkle.Frontier()
    edge.extend(b"".join(leaves(size)))

    assert edge.root() == reference(size).get_root()


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert merkle.Frontier().root() == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("size", SIZES)
async def test_every_inclusion_proof_leads_to_the_root(size: int) -> None:
    hashes = leaves(size)
    root = reference(size).get_root()

    for index in {0, size // 2, size - 1}:
        path = await merkle.inclusion(reader(hashes), index, size)
        assert merkle.root_of_inclusion(hashes[index], index, size, path) == root


async def test_a_leaf_outside_the_tree_has_no_proof() -> None:
    with pytest.raises(ValueError, match="leaf 3 is not in a tree of 3"):
        await merkle.inclusion(reader(leaves(3)), 3, 3)


def consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: list[bytes]) -> bool:
    """The verifier of RFC 9162, 2.1.4.2, written from its text."""
    if old == new:
        return not path and old_root == new_root
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = steps[0]
    for step in steps[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = merkle.node(step, fr), merkle.node(step, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = merkle.node(sr, step)
        fn, sn = fn >> 1, sn >> 1
    return (fr, sr, sn) == (old_root, new_root, 0)


@pytest.mark.parametrize("new", SIZES)
async def test_every_consistency_proof_joins_the_roots_of_an_independent_tree(new: int) -> None:
    read = reader(leaves(new))
    tree = reference(new)

    for old in {1, max(1, new // 2), max(1, new - 1), new}:
        path = await merkle.consistency(read, old, new)
        assert consistent(old, new, tree.get_root(old), tree.get_root(new), path)
        if path:
            assert not consistent(old, new, tree.get_root(old), tree.get_root(new), [*path[:-1], bytes(32)])


async def test_there_is_no_consistency_with_a_larger_tree() -> None:
    with pytest.raises(ValueError, match="no consistency between sizes 4 and 3"):
        await merkle.consistency(reader(leaves(3)), 4, 3)
