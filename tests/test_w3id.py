"""The redirects for w3id.org: every lasting IRI leads to a document that the service has."""

import re
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from conftest import ROOT
from kg_api.formats import FORMS

from kg import turtle
from kg.namespaces import BASE

RULES = ROOT / "docs" / "w3id.htaccess"
HOST = "https://spoorboek.example.org"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass
class Rule:
    """A RewriteRule with the conditions before it."""

    pattern: str
    target: str
    flags: dict[str, str]
    conditions: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


def rules() -> Iterator[Rule]:
    conditions = []
    for line in RULES.read_text(encoding="utf-8").splitlines():
        # A backslash means something to a shell, and nothing between the words of this file.
        name, *words = shlex.split(line.replace("\\", "\\\\"), comments=True) or [""]
        assert name in ("", "RewriteEngine", "RewriteCond", "RewriteRule"), name
        flags = dict(flag.partition("=")[::2] for flag in words[2].strip("[]").split(",")) if len(words) > 2 else {}
        if name == "RewriteCond":
            conditions.append((words[0], words[1], flags))
        if name == "RewriteRule":
            yield Rule(words[0], words[1], flags, conditions)
            conditions = []


def redirect(path: str, accept: str) -> tuple[int, str] | None:
    """What Apache does with a path below spoorboek/: status and location, None when no rule is about it."""
    variables = {"HTTP_ACCEPT": accept}
    for rule in rules():
        assert set(rule.flags) <= {"R", "L", "E"}
        found = re.search(rule.pattern, path)
        if not found or not all(holds(condition, variables) for condition in rule.conditions):
            continue
        if "E" in rule.flags:
            name, _, value = rule.flags["E"].partition(":")
            variables[f"ENV:{name}"] = value
        if rule.target != "-":
            target = rule.target.replace("%{ENV:SERVICE}", variables["ENV:SERVICE"])
            return int(rule.flags["R"]), target.replace("$1", found[1] if found.groups() else "")
    return None


def holds(condition: tuple[str, str, dict[str, str]], variables: dict[str, str]) -> bool:
    tested, pattern, flags = condition
    return bool(re.search(pattern, variables[tested.strip("%{}")], re.IGNORECASE if "NC" in flags else 0))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.suffix)
def test_a_thing_leads_to_its_document_in_the_form_that_was_asked_for(client, form):
    status, location = redirect("id/voorziening/digid", form.media_type)
    assert status == 303
    assert location.startswith(f"{HOST}/doc/voorziening/digid")
    answer = client.get(location.removeprefix(HOST), headers={"accept": form.media_type})
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, form.media_type)


@pytest.mark.parametrize("accept", ["", BROWSER, "*/*", "text/html, text/turtle;q=0.5", "image/png"])
def test_the_service_decides_for_who_does_not_ask_for_one_form_first(accept: str):
    assert redirect("id/wet/avg", accept) == (303, f"{HOST}/doc/wet/avg")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("", 302),
        ("def", 303),
        ("def/kern", 303),
        ("def/lijst-rol", 303),
        ("def.ttl", 302),
        ("def/kern.ttl", 302),
        ("shapes", 303),
        ("doc/wet/avg", 302),
        ("doc/wet/avg.rdf", 302),
        ("graph/data/wetten", 302),
        ("graph/data/werkagenda-2024/2-5-acties", 302),
        ("graph/inferred/1-verband", 302),
        ("catalogus", 302),
        ("catalogus.rdf", 302),
        (".well-known/void", 302),
        (".well-known/void.ttl", 302),
        ("sitemap.xml", 302),
        ("sitemap-1.xml", 302),
        ("probleem", 302),
        ("probleem/onbekende-waarde", 302),
        ("sparql", 307),
        ("v1/openapi.json", 307),
    ],
)
def test_a_lasting_address_leads_to_what_the_service_has(client, path: str, status: int):
    found = redirect(path, "*/*")
    assert found == (status, f"{HOST}/{path}")
    assert client.get(found[1].removeprefix(HOST)).status_code == 200


