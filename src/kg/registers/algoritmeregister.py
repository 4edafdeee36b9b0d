"""The Algoritmeregister of the Dutch government: algorithms that public bodies use.

Reads the CSV and the JSON that the register gives, after its publication standard 1.0 and the older 0.1 to 0.4. Which
field becomes which property is said by a JSON-LD context, `algoritmeregister.context.jsonld`; this module makes a field
fit to stand in a graph: text without markup, an address that is one, a month, a law by its number. Records in another
language are translations of Dutch ones and are passed over.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox

from kg.namespaces import DEF
from kg.registers import exports
from kg.registers.framework import (
    LONGEST_LABEL,
    Finding,
    Record,
    Register,
    address,
    laws,
    own_iri,
    plain,
    regulations,
)

NAME = "algoritmeregister"
PAGES = "https://algoritmes.overheid.nl/nl/algoritme/"
_ARRAYS = ("algoritmes", "algorithms", "algoritme_versions")
_MOST_VALUES = 100
"""Values of one field that are taken over."""
_DUTCH = frozenset({"", "nld", "nl", "dut", "nederlands", "dutch"})

_CONTEXT: Mapping[str, str | dict[str, str]] = json.loads(
    Path(__file__).with_suffix(".context.jsonld").read_text(encoding="utf-8")
)["@context"]
# The fields of a record, with the property of each; the other words of the context are prefixes, or filled in here.
_FIELDS = {
    name: entry["@id"] if isinstance(entry, dict) else entry
    for name, entry in _CONTEXT.items()
    if name not in ("iri", "class", "register", "references", "key") and not str(entry).endswith(("/", "#"))
}


def read(path: Path) -> Iterator[Record | Finding]:
    """The records of an export; raises what `kg.registers.exports` raises."""
    for number, row in enumerate(_rows(path), 1):
        if str(row.get("lang") or "").lower() in _DUTCH:
            yield from _read(number, row)


def _rows(path: Path) -> Iterator[dict]:
    if exports.starts_with(path, b"{", b"["):
        return exports.json_records(path, _ARRAYS)
    return exports.csv_rows(path)


def _read(number: int, row: Mapping[str, object]) -> Iterator[Record | Finding]:
    try:
        iri, key = _identity(row)
    except ValueError:
        yield Finding(f"record {number}", "it has no number", "ask the register for an export with lars numbers")
        return
    fields, findings = _fields(key, row)
    yield from findings
    basis = _basis(row)
    yield _record(
        {
            **fields,
            "iri": iri,
            "key": key,
            "class": [f"{DEF}Registratie", f"{DEF}Algoritmeregistratie"],
            "register": REGISTER.iri.value,
            "references": [law.value for law in (*laws(*basis), *regulations(*basis))],
        }
    )


def _record(node: Mapping[str, object]) -> Record:
    """A record by way of JSON-LD, under a context of our own: a record has no say in it."""
    document = json.dumps({"@context": _CONTEXT, **node}).encode()
    return Record(node["iri"], tuple(quad.triple for quad in ox.parse(document, format=ox.RdfFormat.JSON_LD)))


def _identity(row: Mapping[str, object]) -> tuple[str, str]:
    """The IRI and the number of a record: its page in the register, or one of ours; ValueError without a number."""
    for name in ("lars", "algorithm_id", "id"):
        key = str(row.get(name) or "").strip()
        if re.fullmatch(r"[0-9]{5,12}", key):
            return PAGES + key, key
    key = next((plain(str(row[name])) for name in ("source_id", "uuid", "id") if row.get(name)), "")
    return own_iri(NAME, key), key


def _fields(key: str, row: Mapping[str, object]) -> tuple[dict[str, list[str]], list[Finding]]:
    fields: dict[str, list[str]] = {}
    findings = []
    for name in _FIELDS.keys() & row.keys():
        try:
            fields[name] = [value for text in _texts(name, row[name]) for value in _kind_of(name)(text) if value]
        except ValueError as error:
            findings.append(Finding(key, f"{name}: {error}", "ask the organisation to correct it", lost=False))
    return fields, sorted(findings, key=str)


def _texts(name: str, value: object) -> list[str]:
    """A field as texts: of a list its members, of titles with links the titles and links."""
    if _FIELDS[name] == "dcat:keyword" and isinstance(value, str):
        return value.split(", ")[:_MOST_VALUES]
    if isinstance(value, list):
        return [text for member in value[:_MOST_VALUES] for text in _texts(name, member)]
    if isinstance(value, dict):
        return [" ".join(str(value[part]) for part in ("title", "link") if value.get(part))]
    return [value] if isinstance(value, str) else []


def _kind_of(name: str) -> Callable[[str], list[str]]:
    """What makes a text fit for a field: by the type that the context gives it."""
    entry = _CONTEXT[name]
    kind = entry.get("@type") if isinstance(entry, dict) else None
    return {"@id": _address, "xsd:gYearMonth": _month, "xsd:date": _day}.get(kind, _TEXTS.get(_FIELDS[name], _text))


def _text(text: str) -> list[str]:
    return [plain(text)]


def _name(text: str) -> list[str]:
    return [plain(text, LONGEST_LABEL)]


def _status(text: str) -> list[str]:
    found = plain(text).replace("_", " ").capitalize()
    return ["In ontwikkeling" if found == "Ontwikkeling" else found]


_TEXTS = {"skos:prefLabel": _name, "sb:naamInBron": _name, "sb:statusInRegister": _status}


def _address(text: str) -> list[str]:
    if not text.strip():
        return []
    found = address(text)
    if found is None:
        raise ValueError(f"'{plain(text, 100)}' is no address on the web")
    return [found.value]


def _month(text: str) -> list[str]:
    return _date(text, r"\d{4}-(0[1-9]|1[0-2])", "month such as 2024-03")


def _day(text: str) -> list[str]:
    return _date(text, r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "day such as 2024-03-31")


def _date(text: str, pattern: str, example: str) -> list[str]:
    """The first part of a text that stands for a date, as some have a time after it."""
    if not text.strip():
        return []
    found = re.match(pattern + r"(?!\d)", text.strip())
    if found is None:
        raise ValueError(f"'{plain(text, 100)}' is no {example}")
    return [found.group()]


def _basis(row: Mapping[str, object]) -> list[str]:
    """Every text of a record on its legal basis."""
    return [
        text
        for name, term in _FIELDS.items()
        if term == "sb:grondslagTekst" and name in row
        for text in _texts(name, row[name])
    ]


REGISTER = Register(
    name=NAME,
    begins=PAGES,
    address="https://algoritmes.overheid.nl/api/downloads/NLD?filetype=csv",
    read=read,
    suffix=".csv",
)
