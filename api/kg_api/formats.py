"""Accept header or `format` parameter → format (RFC 9110, section 12.5)."""

from collections.abc import Mapping
from functools import lru_cache

TURTLE = "text/turtle"
HTML = "text/html"
CSV = "text/csv"

# Media type → name of the format; of two types with one format the first is its own.
RESULT_TYPES: Mapping[str, str] = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
GRAPH_TYPES: Mapping[str, str] = {
    TURTLE: "turtle",
    "application/n-triples": "nt",
    "application/n-quads": "nq",
    "application/trig": "trig",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdf",
}


def negotiate(accept: str | None, offers: Mapping[str, str]) -> str | None:
    """The offered media type that fits best, the earlier offer winning a tie; None when none is acceptable."""
    ranges = [_media_range(part) for part in (accept or "*/*").split(",") if part.strip()]
    quality = {offer: _quality(offer, ranges) for offer in offers}
    best = max(quality, key=quality.__getitem__)
    return best if quality[best] > 0 else None


@lru_cache(maxsize=1000)
def negotiate_answer(accept: str | None) -> tuple[str | None, str | None]:
    """The media types that fit best for a table of results and for a graph, each None when none is acceptable."""
    return negotiate(accept, RESULT_TYPES), negotiate(accept, GRAPH_TYPES)


def named(name: str) -> tuple[str | None, str | None] | None:
    """The media types for the value of a `format` parameter (`csv`, `turtle` …); None when there is no such format."""
    found = tuple(
        next((media_type for media_type, known in types.items() if known == name), None)
        for types in (RESULT_TYPES, GRAPH_TYPES)
    )
    return found if any(found) else None


@lru_cache(maxsize=1000)
def accepts_gzip(accept_encoding: str) -> bool:
    """Whether the client takes gzip: by name, or else by `*`; a quality of 0 is a no."""
    quality = dict(_media_range(part) for part in accept_encoding.split(",") if part.strip())
    return quality.get("gzip", quality.get("*", 0.0)) > 0


def _media_range(text: str) -> tuple[str, float]:
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    quality = next((p.partition("=")[2] for p in parameters if p.replace(" ", "").startswith("q=")), "1")
    try:
        return name, min(max(float(quality), 0.0), 1.0)
    except ValueError:
        return name, 0.0


def _quality(offer: str, ranges: list[tuple[str, float]]) -> float:
    """The quality of the most specific range that matches the offer."""
    patterns = (offer, offer.partition("/")[0] + "/*", "*/*")
    for pattern in patterns:
        matches = [quality for name, quality in ranges if name == pattern]
        if matches:
            return max(matches)
    return 0.0


def content_type(media_type: str) -> str:
    """The Content-Type to send: text types say that they are UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
