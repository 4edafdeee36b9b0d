"""`/releases` and `/dumps`: every release that is there, and its files under addresses that stay the same for ever."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kg import csvw
from kg.dumps import media_type
from kg.manifest import CHECKSUMS, MANIFEST
from kg.release import Release, version_named
from kg_api import pages
from kg_api.downloads import download
from kg_api.formats import HTML, LANGUAGES, negotiate
from kg_api.messages import said
from kg_api.parameters import shown
from kg_api.problems import Problem
from kg_api.serving import Serving, serving

router = APIRouter(include_in_schema=False)

LATEST = "latest"
_DUMPS = "dumps/"
_TABLES = "dumps/csv/"
_GRAPHS = "dumps/graphs/"


@router.get("/releases")
def all_releases(request: Request) -> Response:
    """The page of every release; for a program, the list of `/v1`."""
    if negotiate(request.headers.get("accept"), {HTML: "html", "application/json": "json"}) != HTML:
        return _to("/v1/releases", {"vary": "Accept"})
    return pages.page(request, "releases.html", releases=described(serving(request)))


@router.get("/releases/{name}")
def one_release(request: Request, name: str) -> Response:
    """The page of a release; from `latest` or an edition to the version."""
    version = _version(request, name)
    if version != name:
        return _to(_asking(request, f"/releases/{version}"))
    (release,) = (release for release in described(serving(request)) if release["ref"] == version)
    groups = _groups(release["bestanden"])
    return pages.page(request, "release.html", release=release, groups=groups, also=(CHECKSUMS, MANIFEST))


@router.get("/releases/{name}/{file:path}")
def file_of_release(request: Request, name: str, file: str) -> Response:
    """A file of a release, or where it is for ever."""
    version = _version(request, name)
    path, checksum = _found(request, version, file)
    if version != name:
        return _to(_address(version, file))
    answer = download(request, path, media_type(file), checksum)
    if file.startswith(_TABLES) and file.endswith(".csv"):
        answer.headers["link"] = f'<{csvw.METADATA}>; rel="describedby"; type="{media_type(csvw.METADATA)}"'
    return answer


@router.get("/dumps")
def dumps(request: Request) -> Response:
    """To the release that is served."""
    return _to(_asking(request, f"/releases/{serving(request).version}"))


@router.get("/dumps/{file:path}")
def dump(request: Request, file: str) -> Response:
    """To this file of the release that is served."""
    version = serving(request).version
    _found(request, version, _DUMPS + file)
    return _to(_address(version, _DUMPS + file))


def described(current: Serving) -> list[dict[str, Any]]:
    """Every release that is there, the one that was made last first, as `/v1/releases` says it."""
    return [_described(version, manifest, current) for version, manifest in current.manifests().items()]


def _described(version: str, manifest: Mapping[str, Any], current: Serving) -> dict[str, Any]:
    served = version == current.version
    edition = manifest.get("edition") or (served and current.uitgave) or {}
    canonical = manifest.get("canonical", {})
    return {
        "ref": version,
        "huidig": served,
        **{name: edition[name] for name in ("versie", "peildatum") if name in edition},
        "tripels": manifest["distinctTriples"],
        "grafen": manifest["graphs"],
        "afgeleid": manifest.get("rules", {}),
        "software": manifest.get("tools", {}),
        **({"canoniek": canonical["sha256"]} if canonical else {}),
        "bestanden": [
            {"naam": name, "adres": _address(version, name), "mediatype": media_type(name), **about}
            for name, about in manifest.get("files", {}).items()
        ],
    }


def _groups(files: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The files of a release under the names of their kinds."""
    groups: dict[str, list[dict[str, Any]]] = {kind: [] for kind in ("whole", "tables", "other_files", "per_graph")}
    for file in files:
        name = file["naam"]
        kinds = {_TABLES: "tables", _GRAPHS: "per_graph", _DUMPS: "whole"}
        groups[next((kind for begin, kind in kinds.items() if name.startswith(begin)), "other_files")].append(file)
    return [(kind, found) for kind, found in groups.items() if found]


def _version(request: Request, name: str) -> str:
    """The version of the release with this name; raises Problem when there is none."""
    current = serving(request)
    if name in (LATEST, current.version):
        return current.version
    known = current.manifests()
    version = version_named(name, known)
    if version is None:
        near = [{"name": version, "href": f"/releases/{version}"} for version in known]
        raise _nothing("no_release", near, name=shown(name))
    return version


def _found(request: Request, version: str, file: str) -> tuple[Path, str]:
    """Where a file of a release is, and its SHA-256; raises Problem for any name that the release does not list."""
    folder = serving(request).folder
    release = Release(folder / version) if folder else None
    checksum = release.checksum(file) if release else None
    if not release or not checksum:
        near = [{"name": version, "href": f"/releases/{version}"}]
        raise _nothing("no_file", near, name=shown(file), version=version)
    return release.folder / file, checksum


def _nothing(text: str, near: list[dict[str, str]], **values: str) -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, said(text, **values), near=near)


def _address(version: str, name: str) -> str:
    return f"/releases/{version}/{quote(name)}"


def _asking(request: Request, page: str) -> str:
    """A page in the language that was asked for, if one was."""
    language = request.query_params.get("lang")
    return f"{page}?lang={language}" if language in LANGUAGES else page


def _to(address: str, headers: Mapping[str, str] | None = None) -> RedirectResponse:
    return RedirectResponse(address, HTTPStatus.TEMPORARY_REDIRECT, {"cache-control": "no-cache", **(headers or {})})
