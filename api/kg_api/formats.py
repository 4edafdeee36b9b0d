"""Accept header or `format` parameter → format (RFC 9110, section 12.5)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

TURTLE = "text/turtle"
HTML = "text/html"
CSV = "text/csv"
JSON_LD = "application/ld+json"

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
    JSON_LD: "jsonld",
    "application/rdf+xml": "rdf",
}


LANGUAGES = ("nl", "en")
"""The languages of pages and messages; the first where nobody asks for one."""
# More than any browser sends; what comes after it is not read.
MOST_CHARACTERS = 1000
_SUBTAGS = re.compile(r"(?<=[a-zA-Z])-[a-zA-Z0-9-]+")


@dataclass(frozen=True)
class Form:
    """A form of a document: the suffix of its address, its media type, and what people call it."""

    suffix: str
    media_type: str
    name: str


FORMS = (
    Form("html", HTML, "HTML"),
    Form("ttl", TURTLE, "Turtle"),
    Form("jsonld", JSON_LD, "JSON-LD"),
    Form("json", "application/json", "JSON"),
    Form("nt", "application/n-triples", "N-Triples"),
    Form("rdf", "application/rdf+xml", "RDF/XML"),
    Form("csv", "text/csv", "CSV"),
)


def negotiate(accept: str | None, offers: Mapping[str, str]) -> str | None:
    """The offered media type that fits best, the earlier offer winning a tie; None when none is acceptable."""
    ranges = [preference(part) for part in (accept or "")[:MOST_CHARACTERS].split(",") if part.strip()]
    ranges = ranges or [("*/*", 1.0)]
    quality = {offer: _quality(offer, ranges) for offer in offers}
    best = max(quality, key=quality.__getitem__)
    return best if quality[best] > 0 else None


def language(accept_language: str) -> str:
    """The language that an `Accept-Language` header prefers of those there are, Dutch where it names neither."""
    # A language range such as nl-BE is as good as nl here (RFC 4647, basic filtering the other way round).
    ranges = _SUBTAGS.sub("", accept_language)
    return negotiate(ranges, {name: name for name in LANGUAGES}) or LANGUAGES[0]


def negotiate_answer(accept: str | None) -> tuple[str | None, str | None]:
    """The media types that fit best for a table of results and for a graph, each None when none is acceptable.

    Only the first thousand characters count.
    """
    return _negotiated(accept[:MOST_CHARACTERS] if accept else None)


@lru_cache(maxsize=1000)
def _negotiated(accept: str | None) -> tuple[str | None, str | None]:
    return negotiate(accept, RESULT_TYPES), negotiate(accept, GRAPH_TYPES)


def named(name: str) -> tuple[str | None, str | None] | None:
    """The media types for the value of a `format` parameter, a short name or a media type; None for an unknown one."""
    # A plus that was not escaped in an address arrives as a space.
    name = name.strip().lower().replace(" ", "+")
    name = _OTHER_NAMES.get(name, name)
    table = next((media_type for media_type, known in RESULT_TYPES.items() if name in (known, media_type)), None)
    graph = next((media_type for media_type, known in GRAPH_TYPES.items() if name in (known, media_type)), None)
    table, graph = table or _ALSO_TABLE.get(name), graph or _ALSO_GRAPH.get(name)
    return (table, graph) if table or graph else None


# What client libraries write, for our own names.
_OTHER_NAMES = {"ttl": "turtle", "n3": "turtle", "json-ld": "jsonld", "rdf+xml": "rdf", "srj": "json", "srx": "xml"}
# A name that fits one kind of answer well, and the other in the form that comes nearest.
_ALSO_GRAPH = {"json": JSON_LD, "xml": "application/rdf+xml"}
_ALSO_TABLE = {"jsonld": "application/sparql-results+json", "rdf": "application/sparql-results+xml"}


def preference(text: str) -> tuple[str, float]:
    """The name and the quality in one part of an `Accept…` header; a quality that is no number is 0."""
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
