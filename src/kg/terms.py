"""RDF terms by the names that people write for them."""

from functools import cache

import pyoxigraph as ox

from kg.namespaces import expand


@cache
def named(name: str) -> ox.NamedNode:
    """The node that a name of the library's own code stands for: `dct:title`, or an IRI."""
    return ox.NamedNode(expand(name))


def node(name: str) -> ox.NamedNode | None:
    """The node that somebody's `voorziening/digid`, `voorziening:digid` or IRI stands for; None for another text."""
    try:
        iri = expand(name)
        return ox.NamedNode(iri) if iri else None
    except ValueError:
        return None


DEFAULT_GRAPH = ox.DefaultGraph()
RDF_TYPE = named("rdf:type")
