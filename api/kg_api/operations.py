"""`/health` and `/metrics`: is the process alive, does the store answer, and how much is going on?"""

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import Response

from kg_api.metrics import Metrics
from kg_api.problems import Problem
from kg_api.serving import serving

router = APIRouter(include_in_schema=False)


@router.get("/health/live")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/health/ready")
def ready(request: Request) -> dict[str, str]:
    """The store answers, and there is a worker; queries that wait for one do not keep this waiting."""
    current = serving(request)
    current.questions.rows("uitgave")
    if not current.gate.is_ready:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "no worker has opened the store yet", {"retry-after": "1"})
    return {"status": "ok", "release": current.version}


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """The counters in the text format of Prometheus."""
    counters: Metrics = request.app.state.current.metrics
    return Response(counters.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
