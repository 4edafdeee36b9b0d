"""What is read of one record, word by word, with a finding for each value that cannot be what its word asks."""

from collections.abc import Callable, Iterator

import pyoxigraph as ox

from kg.registers.framework import Finding, Record, address, day, plain, record, text

Reader = Callable[[object], ox.NamedNode | ox.Literal | None]

_ASKED: dict[Reader, str] = {day: "day such as 2024-03-31", address: "address on the web"}


class Facts:
    """The facts of one record, and the findings about it."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._facts: list[tuple[str, ox.NamedNode | ox.Literal]] = []
        self._findings: list[Finding] = []

    def add(self, word: str, reader: Reader, *values: object) -> None:
        """A fact for each value that the reader makes a term of; what is empty gives none."""
        for value in values:
            term = reader(value)
            if term is not None:
                self._facts.append((word, term))
            elif reader in _ASKED and (shown := plain(str(value or ""), 80)):
                problem = f"{word}: '{shown}' is no {_ASKED[reader]}"
                self._findings.append(Finding(self._key, problem, "ask the organisation to correct it", lost=False))

    def record(self, register: str, iri: str, cls: str) -> Iterator[Record | Finding]:
        """The findings, and then the record."""
        yield from self._findings
        yield record(register, iri, cls, dict.fromkeys(self._facts))


def dutch(value: object) -> ox.Literal | None:
    """The reader of a text in Dutch."""
    return text(value, "nl")


def as_it_is(term: object) -> ox.NamedNode | ox.Literal | None:
    """The reader of what is a term already."""
    return term if isinstance(term, ox.NamedNode | ox.Literal) else None
