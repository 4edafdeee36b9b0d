"""All checks on a project or on loose files, as one report."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg import quality, reasoning, sourcefiles, validation
from kg.project import Project
from kg.report import Language, Report
from kg.sourcefiles import SourceFiles

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Checked:
    """What is wrong, and the store with inferred facts; there is none where the files themselves have violations."""

    report: Report
    store: ox.Store | None
    inferred: dict[str, int]
    """How many facts each rule added."""


def check_files(
    project: Project,
    files: SourceFiles,
    engine: validation.Engine = "pyshacl",
    language: Language = "nl",
    progress: Progress = lambda _: None,
) -> Checked:
    """Check files, then what follows from them: reasoning may add facts, not violations."""
    progress("checking the data")
    report = validation.check(files, language=language, engine=engine)
    if report.has_violations:
        return Checked(report, None, {})
    progress("reasoning")
    store, counts = reasoning.reason(project, files)
    progress("checking what reasoning found")
    report += Report.of(validation.shacl(files, language, engine, reasoning.inferred_in(store)))
    report += quality.check(project, store, files.described_in(), language)
    return Checked(report, store, counts)


def check_project(
    project: Project,
    data: Collection[Path] = (),
    shapes: Collection[Path] = (),
    engine: validation.Engine = "pyshacl",
    language: Language = "nl",
    progress: Progress = lambda _: None,
) -> Report:
    """Check the project; with `data`, report only what these files bring with them, be they of the project or not.

    With `shapes` of one's own the files are held against those alone. Raises DataError when a file cannot be read.
    """
    if shapes:
        files = sourcefiles.read(project, data or None, shapes)
        return Report.of(validation.shacl(files, language, engine))

    given = {path.resolve() for path in data}
    others = [path for path in project.data_files() if path.resolve() not in given]
    # These files last, so that they count as the ones that describe what others describe too.
    report = check_files(project, sourcefiles.read(project, [*others, *data]), engine, language, progress).report
    if not data:
        return report
    without = check_files(project, sourcefiles.read(project, others), engine, language, progress).report
    return report.without(without)
