"""`kg sources`: hold the graph against the source texts."""

from enum import StrEnum
from typing import Annotated

import typer

from kg.cli_common import DocumentsOption, clear_errors, progress

app = typer.Typer(help="Hold the graph against the source texts.", no_args_is_help=True, rich_markup_mode=None)


class CoverageFormat(StrEnum):
    """A form of the report on coverage."""

    human = "human"
    json = "json"


@app.command()
@clear_errors
def stamp(documents: DocumentsOption) -> None:
    """Fill in the hash of every passage.

    Example: kg sources stamp --documents teksten/
    """
    from kg import sources
    from kg.project import Project

    with progress("kg sources stamp"):
        count = sources.stamp(Project.find(), documents)
    typer.echo(f"{count} passages stamped")


@app.command("check")
@clear_errors
def check_sources(documents: DocumentsOption) -> None:
    """Recompute the hash of every passage and name those that do not fit.

    Example: kg sources check --documents teksten/
    """
    from kg import sources
    from kg.project import Project
    from kg.report_formats import human

    with progress("kg sources check"):
        report = sources.check(Project.find(), documents)
    typer.echo(human(report))
    raise typer.Exit(1 if report.has_violations else 0)


@app.command("coverage")
@clear_errors
def cover_sources(
    documents: DocumentsOption,
    output: Annotated[CoverageFormat, typer.Option("--format", help="Form of the report.")] = CoverageFormat.human,
) -> None:
    """Say how much of each section some thing in the graph points at, and which lines nothing points at.

    Example: kg sources coverage --documents teksten/ --format json
    """
    from kg import coverage
    from kg.project import Project

    with progress("kg sources coverage"):
        found = coverage.coverage(Project.find(), documents)
    typer.echo(coverage.as_json(found) if output == CoverageFormat.json else coverage.human(found))
