"""`kg diff`: what changed between two releases."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg.cli_common import BuildOption, Language, LanguageOption, clear_errors, progress

_SIDE = "A release by its version, edition (2026.1) or folder, or as current; or a dump (.nq, .trig, .ttl, also .gz)."


class DiffFormat(StrEnum):
    """A form of a comparison."""

    markdown = "markdown"
    json = "json"
    rdfpatch = "rdfpatch"


@clear_errors
def diff(
    before: Annotated[str, typer.Argument(help=_SIDE)],
    after: Annotated[str, typer.Argument(help="The one to compare it with, named in the same way.")] = "current",
    output: Annotated[DiffFormat, typer.Option("--format", help="Form of the comparison.")] = DiffFormat.markdown,
    inferred: Annotated[bool, typer.Option(help="Compare what rules found too.")] = True,
    questions: Annotated[bool, typer.Option(help="Ask the questions in queries/ of both.")] = True,
    lang: LanguageOption = Language.nl,
    out: BuildOption = Path("build"),
) -> None:
    """What changed from one release or dump to another: things, terms, facts, and answers to the questions in queries/.

    Exit code 0 when both say the same, 1 when they differ.

    Example: kg diff 2026.1 current --format markdown
    """
    from kg import diff as comparing
    from kg.diff_formats import FORMATS
    from kg.project import Project

    with progress("kg diff") as step:
        sides = [comparing.open_side(place, out) for place in (before, after)]
        asked = comparing.library(Project.find()) if questions and output != DiffFormat.rdfpatch else []
        found = comparing.diff(*sides, asked, lang.value, inferred=inferred, progress=step)
    typer.echo(FORMATS[output.value](found, lang.value), nl=False)
    raise typer.Exit(0 if found.is_empty else 1)
