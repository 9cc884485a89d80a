"""What `make report` runs: SSB's figures where the network answers, the synthetic edition where it does not, then the report."""

import datetime
import sys

import click
import requests

from nlib.build import regions
from nlib.cli import run as nlib
from nlib.core import settings, store
from nlib.core.errors import NlibError
from nlib.core.municipalities import resource
from nlib.data.fetch import SSB_API


@click.command()
@click.argument("kommune", nargs=-1, required=True)
@click.option("--edition", "named")
def main(kommune, named):
    asked, edition = settings.value("api"), named or str(datetime.date.today().year)
    api = asked or SSB_API
    if edition != store.DEMO and (asked or answers(api)):
        call("fetch", "--edition", edition)
    elif edition != store.DEMO and edition in store.editions() and store.edition(edition).processed_manifest():
        click.echo(f"{api} svarer ikke: bruker utgaven {edition}, som er hentet før.")
    elif named and edition != store.DEMO:
        sys.exit(f"{api} svarer ikke, og utgaven {edition} er ikke hentet før. Uten EDITION lages rapporten med demotall.")
    else:
        if edition != store.DEMO:
            click.echo(f"{api} svarer ikke: bruker utgaven demo. Folketall og pendling er SSBs, resten er oppdiktet og merket.")
        edition = store.DEMO
        try:
            for text in kommune:
                regions.find(Shipped(), text)
        except NlibError as error:
            sys.exit(f"nlib: {error}")
        call("demo")
    call("build", "--edition", edition)
    call("report", *kommune, "--edition", edition)


class Shipped:
    """The municipalities that come with nlib, which those of the demo edition are: known before it is made."""

    def digests(self, *names):
        return names

    def kept(self, name):
        return resource({"municipality_codes": "municipalities.csv", "municipality_changes": "municipality_changes.csv"}[name])


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
