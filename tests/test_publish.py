"""Delivery to data.overheid.nl: what is sent is what its API takes, and what it answers becomes clear words.

The server here keeps to the OpenAPI document of that API where KG_STANDARDS has it; without it, it takes any body.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import ROOT
from delivery_api import CLIENT, EXISTS, KEY, DeliveryApi, problem, validator
from starlette.responses import JSONResponse, Response
from typer.testing import CliRunner

from kg.cli import app
from kg.errors import PublishError
from kg.publishing import documents
from kg.publishing.delivery import Datastore, publish
from kg.publishing.payloads import MOST_IN_DESCRIPTION, REQUIRED, Payload, payloads, problems


@pytest.fixture(scope="module")
def document() -> dict | None:
    """The OpenAPI document of the API, where there is one."""
    folder = os.environ.get("KG_STANDARDS")
    path = Path(folder or "") / "data-overheid-nl" / "aanlever-api-openapi-0.9.0.json"
    return json.loads(path.read_text("utf-8")) if folder else None


@pytest.fixture(scope="module")
def datasets(release) -> list[Payload]:
    """What the release delivers."""
    return payloads(q.triple for q in ox.parse(documents.read(release.folder, "turtle"), format=ox.RdfFormat.TURTLE))


@pytest.fixture
def running(document: dict | None, serve_on: Callable) -> Iterator[tuple[DeliveryApi, str]]:
    store = DeliveryApi(document)
    with serve_on(store.app()) as address:
        yield store, address


@contextmanager
def delivering(address: str, key: str = KEY) -> Iterator[Datastore]:
    with Datastore(address, CLIENT, key) as datastore:
        yield datastore


def send(address: str, datasets: list[Payload], *, visible: bool = False) -> list[tuple[str, str]]:
    with delivering(address) as datastore:
        return [(done.done, done.status or done.problem) for done in publish(datastore, datasets, visible=visible)]


def test_what_is_sent_is_what_the_api_describes(standards, document, datasets):
    assert len(datasets) > 5
    known = document["components"]["schemas"]["DcatDataset"]
    assert set(REQUIRED) == set(known["required"])
    for payload in datasets:
        assert [error.message for error in validator(document, "DcatDataset").iter_errors(payload)] == []
        assert payload.keys() <= known["properties"].keys()
        assert all(
            file.keys() <= document["components"]["schemas"]["DcatDistribution"]["properties"].keys()
            for file in payload["dcatDistribution"]
        )
    spoilt = {**datasets[0], "dcatTheme": ["https://elders.example/"]}
    assert list(validator(document, "DcatDataset").iter_errors(spoilt))


def test_a_dataset_says_what_the_catalogue_says(datasets):
    whole = next(payload for payload in datasets if payload["dctIdentifier"].endswith("#spoorboek"))
    assert problems(whole) == []
    assert len(whole["dctTitle"]) == len(whole["dctDescription"]) == 1
    assert whole["dctIssued"].endswith("T00:00:00Z")
    assert whole["dctSpatial"] == [{"dctLocation": "http://publications.europa.eu/resource/authority/country/NLD"}]
    assert whole["dctPublisher"] == {"foafName": ["Spoorboek"]}
    assert whole["dcatContactPoint"]["vcardHasEmail"].startswith("mailto:")
    assert {file["dctFormat"].rpartition("/")[2] for file in whole["dcatDistribution"]} >= {"RDF_TURTLE"}


def test_texts_are_dutch_where_there_is_dutch():
    turtle = """
        @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
        <https://a.example/> a dcat:Dataset ; dct:title "Things"@en , "Dingen"@nl ; dct:description "Only English"@en ;
            dct:modified "2026-01-02T03:04:05Z" .
    """
    (payload,) = payloads(quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE))
    assert payload == {
        "dctTitle": ["Dingen"],
        "dctDescription": ["Only English"],
        "dctModified": "2026-01-02T03:04:05Z",
    }
    assert "dcatTheme is missing" in problems(payload)
    long = {**payload, "dctDescription": ["x" * (MOST_IN_DESCRIPTION + 1)]}
    assert any("2001 characters" in wrong for wrong in problems(long))


def test_datasets_are_made_as_drafts_then_replaced_then_published(running, datasets):
    store, address = running
    assert send(address, datasets) == [("created", "DRAFT")] * len(datasets)
    changed = [{**payload, "dcatVersion": "2026.2"} for payload in datasets]
    assert send(address, changed) == [("replaced", "DRAFT")] * len(datasets)
    assert {each["body"]["dcatVersion"] for each in store.datasets.values()} == {"2026.2"}
    assert send(address, datasets[:1], visible=True) == [("replaced", "PUBLISHED")]
    assert send(address, datasets[:1]) == [("replaced", "PUBLISHED")]
    assert len(store.datasets) == len(datasets)
    assert send(address, [{**datasets[0], "dctIdentifier": "https://a.example/new"}], visible=True) == [
        ("created", "PUBLISHED")
    ]


def test_one_refusal_does_not_stop_the_others(running, datasets):
    store, address = running
    store.others = {datasets[1]["dctIdentifier"]}
    found = send(address, [{"dctIdentifier": "https://a.example/"}, *datasets[1:3]])
    assert [done for done, _ in found] == ["failed", "failed", "created"]
    assert "dctTitle is missing" in found[0][1]
    assert "not among those of this client" in found[1][1]


def test_the_api_says_which_field_is_wrong(standards, running, datasets):
    _, address = running
    ((done, why),) = send(address, [{**datasets[0], "dcatTheme": ["https://elders.example/"]}])
    assert done == "failed"
    assert "DCAT_DATASET_VALIDATION_FAILED" in why
    assert "dcatTheme" in why


def test_a_token_that_is_too_old_is_renewed(running, datasets):
    store, address = running
    with delivering(address) as datastore:
        outcomes = publish(datastore, datasets[:2], visible=False)
        assert next(outcomes).done == "created"
        store.tokens = set()
        assert next(outcomes).done == "created"
    assert store.calls.count(("POST", "/api/v1/auth/token")) == 2


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Response(status_code=401), "not accepted"),
        (Response(status_code=403), "no role"),
        (Response(status_code=503), "try later"),
        (Response("<html>", 500), "500"),
        (Response("[" * 50_000, 200), "200"),
        (JSONResponse(["no", "object"], 409), "409"),
        (JSONResponse({"code": EXISTS, "errors": [1, {}]}, 409), "cannot be looked up"),
        (JSONResponse({"detail": "regel\n\x1b[31mrood"}, 400), "regel [31mrood"),
    ],
)
def test_any_answer_becomes_a_line(running, datasets, answer: Response, says: str):
    store, address = running
    store.refuse = answer
    try:
        ((done, why),) = send(address, datasets[:1])
    except PublishError as error:
        done, why = "failed", str(error)
    assert done == "failed"
    assert says in why
    assert why.isprintable()


def test_a_wrong_key_and_a_wrong_address_are_said_without_the_key(running, datasets):
    _, address = running
    with (
        pytest.raises(PublishError, match="INVALID_CREDENTIALS") as wrong,
        delivering(address, "fout-5678") as datastore,
    ):
        list(publish(datastore, datasets, visible=False))
    assert "fout-5678" not in str(wrong.value)
    for nowhere in (
        *("http://data.overheid.nl", "ftp://127.0.0.1", "", "https://", "https://a:b@data.overheid.nl"),
        *("https://[kapot", "https://data.overheid.nl:99999"),
    ):
        with pytest.raises(PublishError, match="no https address"):
            Datastore(nowhere, CLIENT, KEY)
    with pytest.raises(PublishError, match="gave no answer"), delivering("http://127.0.0.1:1") as datastore:
        list(publish(datastore, datasets, visible=False))


def test_too_long_an_answer_is_refused(running, datasets):
    store, address = running
    store.refuse = Response(b" " * 6_000_000)
    with pytest.raises(PublishError, match="more than"):
        send(address, datasets[:1])


@pytest.fixture
def kg(release, monkeypatch: pytest.MonkeyPatch) -> Callable:
    """Run the command on the session's release."""
    monkeypatch.setenv("KG_BUILD", str(release.folder.parent))
    monkeypatch.setenv("KG_DATA_OVERHEID_CLIENT", CLIENT)
    monkeypatch.setenv("KG_DATA_OVERHEID_KEY", KEY)
    monkeypatch.chdir(ROOT)
    return lambda *arguments: CliRunner().invoke(app, ["publish", "data.overheid.nl", *arguments])


