"""Accept header → format (RFC 9110, section 12.5.1)."""

from collections.abc import Mapping

TURTLE = "text/turtle"
HTML = "text/html"

RESULT_TYPES = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
GRAPH_TYPES = {
    TURTLE: "turtle",
    "application/n-triples": "nt",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdf",
}


def negotiate(accept: str | None, offers: Mapping[str, str]) -> str | None:
    """The offered media type that fits best, the earlier offer winning a tie; None when none is acceptable."""
    ranges = [_media_range(part) for part in (accept or "*/*").split(",") if part.strip()]
    quality = {offer: _quality(offer, ranges) for offer in offers}
    best = max(quality, key=quality.__getitem__)
    return best if quality[best] > 0 else None


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
