"""What holds for every request, whatever it asks: ASGI middleware, the outermost first in `app`."""

import time
from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg_api.metrics import Metrics
from kg_api.request_log import Handled, RequestLog


class Observe:
    """Counts and times every request, and notes it in the log."""

    def __init__(self, app: ASGIApp, metrics: Metrics, log: RequestLog | None) -> None:
        self._app = app
        self._metrics = metrics
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status, length = 500, 0

        async def send_and_note(message: Message) -> None:
            nonlocal status, length
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                length += len(message.get("body", b""))
            await send(message)

        asked = scope.setdefault("state", {})
        try:
            await self._app(scope, receive, send_and_note)
        finally:
            seconds = time.perf_counter() - started
            path = scope["path"][:_LONGEST_PATH]
            self._metrics.timed(_family(path), status).observe(seconds)
            if self._log:
                what_was_asked = asked.get("query"), asked.get("cached")
                ms = 1000 * seconds
                self._log.add(Handled(time.time(), scope["method"], path, status, length, ms, *what_was_asked))


_LONGEST_PATH = 200
# Families of paths, so that a visitor who makes up paths makes no new counters.
_FAMILIES = ("sparql", "graph", "doc", "id", "v1", "releases", "dumps", "reconcile", "static", "health", "metrics")


def _family(path: str) -> str:
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in _FAMILIES else "pages"


class HeadAsGet:
    """Answers HEAD as GET without the body (RFC 9110, section 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; every part of a HEAD request's body is emptied on its way out."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        # Who makes a long body of a file may leave it.
        scope.setdefault("state", {})["is_head"] = True
        await self._app({**scope, "method": "GET"}, receive, send_without_body)


class Headers:
    """Adds headers to every answer that does not have them, and more to the answers below some path."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str], below: Mapping[str, Mapping[str, str]]) -> None:
        self._app = app
        self._headers = _encoded(headers)
        self._below = {path: _encoded(more) for path, more in below.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add to what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = self._headers + [
            header for path, more in self._below.items() if scope["path"].startswith(path) for header in more
        ]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(header for header in headers if header[0] not in present)]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


_READING = ("GET", "HEAD", "OPTIONS")
_ASKING = (*_READING, "POST")
METHODS = {"/sparql": _ASKING, "/graph": _READING} | dict.fromkeys(
    ("/reconcile", "/reconcile/nl", "/reconcile/en"), _ASKING
)
"""What may be done with the paths that are no routes of FastAPI, or that may be asked with a POST."""


def allowed_at(path: str) -> str:
    """The methods that a path takes, as the header Allow names them."""
    return ", ".join(METHODS.get(path, _READING))


class Options:
    """Answers OPTIONS, also when a browser asks it before a script's request (Fetch standard, CORS preflight)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer OPTIONS, pass anything else on."""
        if scope["type"] != "http" or scope["method"] != "OPTIONS":
            await self._app(scope, receive, send)
            return
        allowed = allowed_at(scope["path"])
        headers = {
            "allow": allowed,
            "access-control-allow-methods": allowed,
            "access-control-allow-headers": "Accept, Accept-Language, Content-Type, If-None-Match, If-Range, Range",
            "access-control-max-age": "86400",
        }
        await Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)(scope, receive, send)
