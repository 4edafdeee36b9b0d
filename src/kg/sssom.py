"""Files of mappings: SSSOM as TSV (https://mapping-commons.github.io/sssom/), read and written.

A row says that a thing of ours is the same as, or close to, a thing elsewhere; or that a register elsewhere has a name
for it, and then the object is a literal. Who decided stands in the row, in SSSOM's own slots:

    accepted by a person    reviewer_label with reviewer_agreement 1, or mapping_justification ManualMappingCuration
    rejected by a person    predicate_modifier Not, with reviewer_label
    accepted by a rule      curation_rule_text names the rule
    proposed                none of these

Identifiers are compact in the file (`wet:awb`, by its curie_map) and whole in a `Mapping`. Reading keeps what is wrong
in a row as it stands, so that `kg.mapping_checks` can say on which line it is.
"""

import csv
import fcntl
import io
import os
import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Dict
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from itertools import chain, count
from pathlib import Path
from typing import Any, Literal, get_args

import pyoxigraph as ox
import yaml

from kg import files
from kg.errors import DataError
from kg.namespaces import DEF, GRAPH, ID, PREFIXES

SUFFIX = ".sssom.tsv"
FOLDER = "data/koppelingen"
LONGEST_FILE = 20_000_000

EXACT_MATCH = PREFIXES["skos"] + "exactMatch"
CLOSE_MATCH = PREFIXES["skos"] + "closeMatch"
PUBLISHES_AS = DEF + "publiceertAls"
NAMED_AS = DEF + "genoemdAls"
PREDICATES = (EXACT_MATCH, CLOSE_MATCH, PUBLISHES_AS, NAMED_AS)
OF_NAMES = (PUBLISHES_AS, NAMED_AS)
"""The predicates of which the object is a name, a literal in SSSOM's words."""
LITERAL = "rdfs literal"
NOT = "Not"
LEXICAL = "semapv:LexicalMatching"
SIMILAR = "semapv:LexicalSimilarityThresholdMatching"
CURATED = "semapv:ManualMappingCuration"

_CURIES = {
    **PREFIXES,
    "semapv": "https://w3id.org/semapv/vocab/",
    "bwb": "https://wetten.overheid.nl/",
    "owms": "http://standaarden.overheid.nl/owms/terms/",
    "tooi": "https://identifier.overheid.nl/tooi/id/",
}
# The slots of which a list is written with a bar between its members; we write one, and its own bars need a backslash.
_LISTS = ("author_label", "reviewer_label", "curation_rule_text", "match_string")
_IDS = ("subject_id", "predicate_id", "object_id", "subject_match_field", "object_match_field")
DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
"""A day as SSSOM writes it."""
_BAR = re.compile(r"(?<!\\)\|")

Status = Literal["accepted", "rejected", "automatic", "proposed"]
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True)
class Mapping:
    """One row; the fields are slots of SSSOM, in the order of its columns."""

    subject_id: str = ""
    subject_label: str = ""
    predicate_id: str = ""
    predicate_modifier: str = ""
    object_id: str = ""
    object_label: str = ""
    mapping_justification: str = ""
    author_label: str = ""
    reviewer_label: str = ""
    object_type: str = ""
    review_date: str = ""
    confidence: str = ""
    reviewer_agreement: str = ""
    curation_rule_text: str = ""
    subject_match_field: str = ""
    object_match_field: str = ""
    match_string: str = ""
    similarity_score: str = ""
    similarity_measure: str = ""
    comment: str = ""

    @property
    def object(self) -> str:
        """What the subject is held against: an IRI, or the name itself."""
        return self.object_label if self.object_type == LITERAL else self.object_id

    @property
    def pair(self) -> tuple[str, str, bool]:
        """What the row decides on: one thing of ours and one elsewhere, or one name."""
        return self.subject_id, self.object, self.object_type == LITERAL

    @property
    def status(self) -> Status:
        """Who decided what."""
        if self.predicate_modifier:
            return "rejected"
        if self.reviewer_label or self.mapping_justification == CURATED:
            return "accepted"
        return "automatic" if self.curation_rule_text else "proposed"

    @property
    def holds(self) -> bool:
        """Whether the graph takes it over."""
        return self.status in ("accepted", "automatic")


COLUMNS = tuple(slot.name for slot in fields(Mapping))


