"""`/health`: is the process alive, and does the store answer?"""

from fastapi import APIRouter, Request

from kg_api.questions import Questions

router = APIRouter(prefix="/health", include_in_schema=False)


@router.get("/live")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/ready")
def ready(request: Request) -> dict[str, str]:
    """The store answers; visitors' queries that wait for a worker do not keep it waiting."""
    questions: Questions = request.app.state.questions
    questions.rows("uitgave")
    return {"status": "ok", "release": request.app.state.release.version}
