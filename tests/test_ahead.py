"""What the service reads when a release opens."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import closing

import pyoxigraph as ox
import pytest
from fastapi import FastAPI
from kg_api import ahead, library, listing, reference
from kg_api.collections import COLLECTIONS
from kg_api.metrics import Metrics
from kg_api.parameters import FORMATS
from kg_api.serving import Serving
from kg_api.settings import Settings

from kg.project import Project
from kg.release import Release
from kg.store import ask


@pytest.fixture
def opened(project: Project, release: Release) -> Iterator[Serving]:
    with closing(Serving(project, release, Settings(), Metrics())) as serving:
        yield serving


def test_who_asks_first_waits_neither_for_a_list_nor_for_a_question_without_parameters(opened: Serving):
    questions = [query for query in opened.questions.library.values() if not query.parameters]
    rows = {query.name: len(list(ask(opened.questions.store, query))) for query in questions}
    ahead.read(opened)
    # Whatever is asked of the store from here on has no answer.
    opened.questions.store = ox.Store()
    bodies = {query.name: library.answered(opened, query, {}, FORMATS["json"]) for query in questions}
    assert {name: json.loads(body)["aantal"] for name, body in bodies.items()} == rows
    table = library.answered(opened, opened.questions.library["wie-werken-samen"], {}, FORMATS["csv"])
    assert len(table.splitlines()) == 1 + rows["wie-werken-samen"] > 1
    assert all(listing.find(opened.questions, collection, {}) for collection in COLLECTIONS.values())


def test_no_question_is_answered_for_a_release_that_was_let_go_of(opened: Serving):
    opened.close()
    ahead.read(opened)
    opened.questions.store = ox.Store()
    query = opened.questions.library["wie-werken-samen"]
    assert json.loads(library.answered(opened, query, {}, FORMATS["json"]))["aantal"] == 0


def test_the_first_visitor_does_not_wait_for_the_first_thread():
    app, before = FastAPI(), set(threading.enumerate())
    app.include_router(reference.router)

    async def started() -> set[str]:
        await ahead.wake(app)
        return {thread.name for thread in set(threading.enumerate()) - before}

    assert "AnyIO worker thread" in asyncio.run(started())
