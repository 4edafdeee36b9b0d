"""A graph behind a SPARQL 1.1 endpoint, asked in the way of pyoxigraph's store.

Who may ask is told by the environment: KG_ENDPOINT_USER and KG_ENDPOINT_PASSWORD for basic or digest authentication,
the password alone for a bearer token.
"""

import hashlib
import os
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    OpenerDirector,
    Request,
    build_opener,
)

import pyoxigraph as ox
from SPARQLWrapper import CONSTRUCT, INSERT, JSON, POST, POSTDIRECTLY, SELECT, TURTLE, SPARQLWrapper

from kg.errors import EndpointError, one_line
from kg.query_form import GRAPHS, form
from kg.substitution import Term, substitute

Answer = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean

_PATTERN = "CONSTRUCT { ?subject ?predicate ?object } WHERE { ?subject ?predicate ?object }"
MOST_BYTES = 200_000_000
_AT_A_TIME = 65_536
_AGENT = "spoorboek"
# Virtuoso's word for an answer that it cut short.
_SHORTENED = ("X-SPARQL-MaxRows", "X-SQL-State")
_NOBODY = ox.Variable("a_variable_that_nobody_uses")


class RemoteStore:
    """A SPARQL endpoint that can be asked what a `pyoxigraph.Store` can be asked, with the same answers.

    `seconds` is the most that one request may take and `most` the bytes of one answer. Whatever goes wrong between here
    and the endpoint is an EndpointError; an answer that was cut off or shortened is no answer.
    """

    def __init__(
        self, endpoint: str, seconds: float, most: int = MOST_BYTES, update_endpoint: str | None = None
    ) -> None:
        self.endpoint = _checked(endpoint)
        self.update_endpoint = _checked(update_endpoint or endpoint)
        self._seconds = seconds
        self._most = most
        self._digests = False
        self._opener = build_opener(_NoRedirects)

    def query(
        self,
        text: str,
        substitutions: Mapping[ox.Variable, Term] | None = None,
        default_graph: Sequence[ox.NamedNode] | None = None,
        named_graphs: Sequence[ox.NamedNode] | None = None,
        base_iri: str | None = None,
    ) -> Answer:
        """The answer to a query; raises SyntaxError as the embedded store does, and EndpointError.

        The graphs make up the dataset as in the SPARQL Protocol: where any is given, no other is seen.
        """
        _check(text, base_iri)
        is_graph = form(text) in GRAPHS
        text = substitute(text, substitutions or {})
        if base_iri:
            text = f"BASE <{base_iri}>\n{text}"
        wrapper = self._wrapper(CONSTRUCT if is_graph else SELECT, text)
        wrapper.setReturnFormat(TURTLE if is_graph else JSON)
        for graph in default_graph or ():
            wrapper.addDefaultGraph(graph.value)
        for graph in named_graphs or ():
            wrapper.addNamedGraph(graph.value)
        body = self._send(wrapper, self.endpoint)
        try:
            return _triples(body, self.endpoint) if is_graph else _solutions(body)
        except (SyntaxError, ValueError) as error:
            raise EndpointError(
                f"{self.endpoint} answered something that is no SPARQL result: {one_line(error)}. Is it the address of "
                "a SPARQL endpoint?"
            ) from error

    def quads_for_pattern(
        self,
        subject: ox.NamedNode | None,
        predicate: ox.NamedNode | None,
        object: ox.NamedNode | ox.Literal | None,  # noqa: A002  (pyoxigraph's name)
        graph_name: ox.DefaultGraph,
    ) -> Iterator[ox.Quad]:
        """The statements of the default graph with these terms, None standing for any; raises EndpointError."""
        terms = {"subject": subject, "predicate": predicate, "object": object}
        bound = {ox.Variable(name): term for name, term in terms.items() if term is not None}
        return (ox.Quad(*triple, graph_name) for triple in self.query(_PATTERN, bound))

    def update(self, text: str) -> None:
        """Have the endpoint carry out a SPARQL update; raises EndpointError."""
        wrapper = self._wrapper(INSERT, text)
        # Servers read a body as it comes, but take a form only up to a size.
        wrapper.setRequestMethod(POSTDIRECTLY)
        self._send(wrapper, self.update_endpoint)

    def _wrapper(self, kind: str, text: str) -> "_Wrapper":
        wrapper = _Wrapper(self.endpoint, self.update_endpoint, agent=_AGENT)
        wrapper.opener = self._opener
        # Not by setQuery, which guesses the kind of a query from words that may stand anywhere in it.
        wrapper.queryString, wrapper.queryType = text, kind
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.timeout = self._seconds
        user, password = os.environ.get("KG_ENDPOINT_USER"), os.environ.get("KG_ENDPOINT_PASSWORD")
        if user and password and not self._digests:
            wrapper.setCredentials(user, password)
        elif password and not user:
            wrapper.addCustomHttpHeader("Authorization", f"Bearer {password}")
        return wrapper

    def _send(self, wrapper: "_Wrapper", address: str) -> bytes:
        until = time.monotonic() + self._seconds
        try:
            return self._read(self._opened(wrapper, address), address, until)
        except HTTPError as error:
            raise _refusal(address, error.code, _said(error)) from error
        except TimeoutError as error:
            raise EndpointError(
                f"{address} did not answer within {self._seconds:g} seconds. Allow more time, or ask for less."
            ) from error
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise EndpointError(
                f"{address} cannot be reached: {one_line(reason)}. Check the address, and that the server runs."
            ) from error

    def _opened(self, wrapper: "_Wrapper", address: str) -> HTTPResponse:
        """The response; a server that does not take basic authentication is answered by digest from then on."""
        try:
            return wrapper.query().response
        except HTTPError as error:
            if error.code != HTTPStatus.UNAUTHORIZED or not wrapper.user:
                raise
            error.close()
        self._opener = wrapper.opener = build_opener(_NoRedirects, _Digest(address, wrapper.user, wrapper.passwd))
        self._digests = True
        wrapper.user = None
        return wrapper.query().response

    def _read(self, response: HTTPResponse, address: str, until: float) -> bytes:
        """The whole body, in time, or an error: half an answer must not look like one."""
        with response:
            _refuse_shortened(response, address)
            length = response.headers.get("Content-Length")
            body = bytearray()
            while length is None or len(body) < int(length):
                # read1 gives what is there: a server that sends a byte at a time does not hold us.
                part = response.read1(_AT_A_TIME)
                body += part
                if time.monotonic() > until:
                    raise TimeoutError
                if len(body) > self._most:
                    raise EndpointError(f"the answer of {address} is longer than {self._most} bytes. Add a LIMIT.")
                if not part:
                    break
        if length is not None and len(body) < int(length):
            raise EndpointError(f"the answer of {address} broke off at {len(body)} of {length} bytes. Ask again.")
        return bytes(body)


