"""`kg export`: the release in the form that another tool wants."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg.cli_common import ReleasesOption, clear_errors, err
from kg.errors import DataError

app = typer.Typer(
    help="Write the release in the form that another tool wants.", no_args_is_help=True, rich_markup_mode=None
)

TargetOption = Annotated[Path | None, typer.Option("--out", help="File to write; standard output by default.")]


class RdfFormat(StrEnum):
    """A form of RDF."""

    turtle = "turtle"
    jsonld = "jsonld"
    rdf = "rdf"


@app.callback()
def group() -> None:
    """Write the release in the form that another tool wants."""


@app.command()
@clear_errors
def dcat(
    output: Annotated[RdfFormat, typer.Option("--format", help="Form of the catalogue.")] = RdfFormat.turtle,
    out: TargetOption = None,
    build: ReleasesOption = Path("build"),
) -> None:
    """The catalogue of the current release in DCAT-AP-NL 3.0.

    Example: kg export dcat --format rdf --out catalogus.rdf
    """
    from kg.publishing import documents
    from kg.release import Release

    release = Release.current(build)
    write(documents.read(release.folder, output.value), out)
    for gap in documents.gaps(release.manifest):
        err.print(f"kg: note: {gap}", markup=False)


def write(content: bytes, out: Path | None) -> None:
    """Write to standard output or to a file, which has all of it or stays as it was; raises DataError."""
    if out is None:
        sys.stdout.buffer.write(content)
        return
    from kg import files

    try:
        files.replace(out, content)
    except OSError as error:
        raise DataError(f"{out} cannot be written: {error.strerror}. Choose another file with --out.") from error
