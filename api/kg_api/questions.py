"""The prepared questions of the service: read once, asked with bound terms."""

from collections.abc import Mapping

import pyoxigraph as ox

from kg import queries
from kg.project import Project
from kg.store import rows


class Questions:
    """The files of `queries/service/` on one store.

    They come with the library and their cost is known, so they run in the process that serves the web; a visitor's own
    query never does.
    """

    def __init__(self, project: Project, store: ox.Store) -> None:
        self.store = store
        self._queries = {path.stem: queries.read(path) for path in project.query_files("service")}

    def rows(self, name: str, **values: ox.NamedNode | ox.Literal) -> list[dict[str, str]]:
        """The solutions of a question as plain values by variable name."""
        return rows(self.store.query(self._queries[name].text, substitutions=_variables(values)))

    def triples(self, name: str, **values: ox.NamedNode | ox.Literal) -> list[ox.Triple]:
        """The triples that a CONSTRUCT question makes, sorted."""
        return sorted(self.store.query(self._queries[name].text, substitutions=_variables(values)), key=str)


def _variables(values: Mapping[str, ox.NamedNode | ox.Literal]) -> dict[ox.Variable, ox.NamedNode | ox.Literal]:
    return {ox.Variable(name): value for name, value in values.items()}