_TRIPLES = "SELECT (COUNT(*) AS ?triples) WHERE { ?s ?p ?o }"
_GRAPHS = "SELECT ?graph (COUNT(*) AS ?triples) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph"


class RemoteRelease:
    """What a SPARQL endpoint has, with what a `kg.release.Release` says of itself; raises EndpointError.

    The version is that of the address: what is behind it may change at any time.
    """

    def __init__(self, endpoint: str, seconds: float) -> None:
        store = RemoteStore(endpoint, seconds)
        graphs = {row["graph"].value: int(row["triples"].value) for row in store.query(_GRAPHS) if row["graph"]}
        (row,) = store.query(_TRIPLES)
        self.place = endpoint
        self.version = hashlib.sha256(endpoint.encode()).hexdigest()[:12]
        self.manifest = {"version": self.version, "distinctTriples": int(row["triples"].value), "graphs": graphs}


def _check(text: str, base_iri: str | None) -> None:
    """Raise SyntaxError as the embedded store does, and run nothing.

    A store parses a query and then refuses a value for a variable that the query does not have. Without that refusal
    even an empty store could be kept busy for ever, by VALUES alone.
    """
    with suppress(RuntimeError):
        ox.Store().query(text, base_iri=base_iri, substitutions={_NOBODY: ox.Literal(0)})


