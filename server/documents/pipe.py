"""One message between the pool and a worker: length, JSON head, then the bytes the head announces."""

import json
import struct
from typing import Any, BinaryIO

_LENGTH = struct.Struct(">I")
# Forty signatures of the largest size and a long text stay well below.
MAX_HEAD = 64 * 1024 * 1024

Head = dict[str, Any]


def write_message(stream: BinaryIO, head: Head, *blobs: bytes) -> None:
    """Sends a head and its blobs in one piece; the head gains `sizes`."""
    encoded = json.dumps({**head, "sizes": [len(blob) for blob in blobs]}, ensure_ascii=False).encode()
    stream.write(_LENGTH.pack(len(encoded)) + encoded)
    stream.writelines(blobs)
    stream.flush()


def read_message(stream: BinaryIO) -> tuple[Head, tuple[bytes, ...]]:
    """Reads one message; EOFError when the other side has gone, also in the middle of a message."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > MAX_HEAD:
        raise EOFError("not a message of ours")
    head: Head = json.loads(_exactly(stream, length))
    return head, tuple(_exactly(stream, size) for size in head["sizes"])


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError("the other side has gone")
    return data
