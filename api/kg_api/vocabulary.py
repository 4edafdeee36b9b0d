"""`/def` and `/shapes`: the words of the graph and the shapes it must conform to, as pages and as data."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.responses import Response

from kg.namespaces import BASE, DEF, GRAPH, SHAPES, compact, expand
from kg.terms import RDF_TYPE
from kg_api import documents, pages
from kg_api.documents import divide
from kg_api.formats import HTML, Form
from kg_api.messages import said
from kg_api.pages import Link, Reader
from kg_api.problems import Problem
from kg_api.questions import Questions
from kg_api.serving import Serving, serving

router = APIRouter(include_in_schema=False)

_ONTOLOGY = f"{GRAPH}ontology/"
_SHAPES = f"{GRAPH}shapes/"


# The kinds of words in the order of the page: the name of a text, and the class.
_KINDS = (
    ("classes", expand("owl:Class")),
    ("object_properties", expand("owl:ObjectProperty")),
    ("datatype_properties", expand("owl:DatatypeProperty")),
    ("datatypes", expand("rdfs:Datatype")),
)
_BROADER = (expand("rdfs:subClassOf"), expand("rdfs:subPropertyOf"))
_ELSEWHERE = ("closeMatch", "exactMatch", "broadMatch", "relatedMatch")
# What is said of a word apart from its meaning: the name of a text, and the properties that say it.
_SAID = (
    ("broader", _BROADER),
    ("inverse", (expand("owl:inverseOf"),)),
    ("disjoint", (expand("owl:disjointWith"),)),
    ("defined_in", (expand("rdfs:isDefinedBy"),)),
    ("elsewhere", tuple(expand(f"skos:{name}") for name in _ELSEWHERE)),
)
_ABOUT = (expand("sh:targetClass"), expand("sh:targetSubjectsOf"), expand("sh:path"))
# Shapes for more than one class.
_FAMILIES = ("Gedeeld", "Relatie")


@dataclass(frozen=True)
class Word:
    """A class, property or shape as a reader sees it."""

    anchor: str
    name: str
    label: str
    texts: list[str]
    said: list[tuple[str, list[list[Link]]]]
    rules: list[str]


@router.get("/def")
@router.get("/def.{suffix}")
def all_words(request: Request, suffix: str = "") -> Response:
    """The whole ontology."""
    return _words(request, "/def", documents.of_suffix(request, suffix), _graphs(serving(request), _ONTOLOGY))


@router.get("/def/{name}")
def some_words(request: Request, name: str) -> Response:
    """One file of it; raises Problem with the files that there are when it is none of them."""
    part, form = divide(name)
    graphs = _graphs(serving(request), _ONTOLOGY)
    if _ONTOLOGY + part not in graphs:
        names = ", ".join(graph.removeprefix(_ONTOLOGY) for graph in graphs)
        raise Problem(HTTPStatus.NOT_FOUND, said("unknown_part", name=part, parts=names))
    return _words(request, f"/def/{part}", form, [_ONTOLOGY + part])


@router.get("/shapes")
@router.get("/shapes.{suffix}")
def shapes(request: Request, suffix: str = "") -> Response:
    """All shapes."""
    path, graphs = "/shapes", _graphs(serving(request), _SHAPES)
    form = documents.agreed(request, documents.of_suffix(request, suffix))
    if form.media_type != HTML:
        return _data(request, path, form, graphs)
    groups = _shown_shapes(serving(request).questions, pages.language_of(request), graphs)
    html = pages.render(request, "shapes.html", path=path, groups=groups)
    return documents.answer(request, path, form, html, None)


def prepare(current: Serving) -> None:
    """Read all words and shapes, for the page in both languages and for the other forms."""
    words, shapes = _graphs(current, _ONTOLOGY), _graphs(current, _SHAPES)
    for language in pages.LANGUAGES:
        _shown_words(current.questions, language, words)
        _shown_shapes(current.questions, language, shapes)
    for graphs in (words, shapes):
        _triples(current.questions, graphs)


def _graphs(current: Serving, begin: str) -> list[str]:
    return sorted(graph for graph in current.graphs if graph.startswith(begin))


def _words(request: Request, path: str, form: Form | None, graphs: list[str]) -> Response:
    form = documents.agreed(request, form)
    if form.media_type != HTML:
        return _data(request, path, form, graphs)
    shown = _shown_words(serving(request).questions, pages.language_of(request), graphs)
    html = pages.render(request, "vocabulary.html", path=path, **shown)
    return documents.answer(request, path, form, html, None)


def _shown_words(questions: Questions, language: str, graphs: list[str]) -> Mapping[str, Any]:
    """What the page about the words of some graphs shows."""

    def read() -> Mapping[str, Any]:
        book = Book(questions, language, graphs)
        kinds = [(name, book.outline(kind), book.words(kind)) for name, kind in _KINDS if book.of_kind(kind)]
        return {"parts": book.parts(), "groups": kinds, "lists": book.lists()}

    return questions.kept(("words", language, *graphs), read)


def _shown_shapes(questions: Questions, language: str, graphs: list[str]) -> list[tuple[str, list[dict]]]:
    """What the page about the shapes shows."""
    return questions.kept(("shapes", language), lambda: Book(questions, language, graphs).shapes())


def _data(request: Request, path: str, form: Form, graphs: list[str]) -> Response:
    questions = serving(request).questions
    key = ("written", form.suffix, *graphs)
    written = questions.kept(key, lambda: documents.write(_triples(questions, graphs), form))
    return documents.answer(request, path, form, written, None)


def _triples(questions: Questions, graphs: list[str]) -> list[ox.Triple]:
    """What some graphs say, sorted; their blank nodes have the same names every time, and so the answer its ETag."""

    def read() -> list[ox.Triple]:
        dataset = ox.Dataset(
            ox.Quad(*triple) for graph in graphs for triple in questions.triples("graaf", graaf=ox.NamedNode(graph))
        )
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        return sorted((quad.triple for quad in dataset), key=str)

    return questions.kept(("triples", *graphs), read)


Term = ox.NamedNode | ox.BlankNode | ox.Literal


class Book:
    """The statements of some named graphs, and the words for them in a language."""

    def __init__(self, questions: Questions, language: str, graphs: list[str]) -> None:
        self._language = language
        self._reader = Reader(questions.store, self._language)
        self._said: dict[tuple[str, str], list[Term]] = defaultdict(list)
        self._subjects: dict[str, list[str]] = defaultdict(list)
        self._below: dict[str, list[str]] = defaultdict(list)
        for graph in graphs:
            for triple in questions.triples("graaf", graaf=ox.NamedNode(graph)):
                self._add(*triple)
        self._rules: dict[str, list[str]] = defaultdict(list)
        for row in questions.rows("regels-van-eigenschap", taal=ox.Literal(self._language)):
            self._rules[row["eigenschap"]].append(row["melding"])

    def _add(self, subject: ox.NamedNode | ox.BlankNode, predicate: ox.NamedNode, value: Term) -> None:
        self._said[subject.value, predicate.value].append(value)
        if predicate == RDF_TYPE and isinstance(subject, ox.NamedNode):
            self._subjects[value.value].append(subject.value)
        if predicate.value in _BROADER and isinstance(subject, ox.NamedNode):
            self._below[value.value].append(subject.value)

    def of_kind(self, kind: str) -> list[str]:
        """The IRIs of what has this type, by their label."""
        return sorted(self._subjects[kind], key=lambda iri: self._reader.label(iri).lower())

    def parts(self) -> list[tuple[Link, str]]:
        """The files of the ontology: title and description."""
        return [
            (Link(self._text(iri, "dct:title"), pages.local(iri)), self._text(iri, "dct:description"))
            for iri in sorted(self._subjects[expand("owl:Ontology")])
        ]

    def outline(self, kind: str) -> list[dict]:
        """What has this type as a tree: link and branches."""
        known = self.of_kind(kind)

        shown: set[str] = set()

        def branch(iri: str) -> dict:
            # What is below two others has its own branches at the first alone.
            below = [branch(n) for n in known if n in self._below[iri]] if iri not in shown else []
            shown.add(iri)
            return {"link": Link(self._reader.label(iri), f"#{_anchor(iri)}"), "below": below}

        narrower = {iri for broader in known for iri in self._below[broader]}
        return [branch(iri) for iri in known if iri not in narrower]

    def words(self, kind: str) -> list[Word]:
        """What has this type, with all that is said of it."""
        return [self._word(iri) for iri in self.of_kind(kind)]

    def _word(self, iri: str) -> Word:
        said = [(name, [[link] for link in self._links(iri, properties)]) for name, properties in _SAID]
        said.insert(1, ("narrower", [[self._link(narrower)] for narrower in sorted(self._below[iri])]))
        said.append(("chain", [self._chain(chain) for chain in self._said[iri, expand("owl:propertyChainAxiom")]]))
        return Word(
            _anchor(iri),
            compact(iri),
            self._reader.label(iri),
            [text for name in ("skos:definition", "skos:scopeNote") if (text := self._text(iri, name))],
            [(name, values) for name, values in said if values],
            self._rules.get(iri, []),
        )

    def _links(self, iri: str, properties: tuple[str, ...]) -> list[Link]:
        """What these properties of a word name, blank nodes left out."""
        named = [term.value for name in properties for term in self._said[iri, name] if isinstance(term, ox.NamedNode)]
        return [self._link(value) for value in named]

    def _link(self, iri: str) -> Link:
        if iri.startswith((DEF, SHAPES)):
            return self._reader.link(iri)
        if iri.startswith(BASE):
            return Link(iri.removeprefix(f"{BASE}def/"), pages.local(iri))
        return Link(compact(iri), iri)

    def _chain(self, node: Term) -> list[Link]:
        """The properties of an RDF list."""
        first, rest = self._said[node.value, expand("rdf:first")], self._said[node.value, expand("rdf:rest")]
        return [self._link(first[0].value), *self._chain(rest[0])] if first else []

    def lists(self) -> list[dict]:
        """The value lists: title, description, and concepts with their meaning."""
        return [
            {
                "link": Link(self._text(iri, "dct:title"), pages.local(iri)),
                "anchor": f"lijst-{iri.rpartition('/')[2]}",
                "text": self._text(iri, "dct:description"),
                "concepts": [
                    (self._reader.link(concept), self._text(concept, "skos:definition"))
                    for concept in self.of_kind(expand("skos:Concept"))
                    if iri in _values(self._said[concept, expand("skos:inScheme")])
                ],
            }
            for iri in self.of_kind(expand("skos:ConceptScheme"))
        ]

    def shapes(self) -> list[tuple[str, list[dict]]]:
        """The shapes by what they are about, that with most to say first; helpers come last and without a name."""
        groups: dict[str, list[dict]] = defaultdict(list)
        for iri in self._subjects[expand("sh:NodeShape")] + self._subjects[expand("sh:PropertyShape")]:
            groups[self._about(iri)].append(self._shape(iri))
        for shapes in groups.values():
            shapes.sort(key=lambda shape: (not shape["parts"], shape["anchor"]))
        return sorted(groups.items(), key=lambda group: (not group[0], group[0]))

    def _about(self, iri: str) -> str:
        """The first part of the name of a shape where that is a class or a family, else nothing."""
        name = _anchor(iri).partition("-")[0].removesuffix("Shape")
        return name if name in _FAMILIES or (f"{SHAPES}{name}Shape", RDF_TYPE.value) in self._said else ""

    def _shape(self, iri: str) -> dict:
        """A shape as a reader sees it."""
        return {
            "anchor": _anchor(iri),
            "about": self._links(iri, _ABOUT),
            "message": self._text(iri, "sh:message"),
            "severity": next((_anchor(term.value) for term in self._said[iri, expand("sh:severity")]), ""),
            "parts": [
                Link(_anchor(part), f"#{_anchor(part)}") for part in _values(self._said[iri, expand("sh:property")])
            ],
        }

    def _text(self, iri: str, name: str) -> str:
        """The text in the visitor's language, or else in Dutch."""
        texts = {term.language: term.value for term in self._said[iri, expand(name)] if isinstance(term, ox.Literal)}
        return texts.get(self._language) or texts.get("nl") or next(iter(texts.values()), "")


def _values(terms: list[Term]) -> list[str]:
    return [term.value for term in terms]


def _anchor(iri: str) -> str:
    return iri.rpartition("#")[2]
