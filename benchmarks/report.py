"""docs/performance.md from the figures of the other scripts.

Example: python -m benchmarks.report compare.json sizes.json crowd.json rest.json docs/performance.md
"""

import json
import statistics
from pathlib import Path
from typing import Annotated

import jinja2
import typer

from benchmarks.rest import kind

_TEMPLATE = Path(__file__).parent / "performance.md.j2"
_MEGABYTE = 1_000_000


def report(compare: dict, sizes: dict, crowd: dict, rest: dict) -> str:
    """The page."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, autoescape=False)  # noqa: S701
    environment.filters |= {
        "median": statistics.median,
        "thousands": lambda number: f"{number:,.0f}",
        "ms": lambda milliseconds: f"{milliseconds:.2f}" if milliseconds < 10 else f"{milliseconds:.0f}",
        "mb": lambda size: f"{size / _MEGABYTE:,.0f} MB",
        "statuses": lambda found: ", ".join(f"{name}: {number}" for name, number in sorted(found.items())),
    }
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    return template.render(compare=compare, sizes=sizes, crowd=crowd, rest=rest, worst=worst)


def worst(releases: list[dict]) -> dict[str, list[dict | None]]:
    """Of each kind of route the one with the highest p95, in each release; None where it has none that answers."""
    kinds = dict.fromkeys(kind(route) for found in releases for route in found["routes"])
    return {name: [_worst(found["routes"], name) for found in releases] for name in kinds}


def _worst(routes: dict[str, dict | None], name: str) -> dict | None:
    found = [times for route, times in routes.items() if times and kind(route) == name]
    return max(found, key=lambda times: times["p95"], default=None)


def main(
    compare: Path,
    sizes: Path,
    crowd: Path,
    rest: Path,
    page: Annotated[Path, typer.Argument(help="The page to write.")],
) -> None:
    """Write the page about performance."""
    found = [json.loads(file.read_text(encoding="utf-8")) for file in (compare, sizes, crowd, rest)]
    page.write_text(report(*found), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
