"""The errors a user can act on; anything else is a bug and keeps its traceback.

KgError
├── DataError       a file of the graph, or a source document, cannot be used
│   └── InvalidError    the data breaks its own rules; carries the report
│       └── RefusedError    an export is too broken to import
├── QueryError      a question is not understood: its text, its name or a parameter
├── NotFoundError   no such thing in the graph
├── EndpointError   a SPARQL endpoint elsewhere cannot be reached, or does not do what it was asked
├── PublishError    a catalogue elsewhere cannot be reached, or does not take what it is given
├── FetchError      an address elsewhere may not be asked, or gave no good answer
├── ReleaseError    there is no release, or it cannot be written or opened
├── SettingsError   a setting KG_… is wrong
└── ServiceError    the service cannot start, for example on a taken port
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.report import Report


class KgError(Exception):
    """What went wrong, where, and what to do about it, in one message."""


class DataError(KgError):
    """A file cannot be used: missing, not readable, not well-formed."""


class InvalidError(DataError):
    """The data was read but breaks its own rules; `report` says which and where."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"{report.count('Violation')} violations; run 'kg validate' to see them")
        self.report = report


class RefusedError(InvalidError):
    """An export is cut off, or too much of it cannot be read; `report` says what was found."""

    def __init__(self, problem: str, report: Report) -> None:
        KgError.__init__(self, f"{problem}. Nothing was imported; an earlier import stays.")
        self.report = report


class QueryError(KgError):
    """A question cannot be asked: bad SPARQL, an unknown name, a missing or wrong parameter."""


class NotFoundError(KgError):
    """The graph does not know the thing that was asked for."""


class EndpointError(KgError):
    """A SPARQL endpoint elsewhere did not do what it was asked; `status` is that of its answer, where it gave one."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class PublishError(KgError):
    """A catalogue elsewhere cannot be given our datasets: no address, no access, or no answer."""


class FetchError(KgError):
    """An address elsewhere gave no good answer, or may not be asked; `status` is that of its answer, if it gave one."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class ReleaseError(KgError):
    """A release is missing, or cannot be made or opened."""


class SettingsError(KgError):
    """A setting `KG_…` has a value that it cannot have."""


class ServiceError(KgError):
    """The service cannot start as it was asked to."""


def one_line(text: object) -> str:
    """What another program said, as one short line in which nothing can steer a terminal."""
    shown = "".join(sign if sign.isprintable() else " " for sign in str(text))
    return " ".join(shown.split())[:300]
