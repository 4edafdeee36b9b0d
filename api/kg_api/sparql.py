"""`/sparql` and `/graph`: SPARQL 1.1 Protocol, and reading by the SPARQL 1.1 Graph Store HTTP Protocol.

A plain ASGI application in front of the routes: it answers many times more requests a second than a route would.
"""

import hashlib
import logging
from collections.abc import Hashable
from http import HTTPStatus
from typing import NamedTuple

from cachetools import LRUCache
from fastapi import FastAPI
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg_api import description, pages
from kg_api.cache import Answer, AnswerCache
from kg_api.clients import client_of
from kg_api.codings import agreed, tagged
from kg_api.documents import has
from kg_api.errors import answer, bug, gone
from kg_api.formats import GRAPH_TYPES, HTML, content_type, negotiate
from kg_api.messages import said
from kg_api.middleware import METHODS
from kg_api.problems import Problem
from kg_api.protocol import Asked, Parameters, asked_graph, asked_query, asks, described_as, in_address
from kg_api.serving import Current, serving
from kg_api.serving import root as root_of

_log = logging.getLogger("kg_api")
_REMEMBERED_BYTES = 5_000_000
_READ = (b"accept", b"accept-encoding", b"if-none-match")


class Found(NamedTuple):
    """An answer, its key in the cache, the media type that was agreed on, and whether it stays the same."""

    answer: Answer
    key: tuple[str, str]
    media_type: str
    is_lasting: bool = True


class Sparql:
    """Answers `/sparql` and `/graph`, and passes everything else on to the routes."""

    def __init__(self, routes: FastAPI, current: Current) -> None:
        self._routes = routes
        self._current = current
        self._metrics = current.metrics
        self._settings = current.settings
        self._answers = AnswerCache(current.settings.cache_bytes)
        # What a request looked like → key and media type of its answer, so that it need not be read again.
        self._seen: LRUCache[Hashable, tuple[tuple[str, str], str, int]] = LRUCache(_REMEMBERED_BYTES, lambda e: e[2])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        family = _family(scope)
        if family is None:
            await self._routes(scope, receive, send)
            return
        scope["app"] = self._routes
        headers = _read(scope)
        try:
            found = self._found_before(scope, headers) or await self._find(Request(scope, receive), family, headers)
            response = await _as_response(found, headers, scope["method"]) if isinstance(found, Found) else found
        except Problem as error:
            self._metrics.refusals.labels(error.reason).inc()
            response = answer(Request(scope), error)
        except ClientDisconnect:
            response = gone()
        except Exception:
            _log.exception("a request to %s failed", family)
            response = answer(Request(scope), bug(Request(scope)))
        await response(scope, receive, send)

    def _found_before(self, scope: Scope, headers: dict[bytes, bytes]) -> Found | None:
        """The answer to the same GET as one before, while it is kept."""
        seen = self._seen.get(self._looks(scope, headers)) if scope["method"] == "GET" else None
        answer = self._answers.get(seen[0]) if seen else None
        if answer is None:
            return None
        return self._noted(scope, Found(answer, seen[0], seen[1]), cached=True)

    def _looks(self, scope: Scope, headers: dict[bytes, bytes]) -> Hashable:
        return self._current.serving.version, scope["path"], scope["query_string"], headers.get(b"accept")

    async def _find(self, request: Request, family: str, headers: dict[bytes, bytes]) -> Found | Response:
        if request.method not in METHODS[family]:
            allowed = ", ".join(METHODS[family])
            detail = said("no_such_method", method=request.method, path=family, allowed=allowed)
            raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, {"allow": allowed})
        parameters = in_address(request)
        if family == "/graph":
            asked = asked_graph(request, parameters, serving(request).graphs, self._settings)
        elif request.method == "GET" and not asks(parameters):
            return self._without_query(request, parameters)
        else:
            asked = await asked_query(request, parameters, self._settings)
        found = await self._answer(request, asked)
        if request.method == "GET" and found.is_lasting:
            size = len(request.scope["query_string"]) + len(headers.get(b"accept", b"")) + 500
            self._seen[self._looks(request.scope, headers)] = (found.key, found.media_type, size)
        return found

    def _without_query(self, request: Request, parameters: Parameters) -> Found | Response:
        """A form for a browser; for any other client the description of the service."""
        offers = {**GRAPH_TYPES, HTML: "html"}
        media_type = described_as(request, parameters) or negotiate(request.headers.get("accept"), offers)
        if media_type is None:
            raise Problem(HTTPStatus.NOT_ACCEPTABLE, said("no_such_form", types=", ".join(offers)))
        if media_type == HTML:
            return pages.page(request, "sparql.html")
        current, root = serving(request), root_of(request)
        key = (current.version, f"{media_type} {root}")
        answer = self._answers.get(key)
        if answer is None:
            answer = Answer("description", description.describe(current, root, media_type))
            self._answers.keep(key, answer)
        return Found(answer, key, media_type)

    async def _answer(self, request: Request, asked: Asked) -> Found:
        current = serving(request)
        digest = hashlib.sha256(repr(asked.question).encode(errors="surrogatepass")).hexdigest()
        key = (current.version, digest)
        answer = self._answers.get(key)
        if answer is not None:
            return self._noted(request.scope, Found(answer, key, asked.media_type(answer.format)), cached=True)
        # Said before the query runs, for the line in the log when it comes to nothing.
        request.scope["state"]["query"] = digest[:12]
        reply = await current.gate.ask(asked.question, asked.seconds, client_of(request.scope), request.receive)
        # Somebody who asked the same at the same time may have it already.
        answer = self._answers.get(key) or Answer(reply.format, reply.body)
        if reply.is_lasting:
            self._answers.keep(key, answer)
        media_type = asked.media_type(answer.format)
        return self._noted(request.scope, Found(answer, key, media_type, reply.is_lasting), cached=False)

    def _noted(self, scope: Scope, found: Found, *, cached: bool) -> Found:
        """The same, once it is counted and its part of the line in the log is there."""
        (self._metrics.cache_hits if cached else self._metrics.cache_misses).inc()
        scope["state"]["query"] = found.key[1][:12]
        scope["state"]["cached"] = cached
        return found


