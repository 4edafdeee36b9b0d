"""What helps to reconcile by hand: suggestions while somebody types, small descriptions, properties to fetch."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse

from kg import search
from kg.namespaces import ID, expand
from kg.search import MAX_LENGTH, fold
from kg.store import knows
from kg.terms import node
from kg_api.messages import said
from kg_api.nearby import nearest
from kg_api.pages import language_of, local, render
from kg_api.parameters import shown
from kg_api.problems import Problem
from kg_api.reconcilable import CONCEPTS, PROPERTIES, Reconcilable, identifier
from kg_api.reconcile import Taal, property_named, reconcilable, type_of
from kg_api.serving import serving

router = APIRouter(prefix="/reconcile/{taal}", include_in_schema=False)

_PAGE = 20
# A page in somebody else's frame: it may use our style sheet, and do nothing. A browser that reads `frame-ancestors`
# pays no heed to X-Frame-Options (HTML standard, section 7.1.6).
_PREVIEW_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors http: https:"
)

What = Literal["entity", "type", "property"]
Prefix = Annotated[str, Query(max_length=MAX_LENGTH)]
Cursor = Annotated[int, Query(ge=0, le=100_000)]
Identifier = Annotated[str, Query(min_length=1, max_length=500)]
Limit = Annotated[int, Query(ge=1, le=1000)]


@router.get("/suggest/{what}")
def suggest(request: Request, taal: Taal, what: What, prefix: Prefix = "", cursor: Cursor = 0) -> JSONResponse:
    """Things, types or properties whose names begin with, or have, what somebody typed so far."""
    known = reconcilable(request)
    if what == "entity":
        return JSONResponse({"result": _entities(request, known, prefix, taal, cursor)})
    all_ = [_type(known, iri, taal) for iri in known.types] if what == "type" else _properties(known, PROPERTIES, taal)
    found = [item for item in all_ if fold(prefix.strip()) in fold(f"{item['name']}\n{item['id']}")]
    found.sort(key=lambda item: not fold(item["name"]).startswith(fold(prefix.strip())))
    return JSONResponse({"result": found[cursor : cursor + _PAGE]})


def _entities(request: Request, known: Reconcilable, prefix: str, language: str, cursor: int) -> list[dict[str, Any]]:
    """What is called exactly this by an identifier, and then what search finds, of which sources come last."""
    index = serving(request).search
    hits = search.search(index, prefix, None, language, cursor, _PAGE).hits
    found = [hit.iri for hit in hits if hit.kind in CONCEPTS]
    exactly = sorted(known.names.called(prefix)) if not cursor else []
    return [_entity(known, iri, language) for iri in dict.fromkeys([*exactly, *found])]


def _entity(known: Reconcilable, iri: str, language: str) -> dict[str, Any]:
    return known.described(iri, identifier(iri), language) | {"notable": known.named(known.types_of(iri), language)}


def _type(known: Reconcilable, iri: str, language: str) -> dict[str, Any]:
    return known.described(iri, iri, language) | type_of(known, iri, language)


def _properties(known: Reconcilable, iris: Iterable[str], language: str) -> list[dict[str, Any]]:
    return [known.described(iri, iri, language) for iri in iris]


@router.get("/properties")
def propose(
    request: Request,
    taal: Taal,
    type_: Annotated[str, Query(alias="type", max_length=500)] = "",
    limit: Limit = 1000,
) -> JSONResponse:
    """The properties that things of a type may have, for who wants to fetch them; of any type when none is asked."""
    known = reconcilable(request)
    properties = [each.property for each in known.properties_of(_known_type(known, type_))] if type_ else PROPERTIES
    found = _properties(known, list(properties)[:limit], taal)
    return JSONResponse({"properties": found, "limit": limit} | ({"type": type_} if type_ else {}))


def _known_type(known: Reconcilable, name: str) -> str:
    iri = expand(name) or name
    if iri not in known.types:
        detail = said("unknown_type", name=shown(name), known=", ".join(known.types))
        raise Problem(HTTPStatus.NOT_FOUND, detail)
    return iri


@router.get("/flyout/{what}")
def flyout(request: Request, taal: Taal, what: What, id: Identifier) -> JSONResponse:  # noqa: A002  (the standard's)
    """A few words about a thing, a type or a property, as markup in JSON."""
    known = reconcilable(request)
    iri = {
        "entity": lambda: _thing(request, id),
        "type": lambda: _known_type(known, id),
        "property": lambda: property_named(id).property,
    }[what]()
    return JSONResponse({"id": id, "html": render(request, "flyout.html", **_words(known, iri, taal)).decode()})


@router.get("/preview")
def preview(request: Request, taal: Taal, id: Identifier) -> HTMLResponse:  # noqa: A002
    """The same about a thing as a small page, for a frame in the program of somebody else."""
    iri = _thing(request, id)
    page = f"{local(iri)}?lang={taal}"
    html = render(
        request, "preview.html", page=page, identifier=identifier(iri), **_words(reconcilable(request), iri, taal)
    )
    return HTMLResponse(html, headers={"content-security-policy": _PREVIEW_POLICY, "content-language": taal})


@router.get("/view")
def view(request: Request, taal: Taal, id: Identifier) -> RedirectResponse:  # noqa: A002
    """To the page about a thing, in the language of the client."""
    return RedirectResponse(f"{local(_thing(request, id))}?lang={taal}", HTTPStatus.SEE_OTHER)


def _words(known: Reconcilable, iri: str, language: str) -> dict[str, Any]:
    kinds = [known.name(kind, language) for kind in known.types_of(iri)[:1]]
    title = known.name(iri, language)
    return {
        "title": title,
        "kinds": kinds,
        "names": [name for name in known.names.all(iri) if name != title],
        "description": known.description(iri, language),
    }


def _thing(request: Request, name: str) -> str:
    """The IRI of the thing with this identifier; raises Problem with those most like it when there is none."""
    thing = node(name)
    current = serving(request)
    if thing and thing.value.startswith(ID) and knows(current.questions.store, thing):
        return thing.value
    language = language_of(request)
    concept, _, ref = identifier(thing.value if thing else name).partition("/")
    near = nearest(current.questions, concept, ref, language) if concept in CONCEPTS else []
    raise Problem(HTTPStatus.NOT_FOUND, said("unknown_thing", name=shown(name)), near=near)
