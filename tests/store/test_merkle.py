"""RFC 6962 hashes against the RFC's own reference tree and against its definition."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.store.merkle import leaf_hash, root_hash

# The reference tree of the Certificate Transparency project: eight inputs and the root after each of them.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def tree(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word: split at the largest power of two below n."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + tree(leaves[:split]) + tree(leaves[split:])).digest()


@pytest.mark.rule("S41")
@pytest.mark.parametrize("size", range(1, 9))
def test_the_reference_tree(size: int) -> None:
    leaves = [leaf(bytes.fromhex(data)).hex() for data in INPUTS[:size]]
    assert root_hash(leaves) == ROOTS[size - 1]


def test_the_empty_tree_is_the_hash_of_nothing() -> None:
    assert root_hash([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_leaf_is_hashed_over_its_utf8() -> None:
    assert leaf_hash("") == ROOTS[0]
    assert leaf_hash("议事") == leaf("议事".encode()).hex()


@pytest.mark.rule("S41")
@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70))
def test_level_by_level_is_the_same_as_the_rfcs_split(leaves: list[bytes]) -> None:
    assert root_hash([one.hex() for one in leaves]) == tree(leaves).hex()


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=20, unique=True), st.data())
def test_another_leaf_or_order_is_another_root(leaves: list[bytes], data: st.DataObject) -> None:
    hashes = [one.hex() for one in leaves]
    at = data.draw(st.integers(0, len(hashes) - 2))
    swapped = [*hashes[:at], hashes[at + 1], hashes[at], *hashes[at + 2 :]]
    assert root_hash(swapped) != root_hash(hashes)
    assert root_hash(hashes[:-1]) != root_hash(hashes)
