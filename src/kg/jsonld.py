"""Triples as compact JSON-LD: short names and plain strings, with a context that expands them again."""

import json
from collections.abc import Iterable

import pyoxigraph as ox

from kg.namespaces import PREFIXES, compact
from kg.terms import RDF_TYPE

_STRING = PREFIXES["xsd"] + "string"


def write(triples: Iterable[ox.Triple]) -> bytes:
    """One object per subject in the order of the triples, below the prefixes of the library that they use."""
    nodes: dict[str, dict[str, list]] = {}
    for triple in triples:
        node = nodes.setdefault(_name(triple.subject), {})
        if triple.predicate == RDF_TYPE:
            node.setdefault("@type", []).append(_name(triple.object))
        else:
            node.setdefault(compact(triple.predicate.value), []).append(_value(triple.object))
    graph = [{"@id": name, **{key: _unlisted(values) for key, values in node.items()}} for name, node in nodes.items()]
    text = json.dumps({"@context": _context(graph), "@graph": graph}, ensure_ascii=False, indent=1)
    return text.encode() + b"\n"


def _name(node: ox.NamedNode | ox.BlankNode) -> str:
    return compact(node.value) if isinstance(node, ox.NamedNode) else str(node)


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> str | dict[str, str]:
    if not isinstance(term, ox.Literal):
        return {"@id": _name(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    return (
        term.value if term.datatype.value == _STRING else {"@value": term.value, "@type": compact(term.datatype.value)}
    )


def _unlisted(values: list) -> object:
    return values[0] if len(values) == 1 else values


def _context(graph: list[dict[str, object]]) -> dict[str, str]:
    """The prefixes of the names in this graph."""
    text = json.dumps(graph)
    return {prefix: namespace for prefix, namespace in PREFIXES.items() if f'"{prefix}:' in text}
