"""Release → SPARQL endpoint: its readers see the release that was there or the new one, and nothing in between.

A server carries out one update request as a whole or not at all, so the release goes there in one request that removes
the old one too. Where a server takes no request of that size, the release is first laid ready in graphs of its own, in
a form that no question finds, and one update then puts it in place. A push that stops before that request changes
nothing for readers; the next one clears up what it laid ready.

Graphs outside `https://w3id.org/spoorboek/graph/` are left alone. A server may answer a question without FROM from a
default graph of its own, or from all its named graphs together. In the first case the default graph gets each triple.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from kg.errors import EndpointError
from kg.namespaces import BASE, GRAPH
from kg.remote import RemoteStore

Progress = Callable[[str], None]

STAGED = f"{BASE}staged/"
# Before every IRI of what is laid ready.
MASK = "urn:spoorboek:staged:"
# What a server takes that refuses the whole in one request: Virtuoso's parser stops at some thousands.
SMALL_BATCH = 1000
_PAUSES = (0.1, 0.2, 0.5, 1, 2, 2, 5, 5)
_SWITCHES = 5

_OURS = f'GRAPH ?g {{ ?s ?p ?o }} FILTER (STRSTARTS(STR(?g), "{GRAPH}"))'
_READY = f'GRAPH ?r {{ ?a ?b ?c }} FILTER (STRSTARTS(STR(?r), "{STAGED}"))'

# Only a server with a default graph of its own does not find this in its default graph.
_MARK = f"<{BASE}mark> <{BASE}mark> <{BASE}mark>"
_WHERE_APART = f"WHERE {{ {_OURS} FILTER NOT EXISTS {{ {_MARK} }} }}"
_CLEAR_DEFAULT = [f"INSERT DATA {{ GRAPH <{BASE}mark> {{ {_MARK} }} }}", f"DELETE {{ ?s ?p ?o }} {_WHERE_APART}"]
_FILL_DEFAULT = [f"INSERT {{ ?s ?p ?o }} {_WHERE_APART}", f"DROP SILENT GRAPH <{BASE}mark>"]

_CLEAR = f"DELETE {{ GRAPH ?g {{ ?s ?p ?o }} }} WHERE {{ {_OURS} }}"
_UNMASKED = " ".join(
    f'BIND (IF(isBlank({masked}) || isLiteral({masked}), {masked}, IRI(STRAFTER(STR({masked}), "{MASK}"))) AS {plain})'
    for masked, plain in (("?a", "?x"), ("?b", "?y"), ("?c", "?z"))
)
# One operation, since Virtuoso promises no more than that as a whole. It leaves what is laid ready where it is, so that
# it can be sent again.
_PUT_IN_PLACE = f"""
DELETE {{ GRAPH ?g {{ ?s ?p ?o }} }}
INSERT {{ GRAPH ?new {{ ?x ?y ?z }} }}
WHERE {{
    {{ {_OURS} }}
    UNION
    {{ {_READY} BIND (IRI(CONCAT("{GRAPH}", STRAFTER(STR(?r), "{STAGED}"))) AS ?new) {_UNMASKED} }}
}}"""


def push(dump: Path, server: RemoteStore, batch: int | None = None, progress: Progress = lambda _: None) -> int:
    """Put the named graphs of a release on a server in place of those of an earlier one; returns how many triples.

    `dump` is the release in N-Quads. `batch` is the number of triples that the server takes in one request; None leaves
    that to what the server is. Raises EndpointError; readers then see what they saw before, or the new release
    where only the server's word for it got lost.
    """
    quads = sorted(ox.parse(path=dump, format=ox.RdfFormat.N_QUADS), key=lambda quad: quad.graph_name.value)
    progress("asking what the server is like")
    has_default_graph = _has_default_graph(server)
    batch = batch or (None if has_default_graph else SMALL_BATCH)
    if batch:
        _lay_ready(server, quads, batch, progress)
        replace = [_PUT_IN_PLACE]
    else:
        replace = [_CLEAR, _insert(quads)]
    progress(f"putting {len(quads)} triples in place")
    gone = _graphs(server, _OURS, "?g") - {quad.graph_name.value for quad in quads}
    if has_default_graph:
        replace = [*_CLEAR_DEFAULT, *replace, *_FILL_DEFAULT]
    _switch(server, " ;\n".join([*replace, *_drops(gone)]), len(quads))
    _clear_ready(server)
    return len(quads)


def _has_default_graph(server: RemoteStore) -> bool:
    """Whether updates can reach a default graph; Virtuoso, which has none, refuses the text."""
    try:
        server.update(f"DELETE {{ {_MARK} }} WHERE {{ {_MARK} }}")
    except EndpointError as error:
        if error.status != 400:
            raise
        return False
    return True


def _graphs(server: RemoteStore, pattern: str, name: str) -> set[str]:
    """The names of the graphs in which a pattern finds something, as the variable `name`."""
    return {row[0].value for row in server.query(f"SELECT DISTINCT {name} WHERE {{ {pattern} }}")}


def _drops(graphs: Iterable[str]) -> list[str]:
    return [f"DROP SILENT GRAPH <{graph}>" for graph in sorted(graphs)]


def _clear_ready(server: RemoteStore) -> None:
    """Take away what is laid ready, by this push or by one that stopped."""
    if graphs := _graphs(server, _READY, "?r"):
        _insist(server, " ;\n".join(_drops(graphs)))


def _lay_ready(server: RemoteStore, quads: list[ox.Quad], batch: int, progress: Progress) -> None:
    _clear_ready(server)
    done = 0
    for part in _batches([_masked(quad) for quad in quads], batch):
        progress(f"laying ready {done} of {len(quads)} triples")
        # A part with blank nodes is the first of its graph. Sent twice it would be there twice.
        once = f"DROP SILENT GRAPH {part[0].graph_name} ;\n" if _has_blank(part[0]) else ""
        _insist(server, once + _insert(part))
        done += len(part)
    if (found := _count(server, _READY)) != len(quads):
        raise EndpointError(
            f"{server.endpoint} has {found} of {len(quads)} triples laid ready; is another push going on? Push again."
        )


def _batches(quads: list[ox.Quad], size: int) -> Iterator[list[ox.Quad]]:
    """Parts of at most `size`, but all with blank nodes in one graph together.

    A label means the same node within one request only, and Virtuoso gives blank nodes to one graph at a time. Each
    graph is a file, so no blank node is in two of them.
    """
    for _, group in groupby(filter(_has_blank, quads), key=lambda quad: quad.graph_name):
        yield list(group)
    rest = [quad for quad in quads if not _has_blank(quad)]
    for start in range(0, len(rest), size):
        yield rest[start : start + size]


def _has_blank(quad: ox.Quad) -> bool:
    return isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)


def _insert(quads: Iterable[ox.Quad]) -> str:
    """An update that adds these quads, which are sorted by graph."""
    text = " ".join(
        f"GRAPH {graph} {{ {' . '.join(str(quad.triple) for quad in group)} }}"
        for graph, group in groupby(quads, key=lambda quad: quad.graph_name)
    )
    # Virtuoso takes no blank nodes in INSERT DATA.
    return f"INSERT {{ {text} }} WHERE {{ }}" if "_:" in text else f"INSERT DATA {{ {text} }}"


def _masked(quad: ox.Quad) -> ox.Quad:
    """The quad in a form that no question about the graph finds, in the graph where it waits."""
    subject, predicate, value = (
        ox.NamedNode(MASK + term.value) if isinstance(term, ox.NamedNode) else term for term in quad.triple
    )
    return ox.Quad(subject, predicate, value, ox.NamedNode(STAGED + quad.graph_name.value.removeprefix(GRAPH)))


def _insist(server: RemoteStore, update: str) -> None:
    """Send an update; again where it stood in the way of a reader and the server chose the reader."""
    for pause in _PAUSES:
        try:
            return server.update(update)
        except EndpointError as error:
            if "deadlock" not in str(error):
                raise
            time.sleep(pause)
    return server.update(update)


def _switch(server: RemoteStore, update: str, expected: int) -> None:
    """Send the update that puts a release of `expected` triples in place, until it is there."""
    for _ in range(_SWITCHES):
        _insist(server, update)
        # Virtuoso can keep a part of an update that it stopped and say that the rest is done.
        if (found := _count(server, _OURS)) == expected:
            return
    raise EndpointError(f"{server.endpoint} holds {found} of {expected} triples after the switch-over. Push again.")


def _count(server: RemoteStore, pattern: str) -> int:
    (row,) = server.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
    return int(row["n"].value)
