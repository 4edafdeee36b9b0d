"""`/health` and `/metrics`: is the process alive, does the store answer, and how much is going on?"""

import asyncio
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kg_api.messages import said
from kg_api.metrics import Metrics
from kg_api.pool import CannotStart
from kg_api.problems import Problem
from kg_api.serving import serving

router = APIRouter(include_in_schema=False)
_START_SECONDS = 1


@router.get("/health/live")
async def live() -> dict[str, str]:
    """The process answers, without a thread: those may all be at work."""
    return {"status": "ok"}


@router.get("/health/ready")
async def ready(request: Request) -> dict[str, str]:
    """The store answers, and all workers run; queries that wait for one do not keep this waiting."""
    current = serving(request)
    await run_in_threadpool(current.questions.rows, "uitgave")
    try:
        async with asyncio.timeout(_START_SECONDS):
            await current.gate.wait_until_ready()
    except (TimeoutError, CannotStart) as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, said("not_opened"), {"retry-after": "1"}) from error
    return {"status": "ok", "release": current.version}


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """The counters in the text format of Prometheus."""
    counters: Metrics = request.app.state.current.metrics
    return Response(counters.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
