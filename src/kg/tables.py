"""An answer as a table for people at a terminal."""

import os
from collections.abc import Collection

import pyoxigraph as ox
from rich.console import Console
from rich.table import Table

from kg.namespaces import compact
from kg.store import Answer

WIDTH_WITHOUT_TERMINAL = 120

Node = ox.NamedNode | ox.BlankNode | ox.Literal | None


def table(answer: Answer, asked: Collection[str] = ()) -> str:
    """The answer in columns as wide as the terminal.

    What a reader has no need of is left out: the variables in `asked`, which hold on every row what the asker filled
    in, and the IRIs that stand beside a name. The other formats have them all.
    """
    if isinstance(answer, ox.QueryBoolean):
        return "yes" if answer else "no"
    if isinstance(answer, ox.QueryTriples):
        triples = list(answer)
        return _grid({name: [getattr(t, name) for t in triples] for name in ("subject", "predicate", "object")})
    rows = list(answer)
    columns = {v.value: [row[v] for row in rows] for v in answer.variables if v.value not in asked}
    shown = {name: column for name, column in columns.items() if not (_is_named(name, columns) and _is_iris(column))}
    hidden = "; --format csv shows the IRIs too" if len(shown) < len(columns) else ""
    return f"{_grid(shown)}\n({len(rows)} rows{hidden})"


def _is_named(name: str, columns: Collection[str]) -> bool:
    """Whether another column has the name of what stands in this one: `vanNaam` of `van`, or the one called `naam`."""
    return f"{name}Naam" in columns or "naam" in columns


def _is_iris(column: list[Node]) -> bool:
    return bool(column) and all(isinstance(node, ox.NamedNode) for node in column)


def _grid(columns: dict[str, list[Node]]) -> str:
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        grid.add_column(name, overflow="fold")
    for line in zip(*columns.values(), strict=True):
        grid.add_row(*map(_text, line))
    console = Console(highlight=False, markup=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = WIDTH_WITHOUT_TERMINAL
    with console.capture() as capture:
        console.print(grid)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def _text(node: Node) -> str:
    if node is None:
        return ""
    return compact(node.value) if isinstance(node, ox.NamedNode) else node.value
