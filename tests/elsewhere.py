"""A server on this machine that answers as a test says: well, slowly, halfway, somewhere else, or not at all."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Elsewhere:
    """What is answered at each path, and what was asked."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        """Method, path and headers (by name in lower case) of every request, robots.txt apart."""

    def at(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> str:
        """Answer with this; returns the address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = lambda handler: send(handler, body, status, named)
        return self.address + path

    def by(self, path: str, answer: Callable[[BaseHTTPRequestHandler], None]) -> str:
        """Let a function answer; returns the address."""
        self.answers[path] = answer
        return self.address + path

    @property
    def last(self) -> dict[str, str]:
        """The headers of the last request."""
        return self.asked[-1][2]


def send(
    handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, headers: dict[str, str] | None = None
) -> None:
    """A whole answer."""
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
        handler.send_header(name, value)
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """Such a server on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            if self.path != "/robots.txt":
                headers = {name.lower(): value for name, value in self.headers.items()}
                there.asked.append((self.command, self.path, headers))
            there.answers.get(self.path, lambda handler: send(handler, b"", 404))(self)

        do_GET = do_HEAD = answer  # noqa: N815  (the names that the server looks for)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None
    there = Elsewhere(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
