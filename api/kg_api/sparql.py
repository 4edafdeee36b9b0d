"""`/sparql`: SPARQL 1.1 Protocol, query operation. `/graph`: SPARQL 1.1 Graph Store HTTP Protocol, reading only.

A plain ASGI application in front of the other routes: it answers many times more requests a second than a route would.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.namespaces import GRAPH
from kg.store import GRAPH_FORMATS
from kg_api import description, pages
from kg_api.cache import Answer, AnswerCache
from kg_api.formats import (
    GRAPH_TYPES,
    HTML,
    RESULT_TYPES,
    accepts_gzip,
    content_type,
    named,
    negotiate,
    negotiate_answer,
)
from kg_api.metrics import Metrics
from kg_api.problems import Problem, problem
from kg_api.serving import Current, Serving
from kg_api.settings import Settings
from kg_api.worker import Question

_FORM = "application/x-www-form-urlencoded"
_DIRECT = "application/sparql-query"
_METHODS = {"/sparql": ("GET", "HEAD", "POST", "OPTIONS"), "/graph": ("GET", "HEAD", "OPTIONS")}
_HEADERS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Link, Retry-After",
    "x-content-type-options": "nosniff",
}
_PREFLIGHT = {
    "access-control-allow-headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "access-control-max-age": "86400",
}
_WHOLE_GRAPH = "CONSTRUCT WHERE { ?s ?p ?o }"
_MOST_PARAMETERS = 100

Parameters = Mapping[str, list[str]]


@dataclass(frozen=True)
class _Asked:
    """What a request asks for: a question, and how long its client would wait for the answer."""

    question: Question
    types: tuple[str | None, str | None]
    seconds: float


class Sparql:
    """ASGI middleware that answers `/sparql` and `/graph` itself and passes everything else on."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._cache = AnswerCache(settings.cache_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        family = _family(scope)
        if family is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response = await self._respond(request, family)
        except Problem as error:
            self._metrics.refusals.labels(error.reason).inc()
            response = problem(error.status, error.detail, {**_HEADERS, **error.headers})
        await response(scope, receive, send)

    async def _respond(self, request: Request, family: str) -> Response:
        allowed = ", ".join(_METHODS[family])
        if request.method == "OPTIONS":
            methods = {"allow": allowed, "access-control-allow-methods": allowed}
            return Response(status_code=HTTPStatus.NO_CONTENT, headers={**_HEADERS, **methods, **_PREFLIGHT})
        if request.method not in _METHODS[family]:
            detail = f"{request.method} {family}: this service only answers {allowed}"
            raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, {"allow": allowed})
        if family == "/graph":
            return await self._answer(request, self._asked_graph(request))
        if request.method == "GET" and not request.url.query:
            return _without_query(request)
        return await self._answer(request, await self._asked(request))

    async def _asked(self, request: Request) -> _Asked:
        parameters = _parse(request.scope["query_string"].decode("latin-1"))
        if request.method == "POST":
            parameters = await self._posted(request, parameters)
        if "update" in parameters:
            raise Problem(HTTPStatus.FORBIDDEN, "this service is read-only and takes no updates", reason="update")
        return self._understood(request, _only(parameters, "query"), parameters)

    async def _posted(self, request: Request, in_address: Parameters) -> Parameters:
        """The parameters of a POST: those of the form, or the body as the query with the parameters of the address."""
        media_type, _, options = request.headers.get("content-type", "").lower().partition(";")
        charset = options.partition("charset=")[2].strip(' "')
        if media_type.strip() not in (_FORM, _DIRECT) or charset not in ("", "utf-8", "utf8"):
            detail = f"send the query as {_DIRECT} or as {_FORM}, in UTF-8"
            raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, {"accept-post": f"{_DIRECT}, {_FORM}"})
        text = await self._text(request)
        if media_type.strip() == _FORM:
            return {**in_address, **_parse(text)}
        return {**in_address, "query": [*in_address.get("query", []), text]}

    async def _text(self, request: Request) -> str:
        """The body as text, read no further than a query may be long, and no longer than a client may take."""
        # A form writes one byte of a query as at most three.
        most = 3 * self._settings.query_bytes
        body = bytearray()
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > most:
                        detail = f"the body is longer than {most} bytes"
                        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, reason="size")
            return body.decode("utf-8")
        except TimeoutError as error:
            detail = f"the body took longer than the {self._settings.body_seconds:g} seconds allowed"
            raise Problem(HTTPStatus.REQUEST_TIMEOUT, detail, {"connection": "close"}, reason="slow body") from error
        except UnicodeDecodeError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, f"the body is not UTF-8: {error}") from error

    def _asked_graph(self, request: Request) -> _Asked:
        """The whole graph that `?graph=IRI` or `?default` names, or whose IRI is the address itself."""
        serving = _serving(request)
        parameters = _parse(request.scope["query_string"].decode("latin-1"))
        path = request.url.path.removeprefix("/graph").removeprefix("/")
        if path:
            parameters = {**parameters, "graph": [GRAPH + path]}
        if "default" in parameters and "graph" not in parameters:
            return self._understood(request, _WHOLE_GRAPH, {"format": parameters.get("format", [])})
        iri = _only(parameters, "graph")
        if iri not in serving.graphs:
            raise Problem(HTTPStatus.NOT_FOUND, f"there is no graph <{iri}>; /sparql without a query lists them")
        dataset = {"default-graph-uri": [iri], "format": parameters.get("format", [])}
        return self._understood(request, _WHOLE_GRAPH, dataset)

    def _understood(self, request: Request, text: str, parameters: Parameters) -> _Asked:
        types = _types(request, parameters)
        question = Question(
            text,
            _graphs(parameters, "default-graph-uri"),
            _graphs(parameters, "named-graph-uri"),
            RESULT_TYPES.get(types[0] or ""),
            GRAPH_TYPES.get(types[1] or ""),
        )
        return _Asked(question, types, self._seconds(parameters))

    def _seconds(self, parameters: Parameters) -> float:
        """How long the query may run: what the client asks with `timeout`, and no more than is allowed."""
        most = self._settings.query_seconds
        if "timeout" not in parameters:
            return most
        try:
            seconds = float(_only(parameters, "timeout"))
        except ValueError:
            seconds = 0
        if not seconds > 0:
            detail = f"'timeout' should be a number of seconds above 0; at most {most:g} are given"
            raise Problem(HTTPStatus.BAD_REQUEST, detail)
        return min(seconds, most)

    async def _answer(self, request: Request, asked: _Asked) -> Response:
        serving = _serving(request)
        digest = hashlib.sha256(repr(asked.question).encode(errors="surrogatepass")).hexdigest()
        key = (serving.version, digest)
        answer = self._cache.get(key)
        request.scope["state"]["query"] = digest[:12]
        request.scope["state"]["cached"] = answer is not None
        if answer is None:
            self._metrics.cache_misses.inc()
            name, body = await serving.gate.ask(asked.question, asked.seconds)
            media_type = asked.types[0] if name == asked.question.result_format else asked.types[1]
            answer = Answer(content_type(media_type), body)
            self._cache.keep(key, answer)
        else:
            self._metrics.cache_hits.inc()
        return await _as_response(request, answer)


