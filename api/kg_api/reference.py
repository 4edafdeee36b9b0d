"""`/v1/openapi.json`, and `/v1/docs`: the same as a page to read and try, with nothing from another server."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse

from kg_api import openapi, pages
from kg_api.formats import HTML, negotiate
from kg_api.openapi_english import english
from kg_api.serving import Serving, serving
from kg_api.settings import Settings

router = APIRouter(include_in_schema=False)

# Swagger UI, as the package fastapi-offline carries it, draws its icons from addresses that hold them.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@router.get("/v1")
def start(request: Request) -> RedirectResponse:
    """The address that the catalogue gives for all of `/v1`: to the page, or for a program to the document."""
    wants = negotiate(request.headers.get("accept"), {"application/json": "json", HTML: "html"})
    to = "/v1/docs" if wants == HTML else "/v1/openapi.json"
    return RedirectResponse(to, HTTPStatus.TEMPORARY_REDIRECT, {"vary": "Accept"})


@router.get("/v1/openapi.json")
def document(request: Request) -> JSONResponse:
    """The OpenAPI document in the visitor's language, made once for each release, since its examples come from there.

    A route of ours and not of FastAPI, which would make it on the event loop and let everybody wait.
    """
    current, settings = serving(request), request.app.state.current.settings
    language = pages.language_of(request)
    found = current.questions.kept(("openapi", language), lambda: _document(current, settings, language))
    return JSONResponse(found, headers={"content-language": language, "vary": "Accept-Language"})


def _document(current: Serving, settings: Settings, language: str) -> dict[str, Any]:
    found = openapi.document(current, settings, pages.licence_of(current, language))
    titles = {query.titles["nl"]: query.titles["en"] for query in current.questions.library.values()}
    return english(found, titles) if language == "en" else found


@router.get("/v1/docs", response_class=HTMLResponse)
def show(request: Request) -> HTMLResponse:
    """The page; its script reads the document."""
    response = pages.page(request, "openapi.html", url=f"/v1/openapi.json?lang={pages.language_of(request)}")
    response.headers["content-security-policy"] = _POLICY
    return response
