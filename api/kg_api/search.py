"""`/v1/zoek` and `/zoek`: things by words in their names and descriptions, as JSON and as a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Literal
from urllib.parse import urlencode

import pyoxigraph as ox
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import HTMLResponse

from kg import search
from kg.errors import NotFoundError, QueryError
from kg.labels import best_label
from kg.namespaces import DEF
from kg.search import MAX_LENGTH, Found, Hit, Text
from kg_api.pages import language_of, local, page
from kg_api.paging import last_page, link_header, neighbours
from kg_api.problems import Problem
from kg_api.serving import serving

router = APIRouter(tags=["zoek"])

_PAGE_SIZE = 20

Words = Annotated[
    str,
    Query(min_length=1, max_length=MAX_LENGTH, examples=["uitwisseling"], description="De woorden om naar te zoeken"),
]
OptionalWords = Annotated[str, Query(max_length=MAX_LENGTH)]
Kind = Annotated[Literal[search.KINDS] | None, Query(description="Alleen dingen van deze soort")]  # type: ignore[valid-type]  (the kinds are a tuple)
Page = Annotated[int, Query(ge=1, le=1_000_000, description="Het nummer van de bladzijde")]
Size = Annotated[int, Query(alias="paginaGrootte", ge=1, le=100, description="Hoeveel er op een bladzijde staan")]


class Tekst(BaseModel):
    """A text of a thing, and where in it the words stand."""

    veld: str = Field(description="Which text it is.", examples=["naam"])
    taal: str | None = Field(default=None, examples=["nl"])
    tekst: str = Field(examples=["Stimuleren kennisuitwisseling en ondersteuning"])
    posities: list[tuple[int, int]] = Field(
        description="First character and the one after the last, counted in Unicode code points from 0.",
        examples=[[[17, 29]]],
    )


class Treffer(BaseModel):
    """A thing that was found."""

    ref: str = Field(examples=["werkagenda-2024-2-6-1"])
    uri: str
    soort: str = Field(examples=["actie"])
    nummer: str | None = Field(default=None, examples=["2.6.1"])
    naam: Tekst
    teksten: list[Tekst] = Field(description="Other texts, with words that the name lacks.")


class Soort(BaseModel):
    """How many things of a kind were found."""

    soort: str = Field(examples=["actie"])
    aantal: int


class Gevonden(BaseModel):
    """One page of what was found."""

    aantal: int = Field(description="How many things there are, on all pages.")
    pagina: int
    pagina_grootte: int = Field(alias="paginaGrootte")
    soorten: list[Soort] = Field(description="How many of each kind, whichever kind is asked for.")
    resultaten: list[Treffer]

    model_config = ConfigDict(populate_by_name=True)


@router.get(
    "/v1/zoek",
    summary="Zoek in alle namen en omschrijvingen",
    description="Finds things that have all words of `q`, inside longer words too; case and diacritics do not count. "
    "Words between double quotes belong together. A number, or one or two characters, is found at the start of a word.",
    operation_id="zoek",
    response_model_exclude_none=True,
)
def find(
    request: Request, response: Response, q: Words, soort: Kind = None, pagina: Page = 1, size: Size = _PAGE_SIZE
) -> Gevonden:
    """What has all words of `q`, best first, in the language of Accept-Language where it is there in both."""
    _refuse_unknown(request, "q", "soort", "pagina", "paginaGrootte")
    language = language_of(request)
    found = _found(request, q, soort, pagina, size, language)
    asked = _given(q=q, soort=soort, pagina=pagina, paginaGrootte=size)
    response.headers["link"] = link_header("/v1/zoek", asked, pagina, last_page(found.total, size))
    response.headers["vary"] = "Accept-Language"
    return Gevonden(
        aantal=found.total,
        pagina=pagina,
        pagina_grootte=size,
        soorten=[Soort(soort=kind, aantal=count) for kind, count in found.kinds.items()],
        resultaten=[_result(hit) for hit in found.hits],
    )


def _found(request: Request, words: str, kind: str | None, number: int, size: int, language: str) -> Found:
    """The asked page; raises Problem where there is no index, and NotFoundError for a page after the last."""
    index = serving(request).search
    if index is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no search here: it comes with a release, not with --data or --endpoint")
    found = search.search(index, words, kind, language, (number - 1) * size, size)
    last = last_page(found.total, size)
    if number > last:
        raise NotFoundError(f"no page {number}: there are {found.total} results, and page {last} is the last")
    return found


def _address(path: str, **parameters: str | int | None) -> str:
    return f"{path}?{urlencode(_given(**parameters))}"


def _given(**parameters: str | int | None) -> dict[str, str | int]:
    return {name: value for name, value in parameters.items() if value is not None}


def _refuse_unknown(request: Request, *known: str) -> None:
    unknown = sorted(set(request.query_params) - set(known))
    if unknown:
        raise QueryError(f"unknown parameter: {', '.join(unknown)}; there are {', '.join(known)}")


def _result(hit: Hit) -> Treffer:
    return Treffer(
        ref=hit.iri.rpartition("/")[2],
        uri=hit.iri,
        soort=hit.kind,
        nummer=hit.number,
        naam=_text(hit.name),
        teksten=[_text(text) for text in hit.texts],
    )


def _text(text: Text) -> Tekst:
    return Tekst(veld=text.field, taal=text.language or None, tekst=text.text, posities=list(text.places))


@dataclass(frozen=True)
class Filter:
    """A kind to narrow the results down to, or all of them."""

    name: str
    count: int
    href: str
    chosen: bool


@router.get("/zoek", response_class=HTMLResponse, include_in_schema=False)
def show(request: Request, q: OptionalWords = "", soort: Kind = None, pagina: Page = 1) -> HTMLResponse:
    """The page with a form and, when something was asked, what was found."""
    language = language_of(request)
    found = _found(request, q, soort, pagina, _PAGE_SIZE, language)
    asked = request.query_params.get("lang")

    def address(kind: str | None, number: int | None = None) -> str:
        return _address("/zoek", q=q, soort=kind, pagina=number, lang=asked)

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
        pages={rel: address(soort, n) for rel, n in neighbours(pagina, last_page(found.total, _PAGE_SIZE))},
        number=pagina,
        first=(pagina - 1) * _PAGE_SIZE + 1,
        last=last_page(found.total, _PAGE_SIZE),
    )


def _marked(text: Text) -> Iterator[tuple[str, bool]]:
    """The pieces of a text, each with whether it is one that was looked for."""
    end = 0
    for start, stop in text.places:
        yield text.text[end:start], False
        yield text.text[start:stop], True
        end = stop
    yield text.text[end:], False
