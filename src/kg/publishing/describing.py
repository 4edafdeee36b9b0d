"""Triples about named nodes, said with short names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from kg import jsonld, turtle
from kg.terms import RDF_TYPE, named

Term = ox.NamedNode | ox.Literal
Facts = Mapping[str, Term | Iterable[Term]]


def typed(value: object, datatype: str) -> ox.Literal:
    """A value as a literal of a datatype such as `xsd:date`."""
    return ox.Literal(str(value), datatype=named(datatype))


def in_languages(texts: Mapping[str, str]) -> list[ox.Literal]:
    """A text in each of its languages."""
    return [ox.Literal(text, language=language) for language, text in texts.items()]


def describe(subject: ox.NamedNode, kind: str, facts: Facts) -> Iterator[ox.Triple]:
    """That a node is of a class, and for each property its value or values."""
    yield ox.Triple(subject, RDF_TYPE, named(kind))
    for name, values in facts.items():
        for value in (values,) if isinstance(values, Term) else values:
            yield ox.Triple(subject, named(name), value)


def in_order(triples: Iterable[ox.Triple], first: ox.NamedNode) -> list[ox.Triple]:
    """Each triple once, by subject with this one first, its class before its properties."""
    return sorted(set(triples), key=lambda t: (t.subject != first, str(t.subject), t.predicate != RDF_TYPE, str(t)))


WRITERS = {
    "ttl": turtle.write,
    "jsonld": jsonld.write,
    "rdf": lambda triples: turtle.write(triples, ox.RdfFormat.RDF_XML),
}
"""How triples become text, by the suffix of the file."""


class Said:
    """What triples say, by subject and property."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._said: dict[tuple[str, str], list[Term]] = defaultdict(list)
        self._kinds: dict[str, list[str]] = defaultdict(list)
        for subject, predicate, value in triples:
            self._said[subject.value, predicate.value].append(value)
            if predicate == RDF_TYPE:
                self._kinds[value.value].append(subject.value)

    def of_kind(self, name: str) -> list[str]:
        """What has this class, in the order of the triples."""
        return self._kinds.get(named(name).value, [])

    def values(self, subject: str, name: str) -> list[str]:
        """The values of a property."""
        return [term.value for term in self._said.get((subject, named(name).value), [])]

    def value(self, subject: str, name: str) -> str:
        """The first value of a property, or nothing."""
        return next(iter(self.values(subject, name)), "")

    def texts(self, subject: str, name: str, language: str) -> list[str]:
        """The values of a property in a language, or else in whatever language there is."""
        terms = [term for term in self._said.get((subject, named(name).value), []) if isinstance(term, ox.Literal)]
        return [term.value for term in terms if term.language == language] or [term.value for term in terms]

    def text(self, subject: str, name: str, language: str) -> str:
        """The first of these, or nothing."""
        return next(iter(self.texts(subject, name, language)), "")
