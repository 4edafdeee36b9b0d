"""`kg link`: take registers elsewhere in, and look after the links to them."""

from pathlib import Path
from typing import Annotated, Any

import typer

from kg.cli_common import BuildOption, Language, LanguageOption, ReportFormat, clear_errors, err, progress
from kg.errors import KgError, RefusedError

app = typer.Typer(
    help="Take registers elsewhere in, and look after the links to them.", no_args_is_help=True, rich_markup_mode=None
)

NameArgument = Annotated[str, typer.Argument(help="Name of the register; 'kg link registers' lists them.")]
ContactOption = Annotated[
    str,
    typer.Option(
        envvar="KG_CONTACT_EMAIL", help="How those who are asked can reach you: an address of mail or a page."
    ),
]
IntervalOption = Annotated[
    float, typer.Option(min=0, envvar="KG_FETCH_INTERVAL", help="Seconds between two requests to one host.")
]
PrivateOption = Annotated[bool, typer.Option(help="Ask addresses on this machine and its own network too.")]
FormatOption = Annotated[ReportFormat, typer.Option("--format", help="Form of the report.")]


@app.command()
@clear_errors
def registers(out: BuildOption = Path("build")) -> None:
    """List the registers that can be imported: where they are, and of when and how large what was imported is.

    Example: kg link registers
    """
    from kg.registers.imported import imports
    from kg.registers.known import REGISTERS

    found = {entry.register: entry for entry in imports(out)}
    for name in sorted({*REGISTERS, *found}):
        entry = found.get(name)
        address = REGISTERS[name].address if name in REGISTERS else entry.address
        typer.echo(f"{name}  {address}".rstrip())
        typer.echo(f"    {_counts(entry)}" if entry else "    not imported")


def _counts(entry: Any) -> str:  # noqa: ANN401
    made = f"export of {entry.made}" if entry.made else "an export without a date"
    return f"{entry.records} records, {entry.lost} lost, {entry.triples} triples; {made}"


@app.command("import")
@clear_errors
def import_register(
    name: NameArgument,
    file: Annotated[Path, typer.Argument(help="A saved export of it.")],
    lang: LanguageOption = Language.nl,
    output: FormatOption = ReportFormat.human,
    out: BuildOption = Path("build"),
) -> None:
    """Import a saved export of a register; 'kg build' then takes it into a release.

    Example: kg link import algoritmeregister algoritmes.csv
    """
    from kg.project import Project
    from kg.registers import importing, known

    register = known.find(name)
    with progress("kg link import") as step:
        imported = importing.import_file(register, file, out, Project.find(), language=lang.value, progress=step)
    _report(imported, output)


@app.command()
@clear_errors
def fetch(
    names: Annotated[list[str] | None, typer.Argument(help="Names of registers; all of them by default.")] = None,
    private: PrivateOption = False,
    contact: ContactOption = "",
    interval: IntervalOption = 1,
    lang: LanguageOption = Language.nl,
    output: FormatOption = ReportFormat.human,
    out: BuildOption = Path("build"),
) -> None:
    """Fetch the exports of registers where they changed, and import them.

    Example: kg link fetch algoritmeregister --contact beheer@voorbeeld.nl
    """
    from kg.project import Project
    from kg.registers import known
    from kg.registers.client import Client, Limits

    project, client = Project.find(), Client(contact, Limits(interval=interval), private=private)
    worst = 0
    for register in [known.find(name) for name in names or sorted(known.REGISTERS)]:
        try:
            _fetch(register, client, out, project, lang, output)
        except KgError as error:
            # One register that is out of order keeps nobody from the others.
            err.print(f"kg: {register.name}: {error}", markup=False)
            worst = max(worst, 1 if isinstance(error, RefusedError) else 2)
    raise typer.Exit(worst)


def _fetch(
    register: Any,  # noqa: ANN401
    client: Any,  # noqa: ANN401
    out: Path,
    project: Any,  # noqa: ANN401
    lang: Language,
    output: ReportFormat,
) -> None:
    from kg.registers import importing
    from kg.registers.pages import fetch_export

    with progress(f"kg link fetch {register.name}") as step:
        step(register.address)
        found = fetch_export(client, register, importing.cache_of(out))
        name = f"{register.name}{register.suffix}"
        imported = importing.import_file(
            register, found.path, out, project, name=name, made=found.made, language=lang.value, progress=step
        )
    _report(imported, output)


def _report(imported: Any, output: ReportFormat) -> None:  # noqa: ANN401
    from kg.report_formats import FORMATS

    typer.echo(FORMATS[output.value](imported.report))
    err.print(f"{imported.register}: {_counts(imported)}", markup=False)


@app.command()
@clear_errors
def check(
    limit: Annotated[int, typer.Option(min=0, max=100_000, help="The most addresses to ask in this run.")] = 500,
    older_than: Annotated[float, typer.Option(min=0, help="Ask again what was asked this many days ago.")] = 7,
    private: PrivateOption = False,
    contact: ContactOption = "",
    interval: IntervalOption = 1,
    output: FormatOption = ReportFormat.human,
    out: BuildOption = Path("build"),
) -> None:
    """Ask the addresses that the current release refers to whether they still answer; a next run goes on with the rest.

    Example: kg link check --limit 100 --older-than 30
    """
    from datetime import timedelta

    from kg.project import Project
    from kg.registers import link_check
    from kg.registers.client import Client, Limits
    from kg.release import Release
    from kg.report_formats import FORMATS
    from kg.store import open_store, prepared

    ask = prepared(Project.find(), open_store(Release.current(out).store))
    client = Client(contact, Limits(seconds=40, wait_seconds=10, tries=1, interval=interval), private=private)
    with progress("kg link check") as step:
        checked = link_check.check(
            link_check.references(ask("uitgaande-links")),
            out,
            client,
            limit=limit,
            older_than=timedelta(days=older_than),
            progress=step,
        )
    typer.echo(FORMATS[output.value](checked.report))
    err.print(f"asked {checked.asked} addresses; {checked.known} of {checked.total} have been asked", markup=False)
    raise typer.Exit(1 if checked.report.has_violations else 0)
