"""SPARQL servers of others, started for the tests on loopback and stopped by their own pid."""

import os
import shutil
import socket
import subprocess
import sysconfig
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kg.remote import RemoteStore

USER, PASSWORD = "dba", "dba"
_SECONDS_TO_START = 40

# Readers see one release only when a server that is asked during the switch-over makes them wait: isolation 8.
VIRTUOSO_INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
FileExtend = 200
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
CaseMode = 2
DefaultIsolation = 8
CheckpointInterval = 0
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 1000000
"""


@dataclass(frozen=True)
class Backend:
    """A running server: where it answers queries, where it takes updates, and whether it asks who we are."""

    name: str
    queries: str
    updates: str
    asks_who: bool

    def store(self, seconds: float = 60) -> RemoteStore:
        """A client of it; who we are is in the environment."""
        return RemoteStore(self.queries, seconds, update_endpoint=self.updates)


def free_port() -> int:
    """A port of loopback that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def oxigraph(folder: Path, *options: str) -> Iterator[Backend]:
    """Oxigraph's own server, from the package `oxigraph`."""
    program = Path(sysconfig.get_path("scripts")) / "oxigraph"
    if not program.exists():
        pytest.skip("Oxigraph's server is not installed: it is the package oxigraph")
    port = free_port()
    command = [program, "serve", "--location", "store", "--bind", f"127.0.0.1:{port}", *options]
    address = f"http://127.0.0.1:{port}"
    with _running(command, folder, f"{address}/query"):
        yield Backend("oxigraph", f"{address}/query", f"{address}/update", asks_who=False)


def oxigraph_union(folder: Path) -> Iterator[Backend]:
    """The same with all named graphs as default graph."""
    yield from oxigraph(folder, "--union-default-graph")


def fuseki(folder: Path) -> Iterator[Backend]:
    """Apache Jena Fuseki with TDB2, from the jar that KG_FUSEKI_JAR names."""
    jar = os.environ.get("KG_FUSEKI_JAR")
    if not jar or not shutil.which("java"):
        pytest.skip("Fuseki is not there: KG_FUSEKI_JAR should name its jar, and java should be installed")
    port = free_port()
    (folder / "tdb").mkdir()
    (folder / "passwords").write_text(f"{USER}: {PASSWORD}\n", encoding="utf-8")
    options = ["--localhost", f"--port={port}", "--passwd=passwords", "--auth=basic", "--tdb2", "--loc=tdb", "--update"]
    address = f"http://127.0.0.1:{port}/ds"
    with _running(["java", "-Xmx1g", "-jar", jar, *options, "/ds"], folder, f"{address}/sparql"):
        yield Backend("fuseki", f"{address}/sparql", f"{address}/update", asks_who=True)


def virtuoso(folder: Path) -> Iterator[Backend]:
    """Virtuoso, from Debian's package virtuoso-opensource-7; it asks who writes by digest authentication."""
    if not shutil.which("virtuoso-t"):
        pytest.skip("Virtuoso is not installed: it is the Debian package virtuoso-opensource-7")
    port = free_port()
    (folder / "virtuoso.ini").write_text(VIRTUOSO_INI.format(port=port, sql_port=free_port()), encoding="utf-8")
    address = f"http://127.0.0.1:{port}"
    command = ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"]
    with _running(command, folder, f"{address}/sparql"):
        yield Backend("virtuoso", f"{address}/sparql", f"{address}/sparql-auth", asks_who=True)


SERVERS = {"oxigraph": oxigraph, "oxigraph-union": oxigraph_union, "fuseki": fuseki, "virtuoso": virtuoso}


@contextmanager
def _running(command: list[object], folder: Path, address: str) -> Iterator[None]:
    """A program that answers at `address` while this lasts."""
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            [str(word) for word in command], cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            until = time.monotonic() + _SECONDS_TO_START
            while not _answers(address):
                alive = process.poll() is None and time.monotonic() < until
                assert alive, (folder / "output.txt").read_text()
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.build_opener().open(f"{address}?query=ASK%7B%7D", timeout=5):
            return True
    except urllib.error.HTTPError as error:
        with error:
            return error.code == 401
    except OSError:
        return False


@contextmanager
def cutting(address: str, after: int) -> Iterator[tuple[str, threading.Event]]:
    """A stand-in for a server that passes on what it is sent, but no more than `after` bytes in all.

    Gives its address; the event is set when it has passed on that much, after which it waits with all lines open.
    """
    target = urlsplit(address)
    left, full, lines = [after], threading.Event(), []

    def forward(source: socket.socket, sink: socket.socket, counted: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if counted and len(data) >= left[0]:
                    sink.sendall(data[: left[0]])
                    full.set()
                    return
                left[0] -= counted * len(data)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.create_connection((target.hostname, target.port))
                lines.extend((client, server))
                threading.Thread(target=forward, args=(client, server, True), daemon=True).start()
                threading.Thread(target=forward, args=(server, client, False), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}{target.path}", full
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)
    for line in lines:
        # Close alone would leave a line open on which a thread still waits.
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
        line.close()
