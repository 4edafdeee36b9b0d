"""Things → a CSV table per class, with what the columns mean by CSV on the Web.

Standards: RFC 4180 for the tables; "Model for Tabular Data and Metadata on the Web" and "Metadata Vocabulary for
Tabular Data" (W3C, 2015) for `csv-metadata.json`, which stands beside them, where a reader of CSVW looks for it.
"""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import pyoxigraph as ox

from kg.labels import best_label
from kg.namespaces import BASE, DEF, GRAPH, INFERRED, PREFIXES, compact
from kg.sorting import natural
from kg.terms import RDF_TYPE

METADATA = "csv-metadata.json"

# Where a record of a register elsewhere goes that has no other table.
_GENERAL = "registraties"
# The plural that a table is named after. Classes of one plural share a table; the column `klasse` tells them apart.
PLURALS = {
    "Actie": "acties",
    "Afhankelijkheid": "verbanden",
    "Afspraak": "afspraken",
    "Algoritmeregistratie": "algoritmeregistraties",
    "Betrokkenheid": "betrokkenheden",
    "Brondocument": "brondocumenten",
    "Bronopmerking": "bronopmerkingen",
    "Bronpassage": "bronpassages",
    "Bronsectie": "bronsecties",
    "Checksum": "checksums",
    "Coalitie": "coalities",
    "Dataset": "datasets",
    "Doel": "doelen",
    "Indicator": "indicatoren",
    "LegalResource": "regelingen",
    "Meting": "metingen",
    "Naamversie": "naamversies",
    "Opgave": "opgaven",
    "Organisatie": "organisaties",
    "Organization": "organisatieregistraties",
    "Organisatiegroep": "organisaties",
    "Pijler": "pijlers",
    "Plan": "plannen",
    "Prioriteit": "prioriteiten",
    "Programma": "programmas",
    "Projectregistratie": "projectregistraties",
    "Register": "registers",
    "Registratie": _GENERAL,
    "Resultaat": "resultaten",
    "Spoor": "sporen",
    "Streefwaarde": "streefwaarden",
    "Termijn": "termijnen",
    "Toestand": "toestanden",
    "Uitgave": "uitgaven",
    "Verband": "verbanden",
    "Voorziening": "voorzieningen",
    "Webadres": "webadressen",
    "Webbron": "webbronnen",
    "Wet": "wetten",
    "Wooregistratie": "wooregistraties",
}
# Words of others: the name of the column, and its title in Dutch and English. The words of `/v1` where it has them.
_FOREIGN = {
    PREFIXES["rdf"] + "type": ("klasse", "klasse", "class"),
    PREFIXES["skos"] + "prefLabel": ("naam", "naam", "name"),
    PREFIXES["skos"] + "altLabel": ("andereNamen", "andere namen", "other names"),
    PREFIXES["skos"] + "exactMatch": ("elders", "hetzelfde elders", "the same elsewhere"),
    PREFIXES["skos"] + "closeMatch": ("verwantElders", "verwant elders", "akin elsewhere"),
    PREFIXES["dct"] + "description": ("omschrijving", "omschrijving", "description"),
    PREFIXES["dct"] + "identifier": ("identificatie", "identificatie", "identifier"),
    PREFIXES["dct"] + "issued": ("uitgegeven", "uitgegeven", "issued"),
    PREFIXES["dct"] + "modified": ("gewijzigd", "gewijzigd", "modified"),
    PREFIXES["dct"] + "publisher": ("uitgever", "uitgever", "publisher"),
    PREFIXES["dct"] + "creator": ("maker", "maker", "creator"),
    PREFIXES["dct"] + "license": ("licentie", "licentie", "licence"),
}
_FIRST = ("klasse", "nummer", "naam", "afkorting", "andereNamen", "omschrijving", "onderdeelVan", "soort", "status")
# What rules find and a reader of a table asks for; other inferred facts are in the dumps of the graph only.
_FOLLOWS = {DEF + name for name in ("uitvoerder", "status", "beheerder", "toezichthouder")}
_NOT_THINGS = (GRAPH + "ontology/", GRAPH + "shapes/")
_XSD = PREFIXES["xsd"]
_SEPARATORS = ("|", "¦", "␞")

