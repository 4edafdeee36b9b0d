"""The pages that a search engine should know, in the form of sitemaps.org: an index and its parts."""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

import pyoxigraph as ox

from kg.namespaces import ID
from kg.terms import DEFAULT_GRAPH, named

MOST = 50_000
"""The addresses of one part, as the protocol allows at most."""
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PAGES = ("", "catalogus", "def", "shapes")


def paths(store: ox.Store) -> list[str]:
    """The pages below the address of the service: the fixed ones, and one for each thing with a name."""
    labels = store.quads_for_pattern(None, named("skos:prefLabel"), None, DEFAULT_GRAPH)
    iris = (quad.subject.value for quad in labels)
    return [*_PAGES, *sorted({f"doc/{iri.removeprefix(ID)}" for iri in iris if iri.startswith(ID)})]


def sitemaps(paths: list[str], base: str, modified: str) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files; `base` is the address of the service, `modified` a date."""
    parts = [paths[start : start + MOST] for start in range(0, len(paths), MOST)]
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    yield "sitemap.xml", _document("sitemapindex", "sitemap", [base + name for name in names], modified)
    for name, part in zip(names, parts, strict=True):
        yield name, _document("urlset", "url", [base + path for path in part], modified)


def _document(root: str, entry: str, addresses: Iterable[str], modified: str) -> bytes:
    entries = "".join(
        f"<{entry}><loc>{escape(address)}</loc><lastmod>{modified}</lastmod></{entry}>\n" for address in addresses
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n{entries}</{root}>\n'.encode()
