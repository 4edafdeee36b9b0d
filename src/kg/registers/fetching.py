"""A file from elsewhere, kept in a folder: asked for again only when it changed, and gone on with where it broke off.

For each address the folder holds `{key}.body` with `{key}.json` that says what it is, and while it is being fetched
`{key}.part` (as it is sent, packed or not) with `{key}.part.json`. Conditional requests and ranges are as in RFC 9110.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path

from kg.errors import DataError, FetchError
from kg.registers.client import Answer, Client, InterruptedFetch

_AT_A_TIME = 65_536


@dataclass(frozen=True)
class Fetched:
    """A file that was fetched."""

    path: Path
    made: str | None
    """When the other side says that it was last changed, as xsd:dateTime."""
    changed: bool
    """Whether it is another file than the last time."""


@dataclass(frozen=True)
class _Slot:
    """Where one address has its files."""

    body: Path
    part: Path

    @classmethod
    def of(cls, address: str, folder: Path) -> "_Slot":
        key = hashlib.sha256(address.encode()).hexdigest()[:16]
        return cls(folder / f"{key}.body", folder / f"{key}.part")

    def conditions(self) -> dict[str, str]:
        """What to ask: the rest of what broke off, or whether the whole has changed."""
        part = _facts(self.part)
        if part and self.part.stat().st_size and (validator := _strong(part)):
            return {"Range": f"bytes={self.part.stat().st_size}-", "If-Range": validator}
        whole = _facts(self.body)
        asked = {"If-None-Match": whole.get("etag"), "If-Modified-Since": whole.get("last-modified")}
        return {name: value for name, value in asked.items() if value}

    def drop_part(self) -> None:
        """Forget what broke off."""
        for path in (self.part, _about(self.part)):
            path.unlink(missing_ok=True)


def fetch(client: Client, address: str, folder: Path) -> Fetched:
    """Fetch an address into a folder; raises FetchError, and DataError where the folder cannot be written."""
    slot = _Slot.of(address, folder)
    deadline = client.deadline()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for tried in range(client.limits.tries):
            try:
                return _fetch(client, address, slot, deadline)
            except InterruptedFetch:
                if tried + 1 == client.limits.tries:
                    raise
                client.wait(2.0**tried, address, deadline)
    except OSError as error:
        raise DataError(f"{folder} cannot be written: {error.strerror}") from error
    raise AssertionError("the last try returns or raises")


def _fetch(client: Client, address: str, slot: _Slot, deadline: float) -> Fetched:
    with client.open(address, {"Accept-Encoding": "gzip", **slot.conditions()}, deadline=deadline) as answer:
        if answer.status == 304 and slot.body.exists():
            return Fetched(slot.body, _made(_facts(slot.body)), changed=False)
        if answer.status not in (200, 206):
            slot.drop_part()
            kind = InterruptedFetch if answer.status in (304, 412, 416) else FetchError
            raise kind(f"{address} answered {answer.status}, not with a file. Is the address right?", answer.status)
        _receive(answer, slot, client.limits.sent_bytes)
    facts = _facts(slot.part)
    before = _facts(slot.body).get("sha256")
    facts["sha256"] = _unpack(slot, facts.get("content-encoding", ""), client.limits.text_bytes, address)
    _about(slot.body).write_text(json.dumps(facts, sort_keys=True), encoding="utf-8")
    slot.drop_part()
    return Fetched(slot.body, _made(facts), changed=before != facts["sha256"])


def _receive(answer: Answer, slot: _Slot, most: int) -> None:
    """Write the body, as it is sent, behind what is there already or in its place."""
    size = slot.part.stat().st_size if answer.status == 206 else 0
    if answer.status == 206 and not answer.headers.get("content-range", "").startswith(f"bytes {size}-"):
        slot.drop_part()
        raise InterruptedFetch(f"{answer.address} sent another part than was asked for. Try again.")
    if answer.status == 200:
        slot.part.unlink(missing_ok=True)
        kept = ("etag", "last-modified", "content-encoding")
        told = {name: answer.headers.get(name, "") for name in kept}
        # What is asked next time has these values in it, and a header is ASCII.
        facts = {name: value for name, value in told.items() if value.isascii() and value.isprintable() and value}
        _about(slot.part).write_text(json.dumps(facts), encoding="utf-8")
    with slot.part.open("ab") as file:
        for chunk in answer.chunks:
            size += len(chunk)
            if size > most:
                break
            file.write(chunk)
    if size > most:
        slot.drop_part()
        raise FetchError(f"{answer.address} sends more than {most:,} bytes; that much is not taken.")


def _unpack(slot: _Slot, encoding: str, most: int, address: str) -> str:
    """Put the body in its place, unpacked, in one step; returns its SHA-256."""
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        slot.drop_part()
        raise FetchError(f"{address} is packed as '{encoding[:40]}', which nobody asked for.")
    aside = slot.body.with_suffix(".new")
    digest = hashlib.sha256()
    size = 0
    with aside.open("wb") as file:
        for piece in _pieces(slot, encoding, address):
            size += len(piece)
            if size > most:
                break
            file.write(piece)
            digest.update(piece)
    if size > most:
        aside.unlink()
        slot.drop_part()
        raise FetchError(f"{address} unpacks to more than {most:,} bytes; that much is not taken.")
    aside.replace(slot.body)
    return digest.hexdigest()


def _pieces(slot: _Slot, encoding: str, address: str) -> Iterator[bytes]:
    """The body unpacked, in pieces of a bounded size, so that one of a thousand times its size is seen in time."""
    try:
        with gzip.open(slot.part) if "gzip" in encoding else slot.part.open("rb") as file:
            yield from iter(lambda: file.read(_AT_A_TIME), b"")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        slot.drop_part()
        raise FetchError(f"{address} sent something that is not packed as it says: {error}. Try again.") from error


def _about(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _facts(path: Path) -> dict[str, str]:
    """What is known of a file that is there; nothing where it is not, or its description cannot be read."""
    try:
        found = json.loads(_about(path).read_text(encoding="utf-8")) if path.exists() else {}
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _strong(facts: Mapping[str, str]) -> str | None:
    """What says for sure that a file is still the same: a strong ETag, else the moment of its last change."""
    etag = facts.get("etag")
    return etag if etag and not etag.startswith("W/") else facts.get("last-modified")


def _made(facts: Mapping[str, str]) -> str | None:
    try:
        moment = parsedate_to_datetime(facts["last-modified"]).astimezone(UTC)
    except (KeyError, ValueError, OverflowError):
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
