"""`/v1/zoek` and `/zoek`: things by words in their names and descriptions, as JSON and as a page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse

from kg import search
from kg.errors import QueryError
from kg.labels import best_label
from kg.namespaces import DEF
from kg.search import Found, Hit, Text
from kg_api import parameters
from kg_api.messages import said
from kg_api.pages import language_of, local, page
from kg_api.paging import last_page, link_header, neighbours
from kg_api.problems import Problem
from kg_api.serving import serving

router = APIRouter(include_in_schema=False)

PAGE_SIZE = 20
MOST_PAGES = 1_000_000
MOST_PAGE_SIZE = 100


@router.get("/v1/zoek")
def find(request: Request) -> JSONResponse:
    """What has all words of `q`, best first, in the language of Accept-Language where it is there in both."""
    asked = parameters.read(request, ("q", "soort", "pagina", "paginaGrootte"))
    if "q" not in asked:
        detail = said("value_missing", name="q", sample="uitwisseling")
        raise parameters.wrong("q", detail, kind="ontbrekende-parameter")
    size = parameters.integer(asked, "paginaGrootte", PAGE_SIZE, 1, MOST_PAGE_SIZE)
    number, _, found = _found(request, asked, size)
    links = link_header("/v1/zoek", asked, number, last_page(found.total, size))
    return JSONResponse(said_of(found, number, size), headers={"link": links, "vary": "Accept-Language"})


def said_of(found: Found, number: int, size: int) -> dict[str, Any]:
    """A page of what was found, as an answer says it."""
    return {
        "aantal": found.total,
        "pagina": number,
        "paginaGrootte": size,
        "paginas": last_page(found.total, size),
        "soorten": [{"soort": kind, "aantal": count} for kind, count in found.kinds.items()],
        "resultaten": [_result(hit) for hit in found.hits],
    }


def _found(request: Request, asked: Mapping[str, str], size: int) -> tuple[int, str | None, Found]:
    """The number of the asked page, the kind that was asked for, and what is on it.

    Raises Problem where there is no index, for a value that cannot be, and for a page after the last.
    """
    number = parameters.integer(asked, "pagina", 1, 1, MOST_PAGES)
    kind = parameters.choice(asked, "soort", search.KINDS) if "soort" in asked else None
    index = serving(request).search
    if index is None:
        raise Problem(HTTPStatus.NOT_FOUND, said("no_search"))
    words = asked.get("q", "")
    if len(words) > search.MAX_LENGTH:
        raise parameters.wrong("q", said("too_long", name="q", most=search.MAX_LENGTH))
    try:
        found = search.search(index, words, kind, language_of(request), (number - 1) * size, size)
    except QueryError as error:
        raise parameters.wrong("q", said("too_many_words", name="q", most=search.MAX_WORDS)) from error
    last = last_page(found.total, size)
    if number > last:
        raise parameters.no_page(number, last)
    return number, kind, found


def _address(path: str, **asked: str | int | None) -> str:
    return f"{path}?{urlencode({name: value for name, value in asked.items() if value is not None})}"


def _result(hit: Hit) -> dict[str, Any]:
    number = {"nummer": hit.number} if hit.number else {}
    return {
        "ref": hit.iri.rpartition("/")[2],
        "uri": hit.iri,
        "soort": hit.kind,
        **number,
        "naam": _text(hit.name),
        "teksten": [_text(text) for text in hit.texts],
    }


def _text(text: Text) -> dict[str, Any]:
    language = {"taal": text.language} if text.language else {}
    return {"veld": text.field, **language, "tekst": text.text, "posities": list(text.places)}


@dataclass(frozen=True)
class Filter:
    """A kind to narrow the results down to, or all of them."""

    name: str
    count: int
    href: str
    chosen: bool


@router.get("/zoek", response_class=HTMLResponse)
def show(request: Request) -> HTMLResponse:
    """The page with a form and, when something was asked, what was found."""
    language = language_of(request)
    # What a form leaves empty was not asked, and a parameter that is not ours is nobody's mistake on a page.
    asked = {name: value for name, value in request.query_params.items() if value}
    pagina, soort, found = _found(request, asked, PAGE_SIZE)
    q = asked.get("q", "")

    def address(kind: str | None, number: int | None = None) -> str:
        return _address("/zoek", q=q, soort=kind, pagina=number, lang=asked.get("lang"))

    def name(kind: str) -> str:
        return best_label(serving(request).questions.store, ox.NamedNode(DEF + kind.capitalize()), language)

    total = sum(found.kinds.values())
    kinds = [Filter(name(kind), count, address(kind), kind == soort) for kind, count in found.kinds.items()]
    return page(
        request,
        "search.html",
        words=q.strip(),
        total=found.total,
        kinds=[Filter("", total, address(None), soort is None), *kinds],
        hits=[(hit, name(hit.kind), local(hit.iri)) for hit in found.hits],
        marked=_marked,
        data=_address("/v1/zoek", q=q, soort=soort, pagina=pagina),
        pages={rel: address(soort, n) for rel, n in neighbours(pagina, last_page(found.total, PAGE_SIZE))},
        number=pagina,
        first=(pagina - 1) * PAGE_SIZE + 1,
        last=last_page(found.total, PAGE_SIZE),
    )


def _marked(text: Text) -> Iterator[tuple[str, bool]]:
    """The pieces of a text, each with whether it is one that was looked for."""
    end = 0
    for start, stop in text.places:
        yield text.text[end:start], False
        yield text.text[start:stop], True
        end = stop
    yield text.text[end:], False
