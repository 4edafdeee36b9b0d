"""`kg link suggest`, `accept` and `reject`: mappings with registers elsewhere."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from kg.cli_common import BuildOption, clear_errors, progress
from kg.cli_link import app

FileArgument = Annotated[str, typer.Argument(help="A register's name, or a file of mappings.")]
SubjectArgument = Annotated[str, typer.Argument(help="Our thing, as wet/awb or an IRI.")]
ObjectArgument = Annotated[str, typer.Argument(help="The thing elsewhere, or the name, as the row has it.")]
ByOption = Annotated[str, typer.Option("--by", envvar="KG_REVIEWER", help="Who decides.")]
DayOption = Annotated[str | None, typer.Option("--date", help="When it was decided (2026-11-22); today by default.")]


@app.command()
@clear_errors
def suggest(
    registers: Annotated[list[str] | None, typer.Argument(help="Names of imported registers; all by default.")] = None,
    out: BuildOption = Path("build"),
) -> None:
    """Look for our things in imported registers, and write what is found to data/koppelingen/ for review.

    What a person decided stays; the rest is worked out anew.

    Example: kg link suggest algoritmeregister
    """
    from kg.errors import NotFoundError
    from kg.linking import suggestions
    from kg.project import Project
    from kg.sssom import STATUSES, changing, save

    project = Project.find()
    wanted = registers or list(suggestions.registers(out))
    if not wanted:
        raise NotFoundError(f"nothing is imported in {out}. Run 'kg link fetch' first.")
    with progress("kg link suggest") as step:
        for register in wanted:
            step(register)
            path = suggestions.path_of(project, register)
            with changing(path):
                found, linked = suggestions.suggest(project, out, register)
                if found.rows or path.exists():
                    save(found, path)
            if not path.exists():
                known = f"the {linked} that are in it were linked already" if linked else "nothing of ours is in it"
                typer.echo(f"{register}: {known}")
                continue
            counts = suggestions.counts(found)
            said = ", ".join(f"{counts[status]} {status}" for status in STATUSES)
            typer.echo(f"{project.name_of(path)}: {said}")


@app.command()
@clear_errors
def accept(
    file: FileArgument, subject: SubjectArgument, target: ObjectArgument, by: ByOption, date: DayOption = None
) -> None:
    """Accept a suggested mapping, so that the next build takes it over.

    Example: kg link accept algoritmeregister wet/awb Awb --by "A. Redacteur"
    """
    _decide(file, subject, target, by, date, accept=True)


@app.command()
@clear_errors
def reject(
    file: FileArgument, subject: SubjectArgument, target: ObjectArgument, by: ByOption, date: DayOption = None
) -> None:
    """Reject a suggested mapping, so that it is not suggested again.

    Example: kg link reject roo organisatie/koop tooi:oorg/oorg10117 --by "A. Redacteur"
    """
    _decide(file, subject, target, by, date, accept=False)


def _decide(file: str, subject: str, target: str, by: str, date: str | None, *, accept: bool) -> None:
    from kg import sssom
    from kg.linking import decisions
    from kg.project import Project

    project = Project.find()
    path = decisions.file_of(project, file)
    day = date or datetime.now(UTC).date().isoformat()
    with sssom.changing(path):
        found = decisions.decide(sssom.read_whole(path), subject, target, accept=accept, by=by, day=day)
        sssom.save(found, path)
    typer.echo(f"{project.name_of(path)}: {'accepted' if accept else 'rejected'} {subject} {target}")