@dataclass(frozen=True)
class Row:
    """A mapping with the line it starts on; `problem` says why the line could not be read as one."""

    line: int
    mapping: Mapping
    problem: str = ""


@dataclass(frozen=True)
class MappingSet:
    """A file of mappings: for which register, what its head says, its rows in the order of the file."""

    name: str
    metadata: Dict[str, Any] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()

    @property
    def graph(self) -> str:
        """IRI of the named graph of what holds."""
        return f"{GRAPH}{FOLDER}/{self.name}"

    @property
    def mappings(self) -> list[Mapping]:
        """The rows that could be read."""
        return [row.mapping for row in self.rows if not row.problem]

    def triples(self) -> list[ox.Triple]:
        """What holds, as triples; a row that is no triple is left to the checks."""
        found = []
        for mapping in filter(lambda mapping: mapping.holds, self.mappings):
            try:
                found.append(_triple(mapping))
            except ValueError:
                continue
        return sorted(set(found), key=str)


def _triple(mapping: Mapping) -> ox.Triple:
    value = ox.Literal(mapping.object) if mapping.object_type == LITERAL else ox.NamedNode(mapping.object)
    return ox.Triple(ox.NamedNode(mapping.subject_id), ox.NamedNode(mapping.predicate_id), value)


def name_of(path: Path) -> str:
    """The register that a file is about."""
    return path.name.removesuffix(SUFFIX)


def read(path: Path) -> MappingSet:
    """Read a file; raises DataError when it is missing, too long, not UTF-8, or has no head or no row of columns."""
    try:
        if path.stat().st_size > LONGEST_FILE:
            raise DataError(f"{path}: longer than {LONGEST_FILE} bytes; split the register")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8: {error}") from error
    try:
        return _parsed(path, text.splitlines(keepends=True))
    except csv.Error as error:
        raise DataError(f"{path}: {error}") from error


def _parsed(path: Path, lines: list[str]) -> MappingSet:
    head = [line for line in lines if line.startswith("#")]
    if lines[: len(head)] != head:
        raise DataError(f"{path}: lines that start with # stand before the table only")
    metadata = _metadata(path, head)
    curies = {**_CURIES, **_texts(metadata.get("curie_map"))}
    return MappingSet(name_of(path), metadata, tuple(_rows(path, lines[len(head) :], len(head), curies)))


def read_whole(path: Path) -> MappingSet:
    """Read a file that is to be written again; raises DataError also for a row that cannot be read."""
    found = read(path)
    for row in found.rows:
        if row.problem:
            raise DataError(f"{path} line {row.line}: {row.problem}. Mend it first.")
    return found


def _metadata(path: Path, head: Iterable[str]) -> dict[str, Any]:
    try:
        found = yaml.safe_load("".join(line.removeprefix("#") for line in head))
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        raise DataError(f"{path} line {place.line + 1 if place else 1}: the head is no YAML") from error
    if not isinstance(found, dict):
        raise DataError(f"{path}: the head should be lines '#slot: value', with mapping_set_id and license at least")
    return found


def _texts(found: object) -> dict[str, str]:
    # Texts alone: YAML can name a list in a list in a list so often that writing it out never ends.
    texts = found.items() if isinstance(found, dict) else ()
    return {key: value for key, value in texts if isinstance(key, str) and isinstance(value, str)}


def _rows(path: Path, lines: list[str], before: int, curies: Dict[str, str]) -> Iterable[Row]:
    table = csv.reader(lines, delimiter="\t")
    columns = next(table, [])
    unknown = sorted(set(columns) - set(COLUMNS))
    if not columns or unknown or len(set(columns)) < len(columns):
        what = f"the columns {', '.join(unknown)} are not among" if unknown else "the first line should name columns of"
        raise DataError(f"{path} line {before + 1}: {what} {', '.join(COLUMNS)}")
    line = before + table.line_num
    for cells in table:
        here, line = line + 1, before + table.line_num
        if len(cells) != len(columns):
            yield Row(here, Mapping(), f"{len(cells)} cells, {len(columns)} columns")
        else:
            yield Row(here, _mapping(dict(zip(columns, cells, strict=True)), curies))


