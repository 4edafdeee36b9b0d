"""The TOOI value lists of public organisations: ministries, municipalities and others, also under former names.

Each list is a file of JSON-LD of its own, a flat array of nodes, with a number that goes up with each edition. A node
with a code is an organisation, or an earlier version of one (`tooiont:HistorischeVersie`); the rest is about the list
and its changes.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from kg.errors import DataError
from kg.namespaces import PREFIXES
from kg.registers.facts import Facts, as_it_is
from kg.registers.framework import Finding, Record, Register, address, day, label, moment, text
from kg.registers.rdf_files import rdf_quads
from kg.terms import RDF_TYPE

REPOSITORY = "https://repository.officiele-overheidspublicaties.nl/waardelijsten"
LISTS = {
    "caribische-openbare-lichamen": 1,
    "gemeenten": 5,
    "ministeries": 6,
    "overige-overheidsorganisaties": 13,
    "provincies": 1,
    "samenwerkingsorganisaties": 3,
    "waterschappen": 2,
    "zbo": 6,
}
"""The lists, with the latest edition that is known to be there."""

_ONT = PREFIXES["tooiont"]
_CLASS = re.compile(re.escape(_ONT) + r"[A-Za-z][A-Za-z0-9]{0,80}")
_NAMES = (
    "voorkeursnaamInclSoort",
    "officieleNaamInclSoort",
    "voorkeursnaamExclSoort",
    "officieleNaamExclSoort",
)
# What a list calls itself, among its nodes.
_LIST = re.compile(r"https://identifier\.overheid\.nl/tooi/set/rwc_(\w+)_compleet/\d+")

Node = dict[str, list[ox.NamedNode | ox.Literal]]
"""What is said of one thing: words, each with its values."""


def read(register: str, path: Path) -> Iterator[Record | Finding]:
    """The organisations in a list, in JSON-LD that brings its context along.

    Raises what `rdf_quads` raises, and DataError for another list than this register is.
    """
    for iri, node in _nodes(path):
        said = _LIST.fullmatch(iri)
        found = f"tooi-{said[1].replace('_', '-')}" if said else register
        if found != register:
            raise DataError(f"{path} is the list {found}, not {register}. Import it under its own name.")
        if f"{_ONT}organisatiecode" in node:
            yield from _organisation(register, iri, node)


def _nodes(path: Path) -> Iterator[tuple[str, Node]]:
    for subject, quads in groupby(rdf_quads(path, ox.RdfFormat.JSON_LD), lambda quad: quad.subject):
        node: Node = {}
        for quad in quads:
            node.setdefault(quad.predicate.value, []).append(quad.object)
        if isinstance(subject, ox.NamedNode):
            yield subject.value, node


def _organisation(register: str, iri: str, node: Node) -> Iterator[Record | Finding]:
    names = list(dict.fromkeys(_values(node, PREFIXES["rdfs"] + "label", *(_ONT + name for name in _NAMES))))
    if not names:
        yield Finding(iri, "the organisation has no name", "report it to the keeper of the list")
        return
    facts = Facts(iri)
    facts.add("skos:prefLabel", label, names[0])
    facts.add("skos:altLabel", label, *names[1:])
    facts.add("sb:afkorting", text, *_values(node, f"{_ONT}afkorting"))
    facts.add("rdf:type", as_it_is, *_classes(node))
    facts.add("tooiont:begindatum", day, *_values(node, f"{_ONT}begindatum"))
    facts.add("tooiont:einddatum", day, *_values(node, f"{_ONT}einddatum", f"{_ONT}einddatumHV"))
    facts.add("tooiont:ligtInProvincie", address, *_values(node, f"{_ONT}ligtInProvincie"))
    now = _values(node, PREFIXES["prov"] + "specializationOf")
    facts.add("prov:specializationOf", address, *now)
    if not now:
        # An earlier version is listed with the code and the OWMS names of the organisation as it is now.
        facts.add("dct:identifier", text, *_values(node, f"{_ONT}organisatiecode"))
        facts.add("skos:exactMatch", address, *_values(node, f"{_ONT}owmsId"))
    yield from facts.record(register, iri, "org:Organization")


def _values(node: Node, *words: str) -> list[str]:
    return [term.value for word in words for term in node.get(word, [])]


def _classes(node: Node) -> Iterable[ox.NamedNode]:
    return [cls for cls in node.get(RDF_TYPE.value, []) if _CLASS.fullmatch(cls.value)]


def _made(path: Path) -> str | None:
    published = (_values(node, f"{_ONT}publicatiedatum") for _, node in _nodes(path))
    return next((moment(found[0]) for found in published if found), None)


def _register(name: str, edition: int) -> Register:
    file = f"rwc_{name.replace('-', '_')}_compleet"
    return Register(
        name=f"tooi-{name}",
        address=f"{REPOSITORY}/{file}/{edition}/json/{file}_{edition}.json",
        read=partial(read, f"tooi-{name}"),
        made=_made,
        begins="https://identifier.overheid.nl/tooi/id/",
    )


REGISTERS = tuple(_register(name, edition) for name, edition in LISTS.items())
