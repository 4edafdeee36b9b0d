"""What runs in a worker process: one visitor's query on the read-only store.

A query cannot be stopped from inside and can end its process, so it never runs in the process that serves the web. This
module imports as little as it can, because every worker that dies is replaced by one that imports it again.
"""

import os
import re
import resource
from typing import NamedTuple

import pyoxigraph as ox

from kg.errors import EndpointError
from kg.namespaces import BASE
from kg.store import GRAPH_FORMATS, RESULT_FORMATS, Store, open_store, serialize_to

_UNKNOWN_FUNCTION = re.compile(r"The custom function <(.+)> is not supported")
_opened: dict[str, Store] = {}


class Question(NamedTuple):
    """A query, the dataset that the request names (None: the store's own), and the forms the client takes."""

    text: str
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    result_format: str | None
    graph_format: str | None


class Refused(Exception):  # noqa: N818  (it is an answer more than an error)
    """The query cannot be answered.

    `reason` is 'syntax', 'kind', 'size', 'evaluation' or 'endpoint', and `detail` says more.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


def start(place: str, address_space: int, niceness: int) -> None:
    """Open the store (a folder, or the address of an endpoint) once per process, and cap what a query may take.

    `address_space` is in bytes; a higher `niceness` leaves other processes the right of way.
    """
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(niceness)
    _opened["store"] = open_store(place)


def answer(question: Question, most: int) -> tuple[str, bytes]:
    """Run a query; returns the name of the format that fitted its kind, and the answer in it, of `most` bytes at most.

    Raises Refused.
    """
    unknown: set[str] = set()
    while True:
        try:
            return _answer(question, most, unknown)
        except SyntaxError as error:
            raise Refused("syntax", error.msg) from error
        except EndpointError as error:
            raise Refused("endpoint", str(error)) from error
        except (OSError, RuntimeError, ValueError) as error:
            function = _UNKNOWN_FUNCTION.fullmatch(str(error))
            if function is None or function[1] in unknown:
                raise Refused("evaluation", str(error)) from error
            unknown.add(function[1])


def _answer(question: Question, most: int, unknown: set[str]) -> tuple[str, bytes]:
    """A call to an unknown function is an error of its expression, not of the query (SPARQL 1.1, section 17.3)."""
    functions = {"custom_functions": {ox.NamedNode(iri): _no_value for iri in unknown}} if unknown else {}
    found = _opened["store"].query(question.text, base_iri=BASE, **functions, **_dataset(question))
    is_graph = isinstance(found, ox.QueryTriples)
    name = question.graph_format if is_graph else question.result_format
    if name is None:
        formats = GRAPH_FORMATS if is_graph else RESULT_FORMATS
        raise Refused("kind", f"this kind of query is answered in {', '.join(formats)} only")
    body = _Capped(most)
    serialize_to(body, found, name)
    return name, b"".join(body.parts)


def _no_value(*_: object) -> None:
    return None


def _dataset(question: Question) -> dict[str, list[ox.NamedNode]]:
    """The dataset that the request names, which then counts rather than FROM (SPARQL 1.1 Protocol, section 2.1.4)."""
    if question.default_graphs is None and question.named_graphs is None:
        return {}
    return {
        "default_graph": [ox.NamedNode(iri) for iri in question.default_graphs or ()],
        "named_graphs": [ox.NamedNode(iri) for iri in question.named_graphs or ()],
    }


class _Capped:
    """A file that refuses to grow beyond a number of bytes."""

    def __init__(self, most: int) -> None:
        self.parts: list[bytes] = []
        self._left = most
        self._most = most

    def write(self, part: bytes) -> int:
        """Keep a part; raises Refused when it is one too many."""
        self._left -= len(part)
        if self._left < 0:
            raise Refused("size", f"the answer is longer than the {self._most} bytes allowed. Add a LIMIT.")
        self.parts.append(part)
        return len(part)

    def flush(self) -> None:
        """Nothing to do: what is written is there."""
