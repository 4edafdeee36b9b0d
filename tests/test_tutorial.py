"""The tutorial: every command in it is run against the service, and prints what it says there."""

import re
import shutil
import subprocess

import pytest
from conftest import ROOT

TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
STEPS = re.findall(r"```console\n\$ (.+)\n((?s:.*?))```", TUTORIAL)
SKIPPED = "…"


def test_the_tutorial_has_commands_in_each_of_its_five_steps():
    steps = re.split(r"^## [1-5]\. ", TUTORIAL, flags=re.MULTILINE)[1:]
    assert len(steps) == 5
    assert all("```console\n$ " in step for step in steps)


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine")
@pytest.mark.parametrize(("command", "output"), STEPS, ids=[str(number) for number in range(len(STEPS))])
def test_a_command_prints_what_the_tutorial_says(command: str, output: str, served: str):
    command = command.replace("http://127.0.0.1:8000", served)
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    printed = [line.rstrip() for line in done.stdout.splitlines() if line.strip()]
    # What stands between two signs for output that is left out is printed line after line.
    pieces = [piece.split("\n") for piece in f"\n{output}".split(f"\n{SKIPPED}\n")]
    for piece in ([line.rstrip() for line in piece if line.strip()] for piece in pieces):
        places = [at for at in range(len(printed) - len(piece) + 1) if printed[at : at + len(piece)] == piece]
        assert places, (piece, printed)
        printed = printed[places[0] + len(piece) :]
    assert SKIPPED in output or printed == []
