"""Pages of a list: how many there are, and the way from one to the others (RFC 8288)."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode


def last_page(total: int, size: int) -> int:
    """The number of the last page; one that is empty is still a page."""
    return max(1, -(-total // size))


def neighbours(number: int, last: int) -> Iterator[tuple[str, int]]:
    """The pages one can go to from page `number`, with what they are to it."""
    yield "first", 1
    if number > 1:
        yield "prev", number - 1
    if number < last:
        yield "next", number + 1
    yield "last", last


def link_header(path: str, asked: Mapping[str, object], number: int, last: int) -> str:
    """The Link header of page `number` of what was asked at `path`."""
    return ", ".join(
        f'<{path}?{urlencode({**asked, "pagina": page})}>; rel="{relation}"'
        for relation, page in neighbours(number, last)
    )
