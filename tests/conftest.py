"""The fixtures: the shipped project, a small world of one action, a built release and a client."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest
import uvicorn
from fastapi.testclient import TestClient
from kg_api.app import create_app
from kg_api.metrics import Metrics
from kg_api.server import configured
from kg_api.settings import Settings
from starlette.types import ASGIApp

from kg import release as releases
from kg import sourcefiles, turtle
from kg.linking import records
from kg.project import Project
from kg.sourcefiles import SourceFiles
from kg.store import open_store

ROOT = Path(__file__).parents[1]
SMALL_WORLD = Path(__file__).parent / "small_world.ttl"


@pytest.fixture(scope="session")
def project() -> Project:
    """The shipped project."""
    return Project(ROOT)


@pytest.fixture(scope="session")
def files(project: Project) -> SourceFiles:
    """Its files, read."""
    return sourcefiles.read(project)


@pytest.fixture
def small_world(tmp_path: Path) -> Project:
    """A project with the shipped ontology, shapes and queries, and data about one action."""
    root = tmp_path / "world"
    for folder in ("ontology", "shapes", "queries"):
        shutil.copytree(ROOT / folder, root / folder)
    (root / "data").mkdir()
    shutil.copy(SMALL_WORLD, root / "data" / "wereld.ttl")
    return Project(root)


@pytest.fixture(scope="session")
def release(project: Project, tmp_path_factory: pytest.TempPathFactory) -> releases.Release:
    """A release of the shipped project."""
    return releases.build(project, tmp_path_factory.mktemp("build"))


@pytest.fixture(scope="session")
def store(release: releases.Release) -> ox.Store:
    """The store of that release."""
    return open_store(release.store)


@pytest.fixture(scope="session")
def store_with_registers(project: Project, files: SourceFiles, store: ox.Store) -> ox.Store:
    """The same with some records of registers elsewhere, and what follows from the mappings with those."""
    memory = ox.Store()
    memory.bulk_extend(store)
    quads = list(turtle.read_quads(Path(__file__).parent / "linking" / "registraties.trig"))
    memory.extend([*quads, *(ox.Quad(*quad.triple, ox.DefaultGraph()) for quad in quads)])
    records.link(project, files, memory)
    return memory


@pytest.fixture(scope="session")
def client(project: Project, release: releases.Release) -> Iterator[TestClient]:
    """A client of the service on that release, which shows errors as answers."""
    app = create_app(project, lambda: release, Settings(query_seconds=5))
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as test_client:
        yield test_client


@pytest.fixture(scope="session")
def serve_on() -> Callable[[ASGIApp], AbstractContextManager[str]]:
    """A context with the address of an app, served as `kg serve` does, on a port of its own."""

    @contextmanager
    def serving(app: ASGIApp, settings: Settings | None = None, metrics: Metrics | None = None) -> Iterator[str]:
        config = configured(app, settings or Settings(), metrics or Metrics())
        config.port = 0
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)

    return serving


@pytest.fixture(scope="session")
def served(project: Project, release: releases.Release, serve_on: Callable) -> Iterator[str]:
    """The address of the service on that release."""
    with serve_on(create_app(project, lambda: release, Settings())) as address:
        yield address


@pytest.fixture(scope="session")
def documents() -> Path:
    """The folder with the source texts; skips where KG_DOCUMENTS does not name it."""
    return _folder("KG_DOCUMENTS", "the source texts")


@pytest.fixture(scope="session")
def standards() -> Path:
    """The folder with official identifiers; skips where KG_STANDARDS does not name it."""
    return _folder("KG_STANDARDS", "the official identifiers")


def _folder(variable: str, content: str) -> Path:
    if not os.environ.get(variable):
        pytest.skip(f"{variable} is unset: it should name the folder with {content}")
    return Path(os.environ[variable])
