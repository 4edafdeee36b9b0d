"""The W3C test suites for SPARQL 1.0 and 1.1: which tests there are, and whether a SPARQL endpoint passes them.

One server is asked all of them: every data file of the suites is a named graph of one N-Quads file, and a test chooses
its dataset by `default-graph-uri` and `named-graph-uri`.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

import httpx2
import pyoxigraph as ox

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

# Where each suite stands in the artifact org.eclipse.rdf4j:rdf4j-sparql-testsuite, and the address it is published at.
_SUITES = {
    "testcases-sparql-1.0-w3c/data-r2": "http://www.w3.org/2001/sw/DataAccess/tests/data-r2/",
    "testcases-sparql-1.1-w3c": "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/",
}
_CASES = """
PREFIX dawgt: <http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#>
PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
PREFIX qt: <http://www.w3.org/2001/sw/DataAccess/tests/test-query#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX ut: <http://www.w3.org/2009/sparql/tests/test-update#>

SELECT ?manifest ?test ?kind ?query ?result ?approval ?cardinality
    (GROUP_CONCAT(DISTINCT COALESCE(STR(?data), "")) AS ?default)
    (GROUP_CONCAT(DISTINCT COALESCE(STR(?graph), "")) AS ?named)
WHERE {
    GRAPH ?manifest {
        [] mf:entries/rdf:rest*/rdf:first ?test .
        ?test a ?kind ;
            mf:action ?action .
        OPTIONAL { ?action qt:query|ut:request ?part }
        BIND (COALESCE(?part, ?action) AS ?query)
        FILTER (isIRI(?query))
        OPTIONAL { ?action qt:data ?data }
        OPTIONAL { ?action qt:graphData ?graph }
        OPTIONAL { ?test mf:result ?result }
        OPTIONAL { ?test dawgt:approval ?approval }
        OPTIONAL { ?test mf:resultCardinality ?cardinality }
    }
}
GROUP BY ?manifest ?test ?kind ?query ?result ?approval ?cardinality
"""
_SOLUTIONS = """
PREFIX rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#>

