"""What the SPARQL service can do and which graphs it has: SPARQL 1.1 Service Description, with sizes in VoID."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg.namespaces import PREFIXES
from kg.store import GRAPH_FORMATS
from kg.terms import RDF_TYPE, named
from kg_api.formats import GRAPH_TYPES
from kg_api.serving import Serving

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_PREFIXES = {"sd": _SD, "void": PREFIXES["void"], "formats": _FORMATS}

_RESULT_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "N-Quads",
    "TriG",
    "JSON-LD",
    "RDF_XML",
)


# Stands for the address of the service in what is kept: that may differ by request, and much is said of it.
_SOMEWHERE = "http://somewhere.invalid/"


def describe(serving: Serving, root: str, media_type: str) -> bytes:
    """The description of the service under the address `root`, which ends with a slash."""
    made = serving.questions.kept(("description", media_type), lambda: _describe(serving, media_type))
    return made.replace(_SOMEWHERE.encode(), root.encode())


def _describe(serving: Serving, media_type: str) -> bytes:
    rdf_format = GRAPH_FORMATS[GRAPH_TYPES[media_type]]
    return ox.serialize(_triples(serving, _SOMEWHERE), format=rdf_format, prefixes=_PREFIXES)


def _triples(serving: Serving, root: str) -> Iterator[ox.Triple]:
    endpoint = ox.NamedNode(f"{root}sparql")
    dataset, default = ox.NamedNode(f"{root}sparql#dataset"), ox.NamedNode(f"{root}sparql#default-graph")
    yield from _about(endpoint, "Service", [("endpoint", endpoint), ("defaultDataset", dataset)])
    yield ox.Triple(endpoint, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    for name in _RESULT_FORMATS:
        yield ox.Triple(endpoint, _sd("resultFormat"), ox.NamedNode(_FORMATS + name))
    yield from _about(dataset, "Dataset", [("defaultGraph", default)])
    yield from _about(default, "Graph", [])
    yield _size(default, serving.triples)
    for number, (name, triples) in enumerate(serving.graphs.items(), start=1):
        named, graph = (
            ox.NamedNode(f"{root}sparql#graph-{number}"),
            ox.NamedNode(f"{root}sparql#graph-{number}-content"),
        )
        yield ox.Triple(dataset, _sd("namedGraph"), named)
        yield from _about(named, "NamedGraph", [("name", ox.NamedNode(name)), ("graph", graph)])
        yield from _about(graph, "Graph", [])
        yield _size(graph, triples)


def _about(node: ox.NamedNode, kind: str, values: Iterable[tuple[str, ox.NamedNode]]) -> Iterator[ox.Triple]:
    yield ox.Triple(node, RDF_TYPE, _sd(kind))
    for name, value in values:
        yield ox.Triple(node, _sd(name), value)


def _size(graph: ox.NamedNode, triples: int) -> ox.Triple:
    return ox.Triple(graph, named("void:triples"), ox.Literal(triples))


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + name)
