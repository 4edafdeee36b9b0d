"""Reading and writing RDF files, with errors that name file and line."""

import gzip
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from kg.errors import DataError
from kg.namespaces import PREFIXES, compact
from kg.registers.xml_records import refuse_growth

# What editors of ontologies write by default.
_OTHER_EXTENSIONS = {"owl": ox.RdfFormat.RDF_XML}


def read(path: Path) -> list[ox.Triple]:
    """The triples of one RDF file, whatever graph they are in; raises what `read_quads` raises."""
    return [quad.triple for quad in read_quads(path)]


def read_quads(path: Path, base: str | None = None) -> Iterator[ox.Quad]:
    """The statements of one RDF file in the graphs that it names; the format follows the file's extension.

    Without a `base` a relative IRI is a mistake. A file that ends in .gz is unpacked on the way. Raises DataError when
    the file is missing, of an unknown format, not UTF-8 or not well-formed.
    """
    name = path.with_suffix("") if path.suffix == ".gz" else path
    extension = name.suffix.removeprefix(".").lower()
    rdf_format = _OTHER_EXTENSIONS.get(extension) or ox.RdfFormat.from_extension(extension)
    if rdf_format is None:
        raise DataError(f"{path}: '{name.suffix}' is no RDF format; use .ttl, .nt, .nq, .trig, .rdf or .jsonld")
    if rdf_format == ox.RdfFormat.RDF_XML:
        refuse_growth(path)
    try:
        if name == path:
            yield from map(_plain, ox.parse(path=path, format=rdf_format, base_iri=base))
        else:
            with gzip.open(path) as file:
                yield from map(_plain, ox.parse(file, format=rdf_format, base_iri=base))
    except SyntaxError as error:
        line = f" line {error.lineno}" if error.lineno else ""
        raise DataError(f"{path}{line}: {_reason(error)}") from error
    except (OSError, EOFError, ValueError) as error:
        raise DataError(f"{path}: {error}") from error


def _plain(quad: ox.Quad) -> ox.Quad:
    """The statement; raises ValueError where it is about another one (RDF 1.2), for which nothing here is made."""
    if isinstance(quad.object, ox.Triple):
        raise ValueError("a statement about a statement (RDF 1.2) cannot be read")
    return quad


def _reason(error: SyntaxError) -> str:
    """The parser's words without the place, which the message names already."""
    return error.msg.partition(": ")[2] or error.msg


def write(triples: Iterable[ox.Triple], rdf_format: ox.RdfFormat = ox.RdfFormat.TURTLE) -> bytes:
    """Triples in their order as text, with those prefixes of the library that they use."""
    output = BytesIO()
    write_to(output, triples, rdf_format)
    return output.getvalue()


def write_to(output: IO[bytes], triples: Iterable[ox.Triple], rdf_format: ox.RdfFormat) -> None:
    """The same, to a file."""
    triples = list(triples)
    nodes = {node for triple in triples for node in triple}
    iris = {node.value for node in nodes if isinstance(node, ox.NamedNode)}
    iris |= {node.datatype.value for node in nodes if isinstance(node, ox.Literal)}
    used = {name.partition(":")[0] for name in map(compact, iris)}
    prefixes = {prefix: namespace for prefix, namespace in PREFIXES.items() if prefix in used}
    ox.serialize(triples, output, format=rdf_format, prefixes=prefixes)
