"""Saved exports as records, one at a time: JSON, JSON Lines and CSV. A file that ends too early is no export."""

import csv
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO

import ijson

from kg.errors import DataError
from kg.registers.framework import TruncatedError

_AT_A_TIME = 65_536
_DEEPEST = 50
LARGEST_RECORD = 16 * 2**20
"""Bytes of one record, and of what stands before the first."""
_PLAIN = ijson.get_backend("python")
_LONG_NUMBER = re.compile(rb"[0-9]{4000}")


def starts_with(path: Path, *starts: bytes) -> bool:
    """Whether a file starts with one of these, after white space and a byte order mark; raises DataError."""
    try:
        with path.open("rb") as file:
            return file.read(200).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(starts)
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from error


def json_records(path: Path, names: Collection[str] = (), one: str = "") -> Iterator[dict]:
    """The objects in the array that is the whole of a JSON document, or that its first member of these names holds.

    A name may be a path ("result.results"). Where there is no such array, the object that is the member `one` is the
    only record. A file of several such documents, one after the other, gives all of theirs, and one with an object a
    line (JSON Lines) gives those. What is in the array and no object comes as an object with nothing in it. Raises
    TruncatedError where the document is not complete, and DataError where it is something else.
    """
    prefix = _place(path, names, one)
    with path.open("rb") as file, _clear_errors(path):
        bounded = _Bounded(file)
        for value in _PLAIN.items(_events(bounded), prefix):
            bounded.mark()
            yield value if isinstance(value, dict) else {}


class _Bounded:
    """A file that raises ValueError where what comes is too much for the parser, or for memory.

    That is a record over a bound, and a number of thousands of digits, on which the parser, written in C, crashes.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._before = b""
        self._since = 0

    def mark(self) -> None:
        """A record has ended here."""
        self._since = 0

    def read(self, size: int) -> bytes:
        """The next bytes."""
        found = self._file.read(size)
        self._since += len(found)
        if self._since > LARGEST_RECORD:
            raise ValueError(f"it has {LARGEST_RECORD:,} bytes without a whole record")
        seen = self._before + found
        if _LONG_NUMBER.search(seen):
            raise ValueError("it has a number of thousands of digits")
        self._before = seen[-4000:]
        return found


def _events(file: _Bounded) -> Iterator[tuple[str, str, object]]:
    """The parts of JSON documents, with where they stand; raises ValueError where they go too deep to build values."""
    depth = 0
    for item in _PLAIN.parse(ijson.basic_parse(file, multiple_values=True)):
        depth += item[1].startswith("start_") - item[1].startswith("end_")
        if depth > _DEEPEST:
            raise ValueError(f"it goes more than {_DEEPEST} levels deep")
        yield item


def _place(path: Path, names: Collection[str], one: str) -> str:
    """Where the records stand, as ijson writes it."""
    if starts_with(path, b"["):
        return "item"
    found = ""
    with path.open("rb") as file, _clear_errors(path):
        for prefix, event, _ in _events(_Bounded(file)):
            if event == "start_array" and prefix in names:
                return f"{prefix}.item"
            if event == "start_map" and prefix == one:
                found = one
            if (prefix, event) == ("", "end_map"):
                break
        if found or _has_another_line(path):
            return found
    asked = f" or an object with {' or '.join(sorted(names))}" if names else ""
    raise DataError(f"{path}: no array of records{asked} was found. Is it the export of this register?")


def _has_another_line(path: Path) -> bool:
    """Whether the first line is an object by itself."""
    with path.open("rb") as file:
        return file.readline(_AT_A_TIME * 16).rstrip().endswith(b"}") and bool(file.read(1))


class _clear_errors:  # noqa: N801  (a context, named as one)
    """Say which file cannot be read as JSON, and whether it ends too early."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ijson.IncompleteJSONError) and "premature" in str(error).lower():
            raise TruncatedError(f"{self._path} ends before it is complete. Fetch it again.") from error
        if isinstance(error, (ijson.JSONError, UnicodeDecodeError, ValueError)):
            reason = str(error).split("\n", 1)[0]
            raise DataError(f"{self._path} is no well-formed JSON: {reason}") from error


def csv_rows(path: Path, delimiter: str = ",") -> Iterator[dict[str, str]]:
    """The rows of a CSV file in UTF-8 with a row of names, by name; an empty cell is left out.

    Raises TruncatedError where the last row is not complete, and DataError where it is no such file.
    """
    _ends_with_a_line(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, delimiter=delimiter, strict=True)
            names = next(rows, [])
            for row in rows:
                if len(row) != len(names):
                    found = f"{len(row)} cells where the first row has {len(names)}"
                    raise DataError(f"{path} line {rows.line_num}: {found}. Fetch the export again.")
                yield {name: cell for name, cell in zip(names, row, strict=True) if cell}
    except csv.Error as error:
        kind = TruncatedError if "unexpected end" in str(error) else DataError
        raise kind(f"{path} line {rows.line_num}: {error}. Fetch the export again.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8: {error.reason} at byte {error.start}") from error


def _ends_with_a_line(path: Path) -> None:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 1))
            if file.read() not in (b"\n", b"\r"):
                raise TruncatedError(f"{path} ends in the middle of a line. Fetch it again.")
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from error
