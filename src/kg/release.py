"""Project → build/{version}: store, dumps, search index, manifest and checksums; then switch over in one step.

A release is made in a folder of its own beside the others and only gets its name when it is complete, so whatever fails
or is killed on the way leaves the current release as it was. Same input, same bytes: the version is a digest of
everything that goes in, and nothing that comes out depends on a clock or on chance.
"""

import fcntl
import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import sqlite3
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import filelock
import pyoxigraph as ox

from kg import blank_nodes, dumps, manifest, search, sourcefiles, turtle
from kg.checks import Checked, check_files
from kg.errors import InvalidError, ReleaseError
from kg.files import sha256
from kg.linking import records
from kg.manifest import CHECKSUMS, MANIFEST
from kg.project import FOLDERS, Project
from kg.publishing import documents, publication
from kg.publishing.codelists import LICENCES
from kg.publishing.publication import Publication
from kg.registers.imported import Imported, imports, quads_of
from kg.sourcefiles import SourceFiles
from kg.store import open_store, prepared
from kg.terms import DEFAULT_GRAPH

CURRENT = "current"

Progress = Callable[[str], None]

_VERSION = re.compile(r"[0-9a-f]{12}")


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
        """What the release holds: version, edition, tools, triples per graph, facts per rule, checksums of files."""
        return json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))

    def checksum(self, name: str) -> str | None:
        """The SHA-256 of a file that the release has for others; None for any other name, whatever is on disk."""
        if name in (MANIFEST, CHECKSUMS) and (self.folder / name).is_file():
            return manifest.describe(self.folder / name)["sha256"]
        return self.manifest.get("files", {}).get(name, {}).get("sha256")

    @classmethod
    def current(cls, out: Path) -> "Release":
        """The release that is served now; raises ReleaseError when there is none."""
        folder = out / CURRENT
        if not (folder / MANIFEST).is_file():
            raise ReleaseError(f"no release in {out}. Run 'kg build' first.")
        return cls(folder.resolve())


def manifests(out: Path) -> dict[str, dict]:
    """The manifest of every finished release in a folder by its version, the one that was made last first."""
    found = []
    for path in out.glob(f"*/{MANIFEST}"):
        if _VERSION.fullmatch(path.parent.name):
            with suppress(OSError, ValueError):  # a build may remove it just now
                found.append((-path.stat().st_mtime_ns, path.parent.name, Release(path.parent).manifest))
    return {version: said for _, version, said in sorted(found, key=lambda one: one[:2])}


def version_named(name: str, known: Mapping[str, dict]) -> str | None:
    """The version that a name stands for among releases: that version itself, or the last one of an edition."""
    return next((v for v, said in known.items() if name in (v, said.get("edition", {}).get("versie"))), None)


def named(out: Path, name: str) -> Release:
    """A release in a folder by its version, by its edition such as 2026.1, or as `current`.

    Raises ReleaseError when there is none of that name.
    """
    if name == CURRENT:
        return Release.current(out)
    known = manifests(out)
    version = version_named(name, known)
    if version is None:
        raise ReleaseError(f"no release '{name}' in {out}; there are: {', '.join(known) or 'none'}. Run 'kg build'.")
    return Release(out / version)


