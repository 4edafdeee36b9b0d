"""The pages: overview and description of a thing, in Dutch, or in English on request."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter, Request
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse, Response

from kg.labels import best_label
from kg.namespaces import BASE, DEF, ID, INFERRED
from kg_api.formats import negotiate
from kg_api.questions import Questions
from kg_api.serving import serving
from kg_api.texts import TEXTS

router = APIRouter(include_in_schema=False)

LANGUAGES = ("nl", "en")
# What a page shows in its head, or what only machines want.
_SKIPPED = {
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    DEF + "volgorde",
    DEF + "sha256",
}

_templates = Environment(
    loader=PackageLoader("kg_api"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


# What a stated relation says is as good as written down; what other rules find only follows from it.
_STATED = {None, "1-verband"}


@dataclass(frozen=True)
class Link:
    """A value on a page: its text, where it leads, and the rule that found it when no file says it."""

    text: str
    href: str | None
    rule: str | None


@dataclass
class Row:
    """A line of a description: a property and its values."""

    name: str
    values: list[Link] = field(default_factory=list)


@router.get("/", response_class=HTMLResponse)
def front(request: Request) -> HTMLResponse:
    """The sporen with their priorities, and how much the graph knows."""
    questions: Questions = serving(request).questions
    language = language_of(request)

    def label(iri: str) -> str:
        return best_label(questions.store, ox.NamedNode(iri), language)

    sporen: dict[str, list[dict[str, Any]]] = {}
    for row in questions.rows("sporen"):
        priority = {**row, "naam": label(row["prioriteit"]), "href": local(row["prioriteit"])}
        priority["nummer"] = _number(questions.store, row["prioriteit"])
        sporen.setdefault(row["spoor"], []).append(priority)
    return page(
        request,
        "front.html",
        sporen=[
            {"naam": label(iri), "nummer": _number(questions.store, iri), "href": local(iri), "prioriteiten": rows}
            for iri, rows in sporen.items()
        ],
        aantallen=[(label(row["klasse"]), row["aantal"]) for row in questions.rows("aantallen")],
    )


def _number(store: ox.Store, iri: str) -> str:
    quads = store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(DEF + "nummer"), None, ox.DefaultGraph())
    return next((quad.object.value for quad in quads), "")


def describe(request: Request, thing: ox.NamedNode) -> HTMLResponse:
    """The page about one thing: what the graph says of it, and what refers to it."""
    questions: Questions = serving(request).questions
    language = language_of(request)
    said = questions.rows("uitspraken", ding=thing, taal=ox.Literal(language))
    references = questions.rows("verwijzingen", ding=thing)
    types = [row["waarde"] for row in said if row["eigenschap"].endswith("#type") and row["waarde"].startswith(DEF)]
    return page(
        request,
        "thing.html",
        title=best_label(questions.store, thing, language),
        iri=thing.value,
        path=local(thing.value),
        types=[best_label(questions.store, ox.NamedNode(iri), language) for iri in types],
        sections=[
            ("facts", _table(questions.store, said, "waarde", language, stated=True)),
            ("references", _table(questions.store, references, "bron", language, stated=True)),
            ("follows", _table(questions.store, said, "waarde", language, stated=False)),
            ("follows_references", _table(questions.store, references, "bron", language, stated=False)),
        ],
    )


def _table(store: ox.Store, rows: list[dict[str, Any]], column: str, language: str, *, stated: bool) -> list[Row]:
    """What the files say, or else what follows: a row per property, each value once, with its rule."""
    table: dict[str, Row] = {}
    seen: set[tuple[str, str]] = set()
    for row in rows:
        key = (row["eigenschap"], row[column])
        rule = row.get("regel", "").removeprefix(INFERRED) or None
        if row["eigenschap"] in _SKIPPED or (rule in _STATED) != stated or key in seen:
            continue
        seen.add(key)
        name = best_label(store, ox.NamedNode(row["eigenschap"]), language)
        table.setdefault(row["eigenschap"], Row(name)).values.append(_link(store, row[column], rule, language))
    return sorted(table.values(), key=lambda line: line.name.lower())


def _link(store: ox.Store, value: str, rule: str | None, language: str) -> Link:
    if value.startswith(BASE):
        return Link(best_label(store, ox.NamedNode(value), language), local(value), rule)
    if value.startswith(("http://", "https://")):
        return Link(value, value, rule)
    return Link(value, None, rule)


def local(iri: str) -> str | None:
    """The page on this server about a thing of ours; None where there is no such page yet."""
    return "/doc/" + iri.removeprefix(ID) if iri.startswith(ID) else None


def language_of(request: Request) -> str:
    """Dutch, unless the visitor asks for English with `?lang=en` or prefers it in Accept-Language."""
    asked = request.query_params.get("lang")
    if asked in LANGUAGES:
        return asked
    # A language range such as nl-BE is as good as nl here (RFC 4647, basic filtering the other way round).
    ranges = re.sub(r"(?<=[a-zA-Z])-[a-zA-Z0-9-]+", "", request.headers.get("accept-language", "nl"))
    return negotiate(ranges, {name: name for name in LANGUAGES}) or "nl"


def _in_language(request: Request, language: str) -> str:
    """The address of this page in another language, with whatever else was asked of it."""
    return f"{request.url.path}?{request.url.include_query_params(lang=language).query}"


def page(request: Request, template: str, **values: object) -> HTMLResponse:
    """Fill in a template in the visitor's language."""
    language = language_of(request)
    texts: Mapping[str, str] = {key: text[language] for key, text in TEXTS.items()}
    other = next(name for name in LANGUAGES if name != language)
    current = serving(request)
    html = _templates.get_template(template).render(
        language=language,
        other=other,
        in_other=_in_language(request, other),
        searchable=current.search is not None,
        ask=f"?lang={language}" if request.query_params.get("lang") == language else "",
        t=texts,
        version=current.version,
        uitgave=current.uitgave,
        **values,
    )
    return HTMLResponse(html, headers={"vary": "Accept, Accept-Language", "content-language": language})


@router.get("/favicon.ico")
def favicon() -> Response:
    """No picture: an empty answer keeps browsers from asking on and on."""
    return Response(status_code=204)
