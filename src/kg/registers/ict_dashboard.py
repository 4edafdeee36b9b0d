"""The Rijks ICT-dashboard: large ICT projects of the central government.

Reads what its interface gives for all projects (`results`), with the fields of `ProjectMetCoreMetrics` in its own
source, https://github.com/MinBZK/rijksictdashboard.nl. Costs are not taken over.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from kg.registers import exports
from kg.registers.facts import Facts, Reader, dutch
from kg.registers.framework import Finding, Record, Register, day, label, plain, text

SITE = "https://rijksictdashboard.nl/"
_MOST_SUBJECTS = 100
_PROJECT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


_FIELDS: tuple[tuple[str, str, Reader], ...] = (
    ("Naam", "skos:prefLabel", label),
    ("ProjectId", "dct:identifier", text),
    ("OrganisatieNaam", "sb:naamInBron", text),
    ("MinisterieNaam", "sb:naamInBron", text),
    ("ProjectStatus", "sb:statusInRegister", text),
    ("SoortICTActiviteit", "sb:soortInRegister", text),
    ("StartDatum", "sb:vanaf", day),
    ("PeilDatum", "sb:peildatum", day),
    ("ProjectVersieWijzigingsDatum", "dct:modified", day),
)


def read(path: Path) -> Iterator[Record | Finding]:
    """The projects in a saved answer; raises what `exports.json_records` raises."""
    for place, project in enumerate(exports.json_records(path, ("results",)), 1):
        yield from _project(project, place)


def _project(project: Mapping[str, object], place: int) -> Iterator[Record | Finding]:
    number = str(project.get("ProjectId") or "").lower()
    if not _PROJECT.fullmatch(number) or not plain(project.get("Naam")):
        problem = "the project has no name" if _PROJECT.fullmatch(number) else "ProjectId is no UUID"
        yield Finding(f"record {place}", problem, "report it to the keeper of the dashboard")
        return
    facts = Facts(number)
    for field, word, reader in _FIELDS:
        facts.add(word, reader, project.get(field))
    facts.add("dcat:keyword", dutch, *str(project.get("Onderwerp") or "").split(";")[:_MOST_SUBJECTS])
    yield from facts.record(REGISTER.name, f"{SITE}ict-activiteiten/{number}", "sb:Projectregistratie")


REGISTER = Register(name="rijks-ict-dashboard", address=f"{SITE}api/project/", read=read, begins=SITE)
