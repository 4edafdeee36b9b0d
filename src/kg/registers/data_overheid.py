"""The datasets of data.overheid.nl: answers of its CKAN interface, or a catalogue in DCAT.

CKAN gives `package_search` (a page of datasets) and `package_show` (one) as JSON, with the field names of DCAT-AP-DONL.
A catalogue in DCAT-AP-NL can be of any publisher, in RDF/XML, Turtle, N-Triples or JSON-LD.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from kg.errors import DataError
from kg.registers import exports
from kg.registers.facts import Facts, Reader, as_it_is, dutch
from kg.registers.framework import (
    LONGEST_LABEL,
    Finding,
    Record,
    Register,
    address,
    day,
    label,
    laws,
    own_iri,
    plain,
    text,
)
from kg.registers.rdf_files import rdf_format, rdf_quads
from kg.terms import RDF_TYPE, named

PAGES = "https://data.overheid.nl/dataset/"
MOST_VALUES = 100
"""Values of one word that are taken over."""


# Field of CKAN → word and what reads it; a list of values gives a fact each.
_FIELDS: tuple[tuple[str, str, Reader], ...] = (
    ("title", "skos:prefLabel", label),
    ("notes", "dct:description", dutch),
    ("identifier", "dct:identifier", text),
    ("alternate_identifier", "dct:identifier", text),
    ("publisher", "dct:publisher", address),
    ("authority", "dct:creator", address),
    ("theme", "dcat:theme", address),
    ("license_id", "dct:license", address),
    ("access_rights", "dct:accessRights", address),
    ("conforms_to", "dct:conformsTo", address),
    ("url", "foaf:page", address),
    ("modified", "dct:modified", day),
    ("issued", "dct:issued", day),
)
# Word of DCAT → word of a record and what reads it.
_WORDS: tuple[tuple[str, str, Reader], ...] = (
    ("dct:identifier", "dct:identifier", text),
    ("dcat:keyword", "dcat:keyword", dutch),
    ("dcat:theme", "dcat:theme", address),
    ("dct:creator", "dct:creator", address),
    ("dct:publisher", "dct:publisher", address),
    ("dct:license", "dct:license", address),
    ("dct:accessRights", "dct:accessRights", address),
    ("dct:conformsTo", "dct:conformsTo", address),
    ("dcat:landingPage", "foaf:page", address),
    ("foaf:page", "foaf:page", address),
    ("dct:modified", "dct:modified", day),
    ("dct:issued", "dct:issued", day),
    ("http://data.europa.eu/r5r/applicableLegislation", "dct:references", address),
)
_DATASET = named("dcat:Dataset")
_TITLE, _DESCRIPTION, _PUBLISHER = named("dct:title"), named("dct:description"), named("dct:publisher")
_AT_A_TIME = 20_000
_LANGUAGES = {"nl": 0, None: 1}
_NAMES = (named("foaf:name"), named("skos:prefLabel"), named("rdfs:label"))
_READ = frozenset({RDF_TYPE, _TITLE, _DESCRIPTION, *_NAMES, *(named(said) for said, _, _ in _WORDS)})


def read(path: Path) -> Iterator[Record | Finding]:
    """The datasets in a saved answer or catalogue; raises what `exports.json_records` and `rdf_files.load` raise."""
    return _ckan(path) if _is_ckan(path) else _dcat(path)


def _is_ckan(path: Path) -> bool:
    """Whether a file is JSON, and not JSON-LD."""
    if path.suffix == ".jsonld" or not exports.starts_with(path, b"{", b"["):
        return False
    with path.open("rb") as file:
        return re.search(rb'"@(context|graph|id|type)"', file.read(4096)) is None


def _ckan(path: Path) -> Iterator[Record | Finding]:
    for place, package in enumerate(exports.json_records(path, ("result.results",), "result"), 1):
        yield from _package(package, place)


def _package(package: Mapping[str, object], place: int) -> Iterator[Record | Finding]:
    name = package.get("name")
    if not isinstance(name, str) or not re.fullmatch(r"[\w-]{1,200}", name) or not plain(package.get("title")):
        missing = "title" if package.get("name") else "name"
        yield Finding(f"record {place}", f"the dataset has no {missing}", "ask data.overheid.nl to correct it")
        return
    facts = Facts(name)
    for field, word, reader in _FIELDS:
        facts.add(word, reader, *_listed(package.get(field)))
    facts.add("dcat:keyword", dutch, *(_part(tag, "name") for tag in _listed(package.get("tags"))))
    facts.add("sb:naamInBron", text, _part(package.get("organization"), "title"))
    facts.add("dct:references", as_it_is, *laws(*_named(package)))
    if not plain(package.get("modified")):
        facts.add("dct:modified", day, package.get("metadata_modified"))
    yield from facts.record(REGISTER.name, PAGES + name, "dcat:Dataset")


def _listed(value: object) -> list[object]:
    values = value if isinstance(value, list) else [value]
    return values[:MOST_VALUES]


def _part(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _named(package: Mapping[str, object]) -> list[object]:
    """The fields in which a law may be named by its number."""
    fields = ("notes", "conforms_to", "related_resource", "documentation", "url")
    return [value for field in fields for value in _listed(package.get(field))]


def _dcat(path: Path) -> Iterator[Record | Finding]:
    """What is said of a dataset can stand anywhere in a file; a store on disk brings it together, a part at a time."""
    found = False
    with TemporaryDirectory(prefix="kg-datasets-") as folder:
        store = ox.Store(folder)
        try:
            wanted = (quad for quad in rdf_quads(path, rdf_format(path)) if quad.predicate in _READ)
            while part := [ox.Quad(*quad.triple) for quad in islice(wanted, _AT_A_TIME)]:
                store.bulk_extend(part)
            for quad in store.quads_for_pattern(None, RDF_TYPE, _DATASET, None):
                found = True
                yield from _dataset(store, quad.subject)
        finally:
            # The store is closed when nothing refers to it, and its folder can only go after that.
            del store
    if not found:
        raise DataError(f"{path}: no dcat:Dataset was found. Is it a catalogue in DCAT?")


def _dataset(store: ox.Store, dataset: ox.NamedNode | ox.BlankNode) -> Iterator[Record | Finding]:
    titles = _texts(store, dataset, _TITLE)
    identifiers = [plain(node.value, LONGEST_LABEL) for node in _objects(store, dataset, named("dct:identifier"))]
    key = dataset.value if isinstance(dataset, ox.NamedNode) else next(iter(sorted(identifiers)), "")
    if not titles or not re.search(r"[A-Za-z0-9]", key):
        missing = "title" if key else "address and no identifier"
        yield Finding(key or "a dataset", f"the dataset has no {missing}", "ask its publisher to correct it")
        return
    descriptions = _texts(store, dataset, _DESCRIPTION)
    facts = Facts(key)
    facts.add("skos:prefLabel", label, titles[0])
    facts.add("skos:altLabel", label, *titles[1:])
    facts.add("dct:description", dutch, *descriptions[:1])
    for said, word, reader in _WORDS:
        nodes = filter(_is_text_or_iri, _objects(store, dataset, named(said)))
        facts.add(word, reader, *(node.value for node in nodes))
    facts.add("sb:naamInBron", text, *_publisher_names(store, dataset))
    facts.add("dct:references", as_it_is, *laws(*descriptions))
    iri = key if address(key) and isinstance(dataset, ox.NamedNode) else own_iri(REGISTER.name, key)
    yield from facts.record(REGISTER.name, iri, "dcat:Dataset")


def _objects(store: ox.Store, subject: ox.NamedNode | ox.BlankNode, word: ox.NamedNode) -> list:
    found = {quad.object for quad in store.quads_for_pattern(subject, word, None, None)}
    return sorted(found, key=str)[:MOST_VALUES]


def _is_text_or_iri(node: object) -> bool:
    return isinstance(node, ox.Literal | ox.NamedNode)


def _texts(store: ox.Store, subject: ox.NamedNode | ox.BlankNode, word: ox.NamedNode) -> list[str]:
    """Texts, those in Dutch first and those in no language next."""
    found = [node for node in _objects(store, subject, word) if isinstance(node, ox.Literal) and plain(node.value)]
    return [node.value for node in sorted(found, key=lambda node: _LANGUAGES.get(node.language, len(_LANGUAGES)))]


def _publisher_names(store: ox.Store, dataset: ox.NamedNode | ox.BlankNode) -> list[str]:
    publishers = [node for node in _objects(store, dataset, _PUBLISHER) if not isinstance(node, ox.Literal)]
    return [name for publisher in publishers for word in _NAMES for name in _texts(store, publisher, word)][:1]


REGISTER = Register(
    name="data-overheid-nl",
    address="https://data.overheid.nl/data/api/3/action/package_search",
    read=read,
    page_size=1000,
)
