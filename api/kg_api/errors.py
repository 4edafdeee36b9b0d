"""Every error of the service: a page for a browser, a problem document for anybody else."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from kg.errors import DataError, EndpointError, KgError, NotFoundError, QueryError, ReleaseError
from kg_api import pages
from kg_api.formats import HTML, negotiate
from kg_api.messages import Said, said
from kg_api.middleware import allowed_at
from kg_api.nearby import like_address
from kg_api.parameters import shown
from kg_api.problems import PROBLEM_JSON, Problem, problem
from kg_api.refusals import refusal

# Programs alone ask for these, whatever they say they accept.
_NO_PAGES = ("/v1/", "/health/", "/metrics")
# What proxies count for a client that did not wait; HTTP has no status for it.
_CLIENT_GONE = 499

_STATUS: dict[type[KgError], HTTPStatus] = {
    NotFoundError: HTTPStatus.NOT_FOUND,
    QueryError: HTTPStatus.BAD_REQUEST,
    DataError: HTTPStatus.INTERNAL_SERVER_ERROR,
    ReleaseError: HTTPStatus.SERVICE_UNAVAILABLE,
    EndpointError: HTTPStatus.BAD_GATEWAY,
}


def answer(request: Request, error: Problem) -> Response:
    """The response for an error: a page for who would rather read that, a problem document for anybody else."""
    language = pages.language_of(request)
    error.headers = {"vary": "Accept, Accept-Language", **error.headers}
    if _wants_page(request):
        said = {"title": error.title(language), "detail": error.told(language), "near": error.near, "kind": error.kind}
        html = pages.render(request, "error.html", **said)
        return Response(html, error.status, {**error.headers, "content-language": language}, media_type=HTML)
    return problem(error, language)


def _wants_page(request: Request) -> bool:
    accepts = negotiate(request.headers.get("accept"), {PROBLEM_JSON: "json", "application/json": "json", HTML: "html"})
    return accepts == HTML and not request.url.path.startswith(_NO_PAGES)


def install(app: FastAPI) -> None:
    """Make every error of the app such a response."""

    @app.exception_handler(Problem)
    async def _(request: Request, error: Problem) -> Response:
        return answer(request, error)

    @app.exception_handler(KgError)
    async def _(request: Request, error: KgError) -> Response:
        status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
        name = next(kind.__name__ for kind in _STATUS if isinstance(error, kind))
        return answer(request, Problem(status, said(name, why=error)))

    @app.exception_handler(ClientDisconnect)
    async def _(_request: Request, _error: ClientDisconnect) -> Response:
        return gone()

    @app.exception_handler(HTTPException)
    async def _(request: Request, error: HTTPException) -> Response:
        status = HTTPStatus(error.status_code)
        near = like_address(request.url.path) if status == HTTPStatus.NOT_FOUND else ()
        headers = dict(error.headers or {})
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            # A route knows its own method alone, and not that HEAD and OPTIONS are answered too.
            headers["Allow"] = allowed_at(request.url.path)
        return answer(request, Problem(status, _detail(request, status, error), headers, near=near))

    @app.exception_handler(Exception)
    async def _(request: Request, _error: Exception) -> Response:
        return answer(request, bug(request))

    @app.exception_handler(RequestValidationError)
    async def _(request: Request, error: RequestValidationError) -> Response:
        return answer(request, Problem(HTTPStatus.BAD_REQUEST, refusal(error.errors())))


async def refuse_encoded_slash(request: Request) -> None:
    """Raise Problem for a path with a slash that is written as %2F, which routes would take for one (RFC 3986, 2.2)."""
    path = request.scope.get("raw_path", b"").decode("latin-1")
    if "%2f" in path.lower() or "%5c" in path.lower():
        raise Problem(HTTPStatus.NOT_FOUND, said("encoded_slash", path=shown(path)))


def gone() -> Response:
    """What is counted for a client that left before its answer; nobody reads it."""
    return Response(status_code=_CLIENT_GONE)


def bug(_request: Request) -> Problem:
    """What to say when something went wrong that nobody foresaw."""
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, said("bug"))


def _detail(request: Request, status: HTTPStatus, error: HTTPException) -> Said:
    """What the framework says of an error, or more where it says nothing but the name of the status."""
    path, method = request.url.path, request.method
    if status == HTTPStatus.NOT_FOUND:
        return said("nothing_at_v1" if path.startswith("/v1/") else "nothing_here", path=shown(path))
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return said("no_such_method", method=method, path=path, allowed=allowed_at(path))
    why = status.description if error.detail == status.phrase else error.detail
    return said("not_possible", method=method, path=path, why=why)
