"""`/probleem`: what each kind of problem means and what to do, for people and as JSON."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from kg_api import pages
from kg_api.formats import HTML, negotiate
from kg_api.messages import said
from kg_api.problem_kinds import KINDS, ProblemKind
from kg_api.problems import Problem

router = APIRouter(include_in_schema=False)

_JSON = "application/json"


@router.get("/probleem")
def every(request: Request) -> Response:
    """All kinds."""
    return _answer(request, list(KINDS.values()), one=False)


@router.get("/probleem/{name}")
def one(request: Request, name: str) -> Response:
    """One kind, to which the `type` of a problem leads."""
    if name not in KINDS:
        raise Problem(HTTPStatus.NOT_FOUND, said("nothing_here", path=request.url.path))
    return _answer(request, [KINDS[name]], one=True)


def _answer(request: Request, kinds: Sequence[ProblemKind], *, one: bool) -> Response:
    media_type = negotiate(request.headers.get("accept"), {HTML: "html", _JSON: "json"})
    if media_type is None:
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, said("no_such_form", types=f"{HTML}, {_JSON}"))
    if media_type == HTML:
        return pages.page(request, "problems.html", kinds=kinds, one=one)
    told = [_told(kind) for kind in kinds]
    return JSONResponse(told[0] if one else {"problemen": told, "aantal": len(told)}, headers={"vary": "Accept"})


def _told(kind: ProblemKind) -> dict[str, Any]:
    return {
        "type": kind.iri,
        "status": kind.status.value,
        "titel": kind.title,
        "betekenis": kind.meaning,
        "oplossing": kind.remedy,
    }
