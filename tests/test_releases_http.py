"""Releases over HTTP: files under addresses that never change, with their checksums, and nothing else from disk."""

import gzip
import hashlib
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from kg_api import downloads
from kg_api.app import create_app
from kg_api.settings import Settings

from kg import release as releases
from kg.release import Release

FILE = "dumps/spoorboek.ttl"
HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def base(release) -> str:
    return f"/releases/{release.version}"


@pytest.fixture(scope="module")
def content(release) -> bytes:
    return (release.folder / FILE).read_bytes()


@pytest.fixture(scope="module")
def two(project, release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a service with an older release of the same edition beside the one that is served."""
    out = tmp_path_factory.mktemp("two")
    older = out / "0123456789ab"
    older.mkdir()
    manifest = (release.folder / "manifest.json").read_text(encoding="utf-8")
    (older / "manifest.json").write_text(manifest.replace(release.version, older.name), encoding="utf-8")
    shutil.copytree(release.folder / "dumps" / "csv", older / "dumps" / "csv")
    os.utime(older / "manifest.json", (1, 1))
    shutil.copytree(release.folder, out / release.version)
    (out / "current").symlink_to(release.version)
    (out / ".making-x").mkdir()
    with TestClient(create_app(project, lambda: Release.current(out), Settings()), follow_redirects=False) as client:
        yield client


def test_every_file_of_the_manifest_is_there_with_its_type_and_never_changes(client, release, base):
    for name, about in release.manifest["files"].items():
        response = client.head(f"{base}/{name}")
        assert response.status_code == 200, name
        assert response.headers["etag"] == f'"{about["sha256"]}"'
        assert response.headers["content-length"] == str(about["bytes"])
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable, no-transform"
        assert response.headers["content-type"] != "application/octet-stream", name
        assert "content-encoding" not in response.headers


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("dumps/spoorboek.nq", "application/n-quads"),
        ("dumps/spoorboek.nq.gz", "application/gzip"),
        ("dumps/spoorboek.ttl", "text/turtle; charset=utf-8"),
        ("dumps/csv/wetten.csv", "text/csv; charset=utf-8; header=present"),
        ("dumps/csv/csv-metadata.json", "application/csvm+json"),
        ("SHA256SUMS", "text/plain; charset=utf-8"),
        ("manifest.json", "application/json"),
    ],
)
def test_a_file_comes_as_it_is_on_disk(client, release, base, name: str, media_type: str):
    response = client.get(f"{base}/{name}", headers={"accept-encoding": "gzip, br"})
    assert response.headers["content-type"] == media_type
    assert response.content == (release.folder / name).read_bytes()
    assert response.headers["etag"] == f'"{hashlib.sha256(response.content).hexdigest()}"'


def test_a_packed_dump_is_what_it_says(client, base):
    packed = client.get(f"{base}/dumps/spoorboek.nq.gz").content
    assert gzip.decompress(packed) == client.get(f"{base}/dumps/spoorboek.nq").content


def test_a_table_says_where_its_metadata_is(client, base):
    response = client.get(f"{base}/dumps/csv/acties.csv")
    assert response.headers["link"] == '<csv-metadata.json>; rel="describedby"; type="application/csvm+json"'
    assert client.get(f"{base}/dumps/csv/csv-metadata.json").json()["@context"][0] == "http://www.w3.org/ns/csvw"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("0-0", 0, 0), ("10-19", 10, 19), ("-5", -5, -1), ("100000-", 100_000, -1), ("5-99999999999", 5, -1)],
)
def test_a_part_of_a_file(client, base, content, asked: str, first: int, last: int):
    response = client.get(f"{base}/{FILE}", headers={"range": f"bytes={asked}"})
    size = len(content)
    start, end = first % size, last % size
    assert response.status_code == 206
    assert response.headers["content-range"] == f"bytes {start}-{end}/{size}"
    assert response.content == content[start : end + 1]
    assert response.headers["content-length"] == str(len(response.content))


@pytest.mark.parametrize("asked", ["bytes=-", "bytes=9-3", "bytes=0-1,4-5", "regels=1-2", "bytes=a-b", "bytes 1-2"])
def test_what_is_no_single_range_gets_the_whole(client, base, content, asked: str):
    response = client.get(f"{base}/{FILE}", headers={"range": asked})
    assert (response.status_code, response.content) == (200, content)


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_part_that_is_not_there(client, base, content, asked: str):
    response = client.get(f"{base}/{FILE}", headers={"range": asked})
    assert (response.status_code, response.headers["content-type"]) == (416, "application/problem+json")
    assert response.headers["content-range"] == f"bytes */{len(content)}"
    assert "immutable" not in response.headers.get("cache-control", "")


def test_a_part_only_of_the_file_that_the_client_has_begun(client, base):
    etag = client.head(f"{base}/{FILE}").headers["etag"]
    part = {"range": "bytes=0-9"}
    assert client.get(f"{base}/{FILE}", headers={**part, "if-range": etag}).status_code == 206
    for other in ('"ander"', f"W/{etag}", "Wed, 21 Oct 2015 07:28:00 GMT"):
        assert client.get(f"{base}/{FILE}", headers={**part, "if-range": other}).status_code == 200
    fresh = client.get(f"{base}/{FILE}", headers={**part, "if-none-match": etag})
    assert (fresh.status_code, fresh.content) == (304, b"")


def test_addresses_that_move_on_lead_to_the_release_that_is_served(client, release, base):
    for address in (f"/dumps/{Path(FILE).name}", f"/releases/latest/{FILE}", f"/releases/2026.1/{FILE}"):
        response = client.get(address)
        assert (response.status_code, response.headers["location"]) == (307, f"{base}/{FILE}")
        assert response.headers["cache-control"] == "no-cache"
    for address in ("/dumps", "/releases/latest", "/releases/2026.1"):
        assert client.get(address).headers["location"] == base
        assert client.get(f"{address}?lang=en").headers["location"] == f"{base}?lang=en"
        assert client.get(f"{address}?lang=x%0d%0ay").headers["location"] == base


@pytest.mark.parametrize(
    "file",
    [
        "store/CURRENT",
        "dumps/../manifest.json",
        "dumps/%2e%2e/manifest.json",
        "..%2fcurrent/manifest.json",
        "%2fetc%2fpasswd",
        "/etc/passwd",
        "dumps/spoorboek.nq%00",
        "dumps/spoorboek.nq/",
        "dumps//spoorboek.nq",
        "dumps\\spoorboek.nq",
        "DUMPS/spoorboek.nq",
        "dumps",
        "",
    ],
)
@pytest.mark.parametrize("name", ["{version}", "latest"])
def test_nothing_else_comes_from_disk(release, served, name: str, file: str):
    """Sent as it is, since a client library tidies up such a path."""
    host, port = served.removeprefix("http://").split(":")
    path = f"/releases/{name.format(version=release.version)}/{file}"
    with socket.create_connection((host, int(port)), 10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        status = connection.makefile("rb").readline().split()[1]
    assert status == b"404"


@pytest.mark.parametrize("name", ["0123456789ab", "2020.1", "current", ".", "..", "%2e%2e", "<script>", "x" * 900])
def test_a_release_that_is_not_there(client, release, name: str):
    response = client.get(f"/releases/{name}/manifest.json")
    assert response.status_code == 404
    assert len(response.json()["detail"]) < 200


def test_every_release_that_is_there_is_listed_the_newest_first(two, release):
    found = two.get("/v1/releases").json()
    assert [(one["ref"], one["huidig"]) for one in found["releases"]] == [
        (release.version, True),
        ("0123456789ab", False),
    ]
    assert found["aantal"] == 2
    for one in found["releases"]:
        assert (one["versie"], one["peildatum"]) == ("2026.1", "2026-11-22")
        assert {file["naam"] for file in one["bestanden"]} == set(release.manifest["files"])
    addresses = [file["adres"] for one in found["releases"] for file in one["bestanden"] if "/csv/" in file["adres"]]
    assert {two.head(address).status_code for address in addresses} == {200}


def test_of_two_releases_of_an_edition_its_name_means_the_last(two, release):
    assert two.get("/releases/2026.1").headers["location"] == f"/releases/{release.version}"


def test_the_pages_in_both_languages(two, release):
    for language, says in (("nl", "Uitgaven en bestanden"), ("en", "Releases and files")):
        page = two.get(f"/releases?lang={language}", headers=HTML).text
        assert says in page
        assert "0123456789ab" in page
        page = two.get(f"/releases/{release.version}?lang={language}", headers=HTML).text
        assert f"/releases/{release.version}/dumps/csv/wetten.csv" in page
        assert release.manifest["canonical"]["sha256"] in page


def test_a_program_gets_the_list_of_the_api(client):
    response = client.get("/releases", headers={"accept": "application/json"})
    assert (response.status_code, response.headers["location"]) == (307, "/v1/releases")


def test_loose_files_are_a_release_without_files_to_take_away(project, tmp_path):
    (tmp_path / "ding.ttl").write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    (tmp_path / "uit").mkdir()
    loaded = releases.load([tmp_path / "ding.ttl"], tmp_path / "uit")
    with TestClient(create_app(project, lambda: loaded, Settings()), raise_server_exceptions=False) as client:
        assert client.get(f"/releases/{loaded.version}", headers=HTML).status_code == 200
        assert client.get(f"/releases/{loaded.version}/SHA256SUMS").status_code == 404
        assert client.get("/dumps/spoorboek.nq").status_code == 404
        assert client.get("/v1/releases").json()["releases"][0]["bestanden"] == []


def test_a_dump_is_the_graph_that_is_served(client, store):
    dump = ox.parse(
        gzip.decompress(client.get("/dumps/spoorboek.trig.gz", follow_redirects=True).content), format=ox.RdfFormat.TRIG
    )
    assert sum(1 for _ in dump) == sum(1 for _ in store.quads_for_pattern(None, None, None, None)) - len(
        list(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    )


def test_only_who_wants_the_bytes_of_a_file_has_it_read(client, base, content, monkeypatch):
    read, begun = downloads._read, []
    monkeypatch.setattr(downloads, "_read", lambda *asked: begun.append(asked) or read(*asked))
    for headers, length in (({}, len(content)), ({"range": "bytes=0-9"}, 10)):
        response = client.head(f"{base}/{FILE}", headers=headers)
        assert (response.headers["content-length"], response.content, begun) == (str(length), b"", [])
    assert (client.get(f"{base}/{FILE}").content, len(begun)) == (content, 1)
    asked = [ask("/sitemap.xml", headers={"accept-encoding": "gzip"}).headers for ask in (client.head, client.get)]
    assert asked[0]["content-length"] == asked[1]["content-length"]


def test_a_file_that_became_shorter_ends(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert b"".join(downloads._read(tmp_path / "a", 1, 100)) == b"bc"
