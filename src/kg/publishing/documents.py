"""What a release is published with: a file for each dataset, the catalogue, VoID and the map of its pages."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg import manifest, turtle
from kg.errors import ReleaseError
from kg.namespaces import ID, REGISTER
from kg.publishing import catalogue, sitemap
from kg.publishing.datafiles import by_dataset
from kg.publishing.datasets import WHOLE, Dataset, datasets
from kg.publishing.describing import WRITERS
from kg.publishing.publication import Publication
from kg.publishing.void import void
from kg.store import Rows
from kg.terms import DEFAULT_GRAPH, named

CATALOGUE = "catalogus.ttl"
VOID = "void.ttl"
FORMATS = {"turtle": "ttl", "jsonld": "jsonld", "rdf": "rdf"}
"""The formats in which the catalogue is written, and the suffixes of their files."""


def write(folder: Path, store: ox.Store, ask: Rows, release: str, told: Publication) -> None:
    """Write them into the folder of a release, where its dumps already are.

    Nothing is written for a graph that does not say which edition it is.
    """
    edition = catalogue.edition(ask, release)
    if not edition:
        return
    graphs = manifest.graph_sizes(store)
    offered = datasets(store, graphs)
    _write_parts(folder, store, [dataset for dataset in offered if dataset.ref != WHOLE])
    files = by_dataset([dataset.ref for dataset in offered], manifest.files(folder))
    plans = [dataset for dataset in offered if dataset.plan]
    sources = {
        plan.ref: [row["bron"] for row in ask("catalogus-bronnen", plan=ox.NamedNode(plan.plan))] for plan in plans
    }
    sources[WHOLE] = _imported(store, graphs)
    described = catalogue.catalogue(offered, sources, files, edition, told)
    for suffix, written in WRITERS.items():
        (folder / f"catalogus.{suffix}").write_bytes(written(described))
    figures = void(ask, graphs, manifest.distinct(store), offered, files, edition, told)
    (folder / VOID).write_bytes(turtle.write(figures))
    for name, content in sitemap.sitemaps(sitemap.paths(store), told.base, edition.modified):
        (folder / name).write_bytes(content)


def read(folder: Path, name: str) -> bytes:
    """The catalogue of a release in a format of FORMATS; raises ReleaseError when it has none."""
    path = folder / f"catalogus.{FORMATS[name]}"
    if not path.is_file():
        raise ReleaseError(f"release {folder.name} has no catalogue: no sb:Uitgave says which edition it is.")
    return path.read_bytes()


def gaps(about: Mapping[str, Any]) -> list[str]:
    """What should have been set before the catalogue of a release with this manifest is given to others, in words."""
    return Publication(**about["publication"]).gaps


def _imported(store: ox.Store, graphs: Iterable[str]) -> list[str]:
    """The registers of which the graph has records: an import says where these come from."""
    names = (graph.removeprefix(REGISTER) for graph in sorted(graphs) if graph.startswith(REGISTER))
    registers = (ox.NamedNode(f"{ID}register/{name}") for name in names)
    word = named("prov:wasDerivedFrom")
    return [it.value for it in registers if any(store.quads_for_pattern(it, word, None, DEFAULT_GRAPH))]


def _write_parts(folder: Path, store: ox.Store, parts: list[Dataset]) -> None:
    (folder / "datasets").mkdir()
    for part in parts:
        (folder / "datasets" / f"{part.ref}.ttl").write_bytes(turtle.write(_triples(store, part)))


def _triples(store: ox.Store, dataset: Dataset) -> list[ox.Triple]:
    """What the named graphs of a dataset say, each statement once, sorted."""
    names = map(ox.NamedNode, dataset.graphs)
    return sorted({quad.triple for name in names for quad in store.quads_for_pattern(None, None, None, name)}, key=str)
