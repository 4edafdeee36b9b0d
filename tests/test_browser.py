"""The pages in a real browser: they render, and ask for nothing that their own policy forbids."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from kg_api.app import create_app
from kg_api.settings import Settings
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.project import Project
from kg.release import Release

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--dump-dom",
]

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium or google-chrome on this machine")


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/?lang=nl", "<h1>De digitale agenda van de overheid"),
        ("/?lang=en", "<h1>The government's digital agenda"),
        ("/doc/voorziening/digid?lang=nl", "<h1>DigiD</h1>"),
        ("/doc/actie/werkagenda-2024-2-5-5.html?lang=en", "<h1>Open a contact point"),
        ("/def?lang=en#Actie", "<h1>Vocabulary</h1>"),
        ("/def/kern?lang=nl", "<h1>Spoorboek: kern</h1>"),
        ("/shapes?lang=nl", "<h1>Vormen</h1>"),
        ("/catalogus?lang=en", "<h1>Catalogue</h1>"),
        ("/vragen/wat-raakt-voorziening?lang=en", "<h1>What touches a facility"),
    ],
)
def test_a_page_renders_without_complaints(path: str, heading: str, served: str, tmp_path: Path):
    command = [BROWSER, *OPTIONS, f"--user-data-dir={tmp_path}", served + path]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert heading in result.stdout
    assert [line for line in result.stderr.splitlines() if "CONSOLE" in line] == []


def test_the_api_page_shows_what_there_is_to_ask(served: str, tmp_path: Path):
    """Its script runs under a policy that allows scripts and styles of this server only."""
    command = [BROWSER, *OPTIONS, "--virtual-time-budget=20000", f"--user-data-dir={tmp_path}", f"{served}/v1/docs"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert 'id="operations-tag-acties"' in result.stdout
    assert [line for line in result.stderr.splitlines() if "CONSOLE" in line] == []


def test_a_list_on_the_api_page_can_be_asked_for_as_it_stands(served: str, tmp_path: Path):
    """Examples stand beside the fields: filled in, all filters together would let nothing through."""
    command = [BROWSER, *OPTIONS, "--virtual-time-budget=20000", f"--user-data-dir={tmp_path}"]
    address = f"{served}/v1/docs?lang=nl#/voorzieningen/haalVoorzieningen"
    result = subprocess.run([*command, address], capture_output=True, text=True, timeout=60, check=True)
    assert "(bijvoorbeeld digid)" in result.stdout
    assert 'value="50"' in result.stdout
    assert 'value="digid"' not in result.stdout


def test_the_api_page_says_so_when_there_is_nothing_to_show(
    project: Project, release: Release, serve_on: Callable, tmp_path: Path
):
    app = create_app(project, lambda: release, Settings(query_workers=1, slow_workers=1))

    async def busy(scope: Scope, receive: Receive, send: Send) -> None:
        is_document = scope.get("path") == "/v1/openapi.json"
        await (Response("busy", 503) if is_document else app)(scope, receive, send)

    command = [BROWSER, *OPTIONS, "--virtual-time-budget=20000", f"--user-data-dir={tmp_path}"]
    with serve_on(busy) as address:
        result = subprocess.run(
            [*command, f"{address}/v1/docs"], capture_output=True, text=True, timeout=60, check=True
        )
    assert "Failed to load API definition" in result.stdout
