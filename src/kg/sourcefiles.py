"""The files of a graph, read once: which triples stand where."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from kg import sssom, turtle
from kg.errors import DataError
from kg.namespaces import DEF
from kg.project import Project
from kg.terms import DEFAULT_GRAPH, RDF_TYPE


@dataclass(frozen=True)
class SourceFile:
    """One RDF file: its name for people, its named graph, its triples."""

    name: str
    graph: ox.NamedNode
    triples: list[ox.Triple]


@dataclass(frozen=True)
class SourceFiles:
    """The ontology, the shapes and the data of one project; what holds of its mappings is data too."""

    ontology: list[SourceFile] = field(default_factory=list)
    shapes: list[SourceFile] = field(default_factory=list)
    data: list[SourceFile] = field(default_factory=list)
    mappings: list[sssom.MappingSet] = field(default_factory=list)

    def __iter__(self) -> Iterable[SourceFile]:
        return chain(self.ontology, self.shapes, self.data)

    @property
    def authored(self) -> list[SourceFile]:
        """The data that people write as Turtle: without what follows from mappings, which have checks of their own."""
        return [file for file in self.data if not file.name.endswith(sssom.SUFFIX)]

    def classes(self) -> dict[str, set[str]]:
        """For every thing that has a type: the IRIs of its types, as the files give them."""
        found: dict[str, set[str]] = {}
        for triple in triples_of(self):
            if triple.predicate == RDF_TYPE and isinstance(triple.subject, ox.NamedNode):
                found.setdefault(triple.subject.value, set()).add(triple.object.value)
        return found

    def described_in(self) -> dict[str, str]:
        """For every thing that has a type: the name of the file that gives it."""
        return {
            triple.subject.value: file.name
            for file in self
            for triple in file.triples
            if triple.predicate == RDF_TYPE and isinstance(triple.subject, ox.NamedNode)
        }


def read(project: Project, data: Iterable[Path] | None = None, shapes: Iterable[Path] | None = None) -> SourceFiles:
    """Read the project; `data` and `shapes` stand in for its own folders when given.

    Raises DataError that lists every file that cannot be read, a line each.
    """
    problems: list[str] = []
    mappings: list[sssom.MappingSet] = []

    def triples(path: Path) -> list[ox.Triple]:
        if not path.name.endswith(sssom.SUFFIX):
            return turtle.read(path)
        mappings.append(sssom.read(path))
        return mappings[-1].triples()

    def load(paths: Iterable[Path]) -> list[SourceFile]:
        files = []
        for path in paths:
            try:
                found = triples(path)
            except DataError as error:
                problems.append(str(error).replace(str(path), project.name_of(path), 1))
            else:
                files.append(SourceFile(project.name_of(path), ox.NamedNode(project.graph_of(path)), found))
        return files

    files = SourceFiles(
        ontology=load(project.turtle_files("ontology")),
        shapes=load(project.turtle_files("shapes") if shapes is None else shapes),
        data=load(project.data_files() if data is None else data),
        mappings=mappings,
    )
    if problems:
        raise DataError("\n".join(problems))
    return files


def triples_of(files: Iterable[SourceFile]) -> Iterable[ox.Triple]:
    """All triples of these files."""
    return chain.from_iterable(file.triples for file in files)


def load(files: Iterable[SourceFile]) -> ox.Store:
    """A store in memory: each triple in the graph of its file, and once in the default graph."""
    store = ox.Store()
    for file in files:
        store.extend(ox.Quad(*triple, file.graph) for triple in file.triples)
        store.extend(ox.Quad(*triple, DEFAULT_GRAPH) for triple in file.triples)
    return store


def own_terms(triples: Iterable[ox.Triple]) -> Iterable[str]:
    """Every use of a word in our own namespace, as its IRI."""
    for triple in triples:
        for node in triple:
            if isinstance(node, ox.NamedNode) and node.value.startswith(DEF):
                yield node.value
            elif isinstance(node, ox.Literal) and node.datatype.value.startswith(DEF):
                yield node.datatype.value
