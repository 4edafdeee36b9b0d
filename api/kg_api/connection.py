"""The HTTP of uvicorn with limits on what comes before the body of a request."""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD_BYTES = 500_000
HEAD_SECONDS = 10


class Bounded(HttpToolsProtocol):
    """Closes a connection whose request line and headers are too long, or take too long, without an answer."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Start to wait for the first request."""
        super().connection_made(transport)
        self._begin()

    def data_received(self, data: bytes) -> None:
        """Take what the client sends, unless the head of its request has become too long."""
        self._head_bytes += len(data) if self._in_head else 0
        if self._head_bytes > MOST_HEAD_BYTES:
            self.transport.close()
        else:
            super().data_received(data)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._timer.cancel()
        self._begin()

    def on_headers_complete(self) -> None:
        """Its head is whole."""
        self._in_head = False
        self._timer.cancel()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._timer.cancel()
        super().connection_lost(exc)

    def _begin(self) -> None:
        self._in_head = True
        self._head_bytes = 0
        self._timer = asyncio.get_running_loop().call_later(HEAD_SECONDS, self._too_late)

    def _too_late(self) -> None:
        self.transport.close()
