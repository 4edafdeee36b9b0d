"""`/catalogus`, `/.well-known/void`, `/robots.txt` and the sitemap: what a release says of itself to the world."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Annotated, Any

import pyoxigraph as ox
from fastapi import APIRouter, Query, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from kg.dumps import media_type
from kg.namespaces import BASE
from kg.publishing import hydra
from kg.publishing.catalogue import CATALOGUE
from kg.publishing.describing import Said
from kg.publishing.documents import CATALOGUE as CATALOGUE_FILE
from kg.publishing.documents import VOID as VOID_FILE
from kg.publishing.void import VOID
from kg_api import documents, pages, structured
from kg_api.downloads import download
from kg_api.formats import FORMS, HTML
from kg_api.messages import said
from kg_api.pages import Link
from kg_api.paging import neighbours
from kg_api.parameters import no_page
from kg_api.problems import Problem
from kg_api.serving import Serving, serving

router = APIRouter(include_in_schema=False)

Page = Annotated[int, Query(alias="pagina", ge=1, le=1_000_000)]

_DATA_FIRST = sorted(FORMS, key=lambda form: form.media_type == HTML)
_NOT_FOR_ROBOTS = ("/sparql", "/graph/", "/v1/", "/zoek", "/reconcile")


@router.get("/catalogus")
@router.get("/catalogus.{suffix}")
def catalogue(request: Request, suffix: str = "", number: Page = 1) -> Response:
    """The datasets, files and services of the release; raises Problem when there is no catalogue or no such page."""
    form = documents.agreed(request, documents.of_suffix(request, suffix))
    whole = _read(request, CATALOGUE_FILE)
    last = hydra.pages(whole)
    if number > last:
        raise no_page(number, last)
    shown = hydra.page(whole, number)
    body = _page(request, shown, number, last) if form.media_type == HTML else documents.write(shown, form)
    return documents.answer(request, "/catalogus", form, body, CATALOGUE.value)


@router.get("/.well-known/void")
@router.get("/.well-known/void.{suffix}")
def void(request: Request, suffix: str = "") -> Response:
    """The release in figures, as RDF; for a browser the catalogue."""
    form = documents.agreed(request, documents.of_suffix(request, suffix), _DATA_FIRST)
    triples = _read(request, VOID_FILE)
    if form.media_type == HTML:
        return RedirectResponse("/catalogus", HTTPStatus.SEE_OTHER, {"vary": "Accept"})
    return documents.answer(request, "/.well-known/void", form, documents.write(triples, form), VOID.value)


@router.get("/robots.txt")
def robots(request: Request) -> PlainTextResponse:
    """What robots need not look at, and where the map of the pages is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _NOT_FOR_ROBOTS)]
    if "sitemap.xml" in serving(request).files:
        lines.append(f"Sitemap: {request.app.state.current.settings.base}sitemap.xml")
    return PlainTextResponse("\n".join(lines) + "\n")


@router.get("/sitemap.xml")
@router.get("/sitemap-{number}.xml")
def sitemap(request: Request, number: str = "") -> Response:
    """The map of the pages, or one part of it."""
    current = serving(request)
    name = f"sitemap-{number}.xml" if number else "sitemap.xml"
    sha256 = _known(current, name)["sha256"]
    return download(request, current.own_folder / name, media_type(name), sha256, "no-cache")


def _known(current: Serving, name: str) -> dict[str, int | str]:
    """What the manifest says of a file; raises Problem when the release has none of this name."""
    if name not in current.files:
        raise Problem(HTTPStatus.NOT_FOUND, said("not_published", name=name))
    return current.files[name]


def _read(request: Request, name: str) -> list[ox.Triple]:
    current = serving(request)
    _known(current, name)
    return current.said_in(name)


