"""Worker processes: start them, ask them, stop them when time is up, replace them when they are gone.

Each has a socket of its own to this process, so that one that is killed in the middle of a message leaves the others
as they are.
"""

import asyncio
import json
import select
import socket
import time

from kg_api.nursery import Nursery
from kg_api.worker import FRAME, Question, Reply

_START_SECONDS = 20


class WorkerDied(Exception):  # noqa: N818  (it is what happened to one request, more than an error of ours)
    """The worker ended before it answered."""


class CannotStart(Exception):  # noqa: N818
    """A worker did not open its store, or not in time."""


class AllBusy(Exception):  # noqa: N818
    """No worker came free in time."""


class Worker:
    """One process that runs one query at a time (see `kg_api.worker`), and is started again when it is gone."""

    def __init__(self, nursery: Nursery, niceness: int) -> None:
        self._nursery = nursery
        self._niceness = niceness
        self._starting = asyncio.Lock()
        self._start()

    def _start(self) -> None:
        self._is_ready = False
        self._line: _Line | None = None
        self._socket, theirs = socket.socketpair()
        # Asked about nothing, it tells only of a hang-up.
        self._hang_up = select.poll()
        self._hang_up.register(self._socket, 0)
        with theirs:
            self._number = self._nursery.start(theirs, self._niceness)

    def _is_gone(self) -> bool:
        """Whether the other end is closed, also where nobody has heard of that yet."""
        return (self._line is not None and not self._line.is_open) or bool(self._hang_up.poll(0))

    async def ready(self) -> None:
        """Wait until it has opened its store, after a fresh start where it is gone; raises CannotStart."""
        if self._is_ready and not self._is_gone():
            return
        async with self._starting:
            try:
                async with asyncio.timeout(_START_SECONDS):
                    await self._be_ready()
            except (TimeoutError, WorkerDied, OSError) as error:
                self.restart()
                raise CannotStart from error

    async def _be_ready(self) -> None:
        if self._is_gone():
            self.restart()
        if self._line is None:
            _, self._line = await asyncio.get_running_loop().create_connection(_Line, sock=self._socket)
        if not self._is_ready:
            # Whoever stops waiting for it does not stop it.
            await asyncio.shield(self._line.reply)
            self._is_ready = True

    async def ask(self, question: Question, seconds: float) -> Reply:
        """The reply to a question; raises WorkerDied, and TimeoutError when there is none within `seconds`."""
        started = time.monotonic()
        try:
            reply = await self._line.ask(json.dumps(question).encode(), seconds)
        except BaseException:
            # It is dead, or busy with what nobody waits for any more and cannot be stopped in another way.
            self.restart()
            raise
        return reply._replace(seconds=time.monotonic() - started)

    def restart(self) -> None:
        """End the process, whatever it is doing, and start another."""
        self.stop()
        self._start()

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._disconnect()
        self._nursery.end(self._number)

    def _disconnect(self) -> None:
        if self._line is None:
            self._socket.close()
        else:
            self._line.hang_up()


class _Line(asyncio.Protocol):
    """The connection with a worker: `reply` is what it says next."""

    def __init__(self) -> None:
        self.is_open = True
        self._received = bytearray()
        self._listen()

    def _listen(self) -> None:
        self.reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        # Nobody may be waiting when a worker dies; that is no reason for a warning.
        self.reply.add_done_callback(lambda reply: reply.cancelled() or reply.exception())

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take a part of a message; the reply is there with its last part."""
        self._received += data
        if len(self._received) < FRAME.size:
            return
        header_length, body_length = FRAME.unpack_from(self._received)
        body_start = FRAME.size + header_length
        if len(self._received) == body_start + body_length and not self.reply.done():
            header = json.loads(self._received[FRAME.size : body_start])
            self.reply.set_result(Reply(*header, body=bytes(self._received[body_start:])))
            self._received = bytearray()

    def connection_lost(self, error: Exception | None) -> None:
        """The worker is gone."""
        self.is_open = False
        self._fail(WorkerDied(error))

    def _fail(self, error: Exception) -> None:
        if not self.reply.done():
            self.reply.set_exception(error)

    async def ask(self, header: bytes, seconds: float) -> Reply:
        """Send a question; the reply, WorkerDied, or TimeoutError."""
        self._listen()
        self._transport.write(FRAME.pack(len(header), 0) + header)
        deadline = asyncio.get_running_loop().call_later(seconds, self._fail, TimeoutError())
        try:
            return await self.reply
        finally:
            deadline.cancel()

    def hang_up(self) -> None:
        """Take no more from it."""
        self._transport.abort()


class Pool:
    """A number of workers that are all alike, and who waits for one."""

    def __init__(self, nursery: Nursery, niceness: int, workers: int) -> None:
        self._workers = [Worker(nursery, niceness) for _ in range(workers)]
        self._free: asyncio.Queue[Worker] = asyncio.Queue()
        for worker in self._workers:
            self._free.put_nowait(worker)

    async def ask(self, question: Question, seconds: float, wait_seconds: float) -> Reply:
        """The reply to a question, which gets `seconds` from when a worker takes it.

        Raises TimeoutError when that was not enough, AllBusy when no worker took it within `wait_seconds`, WorkerDied,
        and CannotStart.
        """
        worker = await self._next(wait_seconds)
        try:
            await worker.ready()
            return await worker.ask(question, seconds)
        finally:
            self._free.put_nowait(worker)

    async def _next(self, wait_seconds: float) -> Worker:
        if not self._free.empty():
            return self._free.get_nowait()
        try:
            async with asyncio.timeout(wait_seconds):
                return await self._free.get()
        except TimeoutError as error:
            raise AllBusy from error

    @property
    def size(self) -> int:
        """How many workers there are."""
        return len(self._workers)

    @property
    def busy(self) -> int:
        """How many of them run a query."""
        return len(self._workers) - self._free.qsize()

    async def wait_until_ready(self) -> None:
        """Return when every worker has opened its store; raises CannotStart."""
        for worker in self._workers:
            await worker.ready()

    def close(self) -> None:
        """Stop all workers at once."""
        for worker in self._workers:
            worker.stop()
