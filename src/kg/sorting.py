"""Order: texts with numbers in them as people have them, and more lines than fit in memory."""

import heapq
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

AT_A_TIME = 100_000


def sorted_lines(lines: Iterable[str], folder: Path, at_a_time: int = AT_A_TIME) -> Iterator[str]:
    """These lines (each with its line end) sorted by code point, without repeats; the files stand in `folder`.

    All lines are read before the first comes out; what does not fit in memory waits in files.
    """
    with ExitStack() as files:
        runs: list[Iterable[str]] = []
        held: set[str] = set()
        for line in lines:
            held.add(line)
            if len(held) >= at_a_time:
                run = files.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n", dir=folder))
                run.writelines(sorted(held))
                run.seek(0)
                runs.append(run)
                held = set()
        for line, _ in groupby(heapq.merge(*runs, sorted(held))):
            yield line


def natural(text: str) -> list[tuple[int, int | str]]:
    """A key that puts 2.5.9 before 2.5.10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", text)
    return [(0, int(part)) if part.isdecimal() and len(part) < 20 else (1, part) for part in parts]
