"""All checks on a project or on loose files, as one report."""

from collections.abc import Callable, Iterable
from pathlib import Path

from kg import quality, reasoning, sourcefiles, validation
from kg.project import Project
from kg.report import Report

Progress = Callable[[str], None]


def check_project(
    project: Project,
    data: Iterable[Path] | None = None,
    shapes: Iterable[Path] | None = None,
    engine: validation.Engine = "pyshacl",
    language: validation.Language = "nl",
    progress: Progress = lambda _: None,
) -> Report:
    """Check the project's data, or the files in `data`, and what follows from it.

    Loose files are held against terms and shapes only: what they refer to may well be described elsewhere.
    Raises DataError when a file cannot be read.
    """
    progress("reading files")
    files = sourcefiles.read(project, data, shapes)
    progress("checking terms and shapes")
    if data is not None:
        return validation.check(files, language=language, engine=engine, complete=False)
    report = validation.check(files, language=language, engine=engine)
    if report.has_violations:
        return report
    progress("reasoning")
    store, _ = reasoning.reason(project, files)
    progress("asking the quality questions")
    return report + quality.check(project, store, files.described_in(), language)