def _family(scope: Scope) -> str | None:
    if scope["type"] != "http":
        return None
    path: str = scope["path"]
    if path == "/sparql":
        return path
    return "/graph" if path == "/graph" or path.startswith("/graph/") else None


def _read(scope: Scope) -> dict[bytes, bytes]:
    """The headers that decide on a form of the answer, those with one name joined (RFC 9110, section 5.3)."""
    headers: dict[bytes, list[bytes]] = {}
    for name, value in scope["headers"]:
        if name in _READ:
            headers.setdefault(name, []).append(value)
    return {name: b", ".join(values) for name, values in headers.items()}


async def _as_response(found: Found, request_headers: dict[bytes, bytes], method: str) -> Response:
    """The answer, compressed for who takes that; nothing but headers for who has it already."""
    coding = agreed(request_headers.get(b"accept-encoding", b"").decode("latin-1"))
    compressed = await found.answer.compressed(coding) if coding else None
    form = (found.media_type, None if compressed is None else coding)
    response = found.answer.responses.get(form)
    if response is None:
        headers = _headers(found, form[1])
        response = Response(found.answer.body if compressed is None else compressed, headers=headers)
        if found.is_lasting:
            found.answer.responses[form] = response
    condition = request_headers.get(b"if-none-match")
    if (
        condition
        and found.is_lasting
        and method == "GET"
        and has(condition.decode("latin-1"), response.headers["etag"])
    ):
        told = {name: response.headers[name] for name in ("vary", "cache-control", "etag")}
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=told)
    return response


def _headers(found: Found, coding: str | None) -> dict[str, str]:
    headers = {"vary": "Accept, Accept-Encoding", "content-type": content_type(found.media_type)}
    if coding:
        headers["content-encoding"] = coding
    if not found.is_lasting:
        return {**headers, "cache-control": "no-store"}
    # One for each form, though two forms may have the same bytes.
    etag = tagged(f'"{found.answer.digest}-{found.media_type.replace("/", "-")}"', coding)
    return {**headers, "cache-control": "no-cache", "etag": etag}
