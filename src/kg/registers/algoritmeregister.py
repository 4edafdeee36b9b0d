"""The Algoritmeregister of the Dutch government: algorithms that public bodies use."""

from collections.abc import Iterator
from pathlib import Path

from kg.registers.framework import Finding, Record, Register


def read(path: Path) -> Iterator[Record | Finding]:
    """The records of an export."""
    raise NotImplementedError


REGISTER = Register(
    name="algoritmeregister",
    address="https://algoritmes.overheid.nl/api/downloads/NLD?filetype=csv",
    read=read,
)
