"""One answer that is being worked out, for everybody who asked for it meanwhile."""

import asyncio
from collections.abc import Coroutine
from typing import Generic, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

T = TypeVar("T")


class Flight(Generic[T]):
    """Goes on for as long as anybody waits for it, whoever of them leaves."""

    def __init__(self, answering: Coroutine[None, None, T]) -> None:
        self._answer = asyncio.create_task(answering)
        # Nobody may be waiting any more when it fails; that is no reason for a warning.
        self._answer.add_done_callback(lambda answer: answer.cancelled() or answer.exception())
        self._waiting = 0

    @property
    def is_over(self) -> bool:
        """Whether the answer is there, or nobody waits for it any more."""
        return self._answer.done() or not self._waiting

    async def wait(self, receive: Receive) -> T:
        """The answer, or ClientDisconnect as soon as `receive` says that this client is gone."""
        self._waiting += 1
        gone = asyncio.create_task(_disconnected(receive))
        try:
            await asyncio.wait({self._answer, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not self._answer.done():
                raise ClientDisconnect
            return self._answer.result()
        finally:
            gone.cancel()
            self._waiting -= 1
            if not self._waiting:
                self._answer.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
