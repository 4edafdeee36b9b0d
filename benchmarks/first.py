"""The very first request to a service, of each route of `/v1` and each form of the pages about things and words.

The service is started anew for each, and may read ahead for as long as it does before it says that it listens.

Example: python -m benchmarks.first build
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from kg_api.formats import FORMS

from benchmarks import servers
from benchmarks.rest import routes
from kg.release import Release

_DOCUMENTS = ("/doc/voorziening/digid", "/def", "/def/kern", "/shapes")
_PAGES = ("/", "/zoek?q=digid", "/vragen", "/v1/docs", "/v1/openapi.json")


def _addresses(folder: Path) -> Iterator[str]:
    with servers.kg_serve(folder) as server:
        asked = routes(server.connect())
    yield from (found[0] for found in asked.values() if found)
    yield from (f"{path}.{form.suffix}" for path in _DOCUMENTS for form in FORMS)
    yield from _PAGES


def _first(folder: Path, address: str) -> float:
    with servers.kg_serve(folder) as server:
        connection = server.connect()
        started = time.perf_counter()
        connection.request("GET", address)
        connection.getresponse().read()
        return (time.perf_counter() - started) * 1000


def main(folder: Annotated[Path, typer.Argument(help="A folder with a release.")]) -> None:
    """Measure the first request of each route."""
    for address in _addresses(Release.current(folder).folder.parent):
        typer.echo(f"{_first(folder, address):>8.1f} ms  {address}")


if __name__ == "__main__":
    typer.run(main)
