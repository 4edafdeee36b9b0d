"""Project → build/{version}: store, dumps and manifest; then switch over in one step.

A release is made in a folder of its own beside the others and only gets its name when it is complete, so whatever fails
or is killed on the way leaves the current release as it was. Same input, same bytes: the version is a digest of
everything that goes in, and nothing that comes out depends on a clock or on chance.
"""

import hashlib
import importlib.metadata
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import filelock
import pyoxigraph as ox

from kg import quality, reasoning, sourcefiles, turtle, validation
from kg.errors import InvalidError, ReleaseError
from kg.project import FOLDERS, Project
from kg.report import Report
from kg.sourcefiles import DEFAULT_GRAPH, SourceFiles

CURRENT = "current"
KEPT = 2

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Release:
    """A finished release on disk."""

    folder: Path

    @property
    def version(self) -> str:
        """The name of the release: the first 12 hexadecimal digits of a SHA-256 over its inputs."""
        return self.folder.resolve().name

    @property
    def store(self) -> Path:
        """The folder of the store, to be opened with `Store.read_only`."""
        return self.folder / "store"

    @property
    def manifest(self) -> dict:
        """What the release holds: version, tools, triples per graph, facts per rule, files with size and sha256."""
        return json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))

    @classmethod
    def current(cls, out: Path) -> "Release":
        """The release that is served now; raises ReleaseError when there is none."""
        folder = out / CURRENT
        if not (folder / "manifest.json").is_file():
            raise ReleaseError(f"no release in {out}. Run 'kg build' first.")
        return cls(folder.resolve())


def build(project: Project, out: Path, progress: Progress = lambda _: None) -> Release:
    """Validate, reason, store and dump the project as a release in `out`, and make that the current one.

    Raises DataError for files that cannot be read, InvalidError when they break the rules, and ReleaseError when
    another build runs or the folder cannot be written; the current release is then untouched.
    """
    with _locked(out):
        release = Release(out / version_of(project))
        if not (release.folder / "manifest.json").is_file():
            _make(project, release, progress)
        progress("switching over")
        _switch(out, release)
        _prune(out, release)
        return release


def current_or_build(project: Project, out: Path, progress: Progress = lambda _: None) -> Release:
    """The current release in `out`, or a new one where there is none; raises what `build` raises."""
    try:
        return Release.current(out)
    except ReleaseError:
        return build(project, out, progress)


def version_of(project: Project) -> str:
    """The version a build of this project would get now."""
    digest = hashlib.sha256()
    code = Path(__file__).parent
    inputs = [path for folder in FOLDERS for path in (project.root / folder).rglob("*") if path.is_file()]
    for name, path in sorted(
        [(project.name_of(path), path) for path in inputs] + [(f"kg/{path.name}", path) for path in code.glob("*.py")]
    ):
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    digest.update(json.dumps(_tools(), sort_keys=True).encode())
    return digest.hexdigest()[:12]


def _tools() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in ("spoorboek", "pyoxigraph", "owlrl")}


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Hold the build lock of `out`; the operating system lets go of it when the process ends, however it ends."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(out / ".lock")
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise ReleaseError(f"another build is running in {out}. Wait for it, or build elsewhere with --out.") from error
    except OSError as error:
        raise ReleaseError(f"{out} cannot be written: {error.strerror}. Choose another folder with --out.") from error
    try:
        yield
    finally:
        lock.release()


def _make(project: Project, release: Release, progress: Progress) -> None:
    """Make the release in a temporary folder and give it its name when all is well."""
    out = release.folder.parent
    for left_over in out.glob(".making-*"):
        shutil.rmtree(left_over)
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=out))
    try:
        progress("reading files")
        files = sourcefiles.read(project)
        progress("checking the data")
        _must_be_valid(validation.check(files))
        progress("reasoning")
        memory, counts = reasoning.reason(project, files)
        progress("checking what reasoning found")
        inferred = reasoning.inferred_in(memory)
        _must_be_valid(Report.of(validation.shacl(files, "en", "pyshacl", inferred)))
        _must_be_valid(quality.check(project, memory, files.described_in()))
        progress("writing the store")
        _write_store(making / "store", memory)
        progress("writing dumps")
        dumps = _write_dumps(making / "dumps", memory, files)
        manifest = {
            "version": release.version,
            "tools": _tools(),
            "triples": len(memory) - _distinct(memory),
            "distinctTriples": _distinct(memory),
            "graphs": _graph_sizes(memory),
            "rules": counts,
            "files": dumps,
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        (making / "manifest.json").write_text(text, encoding="utf-8")
        making.chmod(0o755)
        shutil.rmtree(release.folder, ignore_errors=True)
        making.rename(release.folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _must_be_valid(report: Report) -> None:
    if report.has_violations:
        raise InvalidError(report)


def _distinct(store: ox.Store) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, None, None, DEFAULT_GRAPH))


def _graph_sizes(store: ox.Store) -> dict[str, int]:
    graphs = sorted(graph.value for graph in store.named_graphs())
    return {name: sum(1 for _ in store.quads_for_pattern(None, None, None, ox.NamedNode(name))) for name in graphs}


def _write_store(folder: Path, memory: ox.Store) -> None:
    store = ox.Store(str(folder))
    store.bulk_extend(memory)
    store.flush()
    store.optimize()


def _write_dumps(folder: Path, memory: ox.Store, files: SourceFiles) -> dict[str, dict[str, int | str]]:
    """Write the named graphs as N-Quads and the authored data as Turtle; returns size and sha256 by file name."""
    folder.mkdir()
    quads = ox.Dataset(quad for quad in memory if quad.graph_name != DEFAULT_GRAPH)
    quads.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    (folder / "spoorboek.nq").write_bytes(ox.serialize(sorted(quads, key=str), format=ox.RdfFormat.N_QUADS))
    data = sorted(set(sourcefiles.triples_of(files.data)), key=str)
    (folder / "spoorboek.ttl").write_bytes(turtle.write(data))
    return {f"dumps/{path.name}": _describe(path) for path in sorted(folder.iterdir())}


def _describe(path: Path) -> dict[str, int | str]:
    return {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def _switch(out: Path, release: Release) -> None:
    """Point `current` at the release in one step: readers see the old one or the new one."""
    link = out / ".switching"
    link.unlink(missing_ok=True)
    link.symlink_to(release.folder.name)
    os.replace(link, out / CURRENT)  # noqa: PTH105  (Path.replace would do the same; os.replace says that it is atomic)


def _prune(out: Path, release: Release) -> None:
    """Keep the newest releases only, the current one always among them."""
    others = [manifest.parent for manifest in out.glob("*/manifest.json") if manifest.parent.name != CURRENT]
    others = [folder for folder in others if folder.name != release.version]
    others.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in others[KEPT - 1 :]:
        shutil.rmtree(folder)
