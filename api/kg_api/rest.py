"""`/v1`: the collections as plain JSON or CSV, by the Dutch API Design Rules (NLGov REST API Design Rules 2)."""

import csv
import io
from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from kg.namespaces import ID
from kg.store import knows
from kg_api import context, items, listing, parameters
from kg_api.collections import COLLECTIONS, Collection
from kg_api.formats import CSV, JSON_LD, content_type, negotiate
from kg_api.paging import last_page, link_header
from kg_api.questions import Questions
from kg_api.serving import serving

VERSION = "1.0.0"
PAGE_SIZE = 50
MOST_PAGE_SIZE = 500
MOST_PAGES = 999_999_999
_JSON = parameters.FORMATS["json"]
SHAPING = ("q", "sorteer", "velden", "expand", "pagina", "paginaGrootte", "formaat")

router = APIRouter(prefix="/v1", include_in_schema=False)


def things(request: Request, collection: Collection) -> Response:
    """A page of the things of a collection that the filters let through."""
    asked = parameters.read(request, [*(item.name for item in collection.filters), *SHAPING])
    questions: Questions = serving(request).questions
    media_type = parameters.media_type(request, asked, JSON_LD)
    size = parameters.integer(asked, "paginaGrootte", PAGE_SIZE, 1, MOST_PAGE_SIZE)
    number = parameters.integer(asked, "pagina", 1, 1, MOST_PAGES)
    fields, expanded = _shape(collection, asked, whole=False)
    found = listing.find(questions, collection, asked)
    pages = last_page(len(found), size)
    if number > pages:
        raise parameters.no_page(number, pages)
    part = found[(number - 1) * size : number * size]
    shown = [items.expand(questions, items.summary(questions, collection, iri, fields), expanded) for iri in part]
    links = link_header(request.url.path, asked, number, pages)
    headers = {"link": links, "vary": "Accept"}
    if media_type == CSV:
        return _csv(shown, fields or items.names_of(collection, whole=False), headers)
    counts = {"aantal": len(found), "pagina": number, "paginaGrootte": size, "paginas": pages}
    return _json({collection.name: shown, **counts}, media_type, headers)


def thing(request: Request, collection: Collection, ref: str) -> Response:
    """One thing of a collection, with its parts."""
    asked = parameters.read(request, ("velden", "expand"))
    questions: Questions = serving(request).questions
    fields, expanded = _shape(collection, asked, whole=True)
    iri = named(questions, collection, ref).value
    said = items.expand(questions, items.item(questions, collection, iri, fields), expanded)
    offers = {_JSON: "json", JSON_LD: "jsonld"}
    media_type = negotiate(request.headers.get("accept"), offers) or _JSON
    return _json(said, media_type, {"vary": "Accept"})


def named(questions: Questions, collection: Collection, ref: str) -> ox.NamedNode:
    """The thing of a collection with this ref; raises Problem when the graph has none."""
    ref = parameters.ref(ref, "path.ref", lambda value: listing.like(questions, collection.concept, value))
    node = ox.NamedNode(f"{ID}{collection.concept}/{ref}")
    if not knows(questions.store, node):
        raise listing.no_thing(questions, collection, ref, "path.ref")
    return node


def _shape(collection: Collection, asked: Mapping[str, str], *, whole: bool) -> tuple[list[str], list[str]]:
    """The fields that are asked for, and those to be said in full."""
    fields = parameters.choices(asked, "velden", items.names_of(collection, whole=whole))
    return fields, parameters.choices(asked, "expand", items.expandable(collection))


def _json(said: Mapping[str, Any], media_type: str, headers: Mapping[str, str]) -> Response:
    """What is said as JSON with a link to its context or, for who asks for JSON-LD, with the context in it."""
    if media_type == JSON_LD:
        return JSONResponse({"@context": context.PATH, **said}, headers=headers, media_type=JSON_LD)
    links = ", ".join(link for link in (headers.get("link"), context.LINK) if link)
    return JSONResponse(said, headers={**headers, "link": links})


def _csv(rows: list[dict[str, Any]], names: list[str], headers: Mapping[str, str]) -> Response:
    return Response(table(rows, names), headers={**headers, "content-type": content_type(CSV)})


def table(rows: list[dict[str, Any]], names: list[str]) -> str:
    """Things as CSV, with a column for each of these fields."""
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for row in rows)
    return output.getvalue()


def _cell(value: Any) -> str:  # noqa: ANN401
    """A value in one cell: of a thing its ref, of a list its parts with a semicolon between."""
    if isinstance(value, list):
        return "; ".join(_cell(part) for part in value)
    if isinstance(value, dict):
        return value["ref"]
    return "" if value is None else str(value)


def _add(collection: Collection) -> None:
    """The routes of a collection."""

    def many(request: Request) -> Response:
        return things(request, collection)

    def one(request: Request, ref: str) -> Response:
        return thing(request, collection, ref)

    router.add_api_route(f"/{collection.name}", many, methods=["GET"])
    router.add_api_route(f"/{collection.name}/{{ref}}", one, methods=["GET"])


for _collection in COLLECTIONS.values():
    _add(_collection)
