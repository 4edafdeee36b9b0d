"""`kg link`: take registers elsewhere in, and look after the links to them."""

import typer

from kg.cli_common import clear_errors

app = typer.Typer(
    help="Take registers elsewhere in, and look after the links to them.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
@clear_errors
def registers() -> None:
    """Name the registers that can be imported, and where they are.

    Example: kg link registers
    """
    from kg.registers.known import REGISTERS

    for name, register in REGISTERS.items():
        typer.echo(f"{name}\t{register.address}")
