"""An answer as a table for people at a terminal."""

from collections.abc import Collection

import pyoxigraph as ox
from rich.console import Console
from rich.table import Table

from kg.namespaces import compact
from kg.store import Answer

WIDTH_WITHOUT_TERMINAL = 160


def table(answer: Answer, asked: Collection[str] = ()) -> str:
    """The answer in columns as wide as the terminal; IRIs are shortened to prefixed names.

    The variables in `asked` are left out: they hold on every row what the asker filled in.
    """
    if isinstance(answer, ox.QueryBoolean):
        return "yes" if answer else "no"
    if isinstance(answer, ox.QueryTriples):
        columns, lines = ["subject", "predicate", "object"], [[_text(node) for node in triple] for triple in answer]
    else:
        columns = [variable.value for variable in answer.variables if variable.value not in asked]
        lines = [[_text(row[name]) for name in columns] for row in answer]
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns):
        # A name that can be copied is worth more than one that fits.
        is_name = all(":" in line[number] and " " not in line[number] for line in lines)
        grid.add_column(column, no_wrap=is_name, overflow="fold")
    for line in lines:
        grid.add_row(*line)
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = WIDTH_WITHOUT_TERMINAL
    with console.capture() as capture:
        console.print(grid)
    lines_of_text = [line.rstrip() for line in capture.get().splitlines()]
    return "\n".join([*lines_of_text, f"({len(lines)} rows)"])


def _text(node: ox.NamedNode | ox.BlankNode | ox.Literal | None) -> str:
    if node is None:
        return ""
    return compact(node.value) if isinstance(node, ox.NamedNode) else node.value
