"""The `kg` command: read arguments, call one function, print, set the exit code.

Exit codes: 0 nothing wrong, 1 the data has violations (of `kg diff`: two graphs differ), 2 the command could not do its
work.
"""

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from kg import cli_diff, cli_export, cli_mappings, cli_publish, cli_sources
from kg.cli_common import BuildOption, Language, LanguageOption, ReportFormat, clear_errors, err, progress
from kg.errors import ServiceError

app = typer.Typer(
    help="Spoorboek: check, build, question and serve the knowledge graph of the Dutch digital agenda.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.add_typer(cli_export.app, name="export")
app.add_typer(cli_mappings.app, name="link")
app.add_typer(cli_publish.app, name="publish")
app.add_typer(cli_sources.app, name="sources")
app.command()(cli_diff.diff)


class Engine(StrEnum):
    """A SHACL validator."""

    pyshacl = "pyshacl"
    shifty = "shifty"


class AnswerFormat(StrEnum):
    """A form of an answer."""

    table = "table"
    json = "json"
    csv = "csv"
    tsv = "tsv"
    xml = "xml"
    turtle = "turtle"
    nt = "nt"
    rdf = "rdf"
    jsonld = "jsonld"


class Direction(StrEnum):
    """Which way a chain of dependencies is followed."""

    up = "up"
    down = "down"
    both = "both"


class ChainFormat(StrEnum):
    """A form of a chain of dependencies."""

    tree = "tree"
    json = "json"
    csv = "csv"
    mermaid = "mermaid"


@app.command()
@clear_errors
def validate(
    files: Annotated[
        list[Path] | None, typer.Argument(help="RDF files to check; the project's data by default.")
    ] = None,
    shapes: Annotated[
        list[Path] | None, typer.Option(help="Shapes to check against; the project's by default.")
    ] = None,
    engine: Annotated[Engine, typer.Option(help="The validator; shifty is the faster one.")] = Engine.pyshacl,
    lang: LanguageOption = Language.nl,
    output: Annotated[ReportFormat, typer.Option("--format", help="Form of the report.")] = ReportFormat.human,
) -> None:
    """Check the project, or any files, against the known terms, the shapes and the quality queries.

    Example: kg validate data/wetten.ttl --lang en
    """
    from kg.checks import check_project
    from kg.project import Project
    from kg.report_formats import FORMATS

    with progress("kg validate") as step:
        report = check_project(Project.find(), files or [], shapes or [], engine.value, lang.value, step)
    typer.echo(FORMATS[output.value](report))
    raise typer.Exit(1 if report.has_violations else 0)


@app.command()
@clear_errors
def build(out: BuildOption = Path("build")) -> None:
    """Validate, reason, index and write a release, and make it the current one.

    Example: kg build --out build
    """
    from kg.project import Project
    from kg.release import build as build_release

    with progress("kg build") as step:
        release = build_release(Project.find(), out, step)
    manifest = release.manifest
    inferred = sum(manifest["rules"].values())
    typer.echo(f"release {release.version}: {manifest['distinctTriples']} triples, {inferred} of them inferred")


@app.command()
@clear_errors
def query(
    question: Annotated[
        str, typer.Argument(help="Name of a question in queries/, a file with SPARQL, or - for stdin.")
    ],
    param: Annotated[list[str] | None, typer.Option(help="Value of a parameter: name=value. May be repeated.")] = None,
    output: Annotated[AnswerFormat, typer.Option("--format", help="Form of the answer.")] = AnswerFormat.table,
    out: BuildOption = Path("build"),
) -> None:
    """Ask the current release a question from queries/, or one of your own.

    Example: kg query wat-raakt-voorziening --param voorziening=voorziening/digid
    """
    from kg import store
    from kg.project import Project
    from kg.release import Release
    from kg.tables import table

    named = _question(Project.find(), question)
    values = _values(param or [])
    release = Release.current(out)
    graph = store.open_store(release.store)
    with progress("kg query"):
        if output == AnswerFormat.table:
            text = table(store.ask(graph, named, values), values).encode() + b"\n"
        else:
            text = store.serialize(store.ask(graph, named, values), output.value)
    sys.stdout.buffer.write(text)
    missing = named.missing(release.manifest["graphs"])
    if missing:
        err.print(f"needs {', '.join(missing)}, not imported in {release.folder.parent}: 'kg link fetch'", markup=False)


def _question(project: Any, question: str) -> Any:  # noqa: ANN401
    from kg import queries

    if question == "-":
        return queries.parse("stdin", queries.decode("stdin", sys.stdin.buffer.read()))
    if "." in question or "/" in question:
        return queries.read(Path(question))
    return queries.find(project, question)


def _values(params: list[str]) -> dict[str, str]:
    from kg.errors import QueryError

    values = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals:
            raise QueryError(f"--param {param}: write name=value")
        if name in values:
            raise QueryError(f"--param {name} is given twice; give each parameter once")
        values[name] = value
    return values


ThingArgument = Annotated[str, typer.Argument(help="An IRI, voorziening/digid, or a name that fits one thing.")]


@app.command()
@clear_errors
def impact(
    thing: ThingArgument,
    direction: Annotated[
        Direction, typer.Option(help="up: what depends on it; down: what it depends on; or both.")
    ] = Direction.up,
    depth: Annotated[int, typer.Option(min=1, max=20, help="The most hops.")] = 20,
    output: Annotated[ChainFormat, typer.Option("--format", help="Form of the answer.")] = ChainFormat.tree,
    out: BuildOption = Path("build"),
) -> None:
    """What depends on a thing, or what it depends on, hop by hop, each with its reason.

    Example: kg impact voorziening/digid --depth 2
    """
    from kg.chain_formats import FORMATS
    from kg.impact import Chains, named

    ask = _prepared(out)
    iri, chains = named(ask, thing), Chains(ask)
    with progress("kg impact"):
        steps = chains.dependents(iri, depth) if direction != Direction.down else []
        steps += chains.dependencies(iri, depth) if direction != Direction.up else []
    typer.echo(FORMATS[output.value](iri, steps))


@app.command()
@clear_errors
def path(start: ThingArgument, end: ThingArgument, out: BuildOption = Path("build")) -> None:
    """A shortest chain of relations between two things, each hop with its reason.

    Example: kg path voorziening/mijnoverheid wet/wet-digitale-overheid
    """
    from kg.chain_formats import chain
    from kg.errors import NotFoundError
    from kg.impact import Chains, named

    ask = _prepared(out)
    ends = named(ask, start), named(ask, end)
    with progress("kg path"):
        hops = Chains(ask).path(*ends)
    if not hops and ends[0] != ends[1]:
        raise NotFoundError(f"nothing connects '{start}' and '{end}'")
    typer.echo(chain(hops))


def _prepared(out: Path) -> Any:  # noqa: ANN401
    from kg.project import Project
    from kg.release import Release
    from kg.store import open_store, prepared

    return prepared(Project.find(), open_store(Release.current(out).place))


@app.command()
@clear_errors
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 picks a free one.")] = 8000,
    data: Annotated[
        list[Path] | None, typer.Option(help="RDF files to serve instead of the release, with the graphs they name.")
    ] = None,
    endpoint: Annotated[
        str | None, typer.Option(help="Address of a SPARQL server to serve instead of the release.")
    ] = None,
    out: BuildOption = Path("build"),
) -> None:
    """Serve the current release, which is built first where there is none; or any RDF files; or another server.

    Example: kg serve --port 8080
    """
    from kg_api.server import listening
    from kg_api.server import serve as serve_on

    from kg.project import Project

    if data and endpoint:
        raise ServiceError("give --data or --endpoint, not both")
    project = Project.find()
    with listening(host, port) as listener, TemporaryDirectory(prefix="kg-") as folder:
        with progress("kg serve") as step:
            find = _finder(project, data, endpoint, Path(folder), out, step)
        serve_on(project, find, listener)


