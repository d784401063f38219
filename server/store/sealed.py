"""Encrypted files: the age format (age-encryption.org/v1) over gzip, so that other programs can open them too.

By hand: ``age -d -i backup.key FILE | gunzip > council.sqlite``.
"""

import os
import zlib
from pathlib import Path
from typing import IO, Protocol

import pyrage
from pyrage import x25519

_MARK = b"age-encryption.org/v1"
_PIECE = 1 << 18
_GZIP = 31  # zlib's name for gzip's frame


class WrongKey(Exception):
    """The file cannot be opened with this key, or it is damaged."""


class Sink(Protocol):
    """Where opened bytes go."""

    def write(self, data: bytes, /) -> object:
        """Take a piece."""


def make_key(path: Path) -> bool:
    """Write a new key, readable by its owner alone, and tell whether that was needed; an existing one stays."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    identity = x25519.Identity.generate()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"# public key: {identity.to_public()}\n{identity}\n")
    return True


def is_sealed(file: Path) -> bool:
    """Tell whether a file begins like an encrypted one."""
    with file.open("rb") as opened:
        return opened.read(len(_MARK)) == _MARK


def seal(plain: Path, target: Path, key: Path) -> None:
    """Write ``plain`` encrypted for the holder of ``key``. Python's lock is free between two pieces of 64 KiB."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with plain.open("rb") as source, os.fdopen(handle, "wb") as file:
        pyrage.encrypt_io(_Compressing(source), file, [_identity(key).to_public()])
        file.flush()
        os.fsync(file.fileno())


def opens(file: Path, key: Path) -> bool:
    """Tell whether a key opens an encrypted file, from its head alone; OSError. Cost: half a millisecond."""
    try:
        with file.open("rb") as source:
            pyrage.decrypt_io(source, _FirstBytes(), [_identity(key)])
    except _Enough:
        return True
    except (pyrage.DecryptError, pyrage.IdentityError, ValueError):
        return False
    return False


def unseal(file: Path, sink: Sink, key: Path) -> None:
    """Give the plain bytes of an encrypted file to ``sink``; WrongKey when that cannot be done to the last byte."""
    expanding = _Expanding(sink)
    try:
        with file.open("rb") as source:
            pyrage.decrypt_io(source, expanding, [_identity(key)])
        whole = expanding.is_whole
    except (pyrage.DecryptError, pyrage.IdentityError, zlib.error, ValueError):
        whole = False
    except OSError as error:  # the library's own says nothing but that it cannot; a full disk has a number
        if error.errno is not None:
            raise
        whole = False
    if not whole:
        raise WrongKey(str(file))


def _identity(key: Path) -> x25519.Identity:
    lines = key.read_text(encoding="ascii").splitlines()
    return x25519.Identity.from_str(next((line for line in lines if line.startswith("AGE-SECRET-KEY-")), ""))


class _Enough(Exception):
    """The first bytes have come out; nothing more is wanted."""


class _FirstBytes:
    """Takes one piece."""

    def write(self, data: bytes) -> int:
        """Stop."""
        raise _Enough

    def flush(self) -> None:
        """Nothing waits here."""


class _Compressing:
    """Reads a file as gzip."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._zlib = zlib.compressobj(3, wbits=_GZIP)
        self._ready = b""
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` compressed bytes, nothing at the end."""
        while not self._ready and not self._ended:
            piece = self._source.read(_PIECE)
            self._ended = not piece
            self._ready = self._zlib.compress(piece) if piece else self._zlib.flush()
        size = len(self._ready) if size < 0 else size
        given, self._ready = self._ready[:size], self._ready[size:]
        return given


class _Expanding:
    """Takes gzip and writes what was in it."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._zlib = zlib.decompressobj(wbits=_GZIP)

    @property
    def is_whole(self) -> bool:
        """Tell whether the end of the stream has come, with its checksum right."""
        return self._zlib.eof

    def write(self, data: bytes) -> int:
        """Take a piece; a small piece may hold much, so it is given on in portions."""
        self._sink.write(self._zlib.decompress(data, _PIECE))
        while self._zlib.unconsumed_tail:
            self._sink.write(self._zlib.decompress(self._zlib.unconsumed_tail, _PIECE))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""
