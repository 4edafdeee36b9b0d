"""The catalogue of a release: its datasets, files and services in DCAT-AP-NL 3.0.

Everything has a name, so there are no blank nodes; the entries of code lists are described in it, as the shapes ask.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.namespaces import BASE
from kg.publishing import codelists
from kg.publishing.codelists import CodeList
from kg.publishing.datafiles import Files, form, path, stem
from kg.publishing.datasets import WHOLE, Dataset, Series
from kg.publishing.describing import Facts, Term, describe, in_languages, in_order, typed
from kg.publishing.publication import Publication
from kg.store import Rows

CATALOGUE = ox.NamedNode(f"{BASE}catalogus")
_PROFILE = "https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/"
_PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"
_DESIGN_RULES = "https://gitdocumentatie.logius.nl/publicatie/api/adr/"
_SHA256 = ox.NamedNode("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")
_STANDARDS = {
    f"{BASE}def": {"nl": "Begrippen van Spoorboek", "en": "Vocabulary of Spoorboek"},
    f"{BASE}shapes": {"nl": "Vormen van Spoorboek (SHACL)", "en": "Shapes of Spoorboek (SHACL)"},
    _PROFILE: {"nl": "DCAT-AP-NL 3.0", "en": "DCAT-AP-NL 3.0"},
    _PROTOCOL: {"nl": "SPARQL 1.1 Protocol", "en": "SPARQL 1.1 Protocol"},
    _DESIGN_RULES: {"nl": "NLGov REST API Design Rules", "en": "NLGov REST API Design Rules"},
}


@dataclass(frozen=True)
class Edition:
    """The release as its catalogue names it: version of its bytes, edition, and dates as `xsd:date` has them."""

    release: str
    version: str
    issued: str
    modified: str


@dataclass(frozen=True)
class _Service:
    """A way to question the data: its addresses below that of the service, and the standard that it keeps."""

    ref: str
    path: str
    description: str
    standard: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    keywords: Mapping[str, str]


_SPARQL = _Service(
    "dienst-sparql",
    "sparql",
    "sparql",
    _PROTOCOL,
    {"nl": "SPARQL-dienst van Spoorboek", "en": "SPARQL service of Spoorboek"},
    {
        "nl": "Beantwoordt vragen in SPARQL 1.1 over de hele graaf; zonder vraag geeft het adres de beschrijving "
        "van de dienst.",
        "en": "Answers questions in SPARQL 1.1 about the whole graph; without one the address gives the service "
        "description.",
    },
    {"nl": "SPARQL, linked data", "en": "SPARQL, linked data"},
)
_REST = _Service(
    "dienst-rest",
    "v1",
    "v1/openapi.json",
    _DESIGN_RULES,
    {"nl": "REST-dienst van Spoorboek", "en": "REST service of Spoorboek"},
    {
        "nl": "Geeft de dingen van de graaf als JSON en CSV, met filters, zoeken en ketens van afhankelijkheden.",
        "en": "Gives the things of the graph as JSON and CSV, with filters, search and chains of dependencies.",
    },
    {"nl": "REST, JSON, OpenAPI", "en": "REST, JSON, OpenAPI"},
)


def edition(ask: Rows, release: str) -> Edition | None:
    """What the graph says of its own edition; None when it says nothing."""
    rows = ask("catalogus-uitgave")
    return Edition(release, rows[0]["versie"], rows[0]["uitgebracht"], rows[0]["gewijzigd"]) if rows else None


def catalogue(
    datasets: Iterable[Dataset],
    sources: Mapping[str, list[str]],
    files: Mapping[str, Files],
    edition: Edition,
    publication: Publication,
) -> list[ox.Triple]:
    """The catalogue, the same triples in the same order every time.

    `sources` has the documents that each plan was taken from, `files` the files of each dataset.
    """
    return in_order(_Writer(edition, publication).all(list(datasets), sources, files), CATALOGUE)


class _Writer:
    """Describes the parts of one catalogue."""

    def __init__(self, edition: Edition, publication: Publication) -> None:
        self._edition = edition
        self._publication = publication
        self._base = publication.base
        self._contact = node("contact")
        self._publisher = _agent(publication.publisher, "uitgever")
        self._creator = _agent(publication.creator, "maker")

    def all(
        self, datasets: list[Dataset], sources: Mapping[str, list[str]], files: Mapping[str, Files]
    ) -> Iterator[ox.Triple]:
        """Every part."""
        yield from self._catalogue(datasets)
        for dataset in datasets:
            yield from self._dataset(dataset, sources.get(dataset.ref, []), files.get(dataset.ref, {}))
        for series in {dataset.series.ref: dataset.series for dataset in datasets if dataset.series}.values():
            yield from self._series(series)
        for service in (_SPARQL, _REST):
            yield from self._service(service, datasets)
        yield from self._parties()
        yield from self._entries()
        for iri, titles in _STANDARDS.items():
            yield from describe(ox.NamedNode(iri), "dct:Standard", {"dct:title": in_languages(titles)})
        yield from describe(_SHA256, "spdx:ChecksumAlgorithm", {})

    def _shared(self) -> dict[str, Term | list[ox.NamedNode]]:
        """What is the same for the catalogue and for every dataset and service in it."""
        return {
            "dcat:contactPoint": self._contact,
            "dct:creator": self._creator,
            "dct:language": self._coded(codelists.LANGUAGES, self._publication.languages),
            "dct:publisher": self._publisher,
        }

    def _found(self) -> Facts:
        """What is the same for every dataset and service: who may have it, and what it is about."""
        return {
            "dcat:theme": self._coded(codelists.THEMES, self._publication.themes),
            "dct:accessRights": self._coded(codelists.ACCESS_RIGHTS, [self._publication.access_rights]),
        }

    def _dates(self) -> Facts:
        return {
            "dct:issued": typed(self._edition.issued, "xsd:date"),
            "dct:modified": typed(self._edition.modified, "xsd:date"),
        }

    def _coded(self, known: CodeList, codes: Iterable[str]) -> list[ox.NamedNode]:
        return [ox.NamedNode(known.iri(code)) for code in codes]

    def _licence(self) -> ox.NamedNode:
        return ox.NamedNode(codelists.LICENCES.iri(self._publication.licence))

    def _address(self, path: str) -> ox.NamedNode:
        return ox.NamedNode(self._base + path)

    def _document(self, path: str) -> Iterator[ox.Triple]:
        yield from describe(self._address(path), "foaf:Document", {})

    def _catalogue(self, datasets: list[Dataset]) -> Iterator[ox.Triple]:
        facts = {
            "dct:title": in_languages({"nl": "Catalogus van Spoorboek", "en": "Catalogue of Spoorboek"}),
            "dct:description": in_languages(_ABOUT),
            "dct:conformsTo": ox.NamedNode(_PROFILE),
            "dct:license": self._licence(),
            "dcat:dataset": [node(dataset.ref) for dataset in datasets],
            "dcat:service": [node(service.ref) for service in (_SPARQL, _REST)],
            "dcat:resource": [_of_series(dataset.series) for dataset in datasets if dataset.series],
            "foaf:homepage": self._address(""),
        }
        yield from describe(CATALOGUE, "dcat:Catalog", {**self._shared(), **self._dates(), **facts})
        yield from self._document("")

    def _dataset(self, dataset: Dataset, sources: list[str], files: Files) -> Iterator[ox.Triple]:
        subject = node(dataset.ref)
        facts = {
            "dct:identifier": typed(subject.value, "xsd:anyURI"),
            "dct:title": in_languages(dataset.titles),
            "dct:description": in_languages(dataset.descriptions),
            "dct:accrualPeriodicity": self._coded(codelists.FREQUENCIES, [self._publication.frequency]),
            "dct:conformsTo": [ox.NamedNode(f"{BASE}def"), ox.NamedNode(f"{BASE}shapes")],
            "dct:spatial": self._coded(codelists.COUNTRIES, ["NLD"]),
            "dct:isPartOf": [node(WHOLE)] if dataset.ref != WHOLE else [],
            "dcat:distribution": [_of_file(name) for name in files],
            "dcat:inSeries": [_of_series(dataset.series)] if dataset.series else [],
            "dcat:keyword": _keywords(dataset.keywords),
            "dcat:landingPage": self._address(dataset.page),
            "dcat:version": ox.Literal(self._edition.version),
            "foaf:page": self._address("def"),
            "prov:wasDerivedFrom": [ox.NamedNode(source) for source in sources],
        }
        yield from describe(subject, "dcat:Dataset", {**self._shared(), **self._found(), **self._dates(), **facts})
        yield from self._document(dataset.page)
        yield from self._document("def")
        for name, file in files.items():
            yield from self._distribution(dataset, name, file)

    def _distribution(self, dataset: Dataset, name: str, file: Mapping[str, int | str]) -> Iterator[ox.Triple]:
        subject, checksum = _of_file(name), ox.NamedNode(f"{_of_file(name).value}-sha256")
        address = self._address(path(name, self._edition.release))
        shape = form(name)
        kind = codelists.FILE_TYPES.names[shape.code][0]
        kind = kind if stem(name) == dataset.ref else f"{kind}: {stem(name)}"
        kind = f"{kind}, gzip" if shape.is_compressed else kind
        zipped = [ox.NamedNode(f"{codelists.MEDIA_TYPES}application/gzip")] if shape.is_compressed else []
        facts = {
            "dct:title": in_languages({language: f"{title} ({kind})" for language, title in dataset.titles.items()}),
            "dct:conformsTo": ox.NamedNode(f"{BASE}def"),
            "dct:format": self._coded(codelists.FILE_TYPES, [shape.code]),
            "dct:language": self._coded(codelists.LANGUAGES, self._publication.languages),
            "dct:license": self._licence(),
            "dcat:accessService": node((_REST if shape.code == "CSV" else _SPARQL).ref),
            "dcat:accessURL": address,
            "dcat:byteSize": typed(file["bytes"], "xsd:nonNegativeInteger"),
            "dcat:compressFormat": zipped,
            "dcat:downloadURL": address,
            "dcat:mediaType": ox.NamedNode(codelists.MEDIA_TYPES + shape.media_type),
            "spdx:checksum": checksum,
        }
        yield from describe(subject, "dcat:Distribution", {**self._dates(), **facts})
        sum_ = {"spdx:algorithm": _SHA256, "spdx:checksumValue": typed(file["sha256"], "xsd:hexBinary")}
        yield from describe(checksum, "spdx:Checksum", sum_)
        yield from _entry(codelists.FILE_TYPES, shape.code)
        for iri in [facts["dcat:mediaType"], *zipped]:
            yield from describe(iri, "dct:MediaType", {})
        yield from describe(address, "rdfs:Resource", {})

    def _series(self, series: Series) -> Iterator[ox.Triple]:
        facts = {
            "dct:title": in_languages({name: f"{_EDITIONS[name]} {title}" for name, title in series.titles.items()}),
            "dct:description": in_languages(_OF_SERIES),
            "dct:accrualPeriodicity": self._coded(codelists.FREQUENCIES, [self._publication.frequency]),
            "dct:publisher": self._publisher,
            "dcat:contactPoint": self._contact,
        }
        yield from describe(_of_series(series), "dcat:DatasetSeries", {**self._dates(), **facts})

    def _service(self, service: _Service, datasets: list[Dataset]) -> Iterator[ox.Triple]:
        subject = node(service.ref)
        facts = {
            "dct:identifier": typed(subject.value, "xsd:anyURI"),
            "dct:title": in_languages(service.titles),
            "dct:description": in_languages(service.texts),
            "dct:conformsTo": ox.NamedNode(service.standard),
            "dct:license": self._licence(),
            "dcat:endpointURL": self._address(service.path),
            "dcat:endpointDescription": self._address(service.description),
            "dcat:keyword": _keywords(service.keywords),
            "dcat:servesDataset": [node(dataset.ref) for dataset in datasets],
        }
        yield from describe(subject, "dcat:DataService", {**self._shared(), **self._found(), **facts})
        yield from describe(self._address(service.path), "rdfs:Resource", {})
        yield from describe(self._address(service.description), "rdfs:Resource", {})

    def _parties(self) -> Iterator[ox.Triple]:
        told = self._publication
        for agent, name in ((self._publisher, told.publisher_name), (self._creator, told.creator_name)):
            yield from describe(agent, "foaf:Agent", {"foaf:name": ox.Literal(name)})
        pages = [ox.NamedNode(str(told.contact_url))] if told.contact_url else []
        facts = {
            "vcard:fn": ox.Literal(told.contact_name),
            "vcard:hasEmail": ox.NamedNode(f"mailto:{told.contact_email}"),
            "vcard:hasURL": pages,
        }
        yield from describe(self._contact, "vcard:Kind", facts)

    def _entries(self) -> Iterator[ox.Triple]:
        """The entries of code lists that every dataset names."""
        told = self._publication
        yield from (t for code in told.themes for t in _entry(codelists.THEMES, code))
        yield from (t for code in told.languages for t in _entry(codelists.LANGUAGES, code))
        yield from _entry(codelists.ACCESS_RIGHTS, told.access_rights)
        yield from _entry(codelists.FREQUENCIES, told.frequency)
        yield from _entry(codelists.LICENCES, told.licence)
        yield from _entry(codelists.COUNTRIES, "NLD")


_ABOUT = {
    "nl": "De kennisgraaf van de digitale agenda van de Nederlandse overheid: als geheel, per plan en per register "
    "van dingen, met de bestanden en diensten waarin die te krijgen zijn.",
    "en": "The knowledge graph of the digital agenda of the Dutch government: as a whole, by plan and by register "
    "of things, with the files and services that offer them.",
}
_EDITIONS = {"nl": "Index op de edities van", "en": "Index to the editions of"}
_OF_SERIES = {
    "nl": "Elke editie van dit plan als een dataset van zichzelf; bepalend is telkens de editie waarnaar een "
    "bewering verwijst.",
    "en": "Each edition of this plan as a dataset of its own; what counts is the edition that a statement refers to.",
}


def node(ref: str) -> ox.NamedNode:
    """A thing that the catalogue describes."""
    return ox.NamedNode(f"{CATALOGUE.value}#{ref}")


def _of_file(name: str) -> ox.NamedNode:
    return node("bestand-" + re.sub(r"[^a-z0-9]+", "-", name.lower()))


def _of_series(series: Series) -> ox.NamedNode:
    return node(f"reeks-{series.ref}")


def _agent(iri: object, ref: str) -> ox.NamedNode:
    return ox.NamedNode(str(iri)) if iri else node(ref)


def _keywords(texts: Mapping[str, str]) -> list[ox.Literal]:
    return [ox.Literal(word, language=language) for language, words in texts.items() for word in words.split(", ")]


def _entry(known: CodeList, code: str) -> Iterator[ox.Triple]:
    labels = dict(zip(("nl", "en"), known.names[code], strict=True))
    yield from describe(ox.NamedNode(known.iri(code)), known.kind, {"skos:prefLabel": in_languages(labels)})
