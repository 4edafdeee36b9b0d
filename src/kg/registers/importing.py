"""A saved export → `registers/{name}.nq` and `registers/{name}.json` beside the releases: all of it, or nothing.

The N-Quads are sorted and in one named graph; `kg build` takes them up. The JSON says where they come from and what was
wrong. Both are written aside and then switched; an export that is cut off, or too much of which cannot be read, leaves
the earlier import as it was. Same export, same bytes: nothing here looks at a clock.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from kg import report as reports
from kg import turtle, validation
from kg.errors import DataError, RefusedError
from kg.files import sha256
from kg.namespaces import BASE, ID, PREFIXES
from kg.project import Project
from kg.registers import known
from kg.registers.framework import Finding, Record, Register, TruncatedError, address
from kg.registers.imported import FOLDER, Imported, locked
from kg.report import Language, Report
from kg.sorting import sorted_lines
from kg.sourcefiles import SourceFile, SourceFiles
from kg.terms import named

MOST_BYTES = 2_000_000_000
MOST_RECORDS = 1_000_000
MOST_LOST = 0.2
"""The share of the records that may be lost; above it, the export or its form is not what it was."""
MOST_FINDINGS = 1000
"""How many findings are kept; what is wrong with every record is clear from the first thousand."""
_MOST_HELD = 20_000
"""How many findings are held to choose from; an export may be wrong in more places than fit in memory."""
_AT_A_TIME = 1000
_MATCHES = frozenset(PREFIXES["skos"] + name for name in ("exactMatch", "closeMatch"))
_WORDS_AND_OURS = (BASE, *PREFIXES.values())

Progress = Callable[[str], None]


def cache_of(out: Path) -> Path:
    """Where fetched exports are kept."""
    return out / FOLDER / "cache"


def import_file(
    register: Register,
    path: Path,
    out: Path,
    project: Project,
    *,
    name: str = "",
    made: str | None = None,
    language: Language = "nl",
    progress: Progress = lambda _: None,
) -> Imported:
    """Read an export into the folder `registers/` of `out`.

    The report calls it by `name`, or else by the name of the file. `made` says when the register made the export, where
    the export does not say so itself. Raises DataError for a file
    that is no export, and RefusedError with a report for one that is cut off or of which too much is lost.
    """
    folder = out / FOLDER
    with _clear_errors(folder):
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise DataError(f"{path} has {size:,} bytes; at most {MOST_BYTES:,} are read")
        folder.mkdir(parents=True, exist_ok=True)
        with locked(register.name, folder), _aside(register.name, folder) as aside:
            return _Import(register, path, name or path.name, project, language, progress).run(
                folder, Path(aside), made
            )


@contextmanager
def _clear_errors(folder: Path) -> Iterator[None]:
    """Say which file or folder could not be read or written."""
    try:
        yield
    except OSError as error:
        raise DataError(f"{error.filename or folder}: {error.strerror or error}") from error


def _aside(name: str, folder: Path) -> tempfile.TemporaryDirectory:
    """A folder to write in first; removes what runs that were killed left behind of this register."""
    # No name of a register has a dot, so that of one is not the beginning of that of another.
    prefix = f".import-{name}."
    for left_over in folder.glob(f"{prefix}*"):
        shutil.rmtree(left_over, ignore_errors=True)
    return tempfile.TemporaryDirectory(prefix=prefix, dir=folder)


@dataclass
class _Import:
    """One run: what was read so far, and what was wrong."""

    register: Register
    path: Path
    name: str
    project: Project
    language: Language
    progress: Progress
    findings: list[reports.Finding] = field(default_factory=list)
    seen: set[bytes] = field(default_factory=set)
    records: int = 0
    lost: int = 0
    triples: int = 0

    @cached_property
    def shapes(self) -> SourceFile:
        """The rules for records."""
        path = self.project.root / "shapes" / "registratie.ttl"
        return SourceFile(self.project.name_of(path), ox.NamedNode(self.project.graph_of(path)), turtle.read(path))

    def run(self, folder: Path, aside: Path, made: str | None) -> Imported:
        quads = aside / "quads.nq"
        made = self.register.made(self.path) or made
        digest = hashlib.sha256()
        with quads.open("w", encoding="utf-8", newline="\n") as file:
            for line in sorted_lines(self._lines(made), aside):
                file.write(line)
                digest.update(line.encode())
                self.triples += 1
        self._refuse_if_broken()
        imported = self._described(made, digest.hexdigest())
        imported.switch(quads, folder)
        return imported

    def _described(self, made: str | None, nquads: str) -> Imported:
        return Imported(
            register=self.register.name,
            address=self.register.address,
            made=made,
            bytes=self.path.stat().st_size,
            sha256=sha256(self.path),
            records=self.records,
            lost=self.lost,
            triples=self.triples,
            nquads=nquads,
            findings=[vars(finding) for finding in Report.of(self.findings).findings[:MOST_FINDINGS]],
        )

    def _lines(self, made: str | None) -> Iterator[str]:
        """The N-Quads of all records that hold, and of the register itself."""
        try:
            read = self.register.read(self.path)
            while batch := list(islice(read, _AT_A_TIME)):
                yield from self._lines_of(self._sound(self._new(batch)))
                self.progress(f"{self.records:,} records of {self.register.name}")
        except TruncatedError as error:
            self.findings.append(reports.Finding("Violation", self.name, "", "register-complete", str(error)))
            raise RefusedError(str(error).removesuffix("."), Report.of(self.findings)) from error
        yield from self._lines_of([self._about(made)])

    def _about(self, made: str | None) -> Record:
        """What is said of the register itself: where the export comes from, when it was made, how much it holds."""
        facts = {
            "prov:wasDerivedFrom": address(self.register.address),
            "dct:modified": ox.Literal(made, datatype=_moment(made)) if made else None,
            "sb:aantalRegistraties": ox.Literal(self.records),
        }
        said = [(named(word), value) for word, value in facts.items() if value is not None]
        return Record(self.register.iri.value, tuple(ox.Triple(self.register.iri, *fact) for fact in said))

    def _lines_of(self, records: Iterable[Record]) -> Iterator[str]:
        for record in records:
            for triple in record.triples:
                yield f"{triple} {self.register.graph} .\n"

    def _new(self, batch: Iterable[Record | Finding]) -> Iterator[Record]:
        """The records of a batch that were not there before; counts, and keeps the findings."""
        for item in batch:
            if isinstance(item, Finding):
                self._add(item, "register-record")
            elif not self._keeps_to_itself(item):
                problem = "it says something of a thing that is not of this register, or of one without a name"
                self._add(Finding(item.iri, problem, "it is left out"), "register-own")
            elif (key := hashlib.sha256(item.iri.encode()).digest()) in self.seen:
                self._add(Finding(item.iri, "it stands in the export twice", "the first is kept"), "register-once")
            else:
                self.seen.add(key)
                yield item
        if len(self.seen) + self.lost > MOST_RECORDS:
            raise DataError(f"{self.path} has more than {MOST_RECORDS:,} records")

    def _keeps_to_itself(self, item: Record) -> bool:
        """Whether a record speaks of named things that are for this register to speak of."""
        return all(
            isinstance(triple.subject, ox.NamedNode)
            and not isinstance(triple.object, ox.BlankNode)
            and self._is_its_own(triple.subject.value)
            # What our things are the same as is not for others to say: mappings are suggested by it.
            and not (triple.predicate.value in _MATCHES and triple.object.value.startswith(BASE))
            for triple in item.triples
        )

    def _is_its_own(self, iri: str) -> bool:
        """Whether an IRI is of this register, or at least of no other, nor a thing of ours or a word of a standard."""
        if iri.startswith(f"{ID}registratie/{self.register.name}-"):
            return True
        if iri.startswith(_WORDS_AND_OURS):
            return False
        begins = self.register.begins
        others = tuple(register.begins for register in known.REGISTERS.values() if register.begins)
        return iri.startswith(begins) if begins else not iri.startswith(others)

    def _sound(self, records: Iterable[Record]) -> list[Record]:
        """The records that keep the rules of `shapes/registratie.ttl`."""
        records = list(records)
        triples = [triple for record in records for triple in record.triples]
        files = SourceFiles(shapes=[self.shapes], data=[SourceFile(self.name, self.register.graph, triples)])
        found = list(validation.shacl(files, self.language, "shifty"))
        broken = {finding.focus for finding in found if finding.severity == "Violation"}
        self._hold(found)
        self.lost += len(broken)
        sound = [record for record in records if record.iri not in broken]
        self.records += len(sound)
        return sound

    def _add(self, finding: Finding, rule: str) -> None:
        severity = "Violation" if finding.lost else "Warning"
        message = f"{finding.problem}: {finding.solution}."
        self._hold([reports.Finding(severity, self.name, finding.where, rule, message)])
        self.lost += finding.lost

    def _hold(self, found: list[reports.Finding]) -> None:
        self.findings += found[: _MOST_HELD - len(self.findings)]

    def _refuse_if_broken(self) -> None:
        read = self.records + self.lost
        if not self.records:
            raise RefusedError(f"{self.path} has no record that can be read", Report.of(self.findings))
        if self.lost > MOST_LOST * read:
            problem = f"{self.lost:,} of the {read:,} records in {self.path} cannot be read"
            raise RefusedError(problem, Report.of(self.findings))


def _moment(made: str) -> ox.NamedNode:
    return named("xsd:dateTime" if "T" in made else "xsd:date")