def _mapping(cells: Dict[str, str], curies: Dict[str, str]) -> Mapping:
    plain = {name: cell.strip() for name, cell in cells.items()}
    whole = {name: _expand(plain[name], curies) for name in _IDS if name in plain}
    lists = {name: _BAR.sub("; ", plain[name]).replace("\\|", "|") for name in _LISTS if name in plain}
    return Mapping(**{**plain, **whole, **lists})


def _expand(curie: str, curies: Dict[str, str]) -> str:
    prefix, colon, local = curie.partition(":")
    return curies[prefix] + local if colon and prefix in curies else curie


def write(mappings: MappingSet) -> bytes:
    """A file with these mappings, sorted; the same mappings always give the same bytes."""
    rows = sorted({_order(mapping): mapping for mapping in mappings.mappings}.items())
    curies = _curie_map(mappings.name, [mapping for _, mapping in rows])
    head = {**_defaults(mappings), **mappings.metadata, "curie_map": curies}
    output = io.StringIO()
    for line in yaml.safe_dump(head, allow_unicode=True, sort_keys=True, width=1000).splitlines():
        output.write(f"#{line}\n")
    table = csv.writer(output, delimiter="\t", lineterminator="\n")
    table.writerow(COLUMNS)
    for _, mapping in rows:
        table.writerow(_cells(mapping, curies))
    return output.getvalue().encode()


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """Read and save a file alone: who would change a file in the same folder meanwhile waits, and nothing gets lost.

    Raises DataError where the folder cannot be made or opened.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise DataError(f"{path.parent} cannot be opened: {error.strerror}") from error
    try:
        # The folder and not the file, which is another one once it is saved. Nothing is left behind in it.
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def save(mappings: MappingSet, path: Path) -> None:
    """Write a file aside and then put it in its place; raises DataError where that cannot be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.replace(path, write(mappings))
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror}") from error


def _order(mapping: Mapping) -> tuple[str, ...]:
    return (mapping.subject_id, mapping.predicate_id, mapping.object, mapping.predicate_modifier)


def _defaults(mappings: MappingSet) -> dict[str, Any]:
    return {
        "license": "http://creativecommons.org/publicdomain/zero/1.0/",
        "mapping_set_id": mappings.graph,
        "mapping_set_title": f"Spoorboek: koppelingen met {mappings.name}",
        "mapping_tool": "kg link suggest",
        "object_source": f"{ID}register/{mappings.name}",
        "subject_source": "https://w3id.org/spoorboek/",
    }


def _curie_map(name: str, mappings: Iterable[Mapping]) -> dict[str, str]:
    """The prefixes that the rows use; a namespace without one is named after the register."""
    used, others = {"semapv": _CURIES["semapv"]}, set()
    for iri in sorted({getattr(mapping, slot) for mapping in mappings for slot in _IDS} - {""}):
        prefix = _prefix(iri, _CURIES)
        if prefix:
            used[prefix] = _CURIES[prefix]
        else:
            others.add(iri[: max(iri.rfind("/"), iri.rfind("#"), iri.rfind("=")) + 1])
    free = (prefix for prefix in chain([name], (f"{name}{number}" for number in count(2))) if prefix not in _CURIES)
    return used | dict(zip(free, sorted(others - {""}), strict=False))


def _prefix(iri: str, curies: Dict[str, str]) -> str | None:
    """The prefix of the longest namespace that the IRI starts with."""
    fitting = [prefix for prefix, namespace in curies.items() if iri.startswith(namespace)]
    return max(fitting, key=lambda prefix: (len(curies[prefix]), prefix), default=None)


def _cells(mapping: Mapping, curies: Dict[str, str]) -> list[str]:
    cells = {name: " ".join(getattr(mapping, name).split()) for name in COLUMNS}
    for name in _IDS:
        prefix = _prefix(cells[name], curies) if cells[name] else None
        cells[name] = f"{prefix}:{cells[name].removeprefix(curies[prefix])}" if prefix else cells[name]
    for name in _LISTS:
        cells[name] = cells[name].replace("|", "\\|")
    return list(cells.values())


def with_mappings(mappings: MappingSet, found: Iterable[Mapping]) -> MappingSet:
    """The same set with other rows."""
    return replace(mappings, rows=tuple(Row(0, mapping) for mapping in found))


def expand(mappings: MappingSet, name: str) -> str:
    """The IRI that a compact name stands for in this file."""
    return _expand(name.strip(), {**_CURIES, **_texts(mappings.metadata.get("curie_map"))})
