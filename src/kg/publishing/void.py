"""A release in figures, as VoID: triples by graph, class and property, files, words, examples and links outwards."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from kg.namespaces import BASE, ID
from kg.publishing import catalogue
from kg.publishing.catalogue import Edition
from kg.publishing.datafiles import Files, path
from kg.publishing.datasets import WHOLE, Dataset
from kg.publishing.describing import describe, in_languages, in_order, typed
from kg.publishing.publication import Publication
from kg.store import Rows
from kg.terms import named

Figures = list[dict[str, str]]

VOID = ox.NamedNode(f"{BASE}.well-known/void")
_THE_WHOLE = catalogue.node(WHOLE)
# Things to look at first: one of each kind that people ask for most.
_EXAMPLES = (
    "voorziening/digid",
    "wet/wet-digitale-overheid",
    "organisatie/bzk",
    "afspraak/bio",
    "plan/werkagenda-2024",
)
_IN_NAMESPACE = re.compile(r"https?://[^/#]+[/#](?:.*[/#])?")
_WRITTEN_AS = "http://www.w3.org/ns/formats/"
_FORMS = {"ttl": "Turtle", "nq": "N-Quads", "nt": "N-Triples", "rdf": "RDF_XML", "jsonld": "JSON-LD", "trig": "TriG"}


def void(
    ask: Rows,
    graphs: Mapping[str, int],
    triples: int,
    datasets: Iterable[Dataset],
    files: Mapping[str, Files],
    edition: Edition,
    publication: Publication,
) -> list[ox.Triple]:
    """The description of a release: the same triples in the same order every time.

    `graphs` has the number of triples of each named graph and `triples` that of the whole, each counted once.
    """
    classes, properties = ask("void-klassen"), ask("void-eigenschappen")
    parts = [
        _document(edition),
        _whole(ask, triples, classes, properties, publication),
        *(_files(dataset, files.get(dataset.ref, {}), edition, publication) for dataset in datasets),
        *(_graph(name, size) for name, size in graphs.items()),
        *(_partition("class", row["klasse"], "void:entities", row["aantal"]) for row in classes),
        *(_partition("property", row["eigenschap"], "void:triples", row["aantal"]) for row in properties),
        *(_linkset(row) for row in ask("void-koppelingen")),
    ]
    return in_order((triple for part in parts for triple in part), VOID)


def _document(edition: Edition) -> Iterator[ox.Triple]:
    facts = {
        "dct:title": in_languages({"nl": "Spoorboek in cijfers", "en": "Spoorboek in figures"}),
        "dct:modified": typed(edition.modified, "xsd:date"),
        "foaf:primaryTopic": _THE_WHOLE,
    }
    yield from describe(VOID, "void:DatasetDescription", facts)


def _whole(ask: Rows, triples: int, classes: Figures, properties: Figures, told: Publication) -> Iterator[ox.Triple]:
    totals = ask("void-totalen")[0]
    words = sorted({word for row in properties if (word := _namespace(row["eigenschap"]))})
    facts = {
        "foaf:homepage": ox.NamedNode(told.base),
        "void:classes": _count(len(classes)),
        "void:distinctObjects": _count(totals["waarden"]),
        "void:distinctSubjects": _count(totals["onderwerpen"]),
        "void:entities": _count(totals["dingen"]),
        "void:exampleResource": [iri for name in _EXAMPLES if ask("bekend", ding=(iri := ox.NamedNode(ID + name)))],
        "void:properties": _count(len(properties)),
        "void:sparqlEndpoint": ox.NamedNode(f"{told.base}sparql"),
        "void:triples": _count(triples),
        "void:uriSpace": ox.Literal(ID),
        "void:vocabulary": [ox.NamedNode(word) for word in words],
    }
    yield from describe(_THE_WHOLE, "void:Dataset", facts)


def _files(dataset: Dataset, files: Files, edition: Edition, told: Publication) -> Iterator[ox.Triple]:
    """The dumps of a dataset that are RDF, and how they are written."""
    subject = catalogue.node(dataset.ref)
    names = [name for name in files if _written(name)]
    facts = {
        "dct:title": in_languages(dataset.titles),
        "void:dataDump": [ox.NamedNode(told.base + path(name, edition.release)) for name in names],
        "void:feature": [ox.NamedNode(_WRITTEN_AS + _written(name)) for name in names],
    }
    yield from describe(subject, "void:Dataset", facts)
    if subject != _THE_WHOLE:
        yield ox.Triple(_THE_WHOLE, named("void:subset"), subject)
        yield from (ox.Triple(subject, named("void:subset"), ox.NamedNode(graph)) for graph in dataset.graphs)


def _written(name: str) -> str:
    return _FORMS.get(name.removesuffix(".gz").rpartition(".")[2], "")


def _graph(name: str, size: int) -> Iterator[ox.Triple]:
    graph = ox.NamedNode(name)
    yield ox.Triple(_THE_WHOLE, named("void:subset"), graph)
    yield from describe(graph, "void:Dataset", {"void:triples": _count(size)})


def _partition(kind: str, iri: str, measure: str, count: str) -> Iterator[ox.Triple]:
    """How much of the whole is of one class, or said with one property."""
    part = _node(kind, iri)
    yield ox.Triple(_THE_WHOLE, named(f"void:{kind}Partition"), part)
    yield from describe(part, "void:Dataset", {f"void:{kind}": ox.NamedNode(iri), measure: _count(count)})


def _linkset(row: Mapping[str, str]) -> Iterator[ox.Triple]:
    """How often one property leads to things at one address elsewhere."""
    linkset, target = _node("links", row["eigenschap"] + " " + row["adres"]), _node("target", row["adres"])
    facts = {
        "void:linkPredicate": ox.NamedNode(row["eigenschap"]),
        "void:objectsTarget": target,
        "void:subjectsTarget": _THE_WHOLE,
        "void:triples": _count(row["aantal"]),
    }
    yield from describe(linkset, "void:Linkset", facts)
    yield ox.Triple(_THE_WHOLE, named("void:subset"), linkset)
    yield from describe(target, "void:Dataset", {"void:uriSpace": ox.Literal(row["adres"])})


def _node(kind: str, about: str) -> ox.NamedNode:
    """A node of this document: named after what it is about, with a digest that keeps like names apart."""
    last = re.sub(r"[^A-Za-z0-9]+", "-", re.split(r"[/#]", about.rstrip("/#"))[-1])
    return ox.NamedNode(f"{VOID.value}#{kind}-{last}-{hashlib.sha256(about.encode()).hexdigest()[:8]}")


def _namespace(iri: str) -> str:
    """What comes before the last part of a web address; nothing for another IRI."""
    found = _IN_NAMESPACE.match(iri)
    return found[0] if found else ""


def _count(number: int | str) -> ox.Literal:
    return typed(number, "xsd:integer")
