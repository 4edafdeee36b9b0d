"""`kg publish`: put the datasets of the release in catalogues of others."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli_common import ReleasesOption, clear_errors, err, progress
from kg.errors import PublishError

if TYPE_CHECKING:
    from kg.publishing.payloads import Payload

app = typer.Typer(
    help="Put the datasets of the release in catalogues of others.", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def group() -> None:
    """Put the datasets of the release in catalogues of others."""


@app.command("data.overheid.nl")
@clear_errors
def data_overheid(
    to: Annotated[str, typer.Option("--to", envvar="KG_DATA_OVERHEID_URL", help="Address of the delivery API.")] = "",
    send: Annotated[bool, typer.Option("--send", help="Send it; without this it is only shown.")] = False,
    publish: Annotated[
        bool, typer.Option("--publish", help="Let visitors see it; without this what is new is a draft.")
    ] = False,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Only this dataset, such as wetten; may be given more than once.")
    ] = None,
    build: ReleasesOption = Path("build"),
) -> None:
    """Deliver the datasets of the current release to data.overheid.nl, by its delivery API (alpha).

    Without --send it shows what would be sent, and sends nothing. Sending takes the client and its key from
    KG_DATA_OVERHEID_CLIENT and KG_DATA_OVERHEID_KEY. Doing it again replaces what was delivered before.

    Example: kg publish data.overheid.nl --only spoorboek --send --to https://HOST
    """
    import pyoxigraph as ox

    from kg.publishing import documents, payloads
    from kg.release import Release

    release = Release.current(build)
    quads = ox.parse(documents.read(release.folder, "turtle"), format=ox.RdfFormat.TURTLE)
    chosen = _chosen(payloads.payloads(quad.triple for quad in quads), only or [])
    gaps = documents.gaps(release.manifest)
    if not send:
        requests = [{"method": "POST", "path": "/api/v1/datasets", "body": payload} for payload in chosen]
        typer.echo(json.dumps(requests, ensure_ascii=False, indent=2))
        for note in [*gaps, f"nothing was sent; {len(chosen)} datasets would be, with --send"]:
            err.print(f"kg: note: {note}", markup=False)
        return
    if gaps:
        raise PublishError(f"not yet: {'; '.join(gaps)}. Set them and run 'kg build' first.")
    failed = _deliver(to, chosen, visible=publish)
    raise typer.Exit(1 if failed else 0)


def _chosen(payloads: "list[Payload]", refs: list[str]) -> "list[Payload]":
    """The datasets with these names, or all; raises PublishError for a name that none has."""
    by_ref = {payload["dctIdentifier"].rpartition("#")[2]: payload for payload in payloads}
    unknown = [ref for ref in refs if ref not in by_ref]
    if unknown:
        raise PublishError(f"--only: the release has no dataset '{unknown[0]}'; there are {', '.join(by_ref)}")
    return [payload for ref, payload in by_ref.items() if not refs or ref in refs]


def _deliver(address: str, payloads: "list[Payload]", *, visible: bool) -> int:
    """Send them, with a line for each; returns how many were not taken."""
    from kg.publishing.delivery import Datastore
    from kg.publishing.delivery import publish as deliver

    client, key = os.environ.get("KG_DATA_OVERHEID_CLIENT", ""), os.environ.get("KG_DATA_OVERHEID_KEY", "")
    if not (address and client and key):
        names = "--to or KG_DATA_OVERHEID_URL, KG_DATA_OVERHEID_CLIENT and KG_DATA_OVERHEID_KEY"
        raise PublishError(f"sending needs {names}; data.overheid.nl gives them to who may deliver")
    failed = 0
    with progress("kg publish data.overheid.nl") as step, Datastore(address, client, key) as datastore:
        for outcome in deliver(datastore, payloads, visible=visible, step=step):
            words = [outcome.done, outcome.identifier, outcome.status, outcome.problem]
            typer.echo("  ".join(word for word in words if word))
            failed += outcome.done == "failed"
    return failed