def _finder(
    project: Any,  # noqa: ANN401
    data: list[Path] | None,
    endpoint: str | None,
    folder: Path,
    out: Path,
    step: Callable[[str], None],
) -> Callable[[], Any]:
    """What gives the thing to serve, each time it is asked."""
    from kg import release

    if endpoint:
        from kg.remote import RemoteRelease

        remote = RemoteRelease(endpoint, 60)
        return lambda: remote
    if data:
        loaded = release.load(data, folder)
        return lambda: loaded
    release.current_or_build(project, out, step)
    return lambda: release.Release.current(out)


@app.command()
@clear_errors
def push(
    endpoint: Annotated[str, typer.Option(help="Address that answers SPARQL queries.")],
    update_endpoint: Annotated[
        str | None, typer.Option(help="Address that takes SPARQL updates, where it is another one.")
    ] = None,
    batch: Annotated[
        int | None, typer.Option(min=1, help="Triples per request, for a server that takes no whole release at once.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, help="The most that one request may take.")] = 600,
    out: BuildOption = Path("build"),
) -> None:
    """Put the current release on a SPARQL server, in place of an earlier one; its readers see the one or the other.

    KG_ENDPOINT_USER and KG_ENDPOINT_PASSWORD say who may write there; the password alone is a bearer token.

    Example: kg push --endpoint http://127.0.0.1:3030/ds/sparql --update-endpoint http://127.0.0.1:3030/ds/update
    """
    from kg.push import push as push_release
    from kg.release import Release
    from kg.remote import RemoteStore

    release = Release.current(out)
    server = RemoteStore(endpoint, seconds, update_endpoint=update_endpoint)
    with progress("kg push") as step:
        count = push_release(release.folder / "dumps" / "spoorboek.nq", server, batch, step)
    typer.echo(f"release {release.version}: {count} triples at {endpoint}")