Term = ox.NamedNode | ox.BlankNode | ox.Literal
Label = Callable[[ox.NamedNode], str]


class Key(NamedTuple):
    """Which values of a property a column holds: those of one kind, language and, where it is no XSD one, datatype."""

    property: str
    kind: Literal["reference", "text", "value"]
    part: str


Row = Mapping[Key, list[Term]]
_TYPE = Key(RDF_TYPE.value, "reference", "")


@dataclass(frozen=True)
class Column:
    """A column: its name and titles, what its values are, and what stands between several values in one cell."""

    key: Key
    name: str
    titles: Mapping[str, str]
    datatype: str
    separator: str | None

    def described(self) -> list[dict[str, object]]:
        """The column in the words of CSVW; one of references has a column of their names beside it."""
        said = _head(self.name, self.titles) | {"propertyUrl": self.key.property}
        between = {"separator": self.separator} if self.separator else {}
        if self.key.kind != "reference":
            language = {"lang": self.key.part} if self.key.kind == "text" else {}
            return [said | language | {"datatype": _datatype(self.datatype)} | between]
        # A template makes one address of a cell, not several.
        said |= {"datatype": "anyURI", **between} if between else {"valueUrl": f"{{+{self.name}}}"}
        titles = {"nl": f"{self.titles['nl']} (naam)", "en": f"{self.titles['en']} (name)"}
        names = _head(f"{self.name}_naam", titles) | {"datatype": "string", "suppressOutput": True}
        return [said, names | between]

    def cells(self, row: Row, label: Label) -> list[str]:
        """What a row has in this column, and in the one beside it."""
        values, between = row.get(self.key, ()), self.separator or ""
        cells = [between.join(term.value for term in values)]
        if self.key.kind == "reference":
            cells.append(between.join(label(term).replace(between or "|", " ") for term in values))
        return cells


@dataclass(frozen=True)
class Table:
    """The things of one plural by their IRI, with all that is said of them."""

    name: str
    columns: list[Column]
    rows: Mapping[str, Row]

    def lines(self, label: Label) -> Iterator[list[str]]:
        """The table with its header."""
        yield ["iri", *(str(said["name"]) for column in self.columns for said in column.described())]
        for iri, row in self.rows.items():
            yield [iri, *(cell for column in self.columns for cell in column.cells(row, label))]

    def described(self) -> dict[str, object]:
        """The table in the words of CSVW."""
        iri = _head("iri", {"nl": "IRI", "en": "IRI"}) | {"datatype": "anyURI", "suppressOutput": True}
        columns = [iri, *(said for column in self.columns for said in column.described())]
        schema = {"aboutUrl": "{+iri}", "primaryKey": "iri", "columns": columns}
        return {"url": f"{self.name}.csv", "dc:title": {"@value": self.name, "@language": "nl"}, "tableSchema": schema}


def write(folder: Path, quads: Iterable[ox.Quad], store: ox.Store, licence: str) -> None:
    """Write a table per plural and their metadata into an empty folder: what `quads` say, with names from `store`.

    `licence` is the IRI of the one that they are published under.
    """
    label = cache(lambda node: best_label(store, node))
    tables = list(_tables(quads, store))
    for table in tables:
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(table.lines(label))
    metadata = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "nl"}],
        "dc:title": {"@value": "Spoorboek", "@language": "nl"},
        "dc:source": {"@id": BASE},
        "dc:license": {"@id": licence},
        "tables": [table.described() for table in tables],
    }
    text = json.dumps(metadata, ensure_ascii=False, indent=1)
    (folder / METADATA).write_text(text + "\n", encoding="utf-8")


