"""The servers that are measured, each started here on a free port and stopped by its own process id."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import psutil

_HOST = "127.0.0.1"
_BIN = Path(sys.executable).parent
_RESULTS = {"Accept": "application/sparql-results+json"}


@dataclass(frozen=True)
class Server:
    """A running SPARQL endpoint."""

    port: int
    path: str
    process: psutil.Process

    @property
    def address(self) -> str:
        """The address of the endpoint."""
        return f"http://{_HOST}:{self.port}{self.path}"

    def connect(self, seconds: float = 60) -> HTTPConnection:
        """A connection to be kept open."""
        return HTTPConnection(_HOST, self.port, timeout=seconds)

    def ask(self, connection: HTTPConnection, query: str) -> bytes:
        """The answer to a query as JSON; raises RuntimeError when there is none."""
        connection.request("GET", f"{self.path}?query={quote(query)}", headers=_RESULTS)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{self.address}: {response.status} {body[:300]!r}")
        return body

    def settle(self) -> None:
        """Wait until the first process has no work of its own left; raises RuntimeError after ten minutes."""
        until = time.monotonic() + 600
        while self.process.cpu_percent(interval=1) > 10:
            if time.monotonic() > until:
                raise RuntimeError(f"{self.address} is still busy")

    def memory(self) -> dict[str, int]:
        """Bytes of memory of the first process and of all that it started, what they share counted for a part."""
        children = [_memory(child) for child in self.process.children(recursive=True)]
        return {"web": _memory(self.process), "workers": sum(children), "processes": 1 + len(children)}


def _memory(process: psutil.Process) -> int:
    try:
        return process.memory_full_info().pss
    except psutil.NoSuchProcess:
        return 0


@contextmanager
def kg_serve(out: Path, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Our service, with the limits it has by default, on a folder with a release."""
    command = [sys.executable, "-c", "from kg.cli import app; app()", "serve", "--port", "0", "--out", str(out)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    with _running(command, environment | dict(settings or {}), stdout=subprocess.PIPE) as process:
        said = process.stdout.readline()
        if not said:
            raise RuntimeError("kg serve did not start")
        port = int(said.rstrip().rstrip(b"/").rpartition(b":")[2])
        yield Server(port, "/sparql", psutil.Process(process.pid))


@contextmanager
def oxigraph(store: Path) -> Iterator[Server]:
    """Oxigraph's own server on the same store."""
    port = free_port()
    with _running([_BIN / "oxigraph", "serve-read-only", "--location", store, "--bind", f"{_HOST}:{port}"]) as process:
        yield _answering(Server(port, "/query", psutil.Process(process.pid)), process)


@contextmanager
def rdflib_endpoint(file: Path) -> Iterator[Server]:
    """rdflib-endpoint on a file with the same triples, in its own store in memory."""
    port = free_port()
    with _running([_BIN / "rdflib-endpoint", "serve", "--host", _HOST, "--port", str(port), file]) as process:
        yield _answering(Server(port, "/", psutil.Process(process.pid)), process)


@contextmanager
def _running(
    command: Sequence[str | Path], environment: Mapping[str, str] | None = None, stdout: int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(command, env=environment, stdout=stdout, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as listener:
        listener.bind((_HOST, 0))
        return listener.getsockname()[1]


def _answering(server: Server, process: subprocess.Popen, seconds: float = 300) -> Server:
    """Wait until it answers a query; raises RuntimeError when it ends or takes too long."""
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        try:
            server.ask(server.connect(), "ASK {}")
        except OSError:
            time.sleep(0.05)
        else:
            return server
    raise RuntimeError(f"{process.args[0]} does not answer")
