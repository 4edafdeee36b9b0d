"""What the documentation lists is what there is: modules, settings, dependencies."""

import importlib
import re
import tomllib
from pathlib import Path

import pytest
from conftest import ROOT
from kg_api.settings import Settings

LIBRARY, SERVICE = ROOT / "src" / "kg", ROOT / "api" / "kg_api"
PACKAGES = [path.name for path in LIBRARY.iterdir() if (path / "__init__.py").is_file()]


def _modules(folder: Path) -> list[str]:
    return [path.stem for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]


def _rows(document: str) -> list[str]:
    """The first cell of every row of the tables in a document."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    return [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")]


def _named(document: str) -> list[str]:
    return [name for cell in _rows(document) for name in re.findall(r"`([^`]+)`", cell)]


@pytest.mark.parametrize("folder", [LIBRARY, SERVICE], ids=lambda folder: folder.name)
def test_every_module_has_a_row(folder: Path):
    commands = {name for name in _modules(folder) if name.startswith("cli_")}
    assert {*_modules(folder), *(PACKAGES if folder == LIBRARY else ())} - commands <= set(_named("architecture.md"))


def test_no_row_is_about_a_module_that_is_gone():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    tables = text[text.index("## The library") : text.index("Every IRI of ours")]
    cells = [line.split("|")[1] for line in tables.splitlines() if line.startswith("| `")]
    named = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}
    assert named <= {*_modules(LIBRARY), *_modules(SERVICE), *PACKAGES}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_says_what_its_modules_hold(package: str):
    said = importlib.import_module(f"kg.{package}").__doc__.splitlines()
    assert sorted(line.split()[0] for line in said[2:] if line) == _modules(LIBRARY / package)


def test_every_setting_has_a_row():
    code = [path for folder in ("src", "api", "tests") for path in (ROOT / folder).rglob("*.py")]
    read = {
        name for path in code for name in re.findall(r"\bKG_[A-Z0-9_]*[A-Z0-9]\b", path.read_text(encoding="utf-8"))
    }
    assert read | {f"KG_{name.upper()}" for name in Settings.model_fields} == set(_named("settings.md"))


def test_every_dependency_has_one_row_and_no_other_has():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    wanted = {re.match(r"[\w-]+", line)[0] for lines in groups for line in lines}
    cells = [name for cell in _rows("dependencies.md") if cell != "Package" for name in cell.split(", ")]
    assert set(cells) == wanted
    assert {name for name in cells if cells.count(name) > 1} <= {"psutil"}
