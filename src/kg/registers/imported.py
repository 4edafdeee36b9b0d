"""What was imported, as it stands beside the releases: `registers/{name}.nq` and `registers/{name}.json`."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

import filelock
import pyoxigraph as ox

from kg import files, report
from kg.errors import DataError
from kg.namespaces import REGISTER
from kg.report import Report

FOLDER = "registers"


@dataclass(frozen=True)
class Imported:
    """An import: where it comes from, how much it holds, what was wrong."""

    register: str
    address: str
    """Where the export comes from."""
    made: str | None
    """When the register says that it made the export."""
    bytes: int
    sha256: str
    """Of the export."""
    records: int
    lost: int
    """How many records were left out."""
    triples: int
    nquads: str
    """SHA-256 of the N-Quads."""
    findings: list[dict[str, str]] = field(default_factory=list)

    @property
    def report(self) -> Report:
        """What was wrong, as far as it was kept."""
        return Report.of(report.Finding(**finding) for finding in self.findings)

    @property
    def summary(self) -> dict[str, str | int | None]:
        """Everything but the findings."""
        return {name: value for name, value in asdict(self).items() if name != "findings"}

    def save(self, path: Path) -> None:
        """Write this as JSON, the same for the same import."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        files.replace(path, text.encode())

    def switch(self, quads: Path, folder: Path) -> None:
        """Make these N-Quads and this description the import in a folder.

        Wherever this is cut short, what stands in the folder is the old import or the new one: the description is
        there under another name from before the N-Quads are until after they are.
        """
        about = folder / f"{self.register}.json"
        self.save(_coming(about))
        quads.replace(about.with_suffix(".nq"))
        _coming(about).replace(about)


def _coming(about: Path) -> Path:
    return about.with_name(f".{about.name}")


@contextmanager
def locked(register: str, folder: Path) -> Iterator[None]:
    """Alone with the import of a register; raises DataError where another is busy with it.

    The lock goes with the process that holds it.
    """
    try:
        with filelock.FileLock(folder / f".{register}.lock", timeout=0):
            yield
    except filelock.Timeout as error:
        raise DataError(f"another run is busy with {register} in {folder}. Wait for it.") from error


def paths(out: Path) -> list[Path]:
    """The N-Quads of every import beside the releases of `out`, by name."""
    return [path for path in sorted((out / FOLDER).glob("*.nq")) if not path.name.startswith(".")]


def imports(out: Path) -> list[Imported]:
    """What was imported beside the releases of `out`, by name; raises DataError where it cannot be read."""
    return [_read(path) for path in paths(out)]


def _read(quads: Path) -> Imported:
    """The description that goes with the N-Quads; an import that was cut short left it under its other name."""
    about = quads.with_suffix(".json")
    problem: object = "it is not the file that was imported"
    try:
        sha256 = files.sha256(quads)
        for path in filter(Path.is_file, (about, _coming(about))):
            found = _described(path)
            if isinstance(found, Imported) and (found.register, found.nquads) == (quads.stem, sha256):
                return found
            problem = problem if isinstance(found, Imported) else found
    except OSError as error:
        problem = error
    raise _unusable(quads, problem)


def _described(path: Path) -> Imported | Exception:
    """What a description says, or why it cannot be read."""
    try:
        return Imported(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        return error


def _unusable(quads: Path, reason: object) -> DataError:
    return DataError(f"{quads}: {reason}. Import it again with 'kg link import', or remove it.")


def quads_of(imported: Imported, out: Path) -> Iterator[ox.Quad]:
    """The statements of an import, in its graph.

    Raises DataError where one stands in another graph, and where it was imported anew after `imported` was read.
    """
    path = out / FOLDER / f"{imported.register}.nq"
    graph = ox.NamedNode(REGISTER + imported.register)
    try:
        with path.open("rb") as file:
            yield from _quads(file, path, imported.nquads, graph)
    except (OSError, SyntaxError) as error:
        raise _unusable(path, error) from error


def _quads(file: IO[bytes], path: Path, sha256: str, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    # The open file stays what it is, also when another import takes its name.
    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
        raise DataError(f"{path} was imported anew in the meantime. Do this again.")
    file.seek(0)
    for quad in ox.parse(file, format=ox.RdfFormat.N_QUADS):
        if quad.graph_name != graph:
            raise _unusable(path, f"it has a statement outside {graph.value}")
        yield quad
