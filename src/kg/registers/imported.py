"""What was imported, as it stands beside the releases: `registers/{name}.nq` and `registers/{name}.json`."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pyoxigraph as ox

from kg import files, report, turtle
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


def imports(out: Path) -> list[Imported]:
    """What was imported beside the releases of `out`, by name; raises DataError where it cannot be read."""
    return [_read(path) for path in sorted((out / FOLDER).glob("*.nq"))]


def _read(quads: Path) -> Imported:
    try:
        imported = Imported(**json.loads(quads.with_suffix(".json").read_text(encoding="utf-8")))
        whole = files.sha256(quads) == imported.nquads
    except (OSError, ValueError, TypeError) as error:
        raise _unusable(quads, error) from error
    if not whole or imported.register != quads.stem:
        raise _unusable(quads, "it is not the file that was imported")
    return imported


def _unusable(quads: Path, reason: object) -> DataError:
    return DataError(f"{quads}: {reason}. Import it again with 'kg link import', or remove it.")


def quads_of(imported: Imported, out: Path) -> Iterator[ox.Quad]:
    """The statements of an import, in its graph; raises DataError where one stands in another graph."""
    path = out / FOLDER / f"{imported.register}.nq"
    graph = ox.NamedNode(REGISTER + imported.register)
    for quad in turtle.read_quads(path):
        if quad.graph_name != graph:
            raise _unusable(path, f"it has a statement outside {graph.value}")
        yield quad
