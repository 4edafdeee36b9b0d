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

_BUFFER_BYTES = 1_000_000


class WorkerDied(Exception):  # noqa: N818  (it is what happened to one request, more than an error of ours)
    """The worker ended before it answered."""


class AllBusy(Exception):  # noqa: N818
    """No worker came free in time."""


class Worker:
    """One process that runs one query at a time (see `kg_api.worker`), and is started again when it is gone."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._arguments = arguments
        self._is_asked = False
        self._starting = asyncio.Lock()
        self._start()

    def _start(self) -> None:
        self._is_ready = False
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._socket, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "kg_api.worker", *self._arguments]
            self._process = subprocess.Popen(command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL)  # noqa: S603

    async def ready(self) -> None:
        """Wait until it has opened its store, after a fresh start where it is gone; raises WorkerDied."""
        async with self._starting:
            if not self._is_asked and self._process.poll() is not None:
                self.restart()
            if not self._is_ready:
                if self._writer is None:
                    self._reader, self._writer = await asyncio.open_connection(sock=self._socket, limit=_BUFFER_BYTES)
                await self._receive()
                self._is_ready = True

    async def ask(self, question: Question, seconds: float) -> Reply:
        """The reply to a question; raises WorkerDied, and TimeoutError when there is none within `seconds`."""
        header = json.dumps(question._asdict()).encode()
        started = time.monotonic()
        self._is_asked = True
        try:
            async with asyncio.timeout(seconds):
                self._writer.write(FRAME.pack(len(header), 0) + header)
                reply = await self._receive()
        except BaseException:
            # It is dead, or busy with what nobody waits for any more and cannot be stopped in another way.
            self.restart()
            raise
        finally:
            self._is_asked = False
        return reply._replace(seconds=time.monotonic() - started)

    async def _receive(self) -> Reply:
        try:
            header_length, body_length = FRAME.unpack(await self._reader.readexactly(FRAME.size))
            header = json.loads(await self._reader.readexactly(header_length))
            return Reply(**header, body=await self._reader.readexactly(body_length))
        except (OSError, asyncio.IncompleteReadError) as error:
            raise WorkerDied from error

    def restart(self) -> None:
        """End the process, whatever it is doing, and start another."""
        self._disconnect()
        self._process.kill()
        # Memory of gigabytes takes a while to be given back, so nobody waits for that.
        asyncio.get_running_loop().run_in_executor(None, self._process.wait)
        self._start()

    def stop(self) -> None:
        """End the process, whatever it is doing, and wait until it is gone."""
        self._disconnect()
        self._process.kill()
        self._process.wait()

    def _disconnect(self) -> None:
        if self._writer is None:
            self._socket.close()
        else:
            self._writer.transport.abort()


class Pool:
    """A number of workers that are all alike, and who waits for one."""

    def __init__(self, arguments: Sequence[str], workers: int) -> None:
        self._workers = [Worker(arguments) for _ in range(workers)]
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

    async def wait_until_ready(self) -> None:
        """Return when every worker has opened its store; raises WorkerDied."""
        for worker in self._workers:
            await worker.ready()

    def close(self) -> None:
        """Stop all workers at once."""
        for worker in self._workers:
            worker.stop()
