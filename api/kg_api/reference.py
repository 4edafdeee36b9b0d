"""`/v1/docs`: the OpenAPI document as a page to read and try, with nothing from another server."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from kg_api import pages

router = APIRouter(include_in_schema=False)

# Swagger UI, as the package fastapi-offline carries it, draws its icons from addresses that hold them.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@router.get("/v1/docs", response_class=HTMLResponse)
def show(request: Request) -> HTMLResponse:
    """The page; its script reads the document."""
    response = pages.page(request, "openapi.html", url="/v1/openapi.json")
    response.headers["content-security-policy"] = _POLICY
    return response
