"""What is wrong, where, how bad, and in which words."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

SEVERITIES = ("Violation", "Warning", "Info")
Language = Literal["nl", "en"]
"""A language of messages."""


@dataclass(frozen=True)
class Finding:
    """One thing to mend: how bad, where it stands, which rule, and what to do."""

    severity: str
    """One of SEVERITIES: wrong or unusable, should be mended, nice to have (SHACL 1.0, section 2.1.4)."""
    file: str
    """The file that describes `focus`, as the user knows it; empty when no file does."""
    focus: str
    """IRI of the thing that is wrong."""
    rule: str
    """The shape, the quality query or the check that found it."""
    message: str
    path: str = ""
    """IRI of the property at fault, where it is one property."""
    value: str = ""
    """The value at fault, where there is one."""
    constraint: str = ""
    """IRI of the SHACL constraint component, for findings of shapes."""

    def __lt__(self, other: "Finding") -> bool:
        return self._order() < other._order()

    def _order(self) -> tuple[int, str, str, str, str, str, str]:
        rank = SEVERITIES.index(self.severity)
        return (rank, self.file, self.focus, self.rule, self.path, self.value, self.message)


@dataclass(frozen=True)
class Report:
    """Findings, worst first, each once."""

    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> "Report":
        """Sort findings and drop repeats."""
        return cls(tuple(sorted(set(findings))))

    @property
    def has_violations(self) -> bool:
        """Whether anything is wrong enough to stop a build."""
        return self.count("Violation") > 0

    def count(self, severity: str) -> int:
        """How many findings have this severity."""
        return sum(finding.severity == severity for finding in self.findings)

    def without(self, other: "Report") -> "Report":
        """The findings that the other report does not have, whatever file it names for them."""
        known = {replace(finding, file="") for finding in other.findings}
        return Report(tuple(finding for finding in self.findings if replace(finding, file="") not in known))

    def __add__(self, other: "Report") -> "Report":
        return Report.of((*self.findings, *other.findings))
