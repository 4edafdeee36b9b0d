"""The best label of a thing: in the asked language, else in the other, else the last part of its IRI."""

import pyoxigraph as ox

from kg.store import Readable
from kg.terms import DEFAULT_GRAPH, named

# What a thing is called, best first; helper nodes have no label of their own but a text that tells which one it is.
_NAMING = [named(name) for name in ("skos:prefLabel", "rdfs:label", "sb:naamInBron", "sb:vindplaats", "sb:toelichting")]


def best_label(store: Readable, node: ox.NamedNode | ox.BlankNode | ox.Literal, language: str = "nl") -> str:
    """What to call `node` on a page in `language`."""
    if isinstance(node, ox.Literal):
        return node.value
    for naming in _NAMING:
        name = in_language(store, node, naming, language)
        if name is not None:
            return name
    return node.value.rstrip("/").rpartition("/")[2].rpartition("#")[2]


def in_language(store: Readable, node: ox.NamedNode, property_: ox.NamedNode, language: str) -> str | None:
    """What a property of a thing says in a language, or else in another; None where it says nothing."""
    texts = [quad.object for quad in store.quads_for_pattern(node, property_, None, DEFAULT_GRAPH)]
    best = min(texts, key=lambda text: (text.language != language, text.language or "", text.value), default=None)
    return best.value if best else None
