"""What `make report` runs: SSB's figures where the network answers, the synthetic edition where it does not, then the report."""

import datetime
import sys

import click
import requests

from nlib.cli import run as nlib
from nlib.core import settings, store
from nlib.data.fetch import SSB_API


@click.command()
@click.argument("kommune", nargs=-1, required=True)
@click.option("--edition", default=str(datetime.date.today().year))
def main(kommune, edition):
    asked = settings.value("api")
    api = asked or SSB_API
    if edition != store.DEMO and (asked or answers(api)):
        call("fetch", "--edition", edition)
    elif edition != store.DEMO and edition in store.editions() and store.edition(edition).processed_manifest():
        click.echo(f"{api} svarer ikke: bruker utgaven {edition}, som er hentet før.")
    else:
        if edition != store.DEMO:
            click.echo(f"{api} svarer ikke: bruker den syntetiske utgaven demo. Tallene er ikke virkelige.")
        edition = store.DEMO
        call("demo")
    call("build", "--edition", edition)
    call("report", *kommune, "--edition", edition)


def answers(api: str) -> bool:
    """Whether the service answers within ten seconds."""
    try:
        return requests.get(f"{api}/pxwebapi/v2/config", timeout=(5, 5)).ok
    except requests.RequestException:
        return False


def call(*words):
    """One nlib command; the first that fails ends the run with its exit code."""
    try:
        nlib(list(words))
    except SystemExit as done:
        if done.code:
            sys.exit(done.code)


if __name__ == "__main__":
    main()
