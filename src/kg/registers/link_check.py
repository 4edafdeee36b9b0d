"""Do the addresses that the graph refers to still answer? Asked politely, a bounded number a run, and remembered.

`registers/linkcontrole.jsonl` gets a line for every address that was asked, at once, so a run that is cut short loses
nothing and the next one goes on with the rest. At the end of a run it is put in order, and becomes an import like that
of a register: `linkcontrole.nq`, which the next build takes up.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox

from kg import files
from kg.errors import DataError, FetchError
from kg.namespaces import GRAPH, ID, REGISTER
from kg.registers.client import Answer, Client, ForbiddenFetch, InterruptedFetch, encoded
from kg.registers.framework import address
from kg.registers.imported import FOLDER, Imported, locked
from kg.report import Finding, Report
from kg.terms import RDF_TYPE, named

NAME = "linkcontrole"
_JOURNAL = f"{NAME}.jsonl"
MOST_SILENT = 2
"""How often a host may give no answer at all before we leave it alone for the rest of a run."""
_GONE = frozenset({404, 410})
_UNSURE = frozenset({401, 403, 405, 406, 429, 451})
"""Answers that say more of who asks, or how often, than of whether the page is there."""
_DATETIME = named("xsd:dateTime")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What an address did when it was asked."""

    address: str
    checked: str
    """When it was asked (xsd:dateTime)."""
    answered: str | None
    """When it last gave what was asked for."""
    status: int | None = None
    target: str | None = None
    """Where it led in the end, if that is elsewhere."""
    for_good: bool = False
    """Whether it says that it stays there."""
    problem: str = ""
    """Why there was no answer."""
    forbidden: bool = False
    """Whether it was we who stayed away."""


@dataclass(frozen=True)
class Reference:
    """A place in the graph that refers to an address."""

    thing: str
    word: str
    graph: str

    @property
    def file(self) -> str:
        """The file or the register that says so."""
        name = self.graph.removeprefix(GRAPH)
        return f"{name}.ttl" if name.startswith("data/") else name


@dataclass(frozen=True)
class Checked:
    """A run: what is wrong, and how much was asked, of how much."""

    report: Report
    asked: int
    known: int
    total: int


def references(rows: Iterable[Mapping[str, str]]) -> dict[str, list[Reference]]:
    """Who refers to which address, from the answer of `queries/service/uitgaande-links.rq`."""
    found: dict[str, list[Reference]] = defaultdict(list)
    for row in rows:
        found[row["adres"]].append(Reference(row["ding"], row["eigenschap"], row["graaf"]))
    return dict(found)


def check(
    found: Mapping[str, Sequence[Reference]],
    out: Path,
    client: Client,
    *,
    limit: int,
    older_than: timedelta,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    progress: Progress = lambda _: None,
) -> Checked:
    """Ask at most `limit` addresses that were not asked since `older_than`, and write down what all of them did.

    Those of our own data go first, and those that were never asked. Raises DataError where nothing can be written.
    """
    folder = out / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(NAME, folder):
            known = {one.address: one for one in _read(folder / _JOURNAL) if one.address in found}
            due = _due(found, known, (now() - older_than).strftime("%Y-%m-%dT%H:%M:%SZ"))[:limit]
            asked = 0
            try:
                with (folder / _JOURNAL).open("a", encoding="utf-8") as file:
                    # What an earlier run was killed in the middle of should spoil no more than its own line.
                    file.write("\n")
                    for outcome in _ask(_in_turns(due), known, client, now):
                        file.write(json.dumps(asdict(outcome), sort_keys=True) + "\n")
                        file.flush()
                        known[outcome.address] = outcome
                        asked += 1
                        progress(f"{asked} of {len(due)}: {outcome.address}")
            finally:
                _save(known, folder)
    except OSError as error:
        raise DataError(f"{error.filename or folder}: {error.strerror}") from error
    report = Report.of(finding for name, outcome in known.items() for finding in _findings(outcome, found[name]))
    return Checked(report, asked, len(known), len(found))


def _due(found: Mapping[str, Sequence[Reference]], known: Mapping[str, Outcome], before: str) -> list[str]:
    """What was not asked since a moment: what was never asked first, and of that our own."""
    due = [name for name in found if name not in known or known[name].checked <= before]
    return sorted(
        due, key=lambda name: (known[name].checked if name in known else "", _is_from_registers(found[name]), name)
    )


def _is_from_registers(places: Sequence[Reference]) -> bool:
    """Our own data before registers, of which there is no end."""
    return not any(place.graph.startswith(f"{GRAPH}data/") for place in places)


def _read(journal: Path) -> Iterator[Outcome]:
    """What earlier runs found; a line that was cut off counts as not asked."""
    if journal.exists():
        with journal.open(encoding="utf-8") as file:
            for line in file:
                try:
                    yield Outcome(**json.loads(line))
                except (ValueError, TypeError):
                    continue


