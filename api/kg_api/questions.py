"""The prepared questions of the service: read once, asked with bound terms."""

import threading
from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

import pyoxigraph as ox
from cachetools import LRUCache

from kg import queries
from kg.project import Project
from kg.store import rows

T = TypeVar("T")
_MOST_KEPT = 5000


class Questions:
    """The files of `queries/service/` on one store, and the library of questions that visitors may ask by name.

    They come with the library and their cost is known, so they run in the process that serves the web; a visitor's own
    query never does.
    """

    def __init__(self, project: Project, store: ox.Store) -> None:
        self.store = store
        self._kept: LRUCache[Hashable, object] = LRUCache(_MOST_KEPT)
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}
        self._queries = {path.stem: queries.read(path) for path in project.query_files("service")}
        self.library = {path.stem: queries.read(path) for path in project.query_files()}

    def rows(self, name: str, **values: ox.NamedNode | ox.Literal) -> list[dict[str, str]]:
        """The solutions of a question as plain values by variable name."""
        return rows(self.store.query(self._queries[name].text, substitutions=_variables(values)))

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gave the last time for this key, not to be changed; a store elsewhere is always asked again.

        Who asks for what another request is making waits for that, so that nothing is made twice at a time.
        """
        if not isinstance(self.store, ox.Store):
            return make()
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                return found
            making = self._making.setdefault(key, threading.Lock())
        with making:
            return self._make(key, make)

    def _make(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            found = self._kept.get(key)
        try:
            if found is None:
                found = make()
                with self._lock:
                    self._kept[key] = found
        finally:
            with self._lock:
                self._making.pop(key, None)
        return found

    def triples(self, name: str, **values: ox.NamedNode | ox.Literal) -> list[ox.Triple]:
        """The triples that a CONSTRUCT question makes, sorted."""
        return sorted(self.store.query(self._queries[name].text, substitutions=_variables(values)), key=str)


def _variables(values: Mapping[str, ox.NamedNode | ox.Literal]) -> dict[ox.Variable, ox.NamedNode | ox.Literal]:
    return {ox.Variable(name): value for name, value in values.items()}
