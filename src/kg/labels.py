"""The best label of a thing: in the asked language, else in the other, else the last part of its IRI."""

import pyoxigraph as ox

from kg.terms import DEFAULT_GRAPH, named

# What a thing is called, best first; helper nodes have no label of their own but a text that tells which one it is.
_NAMING = [named(name) for name in ("skos:prefLabel", "rdfs:label", "sb:naamInBron", "sb:vindplaats", "sb:toelichting")]


def best_label(store: ox.Store, node: ox.NamedNode | ox.BlankNode | ox.Literal, language: str = "nl") -> str:
    """What to call `node` on a page in `language`."""
    if isinstance(node, ox.Literal):
        return node.value
    for naming in _NAMING:
        names = [quad.object for quad in store.quads_for_pattern(node, naming, None, DEFAULT_GRAPH)]
        if names:
            return min(names, key=lambda name: (name.language != language, name.language or "", name.value)).value
    return node.value.rstrip("/").rpartition("/")[2].rpartition("#")[2]
