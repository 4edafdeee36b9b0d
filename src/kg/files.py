"""A file as a whole: its SHA-256, and a new content that takes its place in one step."""

import hashlib
from pathlib import Path


def sha256(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal, without holding it in memory; raises OSError where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def replace(path: Path, content: bytes) -> None:
    """Write a file aside and put it in its place, so that there is all of it or what was there before.

    Raises OSError where that cannot be done.
    """
    aside = path.with_name(f".{path.name}.new")
    aside.write_bytes(content)
    aside.replace(path)
