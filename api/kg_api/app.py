"""`create_app`: wires routes, error handlers and headers, nothing else."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.errors import ServiceError
from kg.project import Project
from kg.release import Release, hold
from kg.store import open_store
from kg_api import operations, pages, problems, resources, rest, sparql
from kg_api.gate import Gate
from kg_api.questions import Questions
from kg_api.settings import Settings

_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Content-Security-Policy": _PAGE_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_REST_HEADERS = {"API-Version": rest.VERSION, "Cache-Control": "no-store"}


def create_app(project: Project, release: Release, settings: Settings) -> FastAPI:
    """The service on one release."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with hold(release):
            app.state.gate = Gate(release.store, settings)
            app.state.gate.warm_up()
            yield
            app.state.gate.close()

    app = FastAPI(
        title="Spoorboek",
        version=rest.VERSION,
        summary="De digitale agenda van de Nederlandse overheid als kennisgraaf",
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.release = release
    app.state.questions = Questions(project, open_store(release.store))
    uitgaven = app.state.questions.rows("uitgave")
    if not uitgaven:
        raise ServiceError(
            "the graph has no sb:Uitgave with a version and reference date; describe it in data/uitgave.ttl"
        )
    app.state.uitgave = uitgaven[0]
    problems.install(app)
    app.middleware("http")(_with_headers)
    app.add_middleware(HeadAsGet)
    for module in (pages, resources, rest, sparql, operations):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(packages=[("kg_api", "static")]))
    return app


class HeadAsGet:
    """ASGI middleware that answers HEAD as GET without the body (RFC 9110, section 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; every part of a HEAD request's body is emptied on its way out."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, send_without_body)


async def _with_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call_next(request)
    headers = {**_HEADERS, **(_REST_HEADERS if request.url.path.startswith("/v1/") else {})}
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response
