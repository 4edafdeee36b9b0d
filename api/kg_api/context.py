"""`/v1/context.jsonld`: what makes JSON-LD of the JSON of things and lists (JSON-LD 1.1, section 6.1).

Every field that is a property of the graph is that property; a field that says no statement of its own is left out, and
with it what is in it. So all that an answer expands to is in the graph, though not all that the graph says of a thing.
"""

import json
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from kg.namespaces import DEF, PREFIXES
from kg_api.collections import COLLECTIONS, Field, Kind
from kg_api.formats import JSON_LD

router = APIRouter(include_in_schema=False)

PATH = "/v1/context.jsonld"
LINK = f'<{PATH}>; rel="http://www.w3.org/ns/json-ld#context"; type="{JSON_LD}"'
_DUTCH = {
    PREFIXES["skos"] + "prefLabel",
    PREFIXES["skos"] + "altLabel",
    PREFIXES["dct"] + "description",
    DEF + "toelichting",
}
_XSD_GYEAR = PREFIXES["xsd"] + "gYear"
# Of an official identifier the JSON does not say of which kind it is, as the graph does.
_LEFT_OUT = ("identificaties",)
# What is said of a thing, but not by a statement with this thing and that: it is described beside it.
_BESIDE = "@included"


def context() -> dict[str, Any]:
    """The context: the fields of all collections, and of the parts of a thing that have an IRI."""
    fields = {field.name: _term(field) for collection in COLLECTIONS.values() for field in collection.fields}
    lists = dict.fromkeys(COLLECTIONS, _BESIDE)
    words = {name: term for name, term in {**lists, **fields, **_PARTS}.items() if name not in _LEFT_OUT}
    return {"@version": 1.1, "uri": "@id", **dict(sorted(words.items()))}


def _term(field: Field) -> Any:  # noqa: ANN401
    """What a field means; a whole that it is part of, at whatever distance, is no property."""
    if field.property[len(DEF) :][:1].isupper():
        return _BESIDE
    if field.kind == Kind.NUMBER:
        return {"@id": field.property, "@type": _XSD_GYEAR}
    if field.kind == Kind.ADDRESSES:
        return {"@id": field.property, "@type": "@id"}
    if field.property in _DUTCH:
        return {"@id": field.property, "@language": "nl"}
    return _NAMED_BY_LABEL if field.name == "eigenschap" else {"@id": field.property}


# A property is called by `rdfs:label`, all else by `skos:prefLabel`.
_NAMED_BY_LABEL = {
    "@id": DEF + "eigenschap",
    "@context": {"naam": {"@id": PREFIXES["rdfs"] + "label", "@language": "nl"}},
}
_PARTS: dict[str, Any] = {
    "deelnames": {"@id": DEF + "deelname"},
    "betrokkenen": {"@id": DEF + "betrokkenheid"},
    "partij": {"@id": DEF + "partij"},
    "naamInBron": {"@id": DEF + "naamInBron"},
    "beperktTot": {"@id": DEF + "voor"},
    "streefwaarden": {"@id": DEF + "streefwaarde"},
    "waardeTekst": {"@id": DEF + "waardeTekst"},
    "eenheid": {"@id": DEF + "eenheid"},
    "populatie": {"@id": DEF + "populatie"},
    "richtjaar": {"@id": DEF + "richtjaar", "@type": _XSD_GYEAR},
}
_BODY = json.dumps({"@context": context()}, ensure_ascii=False, indent=1).encode() + b"\n"


@router.get(PATH)
def served() -> Response:
    """The context. Within a version of the API words are added to it, and none changes."""
    headers = {"content-type": JSON_LD, "cache-control": "public, max-age=86400"}
    return Response(_BODY, headers=headers)
