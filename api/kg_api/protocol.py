"""A request of the SPARQL 1.1 Protocol, or of the Graph Store HTTP Protocol → what it asks for."""

import asyncio
from collections.abc import Container, Mapping
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import parse_qs

import pyoxigraph as ox
from starlette.requests import Request

from kg.namespaces import GRAPH
from kg_api.formats import GRAPH_TYPES, MOST_CHARACTERS, RESULT_TYPES, named, negotiate_answer
from kg_api.messages import said
from kg_api.problems import Problem
from kg_api.settings import Settings
from kg_api.worker import Question

FORM = "application/x-www-form-urlencoded"
_DIRECT = "application/sparql-query"
_WHOLE_GRAPH = "CONSTRUCT WHERE { ?s ?p ?o }"
_MOST_PARAMETERS = 1000
# The names of UTF-8, and of what is UTF-8 too.
_CHARSETS = ("utf-8", "utf8", "us-ascii", "ascii")
# Editors of some systems begin a file with it (RFC 3629, section 6).
_BYTE_ORDER_MARK = "\ufeff"
# What else may be said to `/graph`; a dataset of its own would be another graph than the one that was asked.
_OF_ANY_ANSWER = ("format", "timeout")

Parameters = Mapping[str, list[str]]
MediaTypes = tuple[str | None, str | None]


@dataclass(frozen=True)
class Asked:
    """A question, the media types of its answer (as a table of results, as a graph), and how long it may take."""

    question: Question
    media_types: MediaTypes
    seconds: float

    def media_type(self, name: str) -> str | None:
        """The media type that was chosen for a format."""
        return self.media_types[0 if name == self.question.result_format else 1]


def in_address(request: Request) -> Parameters:
    """The parameters in the address of a request; raises Problem when they cannot be read."""
    return parse(request.scope["query_string"].decode("latin-1"))


def asks(parameters: Parameters) -> bool:
    """Whether a GET asks anything: it has a parameter that does not only say in which form the answer should be."""
    return bool(set(parameters) - {"format", "lang"})


def described_as(request: Request, parameters: Parameters) -> str | None:
    """The media type of a graph that `format` names, where it names one; raises Problem when it names nothing."""
    return _media_types(request, parameters)[1] if "format" in parameters else None


async def asked_query(request: Request, parameters: Parameters, settings: Settings) -> Asked:
    """What a request with these in its address asks of `/sparql`; raises Problem when the protocol forbids it."""
    if request.method == "POST":
        parameters = await _posted(request, parameters, settings)
    if "update" in parameters:
        raise Problem(HTTPStatus.FORBIDDEN, said("read_only"), reason="update")
    return _asked(request, _only(parameters, "query").removeprefix(_BYTE_ORDER_MARK), parameters, settings)


def asked_graph(request: Request, parameters: Parameters, graphs: Container[str], settings: Settings) -> Asked:
    """The whole graph that `/graph?graph=IRI` or `/graph?default` names, or whose IRI is the address itself.

    Raises Problem when it is not one of `graphs`.
    """
    others = {name: parameters[name] for name in _OF_ANY_ANSWER if name in parameters}
    path = request.url.path.removeprefix("/graph").removeprefix("/")
    if not path and "default" in parameters and "graph" not in parameters:
        return _asked(request, _WHOLE_GRAPH, others, settings)
    iri = GRAPH + path if path else _only(parameters, "graph")
    if iri not in graphs:
        raise Problem(HTTPStatus.NOT_FOUND, said("no_graph", iri=iri))
    return _asked(request, _WHOLE_GRAPH, {**others, "default-graph-uri": [iri]}, settings)


async def _posted(request: Request, addressed: Parameters, settings: Settings) -> Parameters:
    """The parameters of a POST: those of the form, or the body as the query with the parameters of the address."""
    media_type, charset = _content_type(request.headers.get("content-type", "")[:MOST_CHARACTERS])
    if media_type not in (FORM, _DIRECT) or charset not in _CHARSETS:
        detail = said("query_body", types=f"{_DIRECT}, {FORM}")
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, {"accept-post": f"{_DIRECT}, {FORM}"})
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        detail = said("compressed_query")
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, {"accept-encoding": "identity"})
    # A form writes one byte of a query as at most three.
    text = await read_text(request, 3 * settings.query_bytes, settings.body_seconds)
    posted = parse(text) if media_type == FORM else {"query": [text]}
    return {name: addressed.get(name, []) + posted.get(name, []) for name in {**addressed, **posted}}


