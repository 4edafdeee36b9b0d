"""Worker processes: start them, ask them, stop them when time is up, replace them when they are gone.

Each has a socket of its own to this process, so that one that is killed in the middle of a message leaves the others
as they are.
"""

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Sequence

from kg_api.worker import FRAME, Question, Reply


class WorkerDied(Exception):  # noqa: N818  (it is what happened to one request, more than an error of ours)
    """The worker ended before it answered."""


class AllBusy(Exception):  # noqa: N818
    """No worker came free in time."""


class Worker:
    """One process that runs one query at a time (see `kg_api.worker`)."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._socket, theirs = socket.socketpair()
        self._socket.setblocking(False)
        with theirs:
            command = [sys.executable, "-m", "kg_api.worker", *arguments]
            self._process = subprocess.Popen(command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL)  # noqa: S603
        self._is_ready = False
        self._starting = asyncio.Lock()

    async def ready(self) -> None:
        """Wait until it has opened its store; raises WorkerDied."""
        async with self._starting:
            if not self._is_ready:
                await self._receive()
                self._is_ready = True

    async def ask(self, question: Question) -> Reply:
        """The reply to a question; raises WorkerDied."""
        header = json.dumps(question._asdict()).encode()
        try:
            await asyncio.get_running_loop().sock_sendall(self._socket, FRAME.pack(len(header), 0) + header)
        except OSError as error:
            raise WorkerDied from error
        return await self._receive()

    async def _receive(self) -> Reply:
        header_length, body_length = FRAME.unpack(await self._read(FRAME.size))
        header = json.loads(await self._read(header_length))
        return Reply(**header, body=bytes(await self._read(body_length)))

    async def _read(self, length: int) -> bytearray:
        content = bytearray(length)
        view = memoryview(content)
        loop = asyncio.get_running_loop()
        while view:
            try:
                received = await loop.sock_recv_into(self._socket, view)
            except OSError as error:
                raise WorkerDied from error
            if not received:
                raise WorkerDied
            view = view[received:]
        return content

    def stop(self) -> None:
        """End the process, whatever it is doing, and wait until it is gone."""
        self._process.kill()
        self._socket.close()
        self._process.wait()


class Pool:
    """A number of workers that are all alike, and who waits for one."""

    def __init__(self, arguments: Sequence[str], workers: int) -> None:
        self._arguments = arguments
        self.is_ready = False
        """Whether the last worker that started could open its store."""
        self._workers = {Worker(arguments) for _ in range(workers)}
        self._free: asyncio.Queue[Worker] = asyncio.Queue()
        for worker in self._workers:
            self._free.put_nowait(worker)

    async def ask(self, question: Question, seconds: float, wait_seconds: float) -> Reply:
        """The reply to a question, which gets `seconds` from when a worker takes it.

        Raises TimeoutError when that was not enough, AllBusy when no worker took it within `wait_seconds`, and
        WorkerDied.
        """
        worker = await self._next(wait_seconds)
        try:
            await self._ready(worker)
            async with asyncio.timeout(seconds):
                started = time.monotonic()
                reply = await worker.ask(question)
                return reply._replace(seconds=time.monotonic() - started)
        except BaseException:
            # It is dead, or busy with what nobody waits for any more and cannot be stopped in another way.
            worker = self._replaced(worker)
            raise
        finally:
            self._free.put_nowait(worker)

    async def _next(self, wait_seconds: float) -> Worker:
        try:
            async with asyncio.timeout(wait_seconds):
                return await self._free.get()
        except TimeoutError as error:
            raise AllBusy from error

    def _replaced(self, worker: Worker) -> Worker:
        self._workers.remove(worker)
        # Memory of gigabytes takes a while to be given back, so nobody waits for that.
        asyncio.get_running_loop().run_in_executor(None, worker.stop)
        fresh = Worker(self._arguments)
        self._workers.add(fresh)
        return fresh

    async def _ready(self, worker: Worker) -> None:
        try:
            await worker.ready()
        except WorkerDied:
            self.is_ready = False
            raise
        self.is_ready = True

    async def wait_until_ready(self) -> None:
        """Return when every worker has opened its store; raises WorkerDied."""
        for worker in list(self._workers):
            await self._ready(worker)

    def close(self) -> None:
        """Stop all workers at once."""
        for worker in self._workers:
            worker.stop()
