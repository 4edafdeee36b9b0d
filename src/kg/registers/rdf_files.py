"""Saved exports in RDF, read without anything that they name elsewhere: no document types, no contexts from the web."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from kg.errors import DataError
from kg.registers.framework import TruncatedError, plain
from kg.registers.xml_records import refuse_document_type, refuse_growth

_BASE = "https://w3id.org/spoorboek/geen-basis/"
_LAST_BYTES = 256


def rdf_format(path: Path) -> ox.RdfFormat:
    """The format of a file by its extension, `.xml` being RDF/XML; raises DataError for another extension."""
    found = ox.RdfFormat.from_extension(path.suffix.removeprefix(".").replace("xml", "rdf"))
    if found is None:
        raise DataError(f"{path}: '{path.suffix}' is no RDF format; use .ttl, .rdf, .jsonld, .nt or .nq")
    return found


def rdf_quads(path: Path, form: ox.RdfFormat) -> Iterator[ox.Quad]:
    """The statements of a file, one at a time; those about another statement (RDF 1.2) are passed over.

    Raises TruncatedError for a file that ends early, and DataError for one that is not of this format, that has a
    document type, or that wants a JSON-LD context from elsewhere.
    """
    with _readable(path, form):
        quads = ox.parse(path=path, format=form, base_iri=_BASE)
        yield from (quad for quad in quads if not isinstance(quad.object, ox.Triple))


@contextmanager
def _readable(path: Path, form: ox.RdfFormat) -> Iterator[None]:
    """Refuse what is not safe to read, and say which file cannot be read and why."""
    if form == ox.RdfFormat.RDF_XML:
        refuse_document_type(path)
        # The parser of RDF/XML needs a time that grows with the square of the depth.
        refuse_growth(path)
    try:
        yield
    except SyntaxError as error:
        if form == ox.RdfFormat.JSON_LD and not _ends_with(path, b"}", b"]"):
            raise TruncatedError(f"{path} ends before it is complete. Fetch it again.") from error
        raise DataError(f"{path} cannot be read by itself as {form.name}: {plain(error.msg)}") from error
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: {error}") from error


def _ends_with(path: Path, *ends: bytes) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LAST_BYTES))
        return file.read().rstrip().endswith(ends)