def _in_turns(addresses: Iterable[str]) -> list[str]:
    """The same, so that hosts take turns: while one has its rest another can be asked."""
    turns: Counter[str] = Counter()
    placed = []
    for name in addresses:
        host = _host(name)
        placed.append((turns[host], len(placed), name))
        turns[host] += 1
    return [name for _, _, name in sorted(placed)]


def _host(name: str) -> str:
    try:
        return urlsplit(name).hostname or ""
    except ValueError:
        return ""


def _ask(
    addresses: Iterable[str], known: Mapping[str, Outcome], client: Client, now: Callable[[], datetime]
) -> Iterator[Outcome]:
    silent: Counter[str] = Counter()
    for name in addresses:
        host = _host(name)
        if silent[host] >= MOST_SILENT:
            continue
        moment = now().strftime("%Y-%m-%dT%H:%M:%SZ")
        last = known[name].answered if name in known else None
        try:
            yield _outcome(name, _answer(client, name), moment, last)
        except FetchError as error:
            if isinstance(error, InterruptedFetch) or error.status == 429:
                silent[host] += 1 if error.status is None else MOST_SILENT
            forbidden = isinstance(error, ForbiddenFetch)
            yield Outcome(name, moment, last, error.status, problem=str(error), forbidden=forbidden)


def _answer(client: Client, name: str) -> Answer:
    """The answer without its body: by HEAD, and by GET from those that do not do HEAD well."""
    with client.open(name, method="HEAD") as answer:
        if answer.status < 400:
            return answer
    with client.open(name) as answer:
        return answer


def _outcome(name: str, answer: Answer, moment: str, last: str | None) -> Outcome:
    target = answer.moved[-1] if answer.moved and answer.moved[-1] != encoded(name) else None
    return Outcome(
        name,
        moment,
        moment if answer.status < 400 else last,
        answer.status,
        target,
        answer.moved_for_good and target is not None,
    )


def _findings(outcome: Outcome, places: Iterable[Reference]) -> Iterator[Finding]:
    judged = _judged(outcome)
    if judged:
        severity, message = judged
        for place in places:
            yield Finding(severity, place.file, place.thing, "link-check", message, place.word, outcome.address)


def _judged(outcome: Outcome) -> tuple[str, str] | None:
    """How bad it is, and what to do; None where all is well."""
    since = f"It last answered at {outcome.answered}." if outcome.answered else "It never answered."
    if outcome.forbidden:
        return "Info", f"Nobody knows: {outcome.problem}"
    if outcome.status in _GONE:
        return "Violation", f"This address answers {outcome.status}. {since} Look up where it went, or remove it."
    if outcome.status in _UNSURE:
        return "Info", f"This address answers {outcome.status} to a program. Look at it in a browser."
    if outcome.status is None or outcome.status >= 400:
        return "Warning", f"{outcome.problem or f'This address answers {outcome.status}.'} {since}"
    if outcome.for_good:
        return "Info", f"This address moved for good to {outcome.target}. Consider to write that instead."
    return None


def _save(known: Mapping[str, Outcome], folder: Path) -> None:
    """Put the journal in order, and write the graph of the link check; each aside first."""
    outcomes = [known[name] for name in sorted(known)]
    lines = "".join(json.dumps(asdict(outcome), sort_keys=True) + "\n" for outcome in outcomes)
    quads = "".join(f"{quad} .\n" for quad in sorted(str(quad) for quad in _quads(outcomes)))
    imported = Imported(
        register=NAME,
        address="",
        made=max((outcome.checked for outcome in outcomes), default=None),
        bytes=len(lines.encode()),
        sha256=hashlib.sha256(lines.encode()).hexdigest(),
        records=len(outcomes),
        lost=0,
        triples=quads.count("\n"),
        nquads=hashlib.sha256(quads.encode()).hexdigest(),
    )
    # Under a name without the suffix .nq, so that a build does not take for an import what is not yet one.
    aside = folder / f".{NAME}.new"
    aside.write_text(quads, encoding="utf-8")
    files.replace(folder / _JOURNAL, lines.encode())
    imported.switch(aside, folder)


def _quads(outcomes: Iterable[Outcome]) -> Iterator[ox.Quad]:
    graph = ox.NamedNode(REGISTER + NAME)
    for outcome in outcomes:
        subject = address(outcome.address)
        if subject is None:
            continue
        facts = {
            RDF_TYPE: named("sb:Webadres"),
            named("dct:isPartOf"): ox.NamedNode(f"{ID}register/{NAME}"),
            named("sb:gecontroleerdOp"): ox.Literal(outcome.checked, datatype=_DATETIME),
            named("sb:antwoorddeOp"): outcome.answered and ox.Literal(outcome.answered, datatype=_DATETIME),
            named("sb:httpStatus"): outcome.status and ox.Literal(outcome.status),
            named("sb:verwijstDoorNaar"): address(outcome.target),
            named("sb:controlefout"): outcome.problem and ox.Literal(outcome.problem),
        }
        yield from (ox.Quad(subject, word, value, graph) for word, value in facts.items() if value)