def _tables(quads: Iterable[ox.Quad], store: ox.Store) -> Iterator[Table]:
    rows: dict[str, dict[Key, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for subject, property_, value in sorted(_told(quads), key=_order):
        rows[subject][_key(property_, value)].append(value)
    plurals: dict[str, dict[str, Row]] = defaultdict(dict)
    for iri, row in rows.items():
        for name in _plurals(row.get(_TYPE, ())):
            plurals[name][iri] = row
    for name, members in sorted(plurals.items()):
        yield Table(name, _columns(store, members.values()), members)


def _told(quads: Iterable[ox.Quad]) -> set[tuple[str, str, Term]]:
    """What the files say of things, and the few facts that follow from them and that a table should have."""
    return {
        (quad.subject.value, quad.predicate.value, quad.object)
        for quad in quads
        if isinstance(quad.subject, ox.NamedNode) and _is_told(quad)
    }


def _is_told(quad: ox.Quad) -> bool:
    graph = quad.graph_name.value
    if graph.startswith(INFERRED):
        return quad.predicate.value in _FOLLOWS
    return not graph.startswith(_NOT_THINGS)


def _order(fact: tuple[str, str, Term]) -> tuple:
    subject, property_, value = fact
    return _natural(subject), property_, _natural(value.value), str(value)


_natural = cache(natural)


def _key(property_: str, value: Term) -> Key:
    if not isinstance(value, ox.Literal):
        return Key(property_, "reference", "")
    if value.language:
        return Key(property_, "text", value.language)
    return Key(property_, "value", "" if value.datatype.value.startswith(_XSD) else value.datatype.value)


def _plurals(kinds: Iterable[Term]) -> set[str]:
    """The tables of a thing of these classes: those that have a plural here, or else one named after the class."""
    # A register has names of its own for kinds of organisations, and one of these may be a name of ours.
    names = {_local(kind.value) for kind in kinds if not kind.value.startswith(PREFIXES["tooiont"])}
    known = {PLURALS[name] for name in names & PLURALS.keys()}
    return known - {_GENERAL} or known or {name.lower() for name in names}


def _local(iri: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]", "_", re.split(r"[/#]", iri)[-1])


def _columns(store: ox.Store, rows: Iterable[Row]) -> list[Column]:
    cells: dict[Key, list[list[Term]]] = defaultdict(list)
    for row in rows:
        for key, values in row.items():
            cells[key].append(values)
    columns: dict[str, Column] = {}
    for key, lists in sorted(cells.items()):
        name, titles = _named(store, key)
        if name in columns:
            name = f"{compact(key.property).replace(':', '_')}_{name}"
        columns[name] = Column(key, name, titles, _shared_datatype(key, lists), _separator(lists))
    return sorted(columns.values(), key=_place)


def _named(store: ox.Store, key: Key) -> tuple[str, dict[str, str]]:
    """The name of a column, and its titles in Dutch and English."""
    if key.property in _FOREIGN:
        name, *words = _FOREIGN[key.property]
    else:
        node = ox.NamedNode(key.property)
        name, words = _local(key.property), [best_label(store, node, language) for language in ("nl", "en")]
    part = _local(key.part)
    titles = dict(zip(("nl", "en"), (f"{word} ({part})" if part else word for word in words), strict=True))
    return f"{name}_{part}" if part else name, titles


def _shared_datatype(key: Key, lists: list[list[Term]]) -> str:
    """The datatype of all values of a column; that of text where they differ, such as years beside dates."""
    if key.kind == "reference":
        return _XSD + "anyURI"
    found = {value.datatype.value for values in lists for value in values}
    return found.pop() if key.kind == "value" and len(found) == 1 else _XSD + "string"


def _separator(lists: list[list[Term]]) -> str | None:
    if all(len(values) == 1 for values in lists):
        return None
    text = "".join(value.value for values in lists for value in values)
    return next(sign for sign in _SEPARATORS if sign not in text or sign == _SEPARATORS[-1])


def _place(column: Column) -> tuple[int, str, bool, str]:
    """What a reader looks for first comes first, and Dutch before English."""
    stem = column.name.partition("_")[0]
    place = _FIRST.index(stem) if stem in _FIRST else len(_FIRST)
    return place, stem.lower(), column.key.part != "nl", column.name


def _head(name: str, titles: Mapping[str, str]) -> dict[str, object]:
    """The name, which is also the header in the table, and the titles; a reader takes the header for a title."""
    return {"name": name, "titles": {"nl": list(dict.fromkeys((name, titles["nl"]))), "en": titles["en"]}}


def _datatype(iri: str) -> str | dict[str, str]:
    if iri.startswith(_XSD):
        return iri.removeprefix(_XSD)
    return {"base": "string", "@id": iri}
