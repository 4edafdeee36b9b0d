"""`/v1/vragen`: the questions of `queries/`, asked by name; and `/v1/releases`."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from kg import store
from kg.errors import QueryError
from kg.namespaces import ID, PREFIXES
from kg.queries import NamedQuery, Parameter
from kg_api import listing, parameters
from kg_api.formats import CSV, content_type
from kg_api.messages import said
from kg_api.questions import Questions
from kg_api.releases import described
from kg_api.serving import Serving, serving

router = APIRouter(prefix="/v1", include_in_schema=False)

_NUMBERS = {PREFIXES["xsd"] + name: make for name, make in (("integer", int), ("gYear", int), ("decimal", float))}


@router.get("/vragen")
def questions(request: Request) -> JSONResponse:
    """The questions that there are, with their parameters."""
    parameters.read(request, ())
    return JSONResponse(all_of(serving(request)))


def all_of(current: Serving) -> dict[str, Any]:
    """The questions that there are, as an answer says it."""
    found = [_described(query, query.missing(current.graphs)) for query in current.questions.library.values()]
    return {"vragen": found, "aantal": len(found)}


@router.get("/vragen/{name}")
def question(request: Request, name: str) -> Response:
    """The answer to a question."""
    current = serving(request)
    query = named(current, name)
    names = [parameter.name for parameter in query.parameters]
    asked = parameters.read(request, [*names, "formaat"])
    media_type = parameters.media_type(request, asked)
    values = {name: asked[name] for name in names if name in asked}
    body = answered(current, query, values, media_type)
    return Response(body, headers={"content-type": content_type(media_type), "vary": "Accept"})


@router.get("/releases")
def releases(request: Request) -> JSONResponse:
    """Every release that is there, the one that was made last first, with what it holds."""
    parameters.read(request, ())
    found = described(serving(request))
    return JSONResponse({"releases": found, "aantal": len(found)})


def named(current: Serving, name: str) -> NamedQuery:
    """The question with this name; raises Problem with those that there are when there is none."""
    known = current.questions.library
    if name not in known:
        detail = said("no_question", value=parameters.shown(name), known=", ".join(known))
        raise parameters.wrong("name", detail, list(known), "onbekend-ding", HTTPStatus.NOT_FOUND)
    return known[name]


def answered(current: Serving, query: NamedQuery, values: Mapping[str, str], media_type: str) -> bytes:
    """The answer to a question, as JSON or CSV; raises Problem for a value that is missing or cannot be."""
    known = current.questions
    _check(known, query, values)
    lacking = query.missing(current.graphs)
    key = (query.name, media_type, *values.items())
    keep = known.remembered if values else known.kept
    return keep(key, lambda: _answer(known, query, values, media_type, lacking))


def _described(query: NamedQuery, missing: Sequence[str]) -> dict[str, Any]:
    known = [{"naam": p.name, "type": p.type, "voorbeeld": p.sample} for p in query.parameters]
    registers = {"registers": list(query.needs), "ontbreekt": list(missing)} if query.needs else {}
    return {"naam": query.name, "titel": dict(query.titles), "parameters": known, **registers}


def _check(known: Questions, query: NamedQuery, values: Mapping[str, str]) -> None:
    """Refuse a question without a value for each of its parameters, or of a thing nobody knows."""
    for parameter in query.parameters:
        if parameter.name not in values:
            detail = said("value_missing", name=parameter.name, sample=parameter.sample)
            raise parameters.wrong(parameter.name, detail, kind="ontbrekende-parameter")
        term = _term(parameter, values[parameter.name])
        if not isinstance(term, ox.NamedNode):
            continue
        if not parameter.takes(term.value):
            raise _no_type(parameter, values[parameter.name], parameter.concept or parameter.type)
        if not store.knows(known.store, term):
            like = listing.similar(known, term.value.removeprefix(ID))
            raise parameters.unknown(parameter.name, values[parameter.name], like)


def _term(parameter: Parameter, value: str) -> ox.NamedNode | ox.Literal:
    try:
        return parameter.term(value)
    except QueryError as error:
        raise _no_type(parameter, value, parameter.type) from error


def _no_type(parameter: Parameter, value: str, kind: str) -> parameters.Problem:
    about = {"value": parameters.shown(value), "type": kind, "sample": parameter.sample}
    return parameters.wrong(parameter.name, said("no_type", name=parameter.name, **about))


def _answer(
    known: Questions, query: NamedQuery, values: Mapping[str, str], media_type: str, missing: Sequence[str]
) -> bytes:
    answer = store.ask(known.store, query, values)
    if media_type == CSV:
        return store.serialize(answer, "csv")
    columns = [variable.value for variable in answer.variables]
    rows = [{name: _plain(row[name]) for name in columns if row[name] is not None} for row in answer]
    said = {"vraag": query.name, "titel": dict(query.titles), "kolommen": columns, "rijen": rows, "aantal": len(rows)}
    return JSONResponse({**said, "ontbreekt": missing} if missing else said).body


def _plain(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> str | int | float:
    """A term as JSON has it; in what other form it was, the question itself tells."""
    make = _NUMBERS.get(term.datatype.value, str) if isinstance(term, ox.Literal) else str
    try:
        return make(term.value)
    except ValueError:
        return term.value
