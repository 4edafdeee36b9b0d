"""`Problem`: an answer that is not what was asked for, as `application/problem+json` (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

from kg_api.messages import Said
from kg_api.problem_kinds import KINDS, kind_of

PROBLEM_JSON = "application/problem+json"


class Problem(Exception):  # noqa: N818  (the name RFC 9457 gives it)
    """An answer that is not what was asked for: a status, what is wrong, and headers that go with it.

    `detail` is a message in both languages, or a text that is the same in each. `kind` is a name of KINDS, else the one
    that goes with the status; `reason` is one word for the counts of the service; `near` has the name and address of
    what may have been meant; `members` are more members of the document (RFC 9457, section 3.2).
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str | Said,
        headers: dict[str, str] | None = None,
        reason: str = "request",
        near: Sequence[Mapping[str, str]] = (),
        members: Mapping[str, Any] | None = None,
        kind: str | None = None,
    ) -> None:
        super().__init__(str(detail))
        self.status = status
        self.detail = detail
        self.headers = headers or {}
        self.reason = reason
        self.near = near
        self.members = members or {}
        self.kind = KINDS[kind] if kind else kind_of(status, reason)

    def told(self, language: str) -> str:
        """What is wrong, in a language."""
        return self.detail.text(language) if isinstance(self.detail, Said) else self.detail

    def title(self, language: str) -> str:
        """What kind of problem it is, in a language."""
        return self.kind.title[language] if self.kind else self.status.phrase


def problem(error: Problem, language: str) -> JSONResponse:
    """The problem document for an error, in a language."""
    body = {
        "type": error.kind.iri if error.kind else "about:blank",
        "status": error.status.value,
        "title": error.title(language),
        "detail": error.told(language),
    }
    body |= error.members
    if error.near:
        body["near"] = error.near
    headers = {**error.headers, "content-language": language}
    return JSONResponse(body, error.status.value, headers, media_type=PROBLEM_JSON)