@lru_cache(maxsize=100)
def _content_type(header: str) -> tuple[str, str]:
    """The media type and the charset that a Content-Type names (RFC 9110, section 8.3), in lower case.

    The time that it takes grows with the square of the length.
    """
    message = Message()
    message["content-type"] = header
    return message.get_content_type(), message.get_content_charset(_CHARSETS[0])


async def read_text(request: Request, most: int, seconds: float) -> str:
    """The body as text, of so many bytes at most, for which the client may take so long; raises Problem beyond that."""
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    detail = said("long_body", most=most)
                    raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, reason="size")
        return body.decode("utf-8")
    except TimeoutError as error:
        detail = said("slow_body", seconds=f"{seconds:g}")
        raise Problem(HTTPStatus.REQUEST_TIMEOUT, detail, {"connection": "close"}, reason="slow body") from error
    except UnicodeDecodeError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, said("no_utf8", why=error)) from error


def _asked(request: Request, text: str, parameters: Parameters, settings: Settings) -> Asked:
    media_types = _media_types(request, parameters)
    question = Question(
        text,
        _graphs(parameters, "default-graph-uri"),
        _graphs(parameters, "named-graph-uri"),
        RESULT_TYPES.get(media_types[0] or ""),
        GRAPH_TYPES.get(media_types[1] or ""),
        settings.answer_bytes,
    )
    return Asked(question, media_types, _seconds(parameters, settings))


def parse(text: str) -> Parameters:
    """The parameters of an address or a form; raises Problem when there are too many or they are not UTF-8."""
    try:
        return parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except ValueError as error:
        detail = said("unreadable_parameters", most=_MOST_PARAMETERS, why=error)
        raise Problem(HTTPStatus.BAD_REQUEST, detail) from error


def _only(parameters: Parameters, name: str) -> str:
    values = parameters.get(name, [])
    if len(values) != 1 or not values[0].strip():
        raise Problem(HTTPStatus.BAD_REQUEST, said("exactly_one", name=name))
    return values[0]


def _graphs(parameters: Parameters, name: str) -> tuple[str, ...] | None:
    if name not in parameters:
        return None
    for iri in parameters[name]:
        try:
            ox.NamedNode(iri)
        except ValueError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, said("no_iri", name=name, value=iri)) from error
    return tuple(parameters[name])


def _media_types(request: Request, parameters: Parameters) -> MediaTypes:
    """What `format` says, or else what Accept prefers; raises Problem when there is no such format."""
    if "format" in parameters:
        # Some client libraries say it twice, in other words.
        found = next(filter(None, map(named, parameters["format"])), None)
        if found is None:
            formats = ", ".join(dict.fromkeys([*RESULT_TYPES.values(), *GRAPH_TYPES.values()]))
            raise Problem(HTTPStatus.BAD_REQUEST, said("no_format", known=formats))
        return found
    # Several Accept headers are as good as one (RFC 9110, section 5.3).
    media_types = negotiate_answer(", ".join(request.headers.getlist("accept")) or None)
    if not any(media_types):
        offers = ", ".join([*RESULT_TYPES, *GRAPH_TYPES])
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, said("no_such_form", types=offers))
    return media_types


def _seconds(parameters: Parameters, settings: Settings) -> float:
    """How long the query may run: what the client asks with `timeout`, and no more than is allowed."""
    most = settings.query_seconds
    if "timeout" not in parameters:
        return most
    try:
        seconds = float(_only(parameters, "timeout"))
    except ValueError:
        seconds = 0
    if not seconds > 0:
        detail = said("no_timeout", most=f"{most:g}")
        raise Problem(HTTPStatus.BAD_REQUEST, detail)
    return min(seconds, most)
