"""The query parameters of `/v1`: read, and refused with what there is when they are wrong."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus

from rapidfuzz import fuzz, process
from starlette.requests import Request

from kg_api.formats import CSV, negotiate
from kg_api.messages import Said, said
from kg_api.problems import Problem

MOST_IN_REF = 150
REF = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{MOST_IN_REF - 1}}}")
FORMATS = {"json": "application/json", "csv": CSV}
MOST_VALUES = 60
MOST_CHARACTERS = 500
# What a text may be: without control characters and what stands for broken UTF-8, and more than spaces.
TEXT = r"[^\x00-\x1f\x7f\ufffd]*[^\x00-\x20\x7f\ufffd][^\x00-\x1f\x7f\ufffd]*"
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f\ufffd]")
_SHOWN = 60
_NEAR = 10


def read(request: Request, known: Iterable[str]) -> dict[str, str]:
    """The parameters by name; refuses one that is not known, given twice, empty, too long, or no text."""
    known = list(known)
    names = [name for name, _ in request.query_params.multi_items()]
    for name in names:
        if name not in known:
            detail = said("unknown_parameter" if known else "no_parameters", name=shown(name), known=", ".join(known))
            raise wrong(name, detail, known, "onbekende-parameter")
        if names.count(name) > 1:
            raise wrong(name, said("given_twice", name=name))
        _check(name, request.query_params[name])
    return dict(request.query_params)


def _check(name: str, value: str) -> None:
    """Refuse a value that can be none of any parameter."""
    if not value.strip(" "):
        raise wrong(name, said("no_value", name=name))
    if len(value) > MOST_CHARACTERS:
        raise wrong(name, said("too_long", name=name, most=MOST_CHARACTERS))
    if _NO_TEXT.search(value):
        raise wrong(name, said("no_text", name=name))


def wrong(
    name: str,
    detail: Said,
    values: Sequence[str] = (),
    kind: str = "onbekende-waarde",
    status: HTTPStatus = HTTPStatus.BAD_REQUEST,
) -> Problem:
    """The problem of a parameter, with the values that it may have where they are known."""
    members = {"parameter": shown(name)} | ({"waarden": list(values)} if values else {})
    return Problem(status, detail, members=members, kind=kind)


def unknown(name: str, value: str, like: Sequence[str] = ()) -> Problem:
    """The problem of a parameter that names a thing of which the graph says nothing, with those that are like it."""
    detail = said(
        "no_thing_but_near" if like else "no_thing_known", name=name, value=shown(value), known=", ".join(like)
    )
    return wrong(name, detail, like, "onbekend-ding", HTTPStatus.NOT_FOUND)


def shown(value: str) -> str:
    """What the visitor wrote, as far as it fits in a sentence."""
    return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"


def ref(value: str, name: str, like: Callable[[str], Sequence[str]]) -> str:
    """The value, which must look like a ref; else a Problem says which there are that are like it."""
    if not REF.fullmatch(value):
        known = like(value)
        message = "no_ref_but_near" if known else "no_ref"
        detail = said(message, name=name, value=shown(value), most=MOST_IN_REF, known=", ".join(known))
        raise wrong(name.partition(".")[2], detail, known)
    return value


def integer(asked: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """A whole number between two others."""
    value = asked.get(name, str(default))
    if not (value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most):
        raise wrong(name, said("no_number", name=name, value=shown(value), least=least, most=most))
    return int(value)


def choice(asked: Mapping[str, str], name: str, choices: Sequence[str]) -> str:
    """One of some words; the first when none is given."""
    value = asked.get(name, choices[0])
    if value not in choices:
        raise no_choice(name, value, choices)
    return value


def no_choice(name: str, value: str, known: Sequence[str]) -> Problem:
    """The problem of a value that is none of those that there are."""
    detail = said("no_choice" if known else "no_choices", name=name, value=shown(value), known=", ".join(known))
    return wrong(name, detail, known)


def choices(asked: Mapping[str, str], name: str, known: Sequence[str]) -> list[str]:
    """Some of some words, with commas between."""
    values = [value.strip() for value in asked[name].split(",")] if name in asked else []
    for value in values:
        if value not in known:
            raise no_choice(name, value, known)
    return values


def no_page(number: int, pages: int) -> Problem:
    """The problem of a page after the last."""
    detail = said("no_such_page", name="pagina", number=number, pages=pages)
    return wrong("pagina", detail, kind="niet-gevonden", status=HTTPStatus.NOT_FOUND)


def media_type(request: Request, asked: Mapping[str, str], *others: str) -> str:
    """JSON or CSV, by `formaat` or else by Accept, which may also name one of the others."""
    if "formaat" in asked:
        return FORMATS[choice(asked, "formaat", list(FORMATS))]
    offers = dict.fromkeys((*FORMATS.values(), *others), "")
    found = negotiate(request.headers.get("accept"), offers)
    if found is None:
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, said("no_such_form", types=", ".join(offers)))
    return found


def near(value: str, known: Mapping[str, str]) -> list[str]:
    """All known refs when they are few; else those that look like the value, or whose name does."""
    return list(known) if len(known) <= MOST_VALUES else closest(value, known)


def closest(value: str, known: Mapping[str, str]) -> list[str]:
    """The known refs that look like the value, or whose name does."""
    names = {name.casefold(): ref for ref, name in known.items()}
    found = process.extract(
        value[:_SHOWN].casefold(), [*known, *names], scorer=fuzz.ratio, limit=_NEAR, score_cutoff=50
    )
    return list(dict.fromkeys(names.get(name, name) for name, *_ in found))
