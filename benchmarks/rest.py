"""Every route of `/v1`, and the pages about things: p50, p95 and the slowest, for one client on releases of any size.

No address comes twice, so no answer can have been kept, but for the few routes that have one address; the slowest is
often the first, which wakes things up. A question of the library is asked about each thing of the kind of its sample.

Example: python -m benchmarks.rest rest.json build /tmp/large
"""

import json
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

import typer
from kg_api.collections import BY_CONCEPT, COLLECTIONS

from benchmarks import servers
from benchmarks.compare import percentiles
from benchmarks.machine import machine
from kg.release import Release

_ASKED = 100
_LONGEST = 100
_WORDS = ("digi", "wet", "organisatie", "gegevens", "DigiD", "actie 2", "toegang", "van kracht", "plan", "xyz")
_PAGES = ("html", "ttl", "json")


def measure(release: Release) -> dict:
    """Milliseconds by route, of the service on one release."""
    with servers.kg_serve(release.folder.parent) as server:
        asked = routes(server.connect())
    # Another one, to which every question is new.
    with servers.kg_serve(release.folder.parent) as server:
        connection = server.connect()
        figures = {route: _times(connection, addresses) for route, addresses in asked.items()}
    return {"triples": release.manifest["distinctTriples"], "routes": figures}


def kind(route: str) -> str:
    """What a route gives, as the page about performance calls it."""
    last = route.rpartition("/")[2]
    if last.startswith("….") or last in ("impact", "afhankelijkheden", "pad", "zoek"):
        return last
    if route.startswith("/v1/vragen/"):
        return "vragen"
    return "item" if last == "{ref}" else "list"


def routes(connection: HTTPConnection) -> dict[str, list[str]]:
    """The addresses to ask of each route, where this graph has any."""
    return dict(_routes(connection))


def _routes(connection: HTTPConnection) -> Iterator[tuple[str, list[str]]]:
    """Each route of the OpenAPI document that can be asked of this graph, with addresses."""
    paths = json.loads(_get(connection, "/v1/openapi.json"))["paths"]
    refs = {path: _refs(connection, path.removeprefix("/")) for path in paths if f"{path}/{{ref}}" in paths}
    for path, item in paths.items():
        start, _, rest = path.partition("/{ref}")
        if rest or start != path:
            yield f"/v1{path}", [f"/v1{start}/{ref}{rest}" for ref in refs[start]]
        elif path in refs:
            yield f"/v1{path}", [f"/v1{path}?{urlencode(asked)}" for asked in _lists(refs[path])]
        else:
            yield f"/v1{path}", list(_others(connection, path, item["get"], refs))
    for suffix in _PAGES:
        things = [f"{COLLECTIONS[path[1:]].concept}/{ref}" for path, found in refs.items() for ref in found[:10]]
        yield f"/doc/….{suffix}", [f"/doc/{thing}.{suffix}" for thing in things]


def _refs(connection: HTTPConnection, name: str) -> list[str]:
    body = json.loads(_get(connection, f"/v1/{name}?paginaGrootte={_ASKED}&velden=ref"))
    return [thing["ref"] for thing in body[name]]


def _lists(refs: list[str]) -> Iterator[dict[str, object]]:
    """A page of everything, each thing of it by a search, and pages of one."""
    yield {}
    yield from ({"q": ref[:_LONGEST]} for ref in refs[:20])
    yield from ({"pagina": number, "paginaGrootte": 1} for number in range(1, min(len(refs), 20) + 1))


def _others(connection: HTTPConnection, path: str, operation: dict, refs: dict[str, list[str]]) -> Iterator[str]:
    if path == "/zoek":
        yield from (f"/v1/zoek?{urlencode({'q': word, 'pagina': 1})}" for word in _WORDS)
        return
    asked = {found["name"]: found["example"] for found in operation.get("parameters", ()) if found.get("required")}
    if path.startswith("/vragen/") and asked:
        yield from (f"/v1{path}?{urlencode(about)}" for about in _about_each(asked, refs))
        return
    address = f"/v1{path}?{urlencode(asked)}"
    # Of a thing that this graph does not have there is no question.
    if _status(connection, address) == 200:
        yield address


def _about_each(asked: dict[str, str], refs: dict[str, list[str]]) -> Iterator[dict[str, str]]:
    """The only parameter of a question with each thing of the kind that its sample is of."""
    ((name, sample),) = asked.items()
    concept = sample.partition("/")[0]
    yield from ({name: f"{concept}/{ref}"} for ref in refs[f"/{BY_CONCEPT[concept].name}"])


def _status(connection: HTTPConnection, address: str) -> int:
    connection.request("GET", address)
    response = connection.getresponse()
    response.read()
    return response.status


def _get(connection: HTTPConnection, address: str) -> bytes:
    """The answer; raises RuntimeError when there is none."""
    connection.request("GET", address)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f"{address}: {response.status} {body[:300]!r}")
    return body


def _times(connection: HTTPConnection, addresses: list[str]) -> dict[str, float] | None:
    """Percentiles in milliseconds, and the slowest; None for a route that has nothing to answer."""
    taken = []
    for address in islice(addresses, _ASKED):
        started = time.perf_counter()
        _get(connection, address)
        taken.append((time.perf_counter() - started) * 1000)
    return percentiles(taken if len(taken) > 1 else taken * 2) | {"most": max(taken)} if taken else None


def main(
    file: Annotated[Path, typer.Argument(help="Where the figures go, as JSON.")],
    folders: Annotated[list[Path], typer.Argument(help="Folders with a release each.")],
) -> None:
    """Measure the routes of the service on some releases."""
    figures = {"machine": machine(), "releases": [measure(Release.current(folder)) for folder in folders]}
    file.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    for found in figures["releases"]:
        typer.echo(f"{found['triples']} triples")
        for route, times in found["routes"].items():
            if times:
                typer.echo(f"  {route:<50} {times['p50']:>8.1f} {times['p95']:>8.1f} {times['most']:>8.1f} ms")


if __name__ == "__main__":
    typer.run(main)
