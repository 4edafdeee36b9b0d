"""Where the files of a graph are, and which named graph each becomes."""

from dataclasses import dataclass
from pathlib import Path

from kg.errors import DataError
from kg.namespaces import GRAPH

FOLDERS = ("ontology", "shapes", "data", "queries")


@dataclass(frozen=True)
class Project:
    """The folders `ontology/`, `shapes/`, `data/` and `queries/` below one root."""

    root: Path

    @classmethod
    def find(cls) -> "Project":
        """Find the project: the current folder when it is one, else the copy that came with the library.

        Raises DataError when there is neither.
        """
        package = Path(__file__).parent
        for root in (Path.cwd(), package / "project", package.parents[1]):
            if all((root / folder).is_dir() for folder in FOLDERS):
                return cls(root)
        raise DataError(f"no graph found: {Path.cwd()} has no folders {', '.join(FOLDERS)}. Run kg in a checkout.")

    def turtle_files(self, *folders: str) -> list[Path]:
        """Every Turtle file of these folders, sorted by path."""
        return sorted(path for folder in folders for path in (self.root / folder).rglob("*.ttl"))

    def data_files(self) -> list[Path]:
        """Every file of the data: Turtle, and the mappings of `data/koppelingen/`; sorted by path."""
        return sorted([*self.turtle_files("data"), *(self.root / "data" / "koppelingen").glob("*.sssom.tsv")])

    def query_files(self, *folders: str) -> list[Path]:
        """Every query directly in `queries/` or in these folders below it, sorted by path."""
        return sorted((self.root / "queries").joinpath(*folders).glob("*.rq"))

    def rule_files(self, *folders: str) -> list[Path]:
        """The hand-written rules (SPARQL Update) of `queries/rules/` or a folder below it, as they run."""
        return sorted((self.root / "queries" / "rules").joinpath(*folders).glob("*.ru"))

    def name_of(self, path: Path) -> str:
        """The path of a file as people know it: relative to the root where it lies below it, with forward slashes."""
        path = path.resolve()
        root = self.root.resolve()
        return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)

    def graph_of(self, path: Path) -> str:
        """The IRI of the named graph a file becomes: `data/wetten.ttl` is `…/graph/data/wetten`."""
        return GRAPH + self.name_of(path).removesuffix(".ttl").removesuffix(".sssom.tsv")
