"""The source texts: is every passage of the graph still what the document says?

A passage is a range of lines of a document (1-based, inclusive, each ended by a line feed). Its hash is the SHA-256 of
those lines in UTF-8 after dropping every character of the Unicode categories Z (separators), C (controls) and Pd
(dashes), so that it survives other line breaks and hyphenation but no other word.
"""

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg import sourcefiles, turtle
from kg.errors import DataError
from kg.files import sha256
from kg.namespaces import DEF, PREFIXES, compact
from kg.project import Project
from kg.report import Finding, Report
from kg.sourcefiles import SourceFile
from kg.terms import RDF_TYPE

_BRON = ox.NamedNode(DEF + "bron")
_BRONPASSAGE = ox.NamedNode(DEF + "Bronpassage")
_REGEL_TOT = ox.NamedNode(DEF + "regelTot")
_REGEL_VAN = ox.NamedNode(DEF + "regelVan")
_SHA256 = ox.NamedNode(DEF + "sha256")
_CHECKSUM = ox.NamedNode(PREFIXES["spdx"] + "checksum")
_CHECKSUM_VALUE = ox.NamedNode(PREFIXES["spdx"] + "checksumValue")


@dataclass(frozen=True)
class Passage:
    """Lines `first` to `last` of a document, and the hash the graph has for them (None when it has none)."""

    iri: str
    document: str
    first: int
    last: int
    sha256: str | None


def passage_hash(lines: Iterable[str]) -> str:
    """The hash of these lines, in lower-case hexadecimal."""
    kept = (char for line in lines for char in line if _counts(unicodedata.category(char)))
    return hashlib.sha256("".join(kept).encode()).hexdigest()


def _counts(category: str) -> bool:
    return category[0] not in "ZC" and category != "Pd"


class Documents:
    """The source texts in a folder, each recognised by its SHA-256 and not by its name."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise DataError(
                f"{folder} is no folder. Give the folder of the source texts with --documents or KG_DOCUMENTS."
            )
        files = (path for path in sorted(folder.iterdir()) if path.is_file())
        self._paths = {sha256(path): path for path in files}
        self._folder = folder

    def lines(self, checksum: str) -> list[str]:
        """The lines of the document with this SHA-256; raises DataError when it is not there or no UTF-8 text."""
        if checksum not in self._paths:
            raise DataError(f"{self._folder}: no document has sha256 {checksum}. Is it another edition?")
        try:
            return self._paths[checksum].read_bytes().decode("utf-8").split("\n")
        except UnicodeDecodeError as error:
            raise DataError(f"{self._paths[checksum]}: not UTF-8 ({error})") from error


def check(project: Project, folder: Path) -> Report:
    """Recompute the hash of every passage; a finding for each that is missing, wrong or outside its document.

    Raises DataError when a document the graph cites is not in `folder`.
    """
    files = sourcefiles.read(project)
    lines = texts(sourcefiles.triples_of(files.data), Documents(folder))
    findings = []
    for file in files.data:
        for passage in passages(file.triples):
            problem = _problem(passage, lines)
            if problem:
                findings.append(Finding("Violation", file.name, passage.iri, "passage-hash", problem))
    return Report.of(findings)


def _problem(passage: Passage, texts: dict[str, list[str]]) -> str | None:
    place = f"lines {passage.first}-{passage.last} of {compact(passage.document)}"
    actual = _actual(passage, texts)
    if actual is None:
        return f"{place} do not exist. Correct sb:regelVan and sb:regelTot."
    if passage.sha256 is None:
        return f"{place} have no sb:sha256. Run 'kg sources stamp'."
    if passage.sha256 != actual:
        return f"{place} no longer have this sb:sha256. Read them again, then run 'kg sources stamp'."
    return None


def _actual(passage: Passage, texts: dict[str, list[str]]) -> str | None:
    """The hash of a passage's lines as they are now; None when the document has no such lines."""
    lines = texts.get(passage.document, [])
    if not 1 <= passage.first <= passage.last <= len(lines):
        return None
    return passage_hash(lines[passage.first - 1 : passage.last])


def passages(triples: Iterable[ox.Triple]) -> list[Passage]:
    """The passages described in one file, sorted by IRI."""
    return [
        Passage(
            iri=iri,
            document=facts[_BRON.value],
            first=line_number(iri, facts[_REGEL_VAN.value]),
            last=line_number(iri, facts[_REGEL_TOT.value]),
            sha256=facts.get(_SHA256.value),
        )
        for iri, facts in sorted(by_thing(triples).items())
        if facts.get(RDF_TYPE.value) == _BRONPASSAGE.value
        and {_BRON.value, _REGEL_VAN.value, _REGEL_TOT.value} <= facts.keys()
    ]


def by_thing(triples: Iterable[ox.Triple]) -> dict[str, dict[str, str]]:
    """What is said of each thing: one value per property, by the IRIs of thing and property."""
    values: dict[str, dict[str, str]] = {}
    for subject, predicate, value in triples:
        values.setdefault(subject.value, {})[predicate.value] = value.value
    return values


def line_number(iri: str, value: str) -> int:
    """The number of a line that `iri` names; raises DataError when it is none."""
    try:
        return int(value)
    except ValueError as error:
        raise DataError(f"{compact(iri)}: '{value}' is no line number") from error


def texts(triples: Iterable[ox.Triple], documents: Documents) -> dict[str, list[str]]:
    """The lines of every document that the graph describes with a checksum, by the document's IRI.

    Raises DataError when one of them is not among `documents`.
    """
    triples = list(triples)
    values = {s.value: o.value for s, p, o in triples if p == _CHECKSUM_VALUE}
    return {s.value: documents.lines(values[o.value]) for s, p, o in triples if p == _CHECKSUM and o.value in values}


def stamp(project: Project, folder: Path) -> int:
    """Write the hash of every passage into its file; returns how many passages got a new one.

    Each file is written aside and read back before it takes the place of the old one. Raises DataError when a document
    is missing, a passage lies outside its document, or a file is not formatted one fact a line.
    """
    files = sourcefiles.read(project)
    lines = texts(sourcefiles.triples_of(files.data), Documents(folder))
    return sum(_stamp_file(project.root / file.name, file, lines) for file in files.data)


def _stamp_file(path: Path, file: SourceFile, texts: dict[str, list[str]]) -> int:
    stale: dict[str, str] = {}
    for passage in passages(file.triples):
        actual = _actual(passage, texts)
        if actual is None:
            raise DataError(f"{file.name}: {_problem(passage, texts)} ({compact(passage.iri)})")
        if actual != passage.sha256:
            stale[passage.iri] = actual
    if not stale:
        return 0
    names = {compact(iri): sha256 for iri, sha256 in stale.items()}
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    text = "\n\n".join(_stamped(block, names) for block in blocks)
    aside = path.with_suffix(".stamped.ttl")
    try:
        aside.write_text(text, encoding="utf-8", newline="\n")
        if {p.iri: p.sha256 for p in passages(turtle.read(aside)) if p.iri in stale} != stale:
            raise DataError(f"{file.name}: not formatted one fact a line. Run 'make fmt' and try again.")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return len(stale)


def _stamped(block: str, stale: dict[str, str]) -> str:
    """The block of Turtle with its hash filled in, where it describes one of these passages."""
    subject = block.lstrip().partition(" ")[0]
    if subject not in stale:
        return block
    first, *rest = (line for line in block.split("\n") if not line.lstrip().startswith("sb:sha256 "))
    return "\n".join([first, f'    sb:sha256 "{stale[subject]}" ;', *rest])
