"""Project → build/{version}: store, dumps, search index and manifest; then switch over in one step.

A release is made in a folder of its own beside the others and only gets its name when it is complete, so whatever fails
or is killed on the way leaves the current release as it was. Same input, same bytes: the version is a digest of
everything that goes in, and nothing that comes out depends on a clock or on chance.
"""

import fcntl
import hashlib
import importlib.metadata
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import filelock
import pyoxigraph as ox

from kg import search, sourcefiles, turtle
from kg.checks import check_files
from kg.errors import InvalidError, ReleaseError
from kg.project import FOLDERS, Project
from kg.registers.imported import Imported, imports, quads_of
from kg.sourcefiles import DEFAULT_GRAPH, SourceFiles
from kg.store import open_store

CURRENT = "current"

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
    def search(self) -> Path:
        """The index that `kg.search.search` reads."""
        return self.folder / "search.db"

    @property
    def place(self) -> str:
        """What `kg.store.open_store` opens."""
        return str(self.store)

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
    with _locked(out), _clear_errors(out):
        imported = imports(out)
        release = Release(out / version_of(project, imported))
        if not _is_whole(release):
            _make(project, imported, release, progress)
        progress("switching over")
        before = (out / CURRENT).resolve()
        _switch(out, release)
        _prune(out, {release.folder.name, before.name})
        return release


@contextmanager
def _clear_errors(out: Path) -> Iterator[None]:
    """Say what stood in the way when a file or folder could not be written or removed."""
    try:
        yield
    except OSError as error:
        raise ReleaseError(f"the release could not be written in {out}: {error}") from error


def _is_whole(release: Release) -> bool:
    """Whether a release is there with a manifest that reads, the files that it names and a store that opens."""
    try:
        manifest = release.manifest
        files = all((release.folder / name).is_file() for name in manifest["files"])
        return files and manifest["version"] == release.version and len(open_store(release.store)) > 0
    except (OSError, ValueError, KeyError, ReleaseError):
        return False


def current_or_build(project: Project, out: Path, progress: Progress = lambda _: None) -> Release:
    """The current release in `out`, or a new one where there is none; raises what `build` raises."""
    try:
        return Release.current(out)
    except ReleaseError:
        return build(project, out, progress)


def load(files: Sequence[Path], folder: Path) -> Release:
    """Any RDF files as a release in an empty folder, in the graphs that they name themselves.

    Its version is a digest of the files. Raises DataError for a file that cannot be read.
    """
    digest = hashlib.sha256()
    store = ox.Store(str(folder / "loading"))
    for path in files:
        store.bulk_extend(turtle.read_quads(path))
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    store.flush()
    release = Release(folder / digest.hexdigest()[:12])
    graphs = _graph_sizes(store)
    manifest = {"version": release.version, "distinctTriples": _distinct(store), "graphs": graphs}
    del store
    release.folder.mkdir()
    (folder / "loading").rename(release.store)
    (release.folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return release


def version_of(project: Project, imported: Sequence[Imported] = ()) -> str:
    """The version a build of this project would get now, with what was imported from registers elsewhere."""
    digest = hashlib.sha256()
    code = Path(__file__).parent
    inputs = [path for folder in FOLDERS for path in (project.root / folder).rglob("*") if path.is_file()]
    for name, path in sorted(
        [(project.name_of(path), path) for path in inputs]
        + [(f"kg/{path.relative_to(code)}", path) for path in code.rglob("*") if path.suffix in (".py", ".jsonld")]
    ):
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    digest.update(json.dumps([_tools(), [entry.summary for entry in imported]], sort_keys=True).encode())
    return digest.hexdigest()[:12]


def _tools() -> dict[str, str]:
    """What the bytes of a release depend on, beside its inputs."""
    packages = {name: importlib.metadata.version(name) for name in ("spoorboek", "pyoxigraph", "owlrl")}
    return {**packages, "sqlite": sqlite3.sqlite_version}


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


def _make(project: Project, imported: Sequence[Imported], release: Release, progress: Progress) -> None:
    """Make the release in a temporary folder and give it its name when all is well."""
    out = release.folder.parent
    for left_over in out.glob(".making-*"):
        shutil.rmtree(left_over)
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=out))
    try:
        progress("reading files")
        files = sourcefiles.read(project)
        checked = check_files(project, files, language="en", progress=progress)
        if checked.report.has_violations:
            raise InvalidError(checked.report)
        memory = checked.store
        for entry in imported:
            progress(f"taking in {entry.register}")
            _take_in(memory, entry, out)
        progress("writing the store")
        _write_store(making / "store", memory)
        progress("writing dumps")
        dumps = _write_dumps(making / "dumps", memory, files)
        progress("indexing for search")
        search.build(memory, making / "search.db")
        manifest = {
            "version": release.version,
            "tools": _tools(),
            "triples": len(memory) - _distinct(memory),
            "distinctTriples": _distinct(memory),
            "graphs": _graph_sizes(memory),
            "rules": checked.inferred,
            "registers": {entry.register: entry.summary for entry in imported},
            "files": {**dumps, "search.db": _describe(making / "search.db")},
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        (making / "manifest.json").write_text(text, encoding="utf-8")
        making.chmod(0o755)
        shutil.rmtree(release.folder, ignore_errors=True)
        making.rename(release.folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _take_in(memory: ox.Store, imported: Imported, out: Path) -> None:
    """Add what was imported from a register: to its named graph, and to the default graph."""
    memory.extend(
        statement for quad in quads_of(imported, out) for statement in (quad, ox.Quad(*quad.triple, DEFAULT_GRAPH))
    )


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


def _prune(out: Path, kept: set[str]) -> None:
    """Remove the releases that are neither kept nor held by a service that still reads them."""
    for manifest in out.glob("*/manifest.json"):
        folder = manifest.parent
        if folder.name in {CURRENT, *kept}:
            continue
        lock = _lock(folder, fcntl.LOCK_EX)
        if lock is not None:
            with lock:
                shutil.rmtree(folder)


def hold(release: Release) -> IO[bytes]:
    """Keep a release from being removed while the file that this returns is open.

    Raises ReleaseError when a build is removing it just then.
    """
    file = _lock(release.folder, fcntl.LOCK_SH)
    if file is None:
        raise ReleaseError(f"release {release.version} is being removed by a build. Start again.")
    return file


def _lock(folder: Path, kind: int) -> IO[bytes] | None:
    """Lock the manifest of a release; None when another process holds it in a way that does not go together."""
    file = (folder / "manifest.json").open("rb")
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file
