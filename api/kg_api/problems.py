"""Errors as `application/problem+json` (RFC 9457): one shape, made in one place."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from kg.errors import DataError, EndpointError, KgError, NotFoundError, QueryError, ReleaseError


class Problem(Exception):  # noqa: N818  (the name RFC 9457 gives it)
    """An answer that is not what was asked for: a status, what is wrong, and headers that go with it.

    `reason` is one word for the counts of the service; `members` are more members of the document (RFC 9457, 3.2).
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        headers: dict[str, str] | None = None,
        reason: str = "request",
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}
        self.reason = reason
        self.members = members or {}


_STATUS: dict[type[KgError], HTTPStatus] = {
    NotFoundError: HTTPStatus.NOT_FOUND,
    QueryError: HTTPStatus.BAD_REQUEST,
    DataError: HTTPStatus.INTERNAL_SERVER_ERROR,
    ReleaseError: HTTPStatus.SERVICE_UNAVAILABLE,
    EndpointError: HTTPStatus.BAD_GATEWAY,
}


def problem(
    status: HTTPStatus,
    detail: str,
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, Any] | None = None,
) -> JSONResponse:
    """The response for an error."""
    body = {"type": "about:blank", "status": status.value, "title": status.phrase, "detail": detail, **(members or {})}
    return JSONResponse(body, status.value, headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Make every error of the app a problem document."""

    @app.exception_handler(Problem)
    async def _(_request: Request, error: Problem) -> JSONResponse:
        return problem(error.status, error.detail, error.headers, error.members)

    @app.exception_handler(KgError)
    async def _(_request: Request, error: KgError) -> JSONResponse:
        status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
        return problem(status, str(error))

    @app.exception_handler(HTTPException)
    async def _(request: Request, error: HTTPException) -> JSONResponse:
        status = HTTPStatus(error.status_code)
        detail = (
            error.detail
            if error.detail != status.phrase
            else f"{request.method} {request.url.path}: {status.description}"
        )
        return problem(status, detail, error.headers)

    @app.exception_handler(Exception)
    async def _(_request: Request, _error: Exception) -> JSONResponse:
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "something went wrong here that is not your doing")

    @app.exception_handler(RequestValidationError)
    async def _(_request: Request, error: RequestValidationError) -> JSONResponse:
        details = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        return problem(HTTPStatus.BAD_REQUEST, details)
