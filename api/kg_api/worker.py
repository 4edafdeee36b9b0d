"""What runs in a worker process: one visitor's query on the read-only store.

A query cannot be stopped from inside and can end its process, so it never runs in the process that serves the web. This
module imports as little as it can, because every worker that dies is replaced by one that imports it again.
"""

import resource

import pyoxigraph as ox

from kg.store import GRAPH_FORMATS, RESULT_FORMATS, serialize

_opened: dict[str, ox.Store] = {}


class Refused(Exception):  # noqa: N818  (it is an answer more than an error)
    """The query cannot be answered: `reason` is 'syntax', 'kind', 'size' or 'evaluation', and `detail` says more."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


def start(store: str, address_space: int) -> None:
    """Open the store once per process and cap the memory that a query may take (bytes)."""
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    _opened["store"] = ox.Store.read_only(store)


def answer(text: str, result_format: str | None, graph_format: str | None, most: int) -> tuple[str, bytes]:
    """Run a query; returns the name of the format that fitted its kind, and the answer in it.

    `result_format` is for SELECT and ASK, `graph_format` for CONSTRUCT and DESCRIBE; None where the visitor takes no
    such answer. Raises Refused.
    """
    try:
        found = _opened["store"].query(text)
        name = graph_format if isinstance(found, ox.QueryTriples) else result_format
        if name is None:
            formats = GRAPH_FORMATS if isinstance(found, ox.QueryTriples) else RESULT_FORMATS
            raise Refused("kind", f"this kind of query is answered in {', '.join(formats)} only")
        body = serialize(found, name)
    except SyntaxError as error:
        raise Refused("syntax", error.msg) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise Refused("evaluation", str(error)) from error
    if len(body) > most:
        raise Refused("size", f"the answer is {len(body)} bytes, more than the {most} allowed. Add a LIMIT.")
    return name, body