def build(project: Project, out: Path, progress: Progress = lambda _: None) -> Release:
    """Validate, reason, store and dump the project as a release in `out`, and make that the current one.

    Raises DataError for files that cannot be read, InvalidError when they break the rules, SettingsError when it is
    wrongly said who publishes, and ReleaseError when another build runs or the folder cannot be written; the current
    release is then untouched.
    """
    told = publication.read(Publication)
    with _locked(out), _clear_errors(out):
        imported = imports(out)
        release = Release(out / version_of(project, told, imported))
        if not _is_whole(release):
            _make(project, told, imported, release, progress)
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
        said = release.manifest
        files = all((release.folder / name).is_file() for name in (*said["files"], CHECKSUMS))
        return files and said["version"] == release.version and len(open_store(release.store)) > 0
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

    A relative IRI is one of the file that it stands in, a blank node is the same only within one. The version is a
    digest of the files. Raises DataError for a file that cannot be read.
    """
    digest = hashlib.sha256()
    store = ox.Store(str(folder / "loading"))
    for number, path in enumerate(files, start=1):
        quads = turtle.read_quads(path, path.absolute().as_uri())
        store.bulk_extend(quads if len(files) == 1 else blank_nodes.apart(quads, number))
        digest.update(bytes.fromhex(sha256(path)))
    store.flush()
    release = Release(folder / digest.hexdigest()[:12])
    about = {"distinctTriples": manifest.distinct(store), "graphs": manifest.graph_sizes(store)}
    del store
    release.folder.mkdir()
    (folder / "loading").rename(release.store)
    text = json.dumps({"version": release.version, **about})
    (release.folder / MANIFEST).write_text(text, encoding="utf-8")
    return release


def version_of(project: Project, told: Publication, imported: Sequence[Imported] = ()) -> str:
    """The version that a build of this project would get now, published so, with these imports from registers."""
    digest = hashlib.sha256()
    code = Path(__file__).parent
    inputs = [path for folder in FOLDERS for path in (project.root / folder).rglob("*") if path.is_file()]
    names = {project.name_of(path): path for path in inputs}
    names |= {
        f"kg/{path.relative_to(code).as_posix()}": path for path in code.rglob("*") if path.suffix in (".py", ".jsonld")
    }
    for name, path in sorted(names.items()):
        digest.update(f"{name}\0{sha256(path)}\n".encode())
    digest.update(json.dumps([_tools(), [entry.summary for entry in imported]], sort_keys=True).encode())
    digest.update(told.model_dump_json().encode())
    return digest.hexdigest()[:12]


def _tools() -> dict[str, str]:
    """What the bytes of a release depend on, beside its inputs."""
    packages = {name: importlib.metadata.version(name) for name in ("spoorboek", "pyoxigraph", "owlrl")}
    return {**packages, "sqlite": sqlite3.sqlite_version, "zlib": zlib.ZLIB_RUNTIME_VERSION}


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


def _make(
    project: Project,
    told: Publication,
    imported: Sequence[Imported],
    release: Release,
    progress: Progress,
) -> None:
    """Make the release in a temporary folder and give it its name when all is well."""
    out = release.folder.parent
    for left_over in out.glob(".making-*"):
        shutil.rmtree(left_over)
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=out))
    try:
        files, checked = _graph(project, imported, out, progress)
        memory = checked.store
        progress("writing the store")
        _write_store(making / "store", memory)
        progress("writing dumps")
        canonical = dumps.write(making / "dumps", memory, files, LICENCES.iri(told.licence))
        progress("indexing for search")
        search.build(memory, making / "search.db")
        progress("writing the catalogue")
        ask = prepared(project, memory)
        documents.write(making, memory, ask, release.version, told)
        # Whatever else a release has is written before this line.
        about = {"edition": manifest.edition(ask), **_about(checked, canonical, told, imported)}
        manifest.seal(making, release.version, about)
        making.chmod(0o755)
        shutil.rmtree(release.folder, ignore_errors=True)
        making.rename(release.folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _graph(
    project: Project, imported: Sequence[Imported], out: Path, progress: Progress
) -> tuple[SourceFiles, Checked]:
    """The files, and the store with what follows from them and with what was imported; raises InvalidError."""
    progress("reading files")
    files = sourcefiles.read(project)
    checked = check_files(project, files, language="en", progress=progress)
    if checked.report.has_violations:
        raise InvalidError(checked.report)
    for entry in imported:
        progress(f"taking in {entry.register}")
        _take_in(checked.store, entry, out)
    if not imported:
        return files, checked
    progress("linking records")
    linked = records.link(project, files, checked.store)
    return files, replace(checked, inferred={**checked.inferred, **linked})


def _take_in(memory: ox.Store, imported: Imported, out: Path) -> None:
    """Add what was imported from a register: to its named graph, and to the default graph."""
    memory.extend(
        statement for quad in quads_of(imported, out) for statement in (quad, ox.Quad(*quad.triple, DEFAULT_GRAPH))
    )


def _about(checked: Checked, canonical: str, told: Publication, imported: Sequence[Imported]) -> dict[str, object]:
    """What the manifest says of the graph and of how it was made."""
    memory = checked.store
    return {
        "tools": _tools(),
        "triples": len(memory) - manifest.distinct(memory),
        "distinctTriples": manifest.distinct(memory),
        "canonical": {"algorithm": "RDFC-1.0", "sha256": canonical},
        "graphs": manifest.graph_sizes(memory),
        "rules": checked.inferred,
        "publication": told.model_dump(mode="json"),
        "registers": {entry.register: entry.summary for entry in imported},
    }


def _write_store(folder: Path, memory: ox.Store) -> None:
    store = ox.Store(str(folder))
    store.bulk_extend(memory)
    store.flush()
    store.optimize()


def _switch(out: Path, release: Release) -> None:
    """Point `current` at the release in one step: readers see the old one or the new one."""
    link = out / ".switching"
    link.unlink(missing_ok=True)
    link.symlink_to(release.folder.name)
    os.replace(link, out / CURRENT)  # noqa: PTH105  (Path.replace would do the same; os.replace says that it is atomic)


def _prune(out: Path, kept: set[str]) -> None:
    """Remove the releases that are neither kept nor held by a service that still reads them."""
    for path in out.glob(f"*/{MANIFEST}"):
        folder = path.parent
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
    file = (folder / MANIFEST).open("rb")
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file
