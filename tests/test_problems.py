"""What an error says: in the language of the visitor, of a kind that has an address, with what to do about it."""

import string

import pytest
from kg_api import messages
from kg_api.problem_kinds import KINDS

from kg.namespaces import BASE

LANGUAGES = pytest.mark.parametrize("language", ["nl", "en"])
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
# An address for each part of the service where a visitor can go wrong, and the kind of problem that it is.
WRONG = {
    "/nergens": "niet-gevonden",
    "/doc/voorziening/bestaat-niet": "onbekend-ding",
    "/doc/kleur/rood": "onbekend-ding",
    "/def/bestaat-niet": "niet-gevonden",
    "/probleem/bestaat-niet": "niet-gevonden",
    "/sparql?query=SELECT%20nonsense": "onjuiste-sparql",
    "/sparql?query=": "onjuist-verzoek",
    "/sparql?query=SELECT%20*%20%7B%20SERVICE%20%3Ca:%3E%20%7B%7D%20%7D": "onjuiste-sparql",
    "/sparql?query=ASK%7B%7D&format=pdf": "onjuist-verzoek",
    "/graph?graph=urn:x": "niet-gevonden",
    "/v1/acties?kleur=rood": "onbekende-parameter",
    "/v1/acties?jaar=straks": "onbekende-waarde",
    "/v1/acties?wet=bestaat-niet": "onbekend-ding",
    "/v1/acties?pagina=99999": "niet-gevonden",
    "/v1/acties/bestaat-niet": "onbekend-ding",
    "/v1/pad": "ontbrekende-parameter",
    "/v1/vragen/bestaat-niet": "onbekend-ding",
    "/v1/vragen/wat-raakt-voorziening": "ontbrekende-parameter",
    "/v1/zoek": "ontbrekende-parameter",
    "/v1/zoek?q=a&soort=kleur": "onbekende-waarde",
}


@pytest.mark.parametrize(("path", "kind"), WRONG.items())
def test_an_error_is_of_a_kind_that_has_an_address(client, path: str, kind: str):
    problem = client.get(path).json()
    assert problem["type"] == f"{BASE}probleem/{kind}"
    told = client.get(problem["type"].replace(BASE, "/"), headers={"accept": "application/json"}).json()
    assert (told["type"], told["status"]) == (problem["type"], problem["status"])


@pytest.mark.parametrize("path", WRONG)
def test_an_error_speaks_both_languages(client, path: str):
    said = {}
    for language in ("nl", "en"):
        response = client.get(path, headers={"accept-language": language})
        assert response.headers["content-language"] == language
        assert "Accept-Language" in response.headers["vary"]
        body = response.json()
        said[language] = body["title"], body["detail"]
    for dutch, english in zip(said["nl"], said["en"], strict=True):
        assert dutch != english
    assert client.get(path).json()["detail"] == said["nl"][1]


def test_a_method_that_cannot_be_speaks_both_languages(client):
    dutch, english = (client.delete("/v1/acties", headers={"accept-language": tag}).json() for tag in ("nl", "en"))
    assert dutch["type"] == english["type"] == f"{BASE}probleem/methode-kan-niet"
    assert dutch["detail"] != english["detail"]


@pytest.mark.parametrize("name", messages._MESSAGES)
def test_a_message_names_the_same_in_both_languages(name: str):
    nl, en = (
        {field for _, field, _, _ in string.Formatter().parse(messages._MESSAGES[name][tag]) if field}
        for tag in ("nl", "en")
    )
    assert nl == en


@LANGUAGES
def test_every_kind_has_a_page_that_says_what_to_do(client, language: str):
    everything = client.get("/probleem", params={"lang": language}, headers={"accept": BROWSER}).text
    for kind in KINDS.values():
        response = client.get(f"/probleem/{kind.name}", params={"lang": language}, headers={"accept": BROWSER})
        assert response.headers["content-language"] == language
        assert kind.title[language] in response.text
        assert kind.remedy[language].partition("`")[0] in response.text
        assert kind.iri in everything
    assert len(client.get("/probleem", headers={"accept": "application/json"}).json()["problemen"]) == len(KINDS)
    assert client.get("/probleem", headers={"accept": "image/png"}).status_code == 406


@LANGUAGES
def test_an_error_page_leads_on(client, language: str):
    page = client.get("/doc/wet/bestaat-niet", params={"lang": language}, headers={"accept": BROWSER}).text
    for path in ("/probleem/onbekend-ding", "/zoek", "/"):
        assert f'<a href="{path}?lang={language}">' in page