def _page(request: Request, shown: list[ox.Triple], number: int, last: int) -> bytes:
    """The catalogue for a reader: the whole first, then the plans, then the registers."""
    book = _Book(request, shown)
    return pages.render(
        request,
        "catalogue.html",
        path="/catalogus",
        description=book.text(CATALOGUE.value, "dct:description"),
        profile=book.link(CATALOGUE.value, "dct:conformsTo"),
        datasets=[book.dataset(iri) for iri in book.datasets()],
        services=[book.service(iri) for iri in book.said.of_kind("dcat:DataService")],
        contact=book.contact(),
        number=number,
        last=last,
        pages={name: _address(request, page) for name, page in neighbours(number, last)},
        structured=structured.script(serving(request), pages.language_of(request)),
    )


def _address(request: Request, number: int) -> str:
    """Another page, with whatever else was asked of this one."""
    return f"/catalogus?{request.url.include_query_params(pagina=number).query}"


class _Book:
    """What a catalogue says, in the words and with the links of a page."""

    def __init__(self, request: Request, triples: Iterable[ox.Triple]) -> None:
        self.said = Said(triples)
        self._language = pages.language_of(request)
        self._bases = (request.app.state.current.settings.base, BASE)

    def text(self, iri: str, name: str) -> str:
        """A text in the visitor's language."""
        return self.said.text(iri, name, self._language)

    def link(self, iri: str, name: str) -> Link:
        """What a property leads to, by its name."""
        value = self.said.value(iri, name)
        names = (self.text(value, naming) for naming in ("skos:prefLabel", "dct:title", "foaf:name"))
        return Link(next(filter(None, names), value), self._here(value))

    def datasets(self) -> list[str]:
        """The datasets in the order of the page."""

        def place(iri: str) -> tuple[bool, bool, str]:
            is_part = bool(self.said.values(iri, "dct:isPartOf"))
            return is_part, not self.said.values(iri, "prov:wasDerivedFrom"), self.text(iri, "dct:title").lower()

        return sorted(self.said.of_kind("dcat:Dataset"), key=place)

    def dataset(self, iri: str) -> dict[str, Any]:
        """One dataset."""
        return {
            **self._entry(iri),
            "page": self.link(iri, "dcat:landingPage"),
            "series": self.text(self.said.value(iri, "dcat:inSeries"), "dct:title"),
            "version": self.said.value(iri, "dcat:version"),
            "modified": self.said.value(iri, "dct:modified"),
            "frequency": self.link(iri, "dct:accrualPeriodicity").text,
            "access": self.link(iri, "dct:accessRights").text,
            "publisher": self.link(iri, "dct:publisher").text,
            "files": [self._file(file) for file in self.said.values(iri, "dcat:distribution")],
        }

    def service(self, iri: str) -> dict[str, Any]:
        """One service."""
        standard = self.link(iri, "dct:conformsTo")
        addresses = {name: self.link(iri, f"dcat:{name}") for name in ("endpointURL", "endpointDescription")}
        return {**self._entry(iri), "standard": standard, **addresses}

    def contact(self) -> Link:
        """Whom to write to."""
        iri = self.said.value(CATALOGUE.value, "dcat:contactPoint")
        return Link(self.said.value(iri, "vcard:fn"), self.said.value(iri, "vcard:hasEmail"))

    def _entry(self, iri: str) -> dict[str, Any]:
        return {
            "anchor": iri.rpartition("#")[2],
            "title": self.text(iri, "dct:title"),
            "description": self.text(iri, "dct:description"),
        }

    def _file(self, iri: str) -> dict[str, Any]:
        address = self.said.value(iri, "dcat:downloadURL")
        return {
            "link": Link(address.rpartition("/")[2], self._here(address)),
            "form": self.link(iri, "dct:format").text,
            "bytes": int(self.said.value(iri, "dcat:byteSize")),
            "sha256": self.said.value(self.said.value(iri, "spdx:checksum"), "spdx:checksumValue"),
            "licence": self.link(iri, "dct:license"),
        }

    def _here(self, iri: str) -> str:
        """An address on this server without its host, and any other as it is."""
        base = next((base for base in self._bases if iri.startswith(base)), None)
        return "/" + iri.removeprefix(base) if base else iri