def test_every_address_in_the_catalogue_and_void_leads_to_the_service(release):
    iris = {
        term.value
        for name in ("catalogus.ttl", "void.ttl")
        for triple in turtle.read(release.folder / name)
        for term in (triple.subject, triple.object)
        if isinstance(term, ox.NamedNode) and term.value.startswith(BASE)
    }
    assert len(iris) > 100
    for path in {iri.removeprefix(BASE).partition("#")[0] for iri in iris}:
        assert redirect(path, "*/*") is not None, path


@pytest.mark.parametrize(
    "path", ["nergens", "id/wet", "id/wet/a b", "id/../def", "doc/wet/avg.exe", "id/wet/avg/x", "//x"]
)
def test_what_has_no_lasting_address_leads_nowhere(path: str):
    assert redirect(path, BROWSER) is None


def test_every_thing_of_the_graph_is_led_to_its_document(store):
    things = {quad.subject.value for quad in store if quad.subject.value.startswith(f"{BASE}id/")}
    assert len(things) > 4000
    for iri in things:
        path = iri.removeprefix(BASE)
        assert redirect(path, "*/*") == (303, f"{HOST}/{path.replace('id/', 'doc/', 1)}")


def test_every_named_graph_leads_to_the_service(store):
    for graph in store.named_graphs():
        path = graph.value.removeprefix(BASE)
        assert redirect(path, "*/*") == (302, f"{HOST}/{path}")


APACHE = shutil.which("apache2") or shutil.which("httpd")
MODULES = [folder for name in ("apache2", "httpd") if (folder := Path("/usr/lib", name, "modules")).is_dir()]
CONFIGURATION = """\
ServerRoot {folder}
ServerName w3id.example.org
PidFile {folder}/pid
ErrorLog {folder}/log
Listen 127.0.0.1:{port}
User nobody
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule rewrite_module {modules}/mod_rewrite.so
DocumentRoot {folder}/www
<Directory {folder}/www>
    AllowOverride FileInfo
    Require all granted
</Directory>
"""


@pytest.fixture(scope="module")
def apache() -> Iterator[int]:
    """The port of an Apache server that has our rules where w3id.org would have them."""
    if not (APACHE and MODULES):
        pytest.skip("Apache is not there: on Debian, apt install apache2")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "www" / "spoorboek").mkdir(parents=True)
        shutil.copy(RULES, folder / "www" / "spoorboek" / ".htaccess")
        # Who starts as root is served by someone else, who must get in.
        folder.chmod(0o755)
        (folder / "conf").write_text(CONFIGURATION.format(folder=folder, port=port, modules=MODULES[0]))
        server = subprocess.Popen([APACHE, "-f", folder / "conf", "-DFOREGROUND"], stderr=subprocess.DEVNULL)
        try:
            while not _listens(port):
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.02)
            yield port
        finally:
            server.terminate()
            server.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


ASKED = [("id/voorziening/digid", form.media_type) for form in FORMS]
ASKED += [("id/wet/avg", accept) for accept in ("", BROWSER, "*/*", "text/html, text/turtle;q=0.5", "TEXT/TURTLE")]
ASKED += [
    (path, "*/*")
    for path in (
        *("", "def", "def/kern", "def.ttl", "def/kern.ttl", "shapes", "doc/wet/avg", "doc/wet/avg.rdf", "sparql"),
        *("graph/data/wetten", "probleem/fout", "v1/openapi.json", "nergens", "id/wet", "doc/wet/avg.exe"),
    )
]


@pytest.mark.parametrize(("path", "accept"), ASKED)
def test_apache_reads_the_rules_as_we_do(apache: int, path: str, accept: str):
    connection = HTTPConnection("127.0.0.1", apache, timeout=20)
    connection.request("GET", f"/spoorboek/{path}", headers={"Accept": accept} if accept else {})
    response = connection.getresponse()
    response.read()
    expected = redirect(path, accept)
    assert (response.status, response.getheader("Location")) == (expected or (404, None))
    connection.close()
