"""`create_app`: wires routes, error handlers and headers, nothing else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from kg.project import Project
from kg_api import (
    ahead,
    catalogue,
    chains,
    context,
    errors,
    library,
    operations,
    pages,
    problem_pages,
    question_pages,
    reconcile,
    reconcile_suggest,
    reference,
    releases,
    resources,
    rest,
    search,
    vocabulary,
)
from kg_api.compression import Compress
from kg_api.metrics import Metrics
from kg_api.middleware import HeadAsGet, Headers, Observe, Options
from kg_api.request_log import RequestLog
from kg_api.serving import Current, Serving, Source
from kg_api.settings import Settings
from kg_api.sparql import Sparql
from kg_api.turns import Turns

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
_MODULES = (
    *(pages, problem_pages, resources, vocabulary, catalogue),
    *(rest, context, chains, library, question_pages, releases, search, reference),
    *(reconcile_suggest, reconcile, operations),
)
_REST_HEADERS = {"API-Version": rest.VERSION, "Cache-Control": "no-store"}


def create_app(
    project: Project,
    find: Callable[[], Source],
    settings: Settings,
    metrics: Metrics | None = None,
    prepare: Callable[[Serving], None] = lambda _: None,
) -> ASGIApp:
    """The service on the release that `find` gives; it is asked again now and then, and a newer one then followed.

    `prepare` may read ahead what the first visitors of a release would wait for.
    """
    metrics = metrics or Metrics()
    log = RequestLog() if settings.log_requests else None
    current = Current(project, settings, metrics, find, prepare)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await ahead.wake(app)
        await current.open()
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
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(errors.refuse_encoded_slash)],
        lifespan=lifespan,
    )
    app.state.current = current
    errors.install(app)
    for module in _MODULES:
        app.include_router(module.router)
    app.mount("/static/swagger", StaticFiles(packages=[("fastapi_offline", "static")]))
    app.add_middleware(Compress)
    app.mount("/static", StaticFiles(packages=[("kg_api", "static")]))
    app.add_middleware(Turns, settings=settings, metrics=metrics)
    # Around FastAPI rather than by `add_middleware`: an answer to SPARQL passes through nothing that it does not need.
    answering = HeadAsGet(Options(Sparql(app, current)))
    return Observe(Headers(answering, _HEADERS, {"/v1": _REST_HEADERS}), metrics, log)
