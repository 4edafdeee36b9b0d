"""A line of JSON about each request, written some at a time: a write for each would cost more than many an answer."""

import asyncio
import sys
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii as _quoted
from typing import NamedTuple, TextIO

_PAUSE_SECONDS = 0.2


class Handled(NamedTuple):
    """A request and what became of it; never the query itself, only its hash."""

    at: float
    method: str
    path: str
    status: int
    bytes: int
    ms: float
    query: str | None = None
    cached: bool | None = None

    def line(self) -> str:
        """It as JSON; built by hand, as `json.dumps` takes four times as long."""
        at = datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds")
        asked = f', "query": "{self.query}", "cached": {"true" if self.cached else "false"}' if self.query else ""
        return (
            f'{{"at": "{at}", "method": {_quoted(self.method)}, "path": {_quoted(self.path)}, "status": {self.status}, '
            f'"bytes": {self.bytes}, "ms": {self.ms:.2f}{asked}}}'
        )


class RequestLog:
    """Keeps what was handled for a moment, then writes it down."""

    def __init__(self, output: TextIO | None = None) -> None:
        self._output = output or sys.stderr
        self._kept: list[Handled] = []

    def add(self, handled: Handled) -> None:
        """Note a request."""
        self._kept.append(handled)

    def write(self) -> None:
        """Write down what was noted since the last time."""
        kept, self._kept = self._kept, []
        if kept:
            self._output.write("".join(f"{handled.line()}\n" for handled in kept))
            self._output.flush()

    async def write_on(self) -> None:
        """Write for as long as the service runs."""
        while True:
            await asyncio.sleep(_PAUSE_SECONDS)
            await asyncio.to_thread(self.write)
