"""Datasets → the delivery API of data.overheid.nl ("Datastore API" 0.9.0, alpha): made there, or replaced.

Doing it again changes nothing: what has the same `dctIdentifier` is replaced. One dataset that is refused does not stop
the others.
"""

import json
import re
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpcore2

from kg.errors import PublishError, one_line
from kg.publishing.payloads import Payload, problems

_DATASETS = "/api/v1/datasets"
_RECORDS = "/api/v1/me/catalog-records"
_TOKEN = "/api/v1/auth/token"  # noqa: S105  (a path)
_EXISTS = "DCAT_DATASET_ALREADY_EXISTS"
_PAGE_SIZE = 100
_MOST_PAGES = 100
_MOST_BYTES = 5_000_000
_SECONDS = 60
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Outcome:
    """What became of a dataset: `created`, `replaced` or `failed`, whether visitors see it, and what was wrong."""

    identifier: str
    done: str
    status: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Answer:
    """An answer of the API: its status and, where it has a body in JSON, that."""

    status: int
    body: Any = None

    def at(self, *names: str) -> Any:  # noqa: ANN401
        """What the body has under these names, one in the other; None when it has nothing there."""
        return _at(self.body, *names)

    @property
    def problem(self) -> str:
        """What is wrong, in one line, by what a problem document says (RFC 9457, with `code` and `errors`)."""
        errors = self.at("errors")
        fields = [f"{_at(error, 'path')}: {_at(error, 'code')}" for error in errors] if isinstance(errors, list) else []
        words = [self.status, self.at("code"), self.at("detail") or _WITHOUT_WORDS.get(self.status), *fields]
        return one_line(" · ".join(str(word) for word in words if word))


def _at(value: Any, *names: str) -> Any:  # noqa: ANN401
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


_WITHOUT_WORDS = {
    401: "the client or its key is not accepted",
    403: "this client has no role that may do this",
    404: "it is not there",
    429: "too many requests; try later",
    503: "out of order; try later",
}


class Datastore:
    """The delivery API at an address, as one client of it; use it in a `with`."""

    def __init__(self, address: str, client: str, key: str) -> None:
        """Raises PublishError for an address that the key should not be sent to."""
        if not _is_safe(address):
            raise PublishError(f"'{one_line(address)}' is no https address; the key is sent to no other")
        self._address = address.rstrip("/")
        self._credentials = {"clientId": client, "apiKey": key}
        self._token = ""
        self._pool = httpcore2.ConnectionPool(ssl.create_default_context())

    def __enter__(self) -> "Datastore":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    def ask(self, method: str, path: str, body: Payload | None = None, **query: str | int) -> Answer:
        """Ask with the client's token, which is renewed once when it is too old."""
        path += f"?{urlencode(query)}" if query else ""
        self._token = self._token or self._logged_in()
        answer = self._sent(method, path, body, self._token)
        if answer.status == 401:
            self._token = self._logged_in()
            answer = self._sent(method, path, body, self._token)
        return answer

    def _logged_in(self) -> str:
        answer = self._sent("POST", _TOKEN, self._credentials)
        token = answer.at("accessToken")
        if answer.status != 200 or not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise PublishError(f"{self._address} does not let this client in: {answer.problem}")
        return token

    def _sent(self, method: str, path: str, body: Payload | None, token: str = "") -> Answer:
        headers = {"Accept": "application/json, application/problem+json", "Content-Type": "application/json"}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        content = json.dumps(body, ensure_ascii=False).encode() if body is not None else b""
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), _SECONDS)
        try:
            with self._pool.stream(
                method, self._address + path, headers=headers, content=content, extensions={"timeout": timeouts}
            ) as response:
                return Answer(response.status, _json(_read(response.iter_stream(), self._address)))
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException) as error:
            reason = one_line(str(error) or type(error).__name__)
            raise PublishError(f"{self._address} gave no answer: {reason}. Try later.") from error


