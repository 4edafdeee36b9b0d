"""A worker process: visitors' queries on the read-only store, one at a time.

A query cannot be stopped from inside and can end its process, so it never runs in the process that serves the web. On
the worker's connection a message is the lengths of a header, a JSON array, and of a body, then both. The worker says
that it is ready, and then answers each question (`Question`, no body) with a `Reply`.
"""

import json
import re
import resource
import signal
import socket
import struct
import threading
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pyoxigraph as ox

from kg.errors import EndpointError
from kg.namespaces import BASE
from kg.store import GRAPH_FORMATS, RESULT_FORMATS, Readable, serialize_to

FRAME = struct.Struct("!II")
_UNKNOWN_FUNCTION = re.compile(r"The custom function <(.+)> is not supported")
_MOST_UNKNOWN_FUNCTIONS = 50
_STACK_BYTES = 256 * 1024 * 1024


class Question(NamedTuple):
    """A query, the dataset that the request names (None: the store's own), and what the client takes."""

    text: str
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    result_format: str | None
    graph_format: str | None
    most_bytes: int


class Reply(NamedTuple):
    """The name of the format that fitted the kind of query, with the answer in it as `body`, and how long that took.

    `is_lasting` is False when the same query may be answered otherwise next time. Or else why there is no answer:
    `reason` is 'syntax', 'kind', 'size', 'evaluation' or 'endpoint', and `detail` says more.
    """

    format: str = ""
    reason: str = ""
    detail: str = ""
    body: bytes = b""
    seconds: float = 0
    is_lasting: bool = True


def work(store: Readable, connection: int, query_bytes: int, seconds: int) -> None:
    """Answer on a connection until nobody asks any more.

    `query_bytes` is the memory that queries may take beside what the open store has. No query goes on after `seconds`,
    also when the service that asked it is gone.
    """
    # The parser and the evaluator call themselves for each operator in a row: "1+1+1…" needs a deep stack.
    threading.stack_size(_STACK_BYTES)
    thread = threading.Thread(target=_answer_all, args=[store, connection, query_bytes, seconds])
    thread.start()
    thread.join()


def _answer_all(store: Readable, number: int, query_bytes: int, seconds: int) -> None:
    _limit_memory(_address_space() + query_bytes)
    # A connection that breaks means that nobody asks any more.
    with (
        suppress(ConnectionError),
        socket.socket(fileno=number) as connection,
        connection.makefile("rwb") as stream,
    ):
        _send(stream, Reply())
        while lengths := stream.read(FRAME.size):
            question = Question(*json.loads(stream.read(FRAME.unpack(lengths)[0])))
            signal.alarm(seconds)
            _send(stream, answer(store, question))
            signal.alarm(0)


def _limit_memory(most: int) -> None:
    """Allow this process so many bytes of address space, or what it is allowed already where that is less."""
    allowed = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _address_space() -> int:
    """The bytes of address space that this process has now; 0 where the system does not tell, nor keep to a limit."""
    statistics = Path("/proc/self/statm")
    return int(statistics.read_text().split()[0]) * resource.getpagesize() if statistics.exists() else 0


def _send(stream: BinaryIO, reply: Reply) -> None:
    header = json.dumps([reply.format, reply.reason, reply.detail]).encode()
    stream.write(FRAME.pack(len(header), len(reply.body)) + header + reply.body)
    stream.flush()


def answer(store: Readable, question: Question) -> Reply:
    """Run one query."""
    unknown: set[str] = set()
    while True:
        try:
            return _answer(store, question, unknown)
        except _TooLargeError:
            return Reply(reason="size", detail=str(question.most_bytes))
        except SyntaxError as error:
            return Reply(reason="syntax", detail=error.msg)
        except EndpointError as error:
            return Reply(reason="endpoint", detail=str(error))
        except (MemoryError, OSError, RuntimeError, ValueError) as error:
            function = _UNKNOWN_FUNCTION.fullmatch(str(error))
            if function is None or len(unknown) == _MOST_UNKNOWN_FUNCTIONS:
                return Reply(reason="evaluation", detail=str(error))
            unknown.add(function[1])


def _answer(store: Readable, question: Question, unknown: set[str]) -> Reply:
    """A call to an unknown function is an error of its expression, not of the query (SPARQL 1.1, section 17.3)."""
    functions = {"custom_functions": {ox.NamedNode(iri): _no_value for iri in unknown}} if unknown else {}
    found = store.query(question.text, base_iri=BASE, **functions, **_dataset(question))
    is_graph = isinstance(found, ox.QueryTriples)
    name = question.graph_format if is_graph else question.result_format
    if name is None:
        formats = GRAPH_FORMATS if is_graph else RESULT_FORMATS
        return Reply(reason="kind", detail=", ".join(formats))
    body = _Capped(question.most_bytes)
    serialize_to(body, found, name)
    return Reply(format=name, body=b"".join(body.parts))


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


class _TooLargeError(Exception):
    pass


class _Capped:
    """A file that refuses to grow beyond a number of bytes."""

    def __init__(self, most: int) -> None:
        self.parts: list[bytes] = []
        self._left = most

    def write(self, part: bytes) -> int:
        """Keep a part; raises _TooLargeError when it is one too many."""
        self._left -= len(part)
        if self._left < 0:
            raise _TooLargeError
        self.parts.append(part)
        return len(part)

    def flush(self) -> None:
        """Nothing to do: what is written is there."""
