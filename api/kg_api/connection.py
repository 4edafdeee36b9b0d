"""The HTTP of uvicorn with limits on what comes before the body of a request, and on what clients leave unread."""

import asyncio
import fcntl
import re
import struct
import sys
import termios
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from httptools import HttpParserInvalidMethodError
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kg_api.formats import language
from kg_api.messages import said
from kg_api.metrics import Metrics
from kg_api.problems import Problem, problem
from kg_api.settings import Settings

MOST_HEAD_BYTES = 500_000
HEAD_SECONDS = 10
# So much of a body may still come after an answer that did not need it, as who is sending reads nothing yet.
MOST_REST_BYTES = 10_000_000
# Whoever takes less of an answer while `send_seconds` pass reads nothing, or as good as nothing.
_LEAST_READ_BYTES = 10_000
# What can be told of a client's bytes that the parser gave up on: whether they are a request, and the language wanted.
_REQUEST_LINE = re.compile(rb"[^\s:]+ \S+ HTTP/1\.[01]\r?\n")
_ACCEPT_LANGUAGE = re.compile(rb"^accept-language:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_HEADERS = {
    "access-control-allow-origin": "*",
    "vary": "Accept-Language",
    "connection": "close",
    "x-content-type-options": "nosniff",
}


class Unread:
    """The connections whose clients have not read yet what was sent to them, who is longest behind first."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._behind: dict[Bounded, None] = {}

    def add(self, connection: "Bounded") -> None:
        """Note one; where that makes too much, those that are longest behind are cut off."""
        self._behind[connection] = None
        while len(self._behind) > 1 and sum(other.unread for other in self._behind) > self._most_bytes:
            longest = next(iter(self._behind))
            self.remove(longest)
            longest.cut_off("unread")

    def remove(self, connection: "Bounded") -> None:
        """It has caught up, or is gone."""
        self._behind.pop(connection, None)


class Bounded(HttpToolsProtocol):
    """Closes a connection whose request line and headers are too long, or take too long, or whose client reads nothing.

    What uvicorn would answer by itself is a problem document, and counted.
    """

    def __init__(self, *, settings: Settings, metrics: Metrics, unread: Unread, **uvicorn: Any) -> None:  # noqa: ANN401
        super().__init__(**uvicorn)
        self._most_connections = settings.connections
        self._send_seconds = settings.send_seconds
        self._body_seconds = settings.body_seconds
        self._refusals = metrics.refusals
        self._all_unread = unread
        self._service: ASGIApp = self.app
        self._reading: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Start to wait for the first request."""
        super().connection_made(transport)
        self._begin()

    def data_received(self, data: bytes) -> None:
        """Take what the client sends, unless the head of its request has become too long."""
        self._head_bytes += len(data) if self._in_head else 0
        self._rest_bytes += len(data) if self._is_rest() else 0
        if self._head_bytes > MOST_HEAD_BYTES:
            self._refusals.labels("head").inc()
            self.transport.close()
        elif self._rest_bytes > MOST_REST_BYTES:
            self.cut_off("rest")
        else:
            self._received = data
            super().data_received(data)
            # A connection that is idle holds on to nothing.
            self._received = b""

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._timer.cancel()
        self._begin()

    def on_headers_complete(self) -> None:
        """Its head is whole."""
        self._in_head = False
        self._timer.cancel()
        # Who looks after the service must hear that it lives, however many others there are.
        is_crowded = len(self.connections) > self._most_connections and not self.url.startswith(b"/health/")
        if is_crowded:
            self._refusals.labels("connections").inc()
        self.app = _crowded if is_crowded else self._service
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Its body is whole too."""
        super().on_message_complete()
        self._is_whole = True
        self._timer.cancel()

    def on_response_complete(self) -> None:
        """The answer is sent; what is left of the body of its request must come soon."""
        super().on_response_complete()
        if self._is_rest():
            self._timer = asyncio.get_running_loop().call_later(self._body_seconds, self.cut_off, "rest")

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  (always the same)
        """Answer what the parser cannot read, in uvicorn's place."""
        self._refusals.labels("http").inc()
        asked = _ACCEPT_LANGUAGE.search(self._received)
        answer = problem(_unreadable(self._received), language(asked[1].decode("latin-1") if asked else ""))
        headers = b"".join(name + b": " + value + b"\r\n" for name, value in answer.raw_headers)
        status = HTTPStatus(answer.status_code)
        self.transport.write(f"HTTP/1.1 {status} {status.phrase}\r\n".encode() + headers + b"\r\n" + answer.body)
        self.transport.close()

    def pause_writing(self) -> None:
        """The client is behind with reading."""
        super().pause_writing()
        self._look_again()
        self._all_unread.add(self)

    def resume_writing(self) -> None:
        """It has caught up."""
        self._caught_up()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._timer.cancel()
        self._caught_up()
        super().connection_lost(exc)

    @property
    def unread(self) -> int:
        """The bytes that were sent and that the client has not taken: those here, and those in the kernel."""
        return self.transport.get_write_buffer_size() + _in_kernel(self.transport.get_extra_info("socket").fileno())

    def cut_off(self, reason: str) -> None:
        """Close the connection, whatever was still to be read."""
        self._refusals.labels(reason).inc()
        self.transport.abort()

    def _is_rest(self) -> bool:
        """Whether what comes now is of a request that is answered already."""
        return self.cycle is not None and self.cycle.response_complete and not (self._in_head or self._is_whole)

    def _begin(self) -> None:
        self._in_head = True
        self._is_whole = False
        self._head_bytes = self._rest_bytes = 0
        self._timer = asyncio.get_running_loop().call_later(HEAD_SECONDS, self._too_late)

    def _too_late(self) -> None:
        if self._head_bytes:
            self._refusals.labels("slow head").inc()
        self.transport.close()

    def _look_again(self) -> None:
        left = self.unread
        self._reading = asyncio.get_running_loop().call_later(self._send_seconds, self._expect_less_than, left)

    def _expect_less_than(self, unread: int) -> None:
        if unread - self.unread < _LEAST_READ_BYTES:
            self.cut_off("slow reader")
        else:
            self._look_again()

    def _caught_up(self) -> None:
        self._all_unread.remove(self)
        if self._reading is not None:
            self._reading.cancel()


def _in_kernel(connection: int) -> int:
    """The bytes on their way to a client, 0 where the system does not tell; the kernel takes megabytes at a time."""
    with suppress(OSError):
        return struct.unpack("i", fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4)))[0]
    return 0


def _unreadable(received: bytes) -> Problem:
    """What to say of what was received, called while the error of the parser is handled."""
    # The parser knows the methods that are registered, and takes any other for nonsense.
    if isinstance(sys.exception(), HttpParserInvalidMethodError) and _REQUEST_LINE.match(received):
        return Problem(HTTPStatus.NOT_IMPLEMENTED, said("unknown_method"), _HEADERS)
    return Problem(HTTPStatus.BAD_REQUEST, said("no_http"), _HEADERS)


async def _crowded(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one connection too many, whatever it asks."""
    full = Problem(HTTPStatus.SERVICE_UNAVAILABLE, said("crowded"), {**_HEADERS, "retry-after": "5"})
    accept_language = Headers(scope=scope).get("accept-language", "")
    await problem(full, language(accept_language))(scope, receive, send)
