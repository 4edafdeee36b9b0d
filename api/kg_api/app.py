"""`create_app`: wires routes, error handlers and headers, nothing else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from kg.project import Project
from kg_api import chains, errors, library, openapi, operations, pages, releases, resources, rest, search, vocabulary
from kg_api.compression import Compress
from kg_api.metrics import Metrics
from kg_api.middleware import HeadAsGet, Headers, Observe, Options
from kg_api.request_log import RequestLog
from kg_api.serving import Current, Source
from kg_api.settings import Settings
from kg_api.sparql import Sparql

_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Accept-Ranges, Content-Range, ETag, Link, Retry-After, API-Version",
    "Content-Security-Policy": _PAGE_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_REST_HEADERS = {"API-Version": rest.VERSION, "Cache-Control": "no-store"}


def create_app(
    project: Project, find: Callable[[], Source], settings: Settings, metrics: Metrics | None = None
) -> ASGIApp:
    """The service on the release that `find` gives; it is asked again now and then, and a newer one then followed."""
    metrics = metrics or Metrics()
    log = RequestLog() if settings.log_requests else None
    current = Current(project, settings, metrics, find)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        running = [asyncio.create_task(current.follow())]
        if log:
            running.append(asyncio.create_task(log.write_on()))
        yield
        for task in running:
            task.cancel()
        if log:
            log.write()
        current.close()

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
    app.state.current = current
    errors.install(app)
    for module in (pages, resources, vocabulary, rest, chains, library, releases, search, operations):
        app.include_router(module.router)
    app.openapi = lambda: _described(app, current, settings)
    app.add_middleware(Compress)
    app.mount("/static", StaticFiles(packages=[("kg_api", "static")]))
    # Around FastAPI rather than by `add_middleware`: an answer to SPARQL passes through nothing that it does not need.
    answering = HeadAsGet(Options(Sparql(app, current)))
    return Observe(Headers(answering, _HEADERS, {"/v1/": _REST_HEADERS}), metrics, log)


def _described(app: FastAPI, current: Current, settings: Settings) -> dict[str, Any]:
    """The OpenAPI document, made once for each release, since its examples come from there."""
    serving = current.serving
    return serving.questions.kept("openapi", lambda: openapi.document(app, serving, settings))
