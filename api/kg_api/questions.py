"""The prepared questions of the service: read once, asked with bound terms."""

import sys
import threading
from collections.abc import Callable, Hashable, Mapping, MutableMapping, Set
from contextlib import suppress
from itertools import chain
from typing import TypeVar

import pyoxigraph as ox
from cachetools import LRUCache

from kg import queries
from kg.project import Project
from kg.store import rows

T = TypeVar("T")
_Kept = MutableMapping[Hashable, tuple[Hashable, object]]


class Questions:
    """The files of `queries/service/` on one store, and the library of questions that visitors may ask by name.

    They come with the library and their cost is known, so they run in the process that serves the web; a visitor's own
    query never does.
    """

    def __init__(self, project: Project, store: ox.Store, room: int = 100_000_000) -> None:
        """`room` is for what `remembered` keeps, in bytes."""
        self.store = store
        self._kept: _Kept = {}
        self._remembered: _Kept = LRUCache(room, _size)
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}
        self._queries = {path.stem: queries.read(path) for path in project.query_files("service")}
        self.library = {path.stem: queries.read(path) for path in project.query_files()}

    def rows(self, name: str, **values: ox.NamedNode | ox.Literal) -> list[dict[str, str]]:
        """The solutions of a question as plain values by variable name."""
        return rows(self.store.query(self._queries[name].text, substitutions=_variables(values)))

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gave the first time for this key, not to be changed; a store elsewhere is always asked again.

        Only for keys of which there are few, whatever visitors ask. Who asks for what another request is making waits
        for that, so that nothing is made twice at a time.
        """
        return self._once(self._kept, key, make)

    def remembered(self, key: Hashable, make: Callable[[], T]) -> T:
        """The same for any key, for as long as there is room."""
        return self._once(self._remembered, key, make)

    def _once(self, kept: _Kept, key: Hashable, make: Callable[[], T]) -> T:
        if not isinstance(self.store, ox.Store):
            return make()
        with self._lock:
            found = kept.get(key)
            if found is not None:
                return found[1]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            return self._make(kept, key, make)

    def _make(self, kept: _Kept, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            found = kept.get(key)
        try:
            if found is None:
                found = key, make()
                # What is larger than all the room there is, is made each time.
                with self._lock, suppress(ValueError):
                    kept[key] = found
        finally:
            with self._lock:
                self._making.pop(key, None)
        return found[1]

    def triples(self, name: str, **values: ox.NamedNode | ox.Literal) -> list[ox.Triple]:
        """The triples that a CONSTRUCT question makes, sorted."""
        return sorted(self.store.query(self._queries[name].text, substitutions=_variables(values)), key=str)


def _size(value: object) -> int:
    """The bytes that a text takes, or a list, a set or a mapping with what is in it; shared parts count each time."""
    parts = chain(value, value.values()) if isinstance(value, Mapping) else value
    are_parts = isinstance(value, (Mapping, list, tuple, Set))
    return sys.getsizeof(value) + (sum(map(_size, parts)) if are_parts else 0)


def _variables(values: Mapping[str, ox.NamedNode | ox.Literal]) -> dict[ox.Variable, ox.NamedNode | ox.Literal]:
    return {ox.Variable(name): value for name, value in values.items()}
