"""`/sparql`: the query operation of the SPARQL 1.1 Protocol."""

from collections.abc import Container
from http import HTTPStatus
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.responses import Response

from kg_api.formats import GRAPH_TYPES, RESULT_TYPES, content_type, negotiate
from kg_api.gate import Gate
from kg_api.problems import Problem

router = APIRouter(tags=["sparql"])

_FORM = "application/x-www-form-urlencoded"
_DIRECT = "application/sparql-query"


@router.get("/sparql", summary="Stel een SPARQL-vraag (parameter query)")
async def ask_by_get(request: Request) -> Response:
    """Answer the query in the parameter `query`."""
    _refuse_datasets(request.query_params)
    return await _answer(request, request.query_params.getlist("query"))


@router.post("/sparql", summary="Stel een SPARQL-vraag (formulier of directe inhoud)")
async def ask_by_post(request: Request) -> Response:
    """Answer the query in a form's field `query` or in a body of type application/sparql-query."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in (_FORM, _DIRECT):
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"send the query as {_DIRECT} or as {_FORM}")
    text = await _text(request)
    _refuse_datasets(request.query_params)
    if media_type == _DIRECT:
        return await _answer(request, [text])
    try:
        form = parse_qs(text, max_num_fields=20)
    except ValueError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"the form cannot be read: {error}") from error
    _refuse_datasets(form)
    return await _answer(request, form.get("query", []))


def _refuse_datasets(parameters: Container[str]) -> None:
    """Better no answer than one about other graphs than were asked for."""
    for name in ("default-graph-uri", "named-graph-uri"):
        if name in parameters:
            raise Problem(HTTPStatus.BAD_REQUEST, f"'{name}' is not supported; name the graph with FROM in the query")


async def _text(request: Request) -> str:
    """The body as text, read no further than a query may be long."""
    # A form writes one byte of a query as at most three.
    most = 3 * request.app.state.settings.query_bytes
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body is longer than {most} bytes")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"the body is not UTF-8: {error}") from error


async def _answer(request: Request, queries: list[str]) -> Response:
    if len(queries) != 1 or not queries[0].strip():
        raise Problem(HTTPStatus.BAD_REQUEST, "give exactly one 'query' with the text of a SPARQL query")
    accept = request.headers.get("accept")
    results, graphs = negotiate(accept, RESULT_TYPES), negotiate(accept, GRAPH_TYPES)
    if results is None and graphs is None:
        offers = ", ".join([*RESULT_TYPES, *GRAPH_TYPES])
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, f"answers come as {offers}")
    gate: Gate = request.app.state.gate
    name, body = await gate.ask(queries[0], RESULT_TYPES.get(results), GRAPH_TYPES.get(graphs))
    media_type = results if RESULT_TYPES.get(results) == name else graphs
    return Response(body, headers={"content-type": content_type(media_type), "vary": "Accept"})
