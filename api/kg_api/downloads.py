"""A file of a release as an answer: conditions and ranges as RFC 9110 has them, sections 13 and 14."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

from fastapi import Request
from starlette.responses import Response, StreamingResponse

from kg_api.documents import has
from kg_api.messages import said
from kg_api.problems import Problem

FOR_EVER = "public, max-age=31536000, immutable, no-transform"
"""How long what never changes may be kept. A checksum holds for the bytes on disk: no coding may be put over them."""
_RANGE = re.compile(r"bytes=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})\s*", re.IGNORECASE)
_PIECE = 256 * 1024


def download(request: Request, path: Path, media_type: str, sha256: str, caching: str = FOR_EVER) -> Response:
    """The file, a part of it, or 304 for who has it; its bytes are sent as they are on disk.

    Raises Problem when the request asks for a part that is not there.
    """
    etag = f'"{sha256}"'
    headers = {"accept-ranges": "bytes", "cache-control": caching, "etag": etag}
    if has(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    # For HEAD the file is not read, unless it may be compressed on its way: that tells how long it then is.
    is_unread = getattr(request.state, "is_head", False) and "no-transform" in caching
    read = _nothing if is_unread else _read
    size = path.stat().st_size
    headers["content-type"] = media_type
    # A client that has the begin of another file must not get the rest of this one.
    asked = request.headers.get("range", "") if request.headers.get("if-range", etag) == etag else ""
    part = _part(asked, size)
    if part is None:
        return StreamingResponse(read(path, 0, size), headers=headers | {"content-length": str(size)})
    if not part:
        detail = said("no_such_part", size=size)
        raise Problem(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, detail, {"content-range": f"bytes */{size}"})
    headers |= {"content-length": str(len(part)), "content-range": f"bytes {part.start}-{part.stop - 1}/{size}"}
    return StreamingResponse(read(path, part.start, len(part)), HTTPStatus.PARTIAL_CONTENT, headers)


def _part(asked: str, size: int) -> range | None:
    """The bytes that are asked for, none where there are no such bytes; None for the whole.

    Several parts at once, or what is no Range of bytes, may be answered with the whole (section 14.2).
    """
    found = _RANGE.fullmatch(asked)
    if not found or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        return range(max(size - int(last), 0), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)


def _nothing(_path: Path, _start: int, _length: int) -> Iterator[bytes]:
    return iter(())


def _read(path: Path, start: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        # A file that is shorter than it was ends the answer early, which the client can see from its length.
        while piece := file.read(min(_PIECE, length)):
            length -= len(piece)
            yield piece
