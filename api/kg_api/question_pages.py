"""`/vragen`: the questions of `queries/` as pages, each with what to fill in and its answer as a table."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kg.namespaces import ID
from kg.queries import NamedQuery, Parameter
from kg_api import library, pages
from kg_api.formats import HTML, negotiate
from kg_api.pages import Link, Reader, language_of
from kg_api.parameters import FORMATS
from kg_api.questions import Questions
from kg_api.serving import serving

router = APIRouter(include_in_schema=False)

MOST_ROWS = 500
"""Rows on a page; the answer as data has them all."""
MOST_CHOICES = 1000
_JSON = FORMATS["json"]
_DUTCH = "nl"
"""The language of the questions: of their names, their columns and their answers."""


@dataclass(frozen=True)
class Choice:
    """A thing to ask about."""

    value: str
    name: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """A parameter to fill in; without choices it is text."""

    name: str
    label: Link
    value: str
    choices: Sequence[Choice]


@router.get("/vragen")
def every(request: Request) -> Response:
    """The questions that there are; for a program, the list of `/v1`."""
    if negotiate(request.headers.get("accept"), {HTML: "html", _JSON: "json"}) != HTML:
        headers = {"cache-control": "no-cache", "vary": "Accept"}
        return RedirectResponse("/v1/vragen", HTTPStatus.TEMPORARY_REDIRECT, headers)
    current, language = serving(request), language_of(request)
    asked = [
        (Link(query.titles[language], f"/vragen/{query.name}"), query.missing(current.graphs))
        for query in current.questions.library.values()
    ]
    return pages.page(request, "questions.html", asked=sorted(asked, key=lambda one: one[0].text))


@router.get("/vragen/{name}")
def one(request: Request, name: str) -> Response:
    """A question with its answer, for its sample values until others are filled in; raises Problem for a wrong one."""
    current, language = serving(request), language_of(request)
    query = library.named(current, name)
    # What a form leaves empty was not asked, and a parameter that is not ours is nobody's mistake on a page.
    given = {p.name: request.query_params[p.name] for p in query.parameters if request.query_params.get(p.name)}
    values = {**query.samples(), **given}
    answer = json.loads(library.answered(current, query, values, _JSON))
    words = Words(current.questions, query, language)
    columns, rows = _table(answer, values, Reader(current.questions.store, language), words)
    return pages.page(
        request,
        "question.html",
        title=query.titles[language],
        path=f"/vragen/{name}",
        fields=_fields(words, values),
        missing=answer.get("ontbreekt", []),
        columns=columns,
        rows=rows,
        total=answer["aantal"],
        data={form: f"/v1/vragen/{name}?{urlencode({**values, 'formaat': form})}" for form in FORMATS},
    )


class Words:
    """The words of a question in the language of a reader: as its header has them, or else the graph."""

    def __init__(self, known: Questions, query: NamedQuery, language: str) -> None:
        self.known = known
        self.query = query
        self.language = language
        self._own = query.words(language)

    def head(self, name: str) -> Link:
        """What a parameter or a column is called: in Dutch the words that its name is made of."""
        own = self._own.get(name)
        return Link(_first_capital(own), None) if own else self._dutch(_words(name))

    def value(self, column: str, text: str) -> Link:
        """What stands in a column; what the graph says in both languages in the one that is asked for."""
        if self.language == _DUTCH or column in self.query.quotes:
            return self._dutch(text)
        found = self._own.get(text) or self.known.remembered(("words", self.language, text), lambda: self._found(text))
        return Link(found, None) if found else self._dutch(text)

    def _found(self, text: str) -> str:
        """What the graph says in Dutch with this text, in the other language; empty where that is not one text."""
        if not isinstance(self.known.store, ox.Store):  # a store elsewhere is not asked so often
            return ""
        language = ox.Literal(self.language)
        found = self.known.rows("vertalingen", tekst=ox.Literal(text, language=_DUTCH), taal=language)
        return found[0]["vertaling"] if len(found) == 1 else ""

    def _dutch(self, text: str) -> Link:
        return Link(text, None, language=None if self.language == _DUTCH else _DUTCH)


def _fields(words: Words, values: Mapping[str, str]) -> list[Field]:
    return [
        Field(
            parameter.name,
            words.head(parameter.name),
            values[parameter.name],
            _choices(words.known, parameter, values[parameter.name], words.language),
        )
        for parameter in words.query.parameters
    ]


def _choices(known: Questions, parameter: Parameter, value: str, language: str) -> list[Choice]:
    """The things of the kind that the sample is of, by name; none where they are too many, or the value is no thing."""
    if parameter.type != "iri":
        return []
    begin = ID + parameter.sample.partition("/")[0] + "/"
    names = known.kept(("choices", begin, language), lambda: _names(known, begin, language))
    asked = value.removeprefix(ID)
    return [Choice(ref, name, ref == asked) for name, ref in names] if len(names) <= MOST_CHOICES else []


def _names(known: Questions, begin: str, language: str) -> list[tuple[str, str]]:
    """What things are called in a language, or else in the other, with their refs; sorted by name."""
    names: dict[str, str] = {}
    for row in sorted(known.rows("keuzes", begin=ox.Literal(begin)), key=lambda row: row["taal"] != language):
        names.setdefault(row["ding"], row["naam"])
    return sorted((name, iri.removeprefix(ID)) for iri, name in names.items())


def _table(
    answer: Mapping[str, Any], asked: Collection[str], reader: Reader, words: Words
) -> tuple[list[Link], list[list[Link | None]]]:
    """The answer for a reader: things by their names, with links, and without the columns that hold what was asked."""
    rows = answer["rijen"][:MOST_ROWS]
    names = _names_of(answer["kolommen"], rows)
    shown = [column for column in answer["kolommen"] if column not in (*asked, *names.values())]

    def cell(row: Mapping[str, object], column: str) -> Link | None:
        value = row.get(column)
        if value is None:
            return None
        if _is_iri(value):
            return _thing(str(value), row.get(names.get(column)), reader)
        return words.value(column, value) if isinstance(value, str) else Link(_number(value), None)

    return [words.head(column) for column in shown], [[cell(row, column) for column in shown] for row in rows]


def _names_of(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """Which column has the names of the things in which: `wetNaam` of `wet`, `naam` of the last things before it."""
    things = [column for column in columns if all(_is_iri(row[column]) for row in rows if column in row)]
    named = {thing: f"{thing}Naam" for thing in things if f"{thing}Naam" in columns}
    before = columns[: columns.index("naam")] if "naam" in columns else []
    nameless = [thing for thing in before if thing in things and thing not in named]
    return named | ({nameless[-1]: "naam"} if nameless else {})


def _is_iri(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def _number(value: object) -> str:
    """A number as people write it: a whole one without `.0`."""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def _thing(iri: str, name: object, reader: Reader) -> Link:
    link = reader.link(iri)
    return link if name is None or link.text != iri else Link(str(name), link.href)


def _first_capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _words(name: str) -> str:
    """The name of a variable as words: `wetNaam` as Wet naam."""
    return re.sub("([A-Z])", lambda capital: f" {capital[1].lower()}", name).capitalize()
