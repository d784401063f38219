"""Encrypted files: only the key opens them, and only when every byte is as it was written."""

import gzip
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from server.store.sealed import WrongKey, is_sealed, make_key, opens, seal, unseal


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "backup.key"
    make_key(path)
    return path


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """Something that compresses well and something that does not, longer than any portion."""
    path = tmp_path / "plain"
    path.write_bytes(bytes(3_000_000) + os.urandom(700_001))
    return path


def opened(file: Path, key: Path) -> bytes:
    target = file.with_suffix(".opened")
    with target.open("wb") as sink:
        unseal(file, sink, key)
    return target.read_bytes()


def test_what_was_sealed_comes_back_and_belongs_to_its_owner(plain: Path, key: Path, tmp_path: Path) -> None:
    sealed = tmp_path / "sealed"
    seal(plain, sealed, key)
    assert opened(sealed, key) == plain.read_bytes()
    assert is_sealed(sealed)
    assert not is_sealed(plain)
    assert sealed.stat().st_size < 800_000
    assert [path.stat().st_mode & 0o777 for path in (sealed, key)] == [0o600, 0o600]
    before = key.read_bytes()
    make_key(key)
    assert key.read_bytes() == before


def test_another_key_or_a_touched_or_shortened_file_opens_nothing(
    plain: Path, key: Path, tmp_path: Path
) -> None:
    sealed = tmp_path / "sealed"
    seal(plain, sealed, key)
    other = tmp_path / "other.key"
    make_key(other)
    text = tmp_path / "no.key"
    text.write_text("这不是密钥", encoding="utf-8")
    whole = sealed.read_bytes()
    for wrong in (other, text):
        with pytest.raises(WrongKey):
            opened(sealed, wrong)
    for number, damaged in enumerate(
        (whole[:-1], whole[:65_800], whole[:100], whole[:400_000] + b"\0" + whole[400_001:], whole + b"x")
    ):
        file = tmp_path / f"damaged{number}"
        file.write_bytes(damaged)
        with pytest.raises(WrongKey):
            opened(file, key)


def test_the_head_tells_whether_a_key_opens_a_file(plain: Path, key: Path, tmp_path: Path) -> None:
    sealed, other, half = tmp_path / "sealed", tmp_path / "other.key", tmp_path / "half"
    seal(plain, sealed, key)
    make_key(other)
    assert opens(sealed, key)
    assert not opens(sealed, other)
    for length in (0, 20, 100, 200):
        half.write_bytes(sealed.read_bytes()[:length])
        assert not opens(half, key)
    other.write_text("这不是密钥", encoding="utf-8")
    assert not opens(sealed, other)
    with pytest.raises(FileNotFoundError):
        opens(sealed, tmp_path / "nowhere")


def test_a_disk_that_is_full_is_not_taken_for_a_wrong_key(plain: Path, key: Path, tmp_path: Path) -> None:
    sealed = tmp_path / "sealed"
    seal(plain, sealed, key)
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(OSError, match="No space"):
        unseal(sealed, full, key)


@pytest.mark.skipif(shutil.which("age") is None, reason="the program age is not installed here")
def test_the_ordinary_program_opens_it_too(plain: Path, key: Path, tmp_path: Path) -> None:
    sealed = tmp_path / "sealed"
    seal(plain, sealed, key)
    age = subprocess.run(["age", "-d", "-i", key, sealed], capture_output=True, check=True)
    assert gzip.decompress(age.stdout) == plain.read_bytes()