SELECT ?row ?index ?name ?value
WHERE {
    ?set rs:solution ?row .
    OPTIONAL { ?row rs:index ?index }
    OPTIONAL {
        ?row rs:binding ?binding .
        ?binding rs:variable ?name ;
            rs:value ?value .
    }
}
ORDER BY ?index
"""
_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_XSD = "http://www.w3.org/2001/XMLSchema#"

# What is no question about the query language, asked of data as it stands.
_OTHER_SUBJECTS = {
    "entailment": "entailment regimes",
    "protocol": "protocol",
    "service": "federation",
    "service-description": "service description",
    "syntax-fed": "federation",
}
_TYPES = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".tsv": "text/tab-separated-values",
    ".csv": "text/csv",
}
_RDF_EXPECTED = "application/sparql-results+json, application/n-triples"


@dataclass(frozen=True)
class Case:
    """One test: what to ask of which graphs, and where the expected answer is (None for a test of syntax)."""

    name: str
    kind: str
    query: str
    base: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    expected: Path | None
    any_cardinality: bool
    left_out: str
    """Why this test is not asked; empty for one that is."""


class Table(NamedTuple):
    """The solutions of a SELECT, with whether their order matters."""

    names: frozenset[str]
    rows: list[dict[str, Term]]
    ordered: bool = False


Answer = bool | Table | ox.Dataset


class Suites:
    """Both suites in a folder that has the content of the artifact."""

    def __init__(self, root: Path) -> None:
        self._folders = {address: root / folder for folder, address in _SUITES.items()}

    def cases(self) -> list[Case]:
        """Every test of the manifests, by name."""
        store = ox.Store()
        for address, path in self._files():
            if path.name == "manifest.ttl":
                store.extend(_named(path, address))
        return sorted(map(self._case, store.query(_CASES)), key=lambda case: case.name)

    def data(self) -> bytes:
        """Every file of triples as a named graph that has its address as name, in N-Quads."""
        quads = ox.Dataset()
        for address, path in self._files():
            if path.suffix in (".ttl", ".rdf", ".nt") and not path.name.endswith("manifest.ttl"):
                for quad in _named(path, address):
                    quads.add(quad)
        return ox.serialize(quads, format=ox.RdfFormat.N_QUADS)

    def _files(self) -> Iterator[tuple[str, Path]]:
        for base, folder in self._folders.items():
            for path in sorted(folder.glob("*/*")):
                yield base + path.relative_to(folder).as_posix(), path

    def _path(self, address: str) -> Path:
        return next(folder / address[len(base) :] for base, folder in self._folders.items() if address.startswith(base))

    def _case(self, row: ox.QuerySolution) -> Case:
        query = self._path(row["query"].value)
        folder = row["manifest"].value.split("/")[-2]
        version = "1.0" if "data-r2" in row["manifest"].value else "1.1"
        return Case(
            name=f"{version}/{folder}/{row['test'].value.rpartition('#')[2]}",
            kind=row["kind"].value.rpartition("#")[2],
            query=query.read_text(encoding="utf-8"),
            base=row["query"].value,
            default_graphs=tuple(row["default"].value.split()),
            named_graphs=tuple(row["named"].value.split()),
            expected=self._path(row["result"].value) if isinstance(row["result"], ox.NamedNode) else None,
            any_cardinality=row["cardinality"] is not None,
            left_out=_why_left_out(folder, query, row["approval"]),
        )


def _why_left_out(folder: str, query: Path, approval: ox.NamedNode | None) -> str:
    if query.suffix == ".ru":
        return "update"
    if approval is not None and approval.value.endswith("#Withdrawn"):
        return "withdrawn"
    return _OTHER_SUBJECTS.get(folder, "")


def why_failed(client: httpx2.Client, endpoint: str, case: Case) -> str:
    """Ask a test of an endpoint; says what is wrong with its answer, empty where it passes."""
    form = {
        # A test of syntax goes out as it stands.
        "query": f"BASE <{case.base}> {case.query}" if case.expected else case.query,
        "default-graph-uri": case.default_graphs,
        "named-graph-uri": case.named_graphs,
    }
    accept = _TYPES.get(case.expected.suffix, _RDF_EXPECTED) if case.expected else "*/*"
    response = client.post(endpoint, data=form, headers={"accept": accept})
    if response.status_code != (400 if case.kind.startswith("Negative") else 200):
        return f"status {response.status_code}: {response.text[:200]}"
    return _difference(case, _read_answer(response)) if case.expected else ""


def _difference(case: Case, answer: Answer) -> str:
    expected = _read_expected(case)
    if isinstance(expected, Table) and isinstance(answer, Table):
        answer = answer._replace(ordered=expected.ordered)
        if case.any_cardinality and len(answer.rows) <= len(expected.rows):
            expected, answer = _distinct(expected), _distinct(answer)
    wanted, found = _lines(expected), _lines(answer)
    return f"missing {sorted(wanted - found)}, unexpected {sorted(found - wanted)}" if wanted != found else ""


def _distinct(table: Table) -> Table:
    return table._replace(rows=[row for number, row in enumerate(table.rows) if row not in table.rows[:number]])


def _lines(answer: Answer) -> set[str]:
    """The answer as lines that are equal for equal answers: blank nodes renamed, numbers by their value."""
    if isinstance(answer, bool):
        return {str(answer)}
    quads = _described(answer) if isinstance(answer, Table) else answer
    graph = ox.Dataset(ox.Quad(quad.subject, quad.predicate, _by_value(quad.object)) for quad in quads)
    graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(str(graph).splitlines())


def _described(table: Table) -> Iterator[ox.Quad]:
    for name in table.names:
        yield ox.Quad(ox.NamedNode("urn:head"), ox.NamedNode("urn:name"), ox.Literal(name))
    for number, row in enumerate(table.rows):
        node = ox.BlankNode()
        yield ox.Quad(node, ox.NamedNode("urn:row"), ox.Literal(number if table.ordered else 0))
        for name, value in row.items():
            yield ox.Quad(node, ox.NamedNode(f"urn:variable:{name}"), value)


def _by_value(term: Term) -> Term:
    """A number in one of its forms; anything else as it is."""
    if not isinstance(term, ox.Literal):
        return term
    try:
        if term.datatype.value in (f"{_XSD}integer", f"{_XSD}decimal"):
            return ox.Literal(str(Decimal(term.value).normalize()), datatype=term.datatype)
        if term.datatype.value in (f"{_XSD}float", f"{_XSD}double"):
            return ox.Literal(repr(float(term.value)), datatype=term.datatype)
    except (InvalidOperation, ValueError):
        pass
    return term


def _read_answer(response: httpx2.Response) -> Answer:
    media_type = response.headers["content-type"].partition(";")[0]
    if media_type == "application/n-triples":
        return ox.Dataset(ox.parse(response.content, format=ox.RdfFormat.N_TRIPLES))
    return _read_results(response.content, media_type)


def _read_expected(case: Case) -> Answer:
    if case.expected.suffix not in _TYPES:
        return _read_rdf(case.expected, case.base)
    answer = _read_results(case.expected.read_bytes(), _TYPES[case.expected.suffix])
    # The outermost ORDER BY stands behind the last group.
    ordered = "ORDER BY" in case.query.upper().rpartition("}")[2]
    return answer._replace(ordered=ordered) if isinstance(answer, Table) else answer


def _read_results(content: bytes, media_type: str) -> bool | Table:
    if media_type == "text/csv":
        return _read_csv(content.decode())
    results = ox.parse_query_results(content, format=ox.QueryResultsFormat.from_media_type(media_type))
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    names = frozenset(variable.value for variable in results.variables)
    return Table(names, [{name: row[name] for name in names if row[name] is not None} for row in results])


def _read_csv(text: str) -> Table:
    names, *rows = csv.reader(io.StringIO(text, newline=""))
    return Table(frozenset(names), [dict(zip(names, map(_csv_term, row), strict=True)) for row in rows])


def _csv_term(cell: str) -> Term:
    """CSV tells blank nodes from the rest, and no more."""
    return ox.BlankNode(cell[2:]) if cell.startswith("_:") else ox.Literal(cell)


def _read_rdf(path: Path, base: str) -> Answer:
    """A graph, or the table or truth value that it describes in the suite's own vocabulary."""
    graph = ox.Dataset(_parse(path, base))
    for quad in graph.quads_for_predicate(ox.NamedNode(f"{_RS}boolean")):
        return quad.object.value == "true"
    if not any(graph.quads_for_object(ox.NamedNode(f"{_RS}ResultSet"))):
        return graph
    names = frozenset(quad.object.value for quad in graph.quads_for_predicate(ox.NamedNode(f"{_RS}resultVariable")))
    rows: dict[Term, dict[str, Term]] = {}
    ordered = False
    store = ox.Store()
    store.extend(graph)
    for solution in store.query(_SOLUTIONS):
        row = rows.setdefault(solution["row"], {})
        ordered |= solution["index"] is not None
        if solution["name"] is not None:
            row[solution["name"].value] = solution["value"]
    return Table(names, list(rows.values()), ordered)


def _parse(path: Path, address: str) -> Iterator[ox.Quad]:
    return ox.parse(path=str(path), base_iri=address, rename_blank_nodes=True)


def _named(path: Path, address: str) -> Iterator[ox.Quad]:
    for quad in _parse(path, address):
        yield ox.Quad(*quad.triple, ox.NamedNode(address))