class _Wrapper(SPARQLWrapper):
    """A request by an opener of its own: SPARQLWrapper's is that of the whole process, and reads all of a refusal."""

    opener: OpenerDirector

    def _query(self) -> tuple[HTTPResponse, str]:
        return self.opener.open(self._createRequest(), timeout=self.timeout), self.returnFormat


class _NoRedirects(HTTPRedirectHandler):
    """Go nowhere else: a request that is sent on takes along who we are."""

    def redirect_request(self, req: Request, fp: HTTPResponse, *rest: object) -> None:
        """Raises EndpointError with the address to give instead."""
        fp.close()
        raise EndpointError(f"{req.full_url} sends one on to {rest[-1]}. Give that address, if you trust it.")


class _Digest(HTTPDigestAuthHandler):
    """Digest authentication that lets go of the line on which it was asked for."""

    def __init__(self, address: str, user: str, password: str) -> None:
        passwords = HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, address, user, password)
        super().__init__(passwords)

    def http_error_401(self, req: Request, fp: HTTPResponse, *rest: object) -> HTTPResponse | None:
        """The response to the same request with the right header."""
        fp.read(_AT_A_TIME)
        return super().http_error_401(req, fp, *rest)


def _checked(address: str) -> str:
    """The address, which must be one to send credentials to; raises EndpointError."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise EndpointError(
            f"'{address}' is no address of an endpoint: it should be like http://127.0.0.1:3030/ds/sparql"
        )
    if parts.username or parts.password:
        raise EndpointError(
            f"the address of {parts.hostname} holds a user or password; give those in KG_ENDPOINT_USER and "
            "KG_ENDPOINT_PASSWORD"
        )
    return address


def _solutions(body: bytes) -> ox.QuerySolutions | ox.QueryBoolean:
    # Virtuoso's names of blank nodes are none; within a string the quotes would have a backslash before them.
    body = body.replace(b'"type": "bnode", "value": "nodeID://', b'"type": "bnode", "value": "')
    # Solutions are parsed when they are taken; whether all can be is to be known now. None is kept in a variable: one
    # that stays behind in an error would be let go of by another thread, which pyoxigraph does not allow.
    if isinstance(_parsed(body), ox.QuerySolutions):
        deque(_parsed(body), maxlen=0)
    return _parsed(body)


def _parsed(body: bytes) -> ox.QuerySolutions | ox.QueryBoolean:
    return ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)


def _triples(body: bytes, base: str) -> ox.QueryTriples:
    graph = ox.Store()
    graph.load(body, format=ox.RdfFormat.TURTLE, base_iri=base)
    return graph.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")


def _said(error: HTTPError) -> str:
    """The first words of a refusal, or the reason where there are none; lets go of the line."""
    body = b""
    with error, suppress(OSError, HTTPException):
        body = error.fp.read1(_AT_A_TIME)
    return body.decode(errors="replace") or error.reason


def _refuse_shortened(response: HTTPResponse, address: str) -> None:
    """Virtuoso answers with what it found until its own limit, and says so in the headers alone."""
    # That readers stopped an update stands there too.
    why = one_line(response.headers.get("X-SQL-Message") or "it does not say why")
    if response.status == HTTPStatus.PARTIAL_CONTENT or any(name in response.headers for name in _SHORTENED):
        raise EndpointError(
            f"{address} gave up and sent a part of the answer ({why}). Ask for less, or raise its limits."
        )


def _refusal(address: str, status: int, said: str) -> EndpointError:
    if status in (401, 403):
        return EndpointError(
            f"{address} does not let us in. Set KG_ENDPOINT_USER and KG_ENDPOINT_PASSWORD to who may do this.", status
        )
    if status in (404, 405):
        return EndpointError(
            f"{address} is no SPARQL endpoint that takes this (status {status}). Check the address.", status
        )
    return EndpointError(f"{address} refused (status {status}): {one_line(said)}", status)
