"""What the commands of `kg` share: their common options, clear errors, progress."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from kg.errors import InvalidError, KgError, RefusedError

err = Console(stderr=True, highlight=False, soft_wrap=True)


class Language(StrEnum):
    """A language the graph speaks."""

    nl = "nl"
    en = "en"


class ReportFormat(StrEnum):
    """A form of a validation report."""

    human = "human"
    turtle = "turtle"
    json = "json"
    junit = "junit"
    sarif = "sarif"


LanguageOption = Annotated[Language, typer.Option("--lang", envvar="KG_LANG", help="Language of the messages.")]
BuildOption = Annotated[Path, typer.Option("--out", envvar="KG_BUILD", help="Folder of the releases.")]
ReleasesOption = Annotated[Path, typer.Option("--build", envvar="KG_BUILD", help="Folder of the releases.")]
DocumentsOption = Annotated[Path, typer.Option(envvar="KG_DOCUMENTS", help="Folder with the source texts.")]


def clear_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a KgError into one clear line on stderr and exit code 2."""

    @wraps(command)
    def run(*args: Any, **options: Any) -> Any:  # noqa: ANN401
        try:
            return command(*args, **options)
        except InvalidError as error:
            from kg.report_formats import human

            err.print(human(error.report), markup=False)
            if isinstance(error, RefusedError):
                err.print(f"kg: {error}", markup=False)
            raise typer.Exit(1) from error
        except KgError as error:
            err.print(f"kg: {error}", markup=False)
            raise typer.Exit(2) from error

    return run


@contextmanager
def progress(title: str) -> Iterator[Callable[[str], None]]:
    """Show which step of long work is going on; says nothing when the output is no terminal."""
    if not err.is_terminal:
        yield lambda _: None
        return
    with err.status(title) as status:
        yield lambda step: status.update(f"{title}: {step}")
