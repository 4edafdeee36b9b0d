"""`Problem`: an answer that is not what was asked for, as `application/problem+json` (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

PROBLEM_JSON = "application/problem+json"


class Problem(Exception):  # noqa: N818  (the name RFC 9457 gives it)
    """An answer that is not what was asked for: a status, what is wrong, and headers that go with it.

    `reason` is one word for the counts of the service; `near` has the name and address of what may have been meant;
    `members` are more members of the document (RFC 9457, section 3.2).
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        headers: dict[str, str] | None = None,
        reason: str = "request",
        near: Sequence[Mapping[str, str]] = (),
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}
        self.reason = reason
        self.near = near
        self.members = members or {}


def problem(error: Problem) -> JSONResponse:
    """The problem document for an error."""
    body = {"type": "about:blank", "status": error.status.value, "title": error.status.phrase, "detail": error.detail}
    body |= error.members
    if error.near:
        body["near"] = error.near
    return JSONResponse(body, error.status.value, error.headers, media_type=PROBLEM_JSON)
