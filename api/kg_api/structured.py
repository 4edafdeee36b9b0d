"""The catalogue inside a page, for search engines that look for datasets."""

from kg.publishing import hydra, schemaorg
from kg.publishing.documents import CATALOGUE
from kg_api.serving import Serving


def script(current: Serving, language: str) -> str:
    """The content of an element `script` with JSON-LD in it; nothing where the release has no catalogue."""
    triples = current.said_in(CATALOGUE)
    if not triples:
        return ""
    return current.questions.kept(("schema.org", language), lambda: schemaorg.script(hydra.page(triples, 1), language))
