"""A graph → files that anybody can take away: N-Quads, TriG, JSON-LD, Turtle, RDF/XML, and tables.

Everything is written from one list: the named graphs, canonicalised by RDFC-1.0 (W3C, "RDF Dataset Canonicalization",
2024) and sorted, so that the same graph gives the same bytes. `spoorboek.nq` is that canonical form itself.
"""

import gzip
import hashlib
import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from kg import csvw, sourcefiles, turtle
from kg.errors import ReleaseError
from kg.namespaces import GRAPH, PREFIXES
from kg.sourcefiles import SourceFiles
from kg.terms import DEFAULT_GRAPH

# What each file is; of two suffixes the last counts.
MEDIA_TYPES = {
    ".nq": "application/n-quads",
    ".nt": "application/n-triples",
    ".trig": "application/trig",
    ".ttl": "text/turtle; charset=utf-8",
    ".jsonld": "application/ld+json",
    ".rdf": "application/rdf+xml",
    ".xml": "application/xml",
    ".csv": "text/csv; charset=utf-8; header=present",
    ".json": "application/json",
    ".gz": "application/gzip",
    ".db": "application/vnd.sqlite3",
    "": "text/plain; charset=utf-8",
}
_NAME = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")


def media_type(name: str) -> str:
    """What a file of a release is, by its name, as HTTP says it."""
    if Path(name).name == csvw.METADATA:
        return "application/csvm+json"
    return MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream")


def write(folder: Path, store: ox.Store, files: SourceFiles, licence: str) -> str:
    """Write every dump into a new folder; returns the SHA-256 of the canonical form of the named graphs.

    `licence` is the IRI of the one that they are published under. Raises ReleaseError for a named graph whose name
    cannot be that of a file.
    """
    folder.mkdir()
    quads = canonical(quad for quad in store if quad.graph_name != DEFAULT_GRAPH)
    text = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    (folder / "spoorboek.nq").write_bytes(text)
    _pack(folder / "spoorboek.nq.gz", text)
    quads.sort(key=lambda quad: quad.graph_name.value)
    _pack(folder / "spoorboek.trig.gz", ox.serialize(quads, format=ox.RdfFormat.TRIG, prefixes=PREFIXES))
    _pack(folder / "spoorboek.jsonld.gz", ox.serialize(quads, format=ox.RdfFormat.JSON_LD))
    authored = sorted(set(sourcefiles.triples_of(files.data)), key=str)
    (folder / "spoorboek.ttl").write_bytes(turtle.write(authored))
    _pack(folder / "spoorboek.rdf.gz", turtle.write(authored, ox.RdfFormat.RDF_XML))
    _write_graphs(folder / "graphs", quads)
    (folder / "csv").mkdir()
    csvw.write(folder / "csv", quads, store, licence)
    return hashlib.sha256(text).hexdigest()


def canonical(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The statements with canonical labels for their blank nodes, in the order of their canonical lines."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(dataset, key=str)


def _pack(path: Path, content: bytes) -> None:
    """Write a gzip file that depends on nothing but its content: without a name, without a time (RFC 1952)."""
    with path.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
        packed.write(content)


def _write_graphs(folder: Path, quads: Iterable[ox.Quad]) -> None:
    """Write each named graph as Turtle, in the place that its name says; the statements come sorted by graph."""
    for graph, group in groupby(quads, key=lambda quad: quad.graph_name.value):
        name = graph.removeprefix(GRAPH)
        if not _NAME.fullmatch(name):
            raise ReleaseError(f"graph {graph}: only letters, digits, hyphens and slashes make the name of a dump")
        path = folder / f"{name}.ttl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(turtle.write(quad.triple for quad in group))