def _is_safe(address: str) -> bool:
    """Whether an address is one that a key may be sent to, and has no key in it itself."""
    try:
        parts = urlsplit(address)
        is_whole = bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        return False
    return is_whole and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK))


def _read(chunks: Iterable[bytes], address: str) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > _MOST_BYTES:
            raise PublishError(f"{address} answers with more than {_MOST_BYTES} bytes; that is not the delivery API")
    return bytes(body)


def _json(body: bytes) -> Any:  # noqa: ANN401  (whatever the other side sends)
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def publish(
    datastore: Datastore, payloads: Iterable[Payload], *, visible: bool, step: Callable[[str], None] = lambda _: None
) -> Iterator[Outcome]:
    """Make or replace each dataset; `visible` publishes what is a draft, otherwise each stays what it is.

    Raises PublishError when the API cannot be reached or does not let us in.
    """
    known = _Known(datastore)
    for payload in payloads:
        identifier = payload.get("dctIdentifier", "")
        step(identifier)
        wrong = problems(payload)
        if wrong:
            yield Outcome(identifier, "failed", problem="; ".join(wrong))
        else:
            yield _delivered(datastore, known, payload, visible=visible)


def _delivered(datastore: Datastore, known: "_Known", payload: Payload, *, visible: bool) -> Outcome:
    identifier = payload["dctIdentifier"]
    status = "PUBLISHED" if visible else "DRAFT"
    made = datastore.ask("POST", _DATASETS, payload, publicationStatus=status)
    if made.status == 201:
        return Outcome(identifier, "created", status)
    if made.status != 409 or made.at("code") != _EXISTS:
        return Outcome(identifier, "failed", problem=made.problem)
    place = known.place(identifier)
    if place is None:
        problem = "a dataset with this identifier is there, but not among those of this client"
        return Outcome(identifier, "failed", problem=problem)
    replaced = datastore.ask("PUT", place, payload)
    if replaced.status != 200:
        return Outcome(identifier, "failed", problem=replaced.problem)
    return _shown(datastore, place, identifier, visible=visible)


def _shown(datastore: Datastore, place: str, identifier: str, *, visible: bool) -> Outcome:
    """Publish what was replaced, where that is asked; what is published stays so."""
    path = f"{place}/publication-status"
    answer = datastore.ask("PUT", path, {"publicationStatus": "PUBLISHED"}) if visible else datastore.ask("GET", path)
    if answer.status != 200:
        return Outcome(identifier, "failed", problem=f"replaced, but its status was refused: {answer.problem}")
    return Outcome(identifier, "replaced", one_line(answer.at("publicationStatus")))


class _Known:
    """The datasets that the client has there already, looked up when that is first asked."""

    def __init__(self, datastore: Datastore) -> None:
        self._datastore = datastore
        self._places: dict[str, str] | None = None

    def place(self, identifier: str) -> str | None:
        """The path of the dataset with this identifier."""
        if self._places is None:
            self._places = dict(self._looked_up())
        return self._places.get(identifier)

    def _looked_up(self) -> Iterator[tuple[str, str]]:
        for record in self._records():
            number = str(_at(record, "meta", "primaryTopicId"))
            if _at(record, "meta", "primaryTopicType") != "DATASET" or not _UUID.fullmatch(number):
                continue
            place = f"{_DATASETS}/{number}"
            identifier = self._datastore.ask("GET", place).at("dcatDataset", "dctIdentifier")
            if isinstance(identifier, str):
                yield identifier, place

    def _records(self) -> Iterator[object]:
        for page in range(_MOST_PAGES):
            answer = self._datastore.ask("GET", _RECORDS, page=page, size=_PAGE_SIZE)
            content = answer.at("content")
            if answer.status != 200 or not isinstance(content, list):
                raise PublishError(f"the datasets of this client cannot be looked up: {answer.problem}")
            yield from content
            if len(content) < _PAGE_SIZE:
                return
