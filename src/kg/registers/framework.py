"""What an importer is: a name, an address, and a function from a saved file to records and findings.

A record is what one register says of one thing, as triples:

    iri        the register's own; `own_iri` only where it has none
    rdf:type   sb:Registratie and one class of its own
    and        dct:isPartOf, skos:prefLabel, skos:altLabel, sb:afkorting, dct:identifier, foaf:page, dct:publisher,
               sb:naamInBron, dct:modified, dct:references, sb:grondslagTekst, sb:bronnenTekst, dct:description
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from kg.errors import DataError
from kg.namespaces import ID, REGISTER
from kg.terms import RDF_TYPE, named

LONGEST_TEXT = 4000
LONGEST_LABEL = 300

_BWB = re.compile(r"\bBWB[RVW]\d{7}\b", re.IGNORECASE)
_CELEX = re.compile(r"\b[1-9]\d{4}[A-Z]{1,2}\d{4}\b")
_TAG = re.compile(r"<[^<>]*>")
# White space, and what no text needs: control characters, halves of characters, marks without width.
_WHITE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b\ufeff\ufffe\uffff\ud800-\udfff]+")


class TruncatedError(DataError):
    """An export ends before it is complete, so that nothing of it may be used."""


@dataclass(frozen=True)
class Record:
    """What a register says of one thing."""

    iri: str
    triples: tuple[ox.Triple, ...]


@dataclass(frozen=True)
class Finding:
    """A record that could not be read, or only in part: where it stands, what is wrong, what to do."""

    where: str
    """The record's key, or its place in the file ("record 12")."""
    problem: str
    solution: str
    lost: bool = True
    """Whether the record is left out; False where the record itself came through."""


@dataclass(frozen=True)
class Register:
    """A register elsewhere, and how its export is read.

    `read` yields a Record or a Finding for each record, and raises DataError for a file that is not an export at all
    and TruncatedError for one that ends too early. It must not keep the whole file in memory.
    """

    name: str
    """Lower case letters, digits and hyphens: the ref of `id/register/{name}` and the name of the graph."""
    address: str
    """Where the export is fetched."""
    read: Callable[[Path], Iterator[Record | Finding]]
    made: Callable[[Path], str | None] = lambda _: None
    """When the register says that it made this file (a date or a date and time), where it says so."""
    suffix: str = ".json"
    """Extension of a saved export."""
    page_size: int = 0
    """Records a page where an export comes in pages, asked for with `rows` and `start` as CKAN has it; the pages come
    one after the other in one file. 0 for an export that comes whole."""

    begins: str = ""
    """What the IRIs of its records begin with, those of ours aside; no register without it may speak of these."""

    @property
    def iri(self) -> ox.NamedNode:
        """The register as a thing."""
        return ox.NamedNode(f"{ID}register/{self.name}")

    @property
    def graph(self) -> ox.NamedNode:
        """The named graph of its records."""
        return ox.NamedNode(REGISTER + self.name)


def record(register: str, iri: str, cls: str, facts: Iterable[tuple[str, ox.NamedNode | ox.Literal | None]]) -> Record:
    """A record of a class, with facts: words as prefixed names or IRIs, each with a value; a value None is left out."""
    subject = ox.NamedNode(iri)
    triples = [
        ox.Triple(subject, RDF_TYPE, named("sb:Registratie")),
        ox.Triple(subject, RDF_TYPE, named(cls)),
        ox.Triple(subject, named("dct:isPartOf"), ox.NamedNode(f"{ID}register/{register}")),
    ]
    triples += [ox.Triple(subject, named(name), value) for name, value in facts if value is not None]
    return Record(iri, tuple(triples))


def own_iri(register: str, key: str) -> str:
    """The IRI of a record to which its register gives none."""
    return f"{ID}registratie/{register}-{slug(key)}"


def slug(text: str) -> str:
    """Lower case letters, digits and single hyphens; raises ValueError where nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not found:
        raise ValueError(f"'{text}' has no letter or digit to name a record by")
    return found


def plain(value: object, longest: int = LONGEST_TEXT) -> str:
    """Text without markup and with single spaces, cut off after a number of characters; empty for no text."""
    if not isinstance(value, str):
        return ""
    without_markup = html.unescape(_TAG.sub(" ", value[: longest * 4]))
    return _WHITE.sub(" ", without_markup).strip()[:longest].rstrip()


def text(value: object, language: str | None = None, longest: int = LONGEST_TEXT) -> ox.Literal | None:
    """The same as a literal; None for no text."""
    found = plain(value, longest)
    return ox.Literal(found, language=language) if found else None


def label(value: object, language: str = "nl") -> ox.Literal | None:
    """A name as a literal."""
    return text(value, language, LONGEST_LABEL)


def address(value: object) -> ox.NamedNode | None:
    """An address on the web as an IRI; None for anything that is not one."""
    found = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]{1,2000}", found):
        return None
    try:
        return ox.NamedNode(found)
    except ValueError:
        return None


def day(value: object) -> ox.Literal | None:
    """A day, also at the start of a date and time, or as 31-03-2024; None for anything that is not one."""
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)(?!\d)", value.strip()) if isinstance(value, str) else None
    backward = re.fullmatch(r"(\d\d)-(\d\d)-(\d{4})", value.strip()) if isinstance(value, str) else None
    parts = found.groups() if found else backward.groups()[::-1] if backward else ("0", "0", "0")
    try:
        return ox.Literal(date(*map(int, parts)).isoformat(), datatype=named("xsd:date"))
    except ValueError:
        return None


def moment(value: object) -> str | None:
    """A date, or a date and time, as XML Schema writes them; None for anything that is not one."""
    found = value.strip() if isinstance(value, str) else ""
    on = day(found)
    if on is None:
        return None
    pattern = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"
    return found if re.fullmatch(pattern, found) else on.value


def laws(*values: object) -> list[ox.NamedNode]:
    """The laws that texts or addresses name by BWB number, as `https://wetten.overheid.nl/BWBR0040940`, each once."""
    found = {number.upper() for value in values if isinstance(value, str) for number in _BWB.findall(value)}
    return [ox.NamedNode(f"https://wetten.overheid.nl/{number}") for number in sorted(found)]


def regulations(*values: object) -> list[ox.NamedNode]:
    """The acts of the EU that texts or addresses name by CELEX number, as the Publications Office names them."""
    found = {number for value in values if isinstance(value, str) for number in _CELEX.findall(value)}
    return [ox.NamedNode(f"http://publications.europa.eu/resource/celex/{number}") for number in sorted(found)]
