"""How many requests of one client are worked on at a time, so that nobody keeps the others waiting."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg_api.clients import client_of
from kg_api.errors import answer
from kg_api.messages import said
from kg_api.metrics import Metrics
from kg_api.problems import Problem
from kg_api.settings import Settings

# Who looks after the service must hear that it lives, whatever else comes from the same address.
_ALWAYS = ("/health/", "/metrics")


@dataclass
class _Client:
    """The places of one client, and how many of its requests have one or wait for one."""

    places: asyncio.Semaphore
    requests: int = 0


class Turns:
    """Works on some requests of each client; the next wait their turn, and one too many is told to come back later.

    A turn begins when all of the request is there and is over when the answer begins, however slowly a client sends
    or reads.
    """

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics) -> None:
        self._app = app
        self._places = settings.requests_per_client
        self._most = max(settings.queries_per_client, self._places)
        self._refusals = metrics.refusals
        self._clients: dict[str, _Client] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when it is its turn."""
        if scope["type"] != "http" or scope["path"].startswith(_ALWAYS):
            await self._app(scope, receive, send)
            return
        name = client_of(scope)
        with ExitStack() as turn:

            async def receive_and_enter() -> Message:
                message = await receive()
                if message["type"] == "http.request" and not message.get("more_body", False):
                    await self._enter(turn, name)
                return message

            async def send_and_leave(message: Message) -> None:
                turn.close()
                await send(message)

            if scope["method"] == "POST":
                await self._app(scope, receive_and_enter, send_and_leave)
                return
            try:
                await self._enter(turn, name)
            except Problem as error:
                await answer(Request(scope), error)(scope, receive, send)
            else:
                await self._app(scope, receive, send_and_leave)

    async def _enter(self, turn: ExitStack, name: str) -> None:
        """Wait for a place, which is given back when `turn` closes; raises Problem when too many wait already."""
        client = self._clients.get(name) or _Client(asyncio.Semaphore(self._places))
        if client.requests >= self._most:
            self._refusals.labels("client").inc()
            detail = said("too_many_of_one", places=client.requests)
            raise Problem(HTTPStatus.TOO_MANY_REQUESTS, detail, {"retry-after": "5"})
        turn.enter_context(self._counted(name, client))
        await client.places.acquire()
        turn.callback(client.places.release)

    @contextmanager
    def _counted(self, name: str, client: _Client) -> Iterator[None]:
        """Know a client for as long as it has requests here."""
        self._clients[name] = client
        client.requests += 1
        try:
            yield
        finally:
            client.requests -= 1
            if not client.requests:
                del self._clients[name]
