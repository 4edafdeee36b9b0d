"""`/health`: is the process alive, and does the store answer?"""

from fastapi import APIRouter, Request

from kg_api.gate import Gate

router = APIRouter(prefix="/health", include_in_schema=False)


@router.get("/live")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/ready")
async def ready(request: Request) -> dict[str, str]:
    """A worker process answers from the store."""
    gate: Gate = request.app.state.gate
    await gate.ask("ASK { ?s ?p ?o }", "json", None)
    return {"status": "ok", "release": request.app.state.release.version}