def _family(scope: Scope) -> str | None:
    if scope["type"] != "http":
        return None
    path: str = scope["path"]
    if path == "/sparql":
        return path
    return "/graph" if path == "/graph" or path.startswith("/graph/") else None


def _serving(request: Request) -> Serving:
    current: Current = request.app.state.current
    return current.serving


def _parse(text: str) -> Parameters:
    """The parameters of an address or a form; raises Problem when there are too many or they are not UTF-8."""
    try:
        return parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except ValueError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"the parameters cannot be read: {error}") from error


def _only(parameters: Parameters, name: str) -> str:
    values = parameters.get(name, [])
    if len(values) != 1 or not values[0].strip():
        raise Problem(HTTPStatus.BAD_REQUEST, f"give exactly one '{name}', and not an empty one")
    return values[0]


def _graphs(parameters: Parameters, name: str) -> tuple[str, ...] | None:
    if name not in parameters:
        return None
    for iri in parameters[name]:
        try:
            ox.NamedNode(iri)
        except ValueError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, f"'{name}': '{iri}' is no absolute IRI") from error
    return tuple(parameters[name])


def _types(request: Request, parameters: Parameters) -> tuple[str | None, str | None]:
    """The media types for a table of results and for a graph: what `format` says, or else what Accept prefers."""
    if parameters.get("format"):
        found = named(_only(parameters, "format"))
        if found is None:
            formats = ", ".join(dict.fromkeys([*RESULT_TYPES.values(), *GRAPH_TYPES.values()]))
            raise Problem(HTTPStatus.BAD_REQUEST, f"'format' should be one of {formats}")
        return found
    # Several Accept headers are as good as one (RFC 9110, section 5.3).
    types = negotiate_answer(", ".join(request.headers.getlist("accept")) or None)
    if not any(types):
        offers = ", ".join([*RESULT_TYPES, *GRAPH_TYPES])
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, f"answers come as {offers}")
    return types


def _without_query(request: Request) -> Response:
    """A form for a browser; for any other client the description of the service."""
    media_type = negotiate(request.headers.get("accept"), {**GRAPH_TYPES, HTML: "html"})
    if media_type is None:
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, f"the description comes as {', '.join([*GRAPH_TYPES, HTML])}")
    if media_type == HTML:
        response: Response = pages.page(request, "sparql.html")
    else:
        body = description.describe(_serving(request), str(request.base_url), GRAPH_FORMATS[GRAPH_TYPES[media_type]])
        response = Response(body, headers={"content-type": content_type(media_type), "vary": "Accept"})
    response.headers.update(_HEADERS)
    return response


async def _as_response(request: Request, answer: Answer) -> Response:
    """The answer, compressed for who takes that; nothing but headers for who has it already."""
    headers = {
        **_HEADERS,
        "content-type": answer.media_type,
        "vary": "Accept, Accept-Encoding",
        "cache-control": "no-cache",
        "etag": f'"{answer.etag}"',
    }
    body = answer.body
    if accepts_gzip(", ".join(request.headers.getlist("accept-encoding"))):
        compressed = await answer.as_gzip()
        if compressed is not None:
            body = compressed
            headers |= {"content-encoding": "gzip", "etag": f'"{answer.etag}-gzip"'}
    if request.method == "GET" and _has(request.headers.getlist("if-none-match"), headers["etag"]):
        del headers["content-type"]
        headers.pop("content-encoding", None)
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, headers=headers)


def _has(conditions: Iterable[str], etag: str) -> bool:
    """Whether If-None-Match names this ETag (RFC 9110, section 13.1.2: compared without W/)."""
    tags = {tag.strip().removeprefix("W/") for line in conditions for tag in line.split(",")}
    return etag in tags or "*" in tags
