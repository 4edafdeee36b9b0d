"""Which files of a release are forms of which dataset, and what they are in the words of catalogues."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.dumps import media_type
from kg.publishing import codelists
from kg.publishing.datasets import WHOLE

Files = Mapping[str, Mapping[str, int | str]]
"""Files of a release: size and sha256 by name, as in its manifest."""

# Where the files of datasets are; each named graph as a file of its own is no form of any.
_FOLDERS = ("datasets", "dumps", "dumps/csv")


@dataclass(frozen=True)
class Form:
    """What a file is: its media type, its code in the EU list of file types, and whether it is compressed."""

    media_type: str
    code: str
    is_compressed: bool


def form(name: str) -> Form | None:
    """The form of a file by its name; None for what catalogues have no word for."""
    unpacked = name.removesuffix(".gz")
    code = codelists.FILES.get(unpacked.rpartition(".")[2])
    return Form(media_type(unpacked).partition(";")[0], code, name != unpacked) if code else None


def stem(name: str) -> str:
    """What a file is named after: its name without folders and suffixes."""
    return name.rpartition("/")[2].partition(".")[0]


def by_dataset(refs: Iterable[str], files: Files) -> Mapping[str, Files]:
    """The files of each of these datasets: those named after it; the whole also has tables named after none."""
    found: dict[str, dict[str, Mapping[str, int | str]]] = {ref: {} for ref in refs}
    for name in sorted(files):
        if name.rpartition("/")[0] in _FOLDERS and (is_form := form(name)):
            owner = WHOLE if is_form.code == "CSV" and stem(name) not in found else stem(name)
            found.get(owner, {})[name] = files[name]
    return found


def path(name: str, release: str) -> str:
    """Where a file of a release is for ever, below the address of the service."""
    return f"releases/{release}/{name}"
