"""Triples as rdflib graphs, for the validator and the reasoner. Importing rdflib takes longer than most of our work."""

from collections.abc import Iterable

import pyoxigraph as ox
import rdflib


def to_rdflib(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """Copy triples into an rdflib graph, lexical forms untouched, for the tools that want one."""
    graph = rdflib.Graph(bind_namespaces="none")
    graph.addN((term(s), term(p), term(o), graph) for s, p, o in triples)
    return graph


def term(value: ox.NamedNode | ox.BlankNode | ox.Literal) -> rdflib.term.Identifier:
    """The rdflib form of one pyoxigraph term."""
    if isinstance(value, ox.NamedNode):
        return rdflib.URIRef(value.value)
    if isinstance(value, ox.BlankNode):
        return rdflib.BNode(value.value)
    if value.language:
        return rdflib.Literal(value.value, lang=value.language)
    datatype = rdflib.URIRef(value.datatype.value)
    if datatype == rdflib.XSD.string:
        return rdflib.Literal(value.value)
    return rdflib.Literal(value.value, datatype=datatype, normalize=False)
