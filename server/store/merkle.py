"""RFC 6962 hashes of the record: leaves, nodes, root (S41)."""

import hashlib
from collections.abc import Sequence


def leaf_hash(line: str) -> str:
    """Return SHA-256(0x00 ‖ line) in lower-case hex."""
    return hashlib.sha256(b"\x00" + line.encode()).hexdigest()


def root_hash(leaves: Sequence[str]) -> str:
    """Return the Merkle root over leaf hashes (hex); the empty tree is SHA-256 of nothing."""
    if not leaves:
        return hashlib.sha256(b"").hexdigest()
    return _root([bytes.fromhex(leaf) for leaf in leaves]).hex()


def _root(leaves: list[bytes]) -> bytes:
    """Fold pairs level by level; an odd last node rises unchanged, which equals RFC 6962's split."""
    while len(leaves) > 1:
        pairs = [
            hashlib.sha256(b"\x01" + leaves[i] + leaves[i + 1]).digest() for i in range(0, len(leaves) - 1, 2)
        ]
        if len(leaves) % 2:
            pairs.append(leaves[-1])
        leaves = pairs
    return leaves[0]
