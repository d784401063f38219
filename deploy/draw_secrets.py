#!/usr/bin/env python3
"""Draws the passwords of a new installation and writes them where compose file and systemd units read them.

    python3 deploy/draw_secrets.py FOLDER [--database HOST] [--valkey HOST] [--public-url URL]

Writes ``postgres-password`` and ``council.env`` (the house), readable by the owner alone, and ``users.acl`` for
Valkey, whose own user has to read it: it holds the digest of 192 random bits and opens nothing.
What is there already is kept: running it twice changes nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import secrets
import sys
from pathlib import Path

# The house publishes and listens on one channel, no more: no keys, no FLUSHALL, CONFIG or DEBUG (S13).
ACL = (
    "user default off resetpass resetkeys resetchannels -@all\n"
    "user council on #{digest} resetkeys resetchannels &council -@all "
    "+hello +auth +ping +publish +subscribe +unsubscribe +client|setinfo +client|setname +quit\n"
)


def main(arguments: list[str]) -> int:
    """Write what is missing; exit status 2 when the folder is half there."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--database", default="database")
    parser.add_argument("--valkey", default="valkey")
    parser.add_argument("--public-url", default="https://council.example")
    chosen = parser.parse_args(arguments)
    names = ("postgres-password", "users.acl", "council.env")
    there = [name for name in names if (chosen.folder / name).exists()]
    if len(there) == len(names):
        return 0
    if there:
        sys.stderr.write(f"{chosen.folder} 里只有 {'、'.join(there)}：请补齐，或者换一个空文件夹。\n")
        return 2
    for_database, for_valkey = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    chosen.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write(chosen.folder / names[0], for_database + "\n")
    digest = hashlib.sha256(for_valkey.encode()).hexdigest()
    write(chosen.folder / names[1], ACL.format(digest=digest), 0o644)
    write(
        chosen.folder / names[2],
        f"COUNCIL_DATABASE_URL=postgresql://council:{for_database}@{chosen.database}/council\n"
        f"COUNCIL_REDIS_URL=redis://council:{for_valkey}@{chosen.valkey}:6379/0\n"
        f"COUNCIL_PUBLIC_URL={chosen.public_url}\n",
    )
    return 0


def write(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file that nobody else can read, unless told otherwise."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
