"""A Report as text: for people, for programs and for the tools that read test and scan results."""

import json
from collections import Counter
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pyoxigraph as ox

from kg.namespaces import PREFIXES, compact, expand
from kg.report import SEVERITIES, Finding, Report
from kg.terms import named
from kg.turtle import write

_SARIF_LEVEL = {"Violation": "error", "Warning": "warning", "Info": "note"}


def human(report: Report) -> str:
    """What must or should be mended, worst first; what would be nice, as a number per rule; and a line that counts."""
    grave = [finding for finding in report.findings if finding.severity != "Info"]
    nice = Counter((finding.rule, finding.message) for finding in report.findings if finding.severity == "Info")
    lines = [
        *map(_lines, grave),
        *(
            f"Info      {number} times\n          {_shown(message)}  [{rule}]"
            for (rule, message), number in sorted(nice.items())
        ),
    ]
    return "\n".join([*lines, summary(report)])


def _lines(finding: Finding) -> str:
    value = f"  value: {finding.value}" if finding.value else ""
    first = _shown(f"{finding.severity:<9} {finding.file or '-'}  {compact(finding.focus)}")
    return f"{first}\n          {_shown(f'{finding.message}  [{finding.rule}]{value}')}"


def _shown(text: str) -> str:
    """A text that may be anybody's as one line that does nothing to a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def summary(report: Report) -> str:
    """How many findings of each severity, in one line."""
    return ", ".join(f"{report.count(severity)} {severity}" for severity in SEVERITIES)


def as_json(report: Report) -> str:
    """A JSON array with an object per finding."""
    return json.dumps([vars(finding) for finding in report.findings], ensure_ascii=False, indent=2)


def turtle(report: Report) -> str:
    """A SHACL validation report (SHACL 1.0, section 3.6) in Turtle."""
    sh = PREFIXES["sh"]
    root = ox.BlankNode("report")
    triples = [
        ox.Triple(root, named("rdf:type"), named("sh:ValidationReport")),
        ox.Triple(root, named("sh:conforms"), ox.Literal(not report.findings)),
    ]
    for number, finding in enumerate(report.findings, 1):
        result = ox.BlankNode(f"result{number}")
        parts = {
            "rdf:type": named("sh:ValidationResult"),
            "sh:resultSeverity": ox.NamedNode(sh + finding.severity),
            "sh:focusNode": _thing(finding.focus),
            "sh:resultMessage": ox.Literal(finding.message),
            "sh:resultPath": ox.NamedNode(finding.path) if finding.path else None,
            "sh:value": ox.Literal(finding.value) if finding.value else None,
            "sh:sourceShape": ox.NamedNode(expand(finding.rule) or "urn:check:" + finding.rule),
            "sh:sourceConstraintComponent": ox.NamedNode(finding.constraint) if finding.constraint else None,
        }
        triples.append(ox.Triple(root, named("sh:result"), result))
        triples += [ox.Triple(result, named(name), value) for name, value in parts.items() if value is not None]
    return write(triples).decode()


def _thing(focus: str) -> ox.NamedNode | ox.Literal:
    """What a finding is about; a key that a register gives, which can be anything, is no IRI."""
    try:
        return ox.NamedNode(focus)
    except ValueError:
        return ox.Literal(focus)


def junit(report: Report) -> str:
    """JUnit XML: a failed test case per violation, a passed one with output per lesser finding."""
    suite = ET.Element("testsuite", name="kg validate", tests=str(len(report.findings)))
    suite.set("failures", str(report.count("Violation")))
    for finding in report.findings:
        # XML has no place for control characters (XML 1.0, section 2.2).
        name = _shown(f"{finding.rule} {finding.focus}")
        case = ET.SubElement(suite, "testcase", classname=finding.file or "-", name=name)
        tag = "failure" if finding.severity == "Violation" else "system-out"
        ET.SubElement(case, tag).text = _shown(f"{finding.severity}: {finding.message}")
    return ET.tostring(suite, encoding="unicode")


def sarif(report: Report) -> str:
    """SARIF 2.1.0, as code hosts show it beside a change."""
    results = [
        {
            "ruleId": finding.rule,
            "level": _SARIF_LEVEL[finding.severity],
            "message": {"text": f"{compact(finding.focus)}: {finding.message}"},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": finding.file}}}] if finding.file else [],
        }
        for finding in report.findings
    ]
    run = {"tool": {"driver": {"name": "kg validate", "rules": []}}, "results": results}
    return json.dumps({"version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


FORMATS: dict[str, Callable[[Report], str]] = {
    "human": human,
    "turtle": turtle,
    "json": as_json,
    "junit": junit,
    "sarif": sarif,
}
