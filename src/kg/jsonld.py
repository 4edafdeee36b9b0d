"""Triples as compact JSON-LD: short names and plain strings, with a context that expands them again."""

import json
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from kg.namespaces import PREFIXES, compact
from kg.terms import RDF_TYPE

Fact = tuple[str, str, str]
"""The subject, property and value of a triple, as plain text."""
_STRING = PREFIXES["xsd"] + "string"


def write(triples: Iterable[ox.Triple], rules: Mapping[Fact, str] | None = None) -> bytes:
    """One object per subject in the order of the triples, below the prefixes of the library that they use.

    With `rules`, `afgeleid` lists which of the triples are inferred and by which rule. The context says of that word
    that it means nothing, so it adds nothing to what the JSON expands to (JSON-LD 1.1, section 4.1.4).
    """
    triples = list(triples)
    nodes: dict[str, dict[str, list]] = {}
    for triple in triples:
        node = nodes.setdefault(_name(triple.subject), {})
        if triple.predicate == RDF_TYPE:
            node.setdefault("@type", []).append(_name(triple.object))
        else:
            node.setdefault(compact(triple.predicate.value), []).append(_value(triple.object))
    graph = [{"@id": name, **{key: _unlisted(values) for key, values in node.items()}} for name, node in nodes.items()]
    document = {"@context": _context(graph), "@graph": graph}
    if rules is not None:
        document["@context"]["afgeleid"] = None
        document["afgeleid"] = [
            _inferred(triple, rule) for triple in triples if (rule := rules.get(tuple(term.value for term in triple)))
        ]
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return text.encode() + b"\n"


def _inferred(triple: ox.Triple, rule: str) -> dict[str, object]:
    subject, predicate, value = triple
    said = {"onderwerp": _name(subject), "eigenschap": compact(predicate.value), "waarde": _value(value)}
    return {**said, "regel": rule}


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
