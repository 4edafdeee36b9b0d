"""What is done before the first visitor comes, who would otherwise wait for it."""

from collections.abc import MutableMapping
from itertools import product
from typing import Any

import pyoxigraph as ox
from starlette.types import ASGIApp

from kg_api import chains, items, library, listing, rest, vocabulary
from kg_api.collections import COLLECTIONS, Collection
from kg_api.pages import TEMPLATES
from kg_api.parameters import FORMATS
from kg_api.questions import Questions
from kg_api.serving import Serving

# Answered in a thread, from nothing that is served.
_FIRST = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "method": "GET",
    "scheme": "http",
    "path": "/v1",
    "raw_path": b"/v1",
    "query_string": b"",
    "root_path": "",
    "headers": [],
    "client": None,
    "server": ("localhost", 80),
}


async def wake(app: ASGIApp) -> None:
    """Send a request of our own, until which the framework puts off making its routes and its first thread."""

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: MutableMapping[str, Any]) -> None:
        pass

    await app({**_FIRST}, receive, send)


def read(current: Serving) -> None:
    """Read the templates, the lists and the words, then answer the questions without parameters.

    Of a store elsewhere nothing is kept, so nothing is read.
    """
    for name in TEMPLATES.list_templates():
        TEMPLATES.get_template(name)
    if isinstance(current.questions.store, ox.Store):
        listing.prepare(current.questions)
        for collection in COLLECTIONS.values():
            _read_page(current.questions, collection)
        chains.kinds(current.questions)
        vocabulary.prepare(current)
        _answer(current)


def _read_page(questions: Questions, collection: Collection) -> None:
    for iri in listing.find(questions, collection, {})[: rest.PAGE_SIZE]:
        items.summary(questions, collection, iri)


def _answer(current: Serving) -> None:
    """Answer what has one answer for as long as the release lasts, until that is let go of."""
    questions = [query for query in current.questions.library.values() if not query.parameters]
    for query, media_type in product(questions, FORMATS.values()):
        if not current.is_closed:
            library.answered(current, query, {}, media_type)
