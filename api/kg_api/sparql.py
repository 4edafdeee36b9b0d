"""`/sparql` and `/graph`: SPARQL 1.1 Protocol, and reading by the SPARQL 1.1 Graph Store HTTP Protocol.

A plain ASGI application in front of the other routes: it answers many times more requests a second than a route would.
"""

import hashlib
from collections.abc import Iterable
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.store import GRAPH_FORMATS
from kg_api import description, pages
from kg_api.cache import Answer, AnswerCache
from kg_api.formats import GRAPH_TYPES, HTML, accepts_gzip, content_type, negotiate
from kg_api.metrics import Metrics
from kg_api.middleware import METHODS
from kg_api.problems import Problem, problem
from kg_api.protocol import Asked, asked_graph, asked_query
from kg_api.serving import serving
from kg_api.settings import Settings


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
        try:
            response = await self._respond(Request(scope, receive), family)
        except Problem as error:
            self._metrics.refusals.labels(error.reason).inc()
            response = problem(error.status, error.detail, error.headers)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _respond(self, request: Request, family: str) -> Response:
        if request.method not in METHODS[family]:
            allowed = ", ".join(METHODS[family])
            detail = f"{request.method} {family}: this service only answers {allowed}"
            raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, {"allow": allowed})
        if family == "/graph":
            return await self._answer(request, asked_graph(request, serving(request).graphs, self._settings))
        if request.method == "GET" and not request.scope["query_string"]:
            return _without_query(request)
        return await self._answer(request, await asked_query(request, self._settings))

    async def _answer(self, request: Request, asked: Asked) -> Response:
        current = serving(request)
        digest = hashlib.sha256(repr(asked.question).encode(errors="surrogatepass")).hexdigest()
        key = (current.version, digest)
        answer = self._cache.get(key)
        # For the line in the log.
        request.scope["state"] |= {"query": digest[:12], "cached": answer is not None}
        if answer is None:
            self._metrics.cache_misses.inc()
            reply = await current.gate.ask(asked.question, asked.seconds)
            answer = Answer(reply.format, reply.body)
            self._cache.keep(key, answer)
        else:
            self._metrics.cache_hits.inc()
        return await _as_response(request, answer, asked.media_type(answer.format))


def _family(scope: Scope) -> str | None:
    if scope["type"] != "http":
        return None
    path: str = scope["path"]
    if path == "/sparql":
        return path
    return "/graph" if path == "/graph" or path.startswith("/graph/") else None


def _without_query(request: Request) -> Response:
    """A form for a browser; for any other client the description of the service."""
    media_type = negotiate(request.headers.get("accept"), {**GRAPH_TYPES, HTML: "html"})
    if media_type is None:
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, f"the description comes as {', '.join([*GRAPH_TYPES, HTML])}")
    if media_type == HTML:
        return pages.page(request, "sparql.html")
    body = description.describe(serving(request), str(request.base_url), GRAPH_FORMATS[GRAPH_TYPES[media_type]])
    return Response(body, headers={"content-type": content_type(media_type), "vary": "Accept"})


async def _as_response(request: Request, answer: Answer, media_type: str) -> Response:
    """The answer, compressed for who takes that; nothing but headers for who has it already."""
    headers = {
        "content-type": content_type(media_type),
        "vary": "Accept, Accept-Encoding",
        "cache-control": "no-cache",
        "etag": f'"{answer.etag}"',
    }
    body = answer.body
    if accepts_gzip(request.headers.get("accept-encoding", "")):
        compressed = await answer.as_gzip()
        if compressed is not None:
            body = compressed
            headers |= {"content-encoding": "gzip", "etag": f'"{answer.etag}-gzip"'}
    if request.method == "GET" and _has(request.headers.getlist("if-none-match"), headers["etag"]):
        kept = {name: headers[name] for name in ("vary", "cache-control", "etag")}
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=kept)
    return Response(body, headers=headers)


def _has(conditions: Iterable[str], etag: str) -> bool:
    """Whether If-None-Match names this ETag (RFC 9110, section 13.1.2: compared without W/)."""
    tags = {tag.strip().removeprefix("W/") for line in conditions for tag in line.split(",")}
    return etag in tags or "*" in tags
