"""The pages: overview and description of a thing, in Dutch, or in English on request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
from fastapi import APIRouter, Request
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse, Response

from kg.labels import best_label
from kg.namespaces import BASE, DEF, ID, INFERRED, PREFIXES
from kg.publishing.codelists import LICENCES
from kg.publishing.documents import CATALOGUE
from kg.sorting import natural
from kg.terms import DEFAULT_GRAPH, RDF_TYPE, named
from kg_api import formats, structured
from kg_api.formats import FORMS, LANGUAGES
from kg_api.questions import Questions
from kg_api.serving import Serving, serving
from kg_api.texts import PROPERTY_TEXTS, TEXTS

router = APIRouter(include_in_schema=False)

_DESCRIPTION = PREFIXES["dct"] + "description"
# What a page shows in a place of its own, or what only machines want.
_SKIPPED = {
    RDF_TYPE.value,
    PREFIXES["skos"] + "prefLabel",
    _DESCRIPTION,
    DEF + "bronpassage",
    DEF + "bron",
}
_TECHNICAL = {DEF + "volgorde", DEF + "sha256", PREFIXES["spdx"] + "checksum"}

TEMPLATES = Environment(
    loader=PackageLoader("kg_api"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


# How a stated relation refers to its two ends, which the page shows as relations.
_ENDS = {DEF + "van", DEF + "naar"}
# What a stated relation says is as good as written down; what other rules find only follows from it.
_STATED = {None, "1-verband"}


@dataclass(frozen=True)
class Link:
    """A value on a page: its text, where it leads, and the rule that found it when no file says it.

    `language` is that of the text where it is not the language of the page.
    """

    text: str
    href: str | None
    rule: str | None = None
    language: str | None = None


@dataclass
class Row:
    """A line of a description: a property and its values."""

    name: Link
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
        structured=structured.script(serving(request), language),
        aantallen=[(label(row["klasse"]), row["aantal"]) for row in questions.rows("aantallen")],
    )


def _number(store: ox.Store, iri: str) -> str:
    quads = store.quads_for_pattern(ox.NamedNode(iri), named("sb:nummer"), None, DEFAULT_GRAPH)
    return next((quad.object.value for quad in quads), "")


def describe(request: Request, thing: ox.NamedNode) -> bytes:
    """The page about one thing: what the graph says of it, why and where, and what refers to it."""
    questions: Questions = serving(request).questions
    language = language_of(request)
    reader = Reader(questions.store, language)
    said = questions.rows("uitspraken", ding=thing, taal=ox.Literal(language))
    relations = questions.rows("verbanden-van-ding", ding=thing, taal=ox.Literal(language))
    references = [row for row in questions.rows("verwijzingen", ding=thing) if row["eigenschap"] not in _ENDS]
    types = [row["waarde"] for row in said if row["eigenschap"] == RDF_TYPE.value and row["waarde"].startswith(DEF)]
    told, technical = _parted(said)
    return render(
        request,
        "thing.html",
        title=reader.label(thing.value),
        iri=thing.value,
        path=local(thing.value),
        types=[reader.link(iri) for iri in types],
        descriptions=list(dict.fromkeys(row["waarde"] for row in said if row["eigenschap"] == _DESCRIPTION)),
        facts=reader.table(told, "waarde", stated=True),
        relations=[reader.relation(row) for row in relations],
        sources=[reader.source(row) for row in questions.rows("bronplaatsen", ding=thing)],
        references=reader.table(references, "bron", stated=True),
        follows=[
            ("follows", reader.table(told, "waarde", stated=False)),
            ("follows_references", reader.table(references, "bron", stated=False)),
        ],
        technical=reader.table(technical, "waarde", stated=True),
    )


def _parted(said: list[dict[str, str]]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """What a reader wants to know, and what only a machine needs."""
    shown = [row for row in said if row["eigenschap"] not in _SKIPPED]
    told = [row for row in shown if row["eigenschap"] not in _TECHNICAL]
    return told, [row for row in shown if row["eigenschap"] in _TECHNICAL]


class Reader:
    """Finds the words and links for what a page names, each label once."""

    def __init__(self, store: ox.Store, language: str) -> None:
        self._store = store
        self._language = language
        self._labels: dict[str, str] = {}

    def label(self, iri: str) -> str:
        """What a thing is called."""
        if iri not in self._labels:
            self._labels[iri] = best_label(self._store, ox.NamedNode(iri), self._language)
        return self._labels[iri]

    def link(self, value: str, rule: str | None = None) -> Link:
        """A value as text, and as a link where it leads somewhere."""
        if value.startswith(BASE):
            return Link(self.label(value), local(value), rule)
        return Link(value, value if value.startswith(("http://", "https://")) else None, rule)

    def property(self, iri: str) -> Link:
        """The name of a property, with a link when it is one of ours."""
        if iri in PROPERTY_TEXTS:
            return Link(TEXTS[PROPERTY_TEXTS[iri]][self._language].lower(), None)
        return Link(self.label(iri), local(iri))

    def table(self, rows: list[dict[str, Any]], column: str, *, stated: bool) -> list[Row]:
        """What the files say, or else what follows: a row per property, each value once, with its rule."""
        table: dict[str, Row] = {}
        seen: set[tuple[str, str]] = set()
        for row in rows:
            key = (row["eigenschap"], row[column])
            rule = rule_of(row["regel"]) if "regel" in row else None
            if (rule in _STATED) != stated or key in seen:
                continue
            seen.add(key)
            line = table.setdefault(row["eigenschap"], Row(self.property(row["eigenschap"])))
            line.values.append(self.link(row[column], rule))
        for line in table.values():
            line.values.sort(key=lambda value: natural(value.text.lower()))
        return sorted(table.values(), key=lambda line: line.name.text.lower())

    def relation(self, row: dict[str, str]) -> dict[str, Any]:
        """A stated relation of this thing: which way it goes, to what, and why we say so."""
        return {
            "outward": row["kant"] == DEF + "van",
            "property": self.property(row["eigenschap"]),
            "other": self.link(row["ander"]),
            "itself": local(row["verband"]),
            "reason": row.get("toelichting", ""),
            "certainty": self.link(row["zekerheid"]) if "zekerheid" in row else None,
        }

    def source(self, row: dict[str, str]) -> dict[str, Any]:
        """A place in a source."""
        return {
            "document": self.link(row["bron"]),
            "passage": Link(row.get("vindplaats", ""), local(row["passage"])) if "passage" in row else None,
            "lines": "-".join(dict.fromkeys((row["van"], row["tot"]))) if "van" in row else "",
        }


def rule_of(graph: str) -> str:
    """The name of a rule from the graph of what it added."""
    return graph.removeprefix(INFERRED)


def local(iri: str) -> str | None:
    """The page on this server for an IRI of ours; None for any other."""
    if iri.startswith(ID):
        return "/doc/" + iri.removeprefix(ID)
    # Behind two slashes, or a slash and a backslash, a browser looks for the name of a host.
    is_ours = iri.startswith(BASE) and not iri.startswith((f"{BASE}/", f"{BASE}\\"))
    return "/" + iri.removeprefix(BASE) if is_ours else None


def language_of(request: Request) -> str:
    """Dutch, unless the path or `?lang=en` asks for English or the visitor prefers it in Accept-Language."""
    asked = request.path_params.get("taal") or request.query_params.get("lang")
    if asked in LANGUAGES:
        return asked
    return formats.language(request.headers.get("accept-language", ""))


def _in_language(request: Request, language: str) -> str:
    """The address of this page in another language, with whatever else was asked of it."""
    # Whatever path was asked for, the link stays on this server (see `local`).
    path = "/" + quote(request.scope["path"].lstrip("/"))
    return f"{path}?{request.url.include_query_params(lang=language).query}"


def page(request: Request, template: str, **values: object) -> HTMLResponse:
    """A template, filled in, as an answer."""
    headers = {"vary": "Accept, Accept-Language", "content-language": language_of(request)}
    return HTMLResponse(render(request, template, **values), headers=headers)


def render(request: Request, template: str, **values: object) -> bytes:
    """Fill in a template in the visitor's language."""
    language = language_of(request)
    texts: Mapping[str, str] = {key: text[language] for key, text in TEXTS.items()}
    other = next(name for name in LANGUAGES if name != language)
    current = serving(request)
    ask = f"?lang={language}" if request.query_params.get("lang") == language else ""
    html = TEMPLATES.get_template(template).render(
        language=language,
        other=other,
        in_other=_in_language(request, other),
        searchable=current.search is not None,
        ask=ask,
        to=lambda href: _asking(href, ask),
        t=texts,
        forms=FORMS,
        version=current.version,
        uitgave=current.uitgave,
        licence=current.questions.kept(("licence", language), lambda: licence_of(current, language)),
        **values,
    )
    return html.encode()


def licence_of(current: Serving, language: str) -> Link | None:
    """The licence that the catalogue of a release gives its files; None where it has no catalogue."""
    said = (triple.object.value for triple in current.said_in(CATALOGUE) if triple.predicate == named("dct:license"))
    iri = next(said, None)
    if iri is None:
        return None
    names = LICENCES.names[iri.removeprefix(LICENCES.base)]
    return Link(dict(zip(LANGUAGES, names, strict=True))[language], iri)


def _asking(href: str, ask: str) -> str:
    """A link that keeps to the language that the visitor asked for, where it stays on this server."""
    if not href.startswith("/"):
        return href
    path, sign, anchor = href.partition("#")
    return path + ask + sign + anchor


@router.get("/favicon.ico")
def favicon() -> Response:
    """No picture: an empty answer keeps browsers from asking on and on."""
    return Response(status_code=204)