def test_without_send_it_shows_what_it_would_do(kg, datasets):
    shown = kg("--only", "wetten", "--to", "http://127.0.0.1:1")
    assert shown.exit_code == 0, shown.output
    (request,) = json.loads(shown.stdout)
    assert (request["method"], request["path"]) == ("POST", "/api/v1/datasets")
    assert request["body"] in datasets
    assert "nothing was sent" in shown.stderr
    assert KEY not in shown.output
    assert len(json.loads(kg().stdout)) == len(datasets)


def test_the_command_sends(kg, running, monkeypatch: pytest.MonkeyPatch):
    _, address = running
    monkeypatch.setattr(documents, "gaps", lambda manifest: [])
    sent = kg("--send", "--to", address, "--only", "wetten", "--only", "spoorboek")
    assert sent.exit_code == 0, sent.output
    assert [line.split()[0] for line in sent.stdout.splitlines()] == ["created", "created"]
    again = kg("--send", "--publish", "--to", address, "--only", "wetten")
    assert again.stdout.split()[::2] == ["replaced", "PUBLISHED"]


def test_the_command_says_what_it_lacks(kg, running, monkeypatch: pytest.MonkeyPatch):
    store, address = running
    unknown = kg("--only", "niets")
    assert (unknown.exit_code, unknown.stdout) == (2, "")
    assert "wetten" in unknown.stderr
    unready = kg("--send", "--to", address)
    assert unready.exit_code == 2
    assert "KG_CONTACT_EMAIL" in unready.stderr
    monkeypatch.setattr(documents, "gaps", lambda manifest: [])
    assert "KG_DATA_OVERHEID_URL" in kg("--send").stderr
    monkeypatch.delenv("KG_DATA_OVERHEID_KEY")
    assert kg("--send", "--to", address).exit_code == 2
    assert store.calls == []


def test_a_refused_dataset_is_exit_code_1(kg, running, monkeypatch: pytest.MonkeyPatch):
    store, address = running
    monkeypatch.setattr(documents, "gaps", lambda manifest: [])
    store.refuse = problem(403, "DCAT_DATASET_ACCESS_DENIED")
    refused = kg("--send", "--to", address, "--only", "wetten")
    assert refused.exit_code == 1
    assert "DCAT_DATASET_ACCESS_DENIED" in refused.stdout
