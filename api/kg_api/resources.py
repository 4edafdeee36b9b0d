"""`/id` and `/doc`: things and the pages about them (Cool URIs: 303 from the one to the other)."""

from collections.abc import Mapping
from http import HTTPStatus

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kg import turtle
from kg.errors import NotFoundError
from kg.namespaces import ID
from kg.store import GRAPH_FORMATS, knows
from kg_api import pages
from kg_api.formats import HTML, TURTLE, content_type, negotiate
from kg_api.problems import Problem
from kg_api.questions import Questions
from kg_api.serving import serving

router = APIRouter(include_in_schema=False)

_TYPES: Mapping[str, str] = {HTML: "html", TURTLE: "turtle", "application/ld+json": "jsonld"}
_SUFFIXES: Mapping[str, str] = {".html": HTML, ".ttl": TURTLE, ".jsonld": "application/ld+json"}


@router.get("/id/{concept}/{ref}")
def thing(concept: str, ref: str) -> RedirectResponse:
    """A thing is no document: 303 to the page about it."""
    return RedirectResponse(f"/doc/{concept}/{ref}", HTTPStatus.SEE_OTHER)


@router.get("/doc/{concept}/{name}")
def document(request: Request, concept: str, name: str) -> Response:
    """What the graph says of a thing, by suffix or else by Accept."""
    ref, media_type = _split(name)
    node = _described(serving(request).questions, concept, ref)
    media_type = media_type or negotiate(request.headers.get("accept"), _TYPES)
    if media_type is None:
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, f"this page comes as {', '.join(_TYPES)}")
    if media_type == HTML:
        return pages.describe(request, node)
    return _as_rdf(serving(request).questions, node, media_type)


def _split(name: str) -> tuple[str, str | None]:
    """Divide `digid.ttl` into the ref and the media type of its suffix, if it has one."""
    for suffix, media_type in _SUFFIXES.items():
        if name.endswith(suffix):
            return name.removesuffix(suffix), media_type
    return name, None


def _described(questions: Questions, concept: str, ref: str) -> ox.NamedNode:
    try:
        node = ox.NamedNode(f"{ID}{concept}/{ref}")
    except ValueError as error:
        raise NotFoundError(f"'{concept}/{ref}' is no name of a thing") from error
    if not knows(questions.store, node):
        raise NotFoundError(f"the graph does not describe '{concept}/{ref}'")
    return node


def _as_rdf(questions: Questions, node: ox.NamedNode, media_type: str) -> Response:
    triples = questions.triples("beschrijving", ding=node)
    body = turtle.write(triples, GRAPH_FORMATS[_TYPES[media_type]])
    headers = {"content-type": content_type(media_type), "vary": "Accept", "link": f'<{node.value}>; rel="canonical"'}
    return Response(body, headers=headers)
