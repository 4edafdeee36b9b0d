"""What a release says of itself: `manifest.json`, and the checksums of its files as `sha256sum` reads them."""

import json
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

from kg.files import sha256
from kg.store import Rows
from kg.terms import DEFAULT_GRAPH

MANIFEST = "manifest.json"
CHECKSUMS = "SHA256SUMS"

Files = dict[str, dict[str, int | str]]


def seal(folder: Path, version: str, about: Mapping[str, object]) -> None:
    """Write down what is in the folder of a release, and the checksums of it all, that note included."""
    said = {"version": version, **about, "files": files(folder)}
    text = json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    sums = [f"{described['sha256']}  {name}\n" for name, described in files(folder).items()]
    (folder / CHECKSUMS).write_text("".join(sums), encoding="utf-8")


def files(folder: Path) -> Files:
    """Size and sha256 of every file that a release has for others, by its name in the release; not of its store."""
    names = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: describe(path) for name, path in sorted(names.items()) if not name.startswith("store/")}


def describe(path: Path) -> dict[str, int | str]:
    """Size and sha256 of a file."""
    return {"bytes": path.stat().st_size, "sha256": sha256(path)}


def edition(ask: Rows) -> dict[str, str]:
    """What `data/uitgave.ttl` says of itself: `versie` and `peildatum`; nothing where there is no such record."""
    found = next(iter(ask("uitgave")), {})
    return {name: found[name] for name in ("versie", "peildatum") if name in found}


def distinct(store: ox.Store) -> int:
    """How many triples a store has, each counted once."""
    return sum(1 for _ in store.quads_for_pattern(None, None, None, DEFAULT_GRAPH))


def graph_sizes(store: ox.Store) -> dict[str, int]:
    """How many triples each graph of a store has whose name is an IRI; nobody can ask for another."""
    graphs = sorted(graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode))
    return {name: sum(1 for _ in store.quads_for_pattern(None, None, None, ox.NamedNode(name))) for name in graphs}
