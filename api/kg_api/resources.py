"""`/id` and `/doc`: things and the documents about them (Cool URIs: 303 from the one to the other)."""

from http import HTTPStatus

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kg.jsonld import Fact
from kg.namespaces import CONCEPTS, ID, LISTS
from kg.store import knows
from kg.terms import DEFAULT_GRAPH, named
from kg_api import documents, pages
from kg_api.formats import HTML
from kg_api.messages import said
from kg_api.nearby import nearest
from kg_api.parameters import shown
from kg_api.problems import Problem
from kg_api.questions import Questions
from kg_api.serving import serving

router = APIRouter(include_in_schema=False)


@router.get("/id/{concept}/{name}")
def thing(request: Request, concept: str, name: str) -> RedirectResponse:
    """A thing is no document: 303 to the document about it, in the language that was asked for."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/doc/{concept}/{name}{query}", HTTPStatus.SEE_OTHER)


@router.get("/doc/{concept}/{name}")
def document(request: Request, concept: str, name: str) -> Response:
    """What the graph says of a thing, by suffix or else by Accept."""
    ref, suffix = documents.divide(name)
    questions = serving(request).questions
    node = _described(request, concept, ref)
    if _is_deprecated(questions.store, node):
        return _instead(request, node, f".{suffix.suffix}" if suffix else "")
    form = documents.agreed(request, suffix)
    path = f"/doc/{concept}/{ref}"
    if form.media_type == HTML:
        return documents.answer(request, path, form, pages.describe(request, node), node.value)
    triples = sorted(questions.triples("beschrijving", ding=node), key=lambda triple: triple.subject != node)
    return documents.answer(request, path, form, documents.write(triples, form, _rules(questions, node)), node.value)


def _described(request: Request, concept: str, ref: str) -> ox.NamedNode:
    """The thing with this name; raises Problem with the names that are most like it when there is none."""
    questions = serving(request).questions
    try:
        node = ox.NamedNode(f"{ID}{concept}/{ref}")
    except ValueError:
        node = None
    if node and knows(questions.store, node):
        return node
    if concept in CONCEPTS + LISTS + ("lijst",):
        near = nearest(questions, concept, ref, pages.language_of(request))
        detail = said("unknown_thing", name=f"{concept}/{shown(ref)}")
        raise Problem(HTTPStatus.NOT_FOUND, detail, near=near, kind="onbekend-ding")
    about = {"name": f"{shown(concept)}/{shown(ref)}", "concept": shown(concept)}
    detail = said("unknown_concept", **about, concepts=", ".join(CONCEPTS))
    raise Problem(HTTPStatus.NOT_FOUND, detail, kind="onbekend-ding")


def _is_deprecated(store: ox.Store, node: ox.NamedNode) -> bool:
    found = store.quads_for_pattern(node, named("owl:deprecated"), None, DEFAULT_GRAPH)
    return any(quad.object.value in ("true", "1") for quad in found)


def _instead(request: Request, node: ox.NamedNode, suffix: str) -> RedirectResponse:
    """To the document of what came in its place; raises Problem when nothing did."""
    store = serving(request).questions.store
    by = named("dct:isReplacedBy")
    replacing = [quad.object.value for quad in store.quads_for_pattern(node, by, None, DEFAULT_GRAPH)]
    if not replacing:
        raise Problem(HTTPStatus.GONE, said("gone", name=node.value.removeprefix(ID)))
    page = pages.local(min(replacing))
    return RedirectResponse(page + suffix if page else min(replacing), HTTPStatus.MOVED_PERMANENTLY)


def _rules(questions: Questions, node: ox.NamedNode) -> dict[Fact, str]:
    """Which facts about a thing are inferred, and by which rule."""
    return {
        (row["onderwerp"], row["eigenschap"], row["waarde"]): pages.rule_of(row["regel"])
        for row in questions.rows("afgeleid", ding=node)
    }
