"""The queries that are measured: lookups and impact, each about a thing of one of the agendas."""

import re
from collections.abc import Iterator
from itertools import cycle, islice

import pyoxigraph as ox

from kg.namespaces import DEF, PREFIXES
from kg.queries import NamedQuery

_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_LOOKUP = """\
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?property ?value ?label WHERE {
    <%s> ?property ?value .
    OPTIONAL { ?value skos:prefLabel ?label }
}
"""


def things(store: ox.Store, concept: str, most: int) -> list[str]:
    """The IRIs of the first so many things of a class, `Actie` for example."""
    quads = store.quads_for_pattern(None, _TYPE, ox.NamedNode(DEF + concept), ox.DefaultGraph())
    return [quad.subject.value for quad in islice(quads, most)]


def lookup(thing: str) -> str:
    """What is said of one thing, with the labels of what it names."""
    return _LOOKUP % thing


def about(question: NamedQuery, thing: str) -> str:
    """A question from `queries/` as text about one thing, which stands where the parameter stood."""
    name = question.parameters[0].name
    return "\n".join(_line_about(line, name, thing) for line in question.text.splitlines())


def _line_about(line: str, name: str, thing: str) -> str:
    # What is bound is no variable any more, so it can be neither selected nor grouped by.
    if line.strip().startswith(("SELECT", "GROUP BY")):
        return line.replace(f"?{name} ", "")
    return re.sub(rf"\?{name}\b", f"<{thing}>", line)


def distinct(queries: list[str], first: int = 0) -> Iterator[str]:
    """The queries over and over, each with a number of its own, so that no two are the same."""
    return (f"{query}#{number}" for number, query in enumerate(cycle(queries), first))
