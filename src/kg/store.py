"""Reading a release: open its store, or an endpoint that has it; ask it questions, write down the answers."""

from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, Protocol

import pyoxigraph as ox

from kg import queries, turtle
from kg.errors import QueryError, ReleaseError
from kg.namespaces import compact
from kg.project import Project
from kg.queries import NamedQuery

Answer = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean

Rows = Callable[..., list[dict[str, str]]]
"""Asks a prepared question by name with bound terms; gives plain values by variable name."""


class Readable(Protocol):
    """What can be asked: the embedded `pyoxigraph.Store`, or a `kg.remote.RemoteStore`."""

    def query(
        self, text: str, /, *, substitutions: Mapping[ox.Variable, ox.NamedNode | ox.Literal] | None = None
    ) -> Answer:
        """The answer to a query with these variables bound."""

    def quads_for_pattern(
        self,
        subject: ox.NamedNode | None,
        predicate: ox.NamedNode | None,
        object: ox.NamedNode | ox.Literal | None,  # noqa: A002  (pyoxigraph's name)
        graph_name: ox.DefaultGraph,
        /,
    ) -> Iterator[ox.Quad]:
        """The statements of the default graph with these terms; None stands for any."""


_KNOWS = "ASK { ?thing ?property ?value }"

RESULT_FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
}
GRAPH_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


def open_store(place: Path | str, seconds: float = 60) -> Readable:
    """Open the store of a release read-only, as any number of processes may, or an endpoint by its address.

    `seconds` is the most that an endpoint may take for an answer. Raises ReleaseError when the store is damaged, and
    EndpointError for an address that cannot be one.
    """
    if str(place).startswith(("http://", "https://")):
        # It brings rdflib, which takes longer to import than a store to open.
        from kg.remote import RemoteStore

        return RemoteStore(str(place), seconds)
    try:
        return ox.Store.read_only(str(place))
    except OSError as error:
        raise ReleaseError(f"{place} cannot be opened: {error}. Build the release again.") from error


def ask(store: Readable, query: NamedQuery, values: Mapping[str, str] | None = None) -> Answer:
    """The answer to a question with its parameters filled in; raises QueryError when text or values are wrong."""
    bound = query.bind(values or {})
    for variable, term in bound.items():
        if isinstance(term, ox.NamedNode) and not knows(store, term):
            raise QueryError(f"{variable.value}: the graph knows no {compact(term.value)}")
    try:
        return store.query(query.text, substitutions=bound)
    except SyntaxError as error:
        raise QueryError(f"{query.name}: {error.msg}") from error
    except (OSError, RuntimeError) as error:
        raise QueryError(f"{query.name}: {error}") from error


def knows(store: Readable, node: ox.NamedNode) -> bool:
    """Whether the graph says anything of this thing."""
    return bool(store.query(_KNOWS, substitutions={ox.Variable("thing"): node}))


def rows(answer: ox.QuerySolutions) -> list[dict[str, str]]:
    """The solutions as plain values by variable name; an unbound variable is absent."""
    names = [variable.value for variable in answer.variables]
    return [{name: row[name].value for name in names if row[name] is not None} for row in answer]


def prepared(project: Project, store: Readable) -> Rows:
    """What asks a store the questions of `queries/service/`."""

    def rows_of(name: str, **terms: ox.NamedNode | ox.Literal) -> list[dict[str, str]]:
        query = queries.read(project.root / "queries" / "service" / f"{name}.rq")
        return rows(store.query(query.text, substitutions={ox.Variable(key): term for key, term in terms.items()}))

    return rows_of


def serialize(answer: Answer, name: str) -> bytes:
    """The answer in a format of RESULT_FORMATS or, for CONSTRUCT and DESCRIBE, of GRAPH_FORMATS.

    Raises QueryError when the format does not fit the kind of answer.
    """
    formats = GRAPH_FORMATS if isinstance(answer, ox.QueryTriples) else RESULT_FORMATS
    if name not in formats:
        # An answer that stays behind in an error would be let go of by another thread, which pyoxigraph does not allow.
        del answer
        raise QueryError(f"'{name}' does not fit this kind of answer; use {', '.join(formats)}")
    output = BytesIO()
    serialize_to(output, answer, name)
    return output.getvalue()


def serialize_to(output: IO[bytes], answer: Answer, name: str) -> None:
    """Write the answer to a file in a format that fits its kind."""
    if isinstance(answer, ox.QueryTriples):
        turtle.write_to(output, answer, GRAPH_FORMATS[name])
    else:
        answer.serialize(output, format=RESULT_FORMATS[name])
