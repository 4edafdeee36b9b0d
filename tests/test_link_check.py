"""The check of links: each address asked once, politely; what it found stays, whatever ends it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli import app
from kg.errors import DataError
from kg.namespaces import DEF, GRAPH
from kg.registers import link_check
from kg.registers.client import Client, Limits
from kg.registers.imported import imports, locked, quads_of
from kg.registers.link_check import Reference, check, references
from tests.elsewhere import Elsewhere, elsewhere, send

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
QUICK = Limits(interval=0, wait_seconds=5, seconds=5, tries=1)


@pytest.fixture
def there() -> Iterator[Elsewhere]:
    with elsewhere() as server:
        yield server


@pytest.fixture
def ask(tmp_path: Path):
    """A function that checks these addresses at a moment."""

    def run(
        *addresses: str,
        limit: int = 100,
        now: datetime = NOW,
        client: Client | None = None,
        graph: str = "data/bronnen",
    ):
        found = {
            name: [Reference(f"https://w3id.org/spoorboek/id/webbron/{i}", f"{DEF}adres", GRAPH + graph)]
            for i, name in enumerate(addresses)
        }
        return check(found, tmp_path, client or Client("", QUICK), limit=limit, older_than=WEEK, now=lambda: now)

    return run


def _facts(out: Path) -> dict[str, dict[str, str]]:
    (imported,) = imports(out)
    facts: dict[str, dict[str, str]] = {}
    for quad in quads_of(imported, out):
        word = quad.predicate.value.rpartition("#")[2]
        facts.setdefault(quad.subject.value, {})[word] = quad.object.value
    return facts


def test_what_answers_is_written_down_and_no_finding(ask, there, tmp_path):
    address = there.at("/goed", b"x" * 1000)
    checked = ask(address)
    assert checked.report.findings == ()
    assert (checked.asked, checked.known, checked.total) == (1, 1, 1)
    facts = _facts(tmp_path)[address]
    assert facts["httpStatus"] == "200"
    assert facts["gecontroleerdOp"] == facts["antwoorddeOp"] == "2026-11-22T12:00:00Z"
    assert [method for method, _, _ in there.asked] == ["HEAD"]


def test_what_is_gone_is_a_violation_that_says_where_it_is_used(ask, there):
    checked = ask(there.at("/weg", status=410))
    (finding,) = checked.report.findings
    assert (finding.severity, finding.file) == ("Violation", "data/bronnen.ttl")
    assert finding.focus == "https://w3id.org/spoorboek/id/webbron/0"
    assert finding.value == there.address + "/weg"
    assert "It never answered." in finding.message


def test_a_server_that_does_not_do_head_is_asked_in_full(ask, there):
    address = there.by("/a", lambda handler: send(handler, b"x", 405 if handler.command == "HEAD" else 200))
    assert ask(address).report.findings == ()
    assert [method for method, _, _ in there.asked] == ["HEAD", "GET"]


@pytest.mark.parametrize(
    ("status", "severity"), [(500, "Warning"), (503, "Warning"), (403, "Info"), (429, "Info"), (404, "Violation")]
)
def test_how_bad_an_answer_is(ask, there, status, severity):
    (finding,) = ask(there.at("/a", status=status)).report.findings
    assert finding.severity == severity


def test_what_moved_for_good_is_told_and_what_moved_for_now_is_not(ask, there, tmp_path):
    there.at("/nieuw", b"x")
    moved, lent = there.at("/oud", status=301, Location="/nieuw"), there.at("/even", status=302, Location="/nieuw")
    checked = ask(moved, lent)
    (finding,) = checked.report.findings
    assert (finding.severity, finding.value) == ("Info", moved)
    facts = _facts(tmp_path)
    assert facts[moved]["verwijstDoorNaar"] == facts[lent]["verwijstDoorNaar"] == there.address + "/nieuw"


def test_what_robots_txt_forbids_is_not_broken(ask, there):
    there.at("/robots.txt", b"User-agent: *\nDisallow: /")
    (finding,) = ask(there.at("/a", b"x")).report.findings
    assert finding.severity == "Info"
    assert there.asked == []


def test_a_private_address_in_a_register_is_not_asked(ask, there, tmp_path):
    address = there.at("/a", b"x")
    (finding,) = ask(address, client=Client("", QUICK, private=False)).report.findings
    assert finding.severity == "Info"
    assert there.asked == []
    assert "private network" in _facts(tmp_path)[address]["controlefout"]


def test_a_host_that_does_not_answer_is_left_alone(ask):
    with elsewhere() as gone:
        addresses = [f"{gone.address}/{number}" for number in range(5)]
    checked = ask(*addresses)
    assert checked.asked == link_check.MOST_SILENT
    assert {finding.severity for finding in checked.report.findings} == {"Warning"}


def test_a_host_that_is_busy_is_left_alone_at_once(ask, there):
    addresses = [there.at(f"/{number}", status=429) for number in range(5)]
    assert ask(*addresses).asked == 1
    assert len(there.asked) == 1


def test_what_was_asked_lately_is_not_asked_again(ask, there, tmp_path):
    address = there.at("/a", b"x")
    ask(address)
    assert ask(address, now=NOW + timedelta(days=6)).asked == 0
    there.at("/a", status=404)
    later = ask(address, now=NOW + timedelta(days=7))
    assert later.asked == 1
    assert "It last answered at 2026-11-22T12:00:00Z." in later.report.findings[0].message
    facts = _facts(tmp_path)[address]
    assert (facts["httpStatus"], facts["antwoorddeOp"]) == ("404", "2026-11-22T12:00:00Z")
    assert facts["gecontroleerdOp"] == "2026-11-29T12:00:00Z"


def test_a_next_run_goes_on_with_the_rest(ask, there):
    addresses = [there.at(f"/{number}", b"x") for number in range(5)]
    assert [ask(*addresses, limit=2).known for _ in range(3)] == [2, 4, 5]
    assert sorted(path for _, path, _ in there.asked) == [f"/{number}" for number in range(5)]


def test_a_run_that_is_cut_short_loses_nothing(ask, there, tmp_path):
    addresses = [there.at(f"/{number}", b"x") for number in range(3)]

    def stop(handler):
        raise KeyboardInterrupt

    class Stopped(Client):
        def open(self, address, *rest, **options):
            if address.endswith("/2"):
                raise KeyboardInterrupt
            return super().open(address, *rest, **options)

    with pytest.raises(KeyboardInterrupt):
        ask(*addresses, client=Stopped("", QUICK))
    assert len(_facts(tmp_path)) == 2
    assert ask(*addresses).asked == 1


def test_a_line_that_was_cut_off_counts_as_not_asked(ask, there, tmp_path):
    address = there.at("/a", b"x")
    ask(address)
    journal = tmp_path / "registers" / "linkcontrole.jsonl"
    journal.write_text(journal.read_text()[:-20])
    assert ask(address).asked == 1


def test_a_line_after_one_that_was_cut_off_is_whole(ask, there, tmp_path, monkeypatch: pytest.MonkeyPatch):
    address = there.at("/a", b"x")
    journal = tmp_path / "registers" / "linkcontrole.jsonl"
    journal.parent.mkdir()
    journal.write_text('{"address": "half')
    with monkeypatch.context() as killed:
        killed.setattr(link_check, "_save", lambda *_: None)
        assert ask(address).asked == 1
    assert ask(address).asked == 0


def test_what_nothing_refers_to_any_more_is_forgotten(ask, there, tmp_path):
    first, second = there.at("/a", b"x"), there.at("/b", b"x")
    ask(first, second)
    assert ask(second).known == 1
    assert list(_facts(tmp_path)) == [second]


def test_our_own_data_goes_before_the_registers(tmp_path, there):
    found = {
        there.at("/a", b"x"): [Reference("https://r.example/1", "x", f"{GRAPH}register/proef")],
        there.at("/z", b"x"): [Reference("https://w3id.org/spoorboek/id/wet/a", "x", f"{GRAPH}data/wetten")],
    }
    check(found, tmp_path, Client("", QUICK), limit=1, older_than=WEEK)
    assert [path for _, path, _ in there.asked] == ["/z"]


def test_hosts_take_turns():
    addresses = [
        "http://a.example/1",
        "http://a.example/2",
        "http://b.example/1",
        "http://[kapot",
        "http://b.example/2",
    ]
    assert link_check._in_turns(addresses) == [addresses[i] for i in (0, 2, 3, 1, 4)]


@pytest.mark.parametrize("address", ["http://[kapot", "http://a b/", "http://user:pw@h.example/", "https://é\ud800/"])
def test_an_address_that_is_none_is_a_finding(ask, address):
    checked = ask(address)
    assert checked.asked == 1
    assert checked.report.findings[0].severity == "Warning"


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "registers").write_text("")
    with pytest.raises(DataError, match="registers"):
        check({}, tmp_path, Client("", QUICK), limit=1, older_than=WEEK)


def test_the_addresses_of_the_shipped_data_are_found(project, store):
    from kg.store import prepared

    found = references(prepared(project, store)("uitgaande-links"))
    assert len(found) > 50
    assert all(name.startswith(("http://", "https://")) for name in found)
    assert not any(name.startswith("https://w3id.org/spoorboek/") for name in found)
    assert {place.file for places in found.values() for place in places} >= {"data/bronnen.ttl", "data/wetten.ttl"}


def test_the_command_says_how_far_it_is(release, project, tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(project.root)
    (tmp_path / "current").symlink_to(release.folder)
    result = CliRunner().invoke(app, ["link", "check", "--limit", "0", "--format", "json", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == []
    assert "asked 0 addresses; 0 of " in result.stderr


def test_two_checks_do_not_run_at_once(ask, there, tmp_path):
    (tmp_path / "registers").mkdir()
    with locked("linkcontrole", tmp_path / "registers"), pytest.raises(DataError, match="busy with linkcontrole"):
        ask(there.at("/a", b"x"))
    assert there.asked == []
