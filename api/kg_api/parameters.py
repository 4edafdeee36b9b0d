"""The query parameters of `/v1`: read, and refused with what there is when they are wrong."""

import re
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus

from rapidfuzz import fuzz, process
from starlette.requests import Request

from kg.namespaces import BASE
from kg_api.formats import CSV, negotiate
from kg_api.problems import Problem

MOST_IN_REF = 150
REF = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{MOST_IN_REF - 1}}}")
FORMATS = {"json": "application/json", "csv": CSV}
MOST_VALUES = 60
MOST_CHARACTERS = 500
_SHOWN = 60
_NEAR = 10


def read(request: Request, known: Iterable[str]) -> dict[str, str]:
    """The parameters by name; refuses one that is not known, given twice, empty, or too long."""
    known = list(known)
    names = [name for name, _ in request.query_params.multi_items()]
    for name in names:
        if name not in known:
            there_are = f"there are: {', '.join(known)}" if known else "this path takes none"
            raise wrong(name, f"unknown filter: {shown(name)}; {there_are}", known, "onbekende-parameter")
        if names.count(name) > 1:
            raise wrong(name, f"query.{name}: give it once")
        if not request.query_params[name]:
            raise wrong(name, f"query.{name}: it has no value; leave it out, or give it one")
        if len(request.query_params[name]) > MOST_CHARACTERS:
            raise wrong(name, f"query.{name}: longer than {MOST_CHARACTERS} characters")
    return dict(request.query_params)


def wrong(
    name: str,
    detail: str,
    values: Sequence[str] = (),
    kind: str = "onbekende-waarde",
    status: HTTPStatus = HTTPStatus.BAD_REQUEST,
) -> Problem:
    """The problem of a parameter, with the values that it may have where they are known."""
    members = {"type": f"{BASE}probleem/{kind}", "parameter": shown(name)}
    return Problem(status, detail, members=members | ({"waarden": list(values)} if values else {}))


def unknown(name: str, value: str) -> Problem:
    """The problem of a parameter that names a thing of which the graph says nothing."""
    detail = f"query.{name}: the graph knows no '{shown(value)}'"
    return wrong(name, detail, kind="onbekend-ding", status=HTTPStatus.NOT_FOUND)


def shown(value: str) -> str:
    """What the visitor wrote, as far as it fits in a sentence."""
    return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"


def ref(value: str, name: str) -> str:
    """The value, which must look like a ref."""
    if not REF.fullmatch(value):
        raise wrong(
            name, f"{name}: '{shown(value)}' is no ref: 1 to {MOST_IN_REF} lower case letters, digits and hyphens"
        )
    return value


def integer(asked: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """A whole number between two others."""
    value = asked.get(name, str(default))
    if not (value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most):
        raise wrong(name, f"query.{name}: '{shown(value)}' is no whole number from {least} to {most}")
    return int(value)


def choice(asked: Mapping[str, str], name: str, choices: Sequence[str]) -> str:
    """One of some words; the first when none is given."""
    value = asked.get(name, choices[0])
    if value not in choices:
        raise wrong(name, f"query.{name}: no '{shown(value)}'; there are: {', '.join(choices)}", choices)
    return value


def choices(asked: Mapping[str, str], name: str, known: Sequence[str]) -> list[str]:
    """Some of some words, with commas between."""
    values = [value.strip() for value in asked[name].split(",")] if name in asked else []
    for value in values:
        if value not in known:
            raise wrong(name, f"query.{name}: no '{shown(value)}'; there are: {', '.join(known)}", known)
    return values


def media_type(request: Request, asked: Mapping[str, str]) -> str:
    """JSON or CSV, by `formaat` or else by Accept."""
    if "formaat" in asked:
        return FORMATS[choice(asked, "formaat", list(FORMATS))]
    found = negotiate(request.headers.get("accept"), {offer: offer for offer in FORMATS.values()})
    if found is None:
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, f"this comes as {', '.join(FORMATS.values())}")
    return found


def near(value: str, known: Mapping[str, str]) -> list[str]:
    """All known refs when they are few; else those that look like the value, or whose name does."""
    if len(known) <= MOST_VALUES:
        return list(known)
    names = {name.casefold(): ref for ref, name in known.items()}
    found = process.extract(value[:_SHOWN], [*known, *names], scorer=fuzz.ratio, limit=_NEAR, score_cutoff=50)
    return list(dict.fromkeys(names.get(name, name) for name, *_ in found))
