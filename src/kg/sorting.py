"""Lines in order, each once, however many there are: what does not fit in memory waits in files."""

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

AT_A_TIME = 100_000


def sorted_lines(lines: Iterable[str], folder: Path, at_a_time: int = AT_A_TIME) -> Iterator[str]:
    """These lines (each with its line end) sorted by code point, without repeats; the files stand in `folder`.

    All lines are read before the first comes out.
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
