"""Questions as files: a `.rq` file is plain SPARQL with a header that gives its title and the types of its parameters.

    #+ title-nl: Wat raakt een voorziening?
    #+ title-en: What touches a facility?
    #+ param: voorziening iri voorziening/digid

A parameter is an ordinary variable of the query, bound before it runs; the last word of its line is a sample value.
`#+ needs: algoritmeregister` names the registers, apart by spaces, that have to be imported for it to have an answer.
`#+ words-en: wet=law; via=through` says in English what its columns are called, and what it says itself in Dutch;
`#+ quotes: vindplaats` names the columns that hold the words of a source, which stay as they are.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from kg.errors import QueryError
from kg.namespaces import CONCEPTS, ID, REGISTER
from kg.project import Project
from kg.terms import named, node

XSD_GYEAR = named("xsd:gYear")


@dataclass(frozen=True)
class Parameter:
    """A variable that the asker fills in."""

    name: str
    type: str
    sample: str

    def term(self, value: str) -> ox.NamedNode | ox.Literal:
        """The RDF term for what the asker wrote; raises QueryError when it does not fit the type."""
        term = _TERMS[self.type](value)
        if term is None:
            raise QueryError(f"parameter '{self.name}': '{value}' is no {self.type}; try for example {self.sample}")
        return term

    @property
    def concept(self) -> str | None:
        """The concept of the things that it takes, which is that of its sample; None when it takes no thing of ours."""
        concept, found, _ = self.sample.partition("/")
        return concept if self.type == "iri" and found and concept in CONCEPTS else None

    def takes(self, thing: str) -> bool:
        """Whether the thing with this IRI can be meant: of ours, only one of its concept."""
        return not (self.concept and thing.startswith(ID)) or thing.startswith(f"{ID}{self.concept}/")


@dataclass(frozen=True)
class NamedQuery:
    """A question: its name, its title in each language, its parameters and its SPARQL text."""

    name: str
    text: str
    titles: Mapping[str, str]
    parameters: tuple[Parameter, ...] = ()
    header: Mapping[str, str] = field(default_factory=dict)

    @property
    def needs(self) -> tuple[str, ...]:
        """The registers elsewhere without which the question has no answer."""
        return tuple(self.header.get("needs", "").split())

    @property
    def quotes(self) -> tuple[str, ...]:
        """The columns that hold the words of a source, in its own language."""
        return tuple(self.header.get("quotes", "").split())

    def words(self, language: str) -> dict[str, str]:
        """In a language other than Dutch: what its parameters and columns are called, and what it says itself."""
        pairs = (pair.partition("=") for pair in self.header.get(f"words-{language}", "").split(";"))
        return {dutch.strip(): word.strip() for dutch, _, word in pairs if word.strip()}

    def missing(self, graphs: Container[str]) -> list[str]:
        """Those of them that are not among these named graphs."""
        return [name for name in self.needs if REGISTER + name not in graphs]

    def bind(self, values: Mapping[str, str]) -> dict[ox.Variable, ox.NamedNode | ox.Literal]:
        """Bind every parameter; raises QueryError when one is missing, unknown or of the wrong type."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in values:
            if name not in known:
                raise QueryError(f"{self.name} has no parameter '{name}'; it has: {', '.join(known) or 'none'}")
        for parameter in self.parameters:
            if parameter.name not in values:
                raise QueryError(f"{self.name} needs a value: --param {parameter.name}={parameter.sample}")
        return {ox.Variable(name): known[name].term(value) for name, value in values.items()}

    def samples(self) -> dict[str, str]:
        """The sample value of every parameter."""
        return {parameter.name: parameter.sample for parameter in self.parameters}


def _integer(value: str) -> ox.Literal | None:
    return ox.Literal(int(value)) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _year(value: str) -> ox.Literal | None:
    return ox.Literal(value, datatype=XSD_GYEAR) if value.isascii() and value.isdigit() and len(value) == 4 else None


_TERMS: dict[str, Callable[[str], ox.NamedNode | ox.Literal | None]] = {
    "iri": node,
    "integer": _integer,
    "text": ox.Literal,
    "year": _year,
}


def read(path: Path) -> NamedQuery:
    """Read a question from its file; raises QueryError when the file or its header is not as it should be."""
    try:
        return parse(path.stem, decode(str(path), path.read_bytes()))
    except OSError as error:
        raise QueryError(f"{path}: {error.strerror}") from error


def decode(name: str, text: bytes) -> str:
    """The text of a question; raises QueryError when it is not UTF-8."""
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"{name}: not UTF-8: {error}") from error


def parse(name: str, text: str) -> NamedQuery:
    """Make a question of its name and text."""
    header = [line[2:].strip().partition(":") for line in text.splitlines() if line.startswith("#+")]
    parameters = tuple(_parameter(name, value.strip()) for key, _, value in header if key == "param")
    fields = {key: value.strip() for key, _, value in header if key != "param"}
    titles = {key.removeprefix("title-"): value for key, value in fields.items() if key.startswith("title-")}
    return NamedQuery(name, text, titles, parameters, fields)


def _parameter(query: str, line: str) -> Parameter:
    words = line.split(maxsplit=2)
    if len(words) != 3 or words[1] not in _TERMS:
        raise QueryError(f"{query}: '#+ param: {line}' should be: name, type ({', '.join(_TERMS)}), sample value")
    return Parameter(*words)


def find(project: Project, name: str) -> NamedQuery:
    """The question of this name in `queries/`; raises QueryError that lists the names there are."""
    paths = {path.stem: path for path in project.query_files()}
    if name not in paths:
        raise QueryError(f"no question '{name}'; there are: {', '.join(paths)}")
    return read(paths[name])
