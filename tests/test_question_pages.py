"""The questions as pages: what to fill in, the answer as a table, in both languages."""

import re

import pytest
from kg_api import question_pages
from kg_api.pages import Link, Reader
from kg_api.questions import Questions

from kg.queries import parse

BROWSER = {"accept": "text/html,*/*;q=0.8", "accept-language": "nl"}
ALGORITHM = "https://algoritmes.overheid.nl/nl/algoritme/12345678"


@pytest.fixture
def page(client):
    """A function that gives a page."""
    return lambda path, **asked: client.get(path, params=asked, headers=BROWSER)


def test_every_question_is_on_the_list(page, client):
    listed = client.get("/v1/vragen").json()["vragen"]
    for language in ("nl", "en"):
        html = page("/vragen", lang=language).text
        assert [one["naam"] for one in listed if f'<a href="/vragen/{one["naam"]}?lang={language}">' not in html] == []
        assert [one["naam"] for one in listed if one["titel"][language] not in html] == []
    assert html.count("not imported: algoritmeregister") == 3


def test_a_program_gets_the_list_of_v1(client):
    answer = client.get("/vragen", headers={"accept": "application/json"})
    assert (answer.status_code, answer.headers["location"]) == (307, "/v1/vragen")


def test_every_question_has_a_page_with_an_answer_to_begin_with(page, client):
    for question in client.get("/v1/vragen").json()["vragen"]:
        asked = {parameter["naam"]: parameter["voorbeeld"] for parameter in question["parameters"]}
        total = client.get(f"/v1/vragen/{question['naam']}", params=asked).json()["aantal"]
        html = page(f"/vragen/{question['naam']}").text
        assert f"Gevonden: {total}." in html
        assert html.count("<tr><td") == min(total, question_pages.MOST_ROWS)


def test_a_thing_is_chosen_by_its_name_and_leads_to_its_page(page):
    html = page("/vragen/wie-vragen-voor-voorziening", voorziening="voorziening/mijnoverheid", lang="en").text
    assert re.findall(r'<option value="([^"]*)" selected>', html) == ["voorziening/mijnoverheid"]
    assert '<a href="/doc/organisatie/logius?lang=en">Logius</a>' in html
    assert re.findall(r'<th scope="col">(\w+)</th>', html) == ["Party", "Reason", "Thing", "Through"]


def test_every_word_of_a_question_is_there_in_english(page, client):
    """The names of what to fill in and of the columns; what is left in Dutch says so."""
    for question in client.get("/v1/vragen").json()["vragen"]:
        html = page(f"/vragen/{question['naam']}", lang="en").text
        assert re.findall(r"<(?:label|th)[^>]* lang=.*", html) == []


@pytest.mark.parametrize(
    ("path", "cells", "dutch"),
    [
        ("wie-vragen-voor-voorziening", {"works on"}, set()),
        ("wat-raakt-wetswijziging", {"1 directly", "action"}, set()),
        ("wat-komt-op-organisatie-af", {"3.2.1"}, {"Logius"}),
        ("welke-streefwaarden", {"milestone", "150000"}, {"meerdere"}),
    ],
)
def test_an_answer_is_in_english_but_for_the_words_of_a_source(page, path: str, cells: set[str], dutch: set[str]):
    html = page(f"/vragen/{path}", lang="en").text
    assert cells <= set(re.findall(r"<td[^>]*>([^<]*)</td>", html))
    assert dutch <= set(re.findall(r'<td lang="nl">([^<]*)</td>', html))
    assert 'lang="nl"' not in page(f"/vragen/{path}").text.partition("<main")[2]


def test_an_empty_field_and_a_parameter_of_nobody_are_not_held_against_a_visitor(page):
    assert page("/vragen/wat-raakt-voorziening", voorziening="", utm="x").status_code == 200


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("/vragen/bestaat-niet", {}, 404),
        ("/vragen/wat-raakt-voorziening", {"voorziening": "voorziening/bestaat-niet"}, 404),
        ("/vragen/wat-raakt-voorziening", {"voorziening": '"><script>alert(1)</script>'}, 400),
    ],
)
def test_a_wrong_question_gets_a_page_that_says_so(page, path: str, asked: dict[str, str], status: int):
    answer = page(path, **asked)
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert "<script" not in answer.text


def test_an_answer_that_lacks_a_register_says_so(page):
    assert "niet ingelezen algoritmeregister, data-overheid-nl." in page("/vragen/partijen-zonder-registratie").text


def test_a_long_answer_is_cut_off_and_says_where_the_rest_is(page, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(question_pages, "MOST_ROWS", 3)
    html = page("/vragen/welke-streefwaarden").text
    assert html.count("<tr><td") == 3
    assert "Hier staan de eerste 3;" in html


def test_a_thing_elsewhere_is_called_by_the_name_in_the_answer(project, store):
    words = question_pages.Words(Questions(project, store), parse("x", ""), "nl")
    rows = [
        {
            "voorziening": "x",
            "algoritme": ALGORITHM,
            "naam": "Proef",
            "aantal": 2.5,
            "organisatie": "javascript:alert(1)",
        }
    ]
    columns = ["voorziening", "algoritme", "naam", "aantal", "organisatie", "partij"]
    answer = {"kolommen": columns, "rijen": rows}
    names, cells = question_pages._table(answer, {"voorziening": "x"}, Reader(store, "nl"), words)
    assert [name.text for name in names] == ["Algoritme", "Aantal", "Organisatie", "Partij"]
    assert cells == [[Link("Proef", ALGORITHM), Link("2.5", None), Link("javascript:alert(1)", None), None]]
