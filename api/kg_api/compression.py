"""Pages, documents and JSON in a content coding; answers to SPARQL see to that themselves, as they are kept."""

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg_api.codings import WORTH_COMPRESSING, agreed, compress, tagged

# It is held as a whole while it is compressed.
_MOST_BYTES = 5_000_000
_COMPRESSIBLE = ("json", "xml", "javascript", "n-triples", "n-quads", "trig")


class Compress:
    """Compresses what the app answers, for who takes that; the ETag then differs, and If-None-Match knows both."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and compress what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        coding = agreed(headers.get("accept-encoding", ""))
        condition = headers.get("if-none-match", "")
        if coding and condition:
            # The app knows no codings: it made the ETag of the body as it is.
            plain = condition.replace(tagged('"', coding), '"').encode("latin-1")
            others = [(name, value) for name, value in scope["headers"] if name != b"if-none-match"]
            scope = {**scope, "headers": [*others, (b"if-none-match", plain)]}
        await self._app(scope, receive, _Reply(send, coding, condition).send)


class _Reply:
    """What the app sends, on its way to the client."""

    def __init__(self, send: Send, coding: str | None, condition: str) -> None:
        self._send = send
        self._coding = coding
        self._condition = condition
        self._start: Message | None = None
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        """Send a part of the answer, or keep it until all is there."""
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start, self._coding)

    async def _begin(self, message: Message) -> None:
        headers = MutableHeaders(raw=message["headers"])
        if message["status"] == 304:
            headers.add_vary_header("Accept-Encoding")
            etag = tagged(headers.get("etag", '""'), self._coding)
            if etag in self._condition:
                headers["etag"] = etag
        elif _pays(message["status"], headers):
            headers.add_vary_header("Accept-Encoding")
            if self._coding:
                self._start = message
                return
        await self._send(message)

    async def _finish(self, start: Message, coding: str) -> None:
        body = await asyncio.to_thread(compress, bytes(self._body), coding)
        headers = MutableHeaders(raw=start["headers"])
        headers["content-encoding"] = coding
        headers["content-length"] = str(len(body))
        if "etag" in headers:
            headers["etag"] = tagged(headers["etag"], coding)
        # Parts of the body as it is are no parts of this one.
        del headers["accept-ranges"]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _pays(status: int, headers: Headers) -> bool:
    """Whether a body is whole, long enough, not too long, and text that is to be compressed still (`no-transform`)."""
    length = int(headers.get("content-length", "0"))
    kind = headers.get("content-type", "").partition(";")[0]
    is_text = kind.startswith("text/") or kind.endswith(_COMPRESSIBLE)
    is_as_it_should_be = "content-encoding" in headers or "no-transform" in headers.get("cache-control", "")
    return status == 200 and WORTH_COMPRESSING < length <= _MOST_BYTES and is_text and not is_as_it_should_be
