"""All checks on a project or on loose files, as one report."""

from collections.abc import Callable, Collection
from pathlib import Path

from kg import quality, reasoning, sourcefiles, validation
from kg.project import Project
from kg.report import Report

Progress = Callable[[str], None]


def check_project(
    project: Project,
    data: Collection[Path] | None = None,
    shapes: Collection[Path] | None = None,
    engine: validation.Engine = "pyshacl",
    language: validation.Language = "nl",
    progress: Progress = lambda _: None,
) -> Report:
    """Check the project's data and what follows from it; with `data`, report on these files only.

    Files of one's own are checked beside the project's data, so that they may refer to it; with `shapes` of one's own
    they are held against those alone. Raises DataError when a file cannot be read.
    """
    progress("reading files")
    if shapes is not None:
        files = sourcefiles.read(project, data, shapes)
        return Report.of(validation.shacl(files, language, engine))
    files = sourcefiles.read(project, _beside(project, data or ()))
    progress("checking terms and shapes")
    report = validation.check(files, language=language, engine=engine)
    if not report.has_violations:
        progress("reasoning")
        store, _ = reasoning.reason(project, files)
        progress("asking the quality questions")
        report += quality.check(project, store, files.described_in(), language)
    return report if data is None else report.about({project.name_of(path) for path in data})


def _beside(project: Project, extra: Collection[Path]) -> list[Path]:
    """The project's data files and these, each once; these last, so that they count as the ones that say it."""
    own = {path.resolve(): path for path in project.turtle_files("data")}
    for path in extra:
        own.pop(path.resolve(), None)
    return [*own.values(), *extra]
