"""The process that workers are forked from; each release that is served has one.

    python -m kg_api.nursery STORE BYTES SECONDS MAY_CALL_OUT IN_MEMORY

A query that is late ends with its worker, so workers come and go. Here all that a new one needs is there already:
Python, the library and, where that is wanted, the graph in memory, which the workers then share. A fork takes
milliseconds.

The standard input is a socket with orders of one size: start a worker, whose own socket comes along, or end one. When
it closes, all workers end. This process stays without threads, as these do not survive a fork.
"""

import os
import signal
import socket
import struct
import subprocess
import sys
import traceback
from contextlib import suppress
from typing import NoReturn

import pyoxigraph as ox

from kg.store import Readable, open_store
from kg_api.confinement import end_with_parent, forbid_core_dumps, forbid_sockets
from kg_api.worker import work

_ORDER = struct.Struct("!cIb")
_START, _END = b"s", b"e"


class Nursery:
    """Starts and ends workers; the process begins at once, and again when it is gone.

    `place` is the folder of a store or the address of an endpoint; for the other arguments see `kg_api.worker.work` and
    `main`.
    """

    def __init__(self, place: str, query_bytes: int, seconds: int, *, may_call_out: bool, in_memory: bool) -> None:
        self._arguments = [place, *(str(int(value)) for value in (query_bytes, seconds, may_call_out, in_memory))]
        self._last = 0
        self._begin()

    def _begin(self) -> None:
        self._orders, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "kg_api.nursery", *self._arguments]
            self._process = subprocess.Popen(command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL)  # noqa: S603

    def start(self, connection: socket.socket, niceness: int) -> int:
        """Start a worker that answers on a connection; returns its number.

        A higher `niceness` leaves other processes the right of way. Where no worker comes, the connection closes.
        """
        if self._process.poll() is not None:
            self._orders.close()
            self._begin()
        self._last += 1
        # A nursery that ends just now takes the other end of the connection with it, which is then noticed.
        with suppress(OSError):
            socket.send_fds(self._orders, [_ORDER.pack(_START, self._last, niceness)], [connection.fileno()])
        return self._last

    def end(self, number: int) -> None:
        """End a worker, whatever it is doing."""
        with suppress(OSError):
            self._orders.sendall(_ORDER.pack(_END, number, 0))

    def close(self) -> None:
        """End the process and all workers, and wait until it is gone."""
        self._orders.close()
        self._process.wait()


def main(place: str, query_bytes: int, seconds: int, may_call_out: int, in_memory: int) -> None:
    """Start and end workers as the standard input says; those of a graph `in_memory` share it.

    Unless they `may_call_out`, this process and its workers can open no connection, whatever a query says.
    """
    # Interrupting the service in a terminal interrupts these processes too; the service ends them when it is ready.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    forbid_core_dumps()
    shared = _copy(place) if in_memory else None
    if not may_call_out:
        forbid_sockets()
    workers: dict[int, int] = {}
    with socket.socket(fileno=sys.stdin.fileno()) as orders:
        while order := _next(orders):
            _reap(workers)
            (kind, number, niceness), connection = order
            if kind == _START:
                workers[number] = _fork(orders, connection, niceness, shared or place, query_bytes, seconds)
            elif number in workers:
                # Only reaping gives its number away to another process.
                os.kill(workers[number], signal.SIGKILL)
    for process in workers.values():
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def _next(orders: socket.socket) -> tuple[tuple[bytes, int, int], int] | None:
    """The next order, and the connection that came along; None when there are no more."""
    order, connections, _, _ = socket.recv_fds(orders, _ORDER.size, 1, socket.MSG_WAITALL)
    return (_ORDER.unpack(order), connections[0] if connections else -1) if order else None


def _reap(workers: dict[int, int]) -> None:
    """Forget the workers that have ended."""
    with suppress(ChildProcessError):
        while ended := os.waitpid(-1, os.WNOHANG)[0]:
            for number in [number for number, process in workers.items() if process == ended]:
                del workers[number]


def _fork(
    orders: socket.socket, connection: int, niceness: int, graph: Readable | str, query_bytes: int, seconds: int
) -> int:
    """A new process with a worker in it; returns its number in the system."""
    if process := os.fork():
        os.close(connection)
        return process
    try:
        end_with_parent()
        orders.close()
        os.nice(niceness)
        work(open_store(graph) if isinstance(graph, str) else graph, connection, query_bytes, seconds)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _copy(place: str) -> ox.Store:
    """A store in memory; another process reads it from disk, as that takes threads. Ends this one when it cannot."""
    reading, writing = os.pipe()
    if not os.fork():
        # Only so does it notice that this process is gone, and not wait for ever with what is open here.
        os.close(reading)
        _write(place, writing)
    os.close(writing)
    store = ox.Store()
    with os.fdopen(reading, "rb") as quads:
        store.bulk_extend(ox.parse(quads, format=ox.RdfFormat.N_QUADS, lenient=True))
    if os.wait()[1]:
        sys.exit(1)
    return store


def _write(place: str, writing: int) -> NoReturn:
    """Write all that a store has, and end the process; its exit code is 1 when that failed."""
    with suppress(BaseException):
        with os.fdopen(writing, "wb") as quads:
            open_store(place).dump(quads, format=ox.RdfFormat.N_QUADS)
        os._exit(0)
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
