"""Store + `queries/quality/` → Report: questions whose every answer is a problem."""

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from kg import queries
from kg.project import Project
from kg.report import Finding, Language, Report
from kg.store import rows


def check(project: Project, store: ox.Store, described: Mapping[str, str], language: Language = "nl") -> Report:
    """Run every quality question on a store with inferred facts; `described` gives the file of a thing."""
    findings: list[Finding] = []
    for path in project.query_files("quality"):
        findings += _findings(queries.read(path), store, described, language)
    return Report.of(findings)


def _findings(
    query: queries.NamedQuery, store: ox.Store, described: Mapping[str, str], language: Language
) -> Iterable[Finding]:
    message = f"{query.header[f'problem-{language}']} {query.header[f'solution-{language}']}"
    for row in rows(store.query(query.text)):
        thing = row["thing"]
        file = described.get(thing, "")
        yield Finding(query.header["severity"], file, thing, query.name, message, value=row.get("other", ""))
