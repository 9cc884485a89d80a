"""The command line: thin, and the one place where errors are caught.

What takes time to load (`nlib.store` has pandas with it) is imported by the command that uses it, so that `nlib report` can begin
the process that makes pages before it loads anything itself.
"""

import atexit
import contextlib
import gc
import os
import re
import sys
from pathlib import Path

import click

from nlib import __version__
from nlib.errors import NlibError, WrongUse
from nlib.translations import LANGUAGES, speak, spoken

PAGE = re.compile(r"(\d+) av (\d+): ")  # how `reports` tells of a page
jobs_option = click.option(
    *("--jobs", "-j"),
    default=os.cpu_count() or 1,
    show_default="antall kjerner",
    type=click.IntRange(1),
    help="Så mange om gangen.",
)
edition_option = click.option("--edition", metavar="E", help="Utgaven, for eksempel 2026. Uten: den nyeste som finnes.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nlib")
def main():
    """Åpne, etterprøvbare analyser av norske kommuner."""


@main.command()
@edition_option
@click.option("--only", multiple=True, metavar="TABELL", help="Bare denne tabellen eller kilden; kan gjentas.")
def fetch(edition, only):
    """Hent tall fra SSB, KLASS og Kartverket til data/raw/E."""
    from nlib import pipeline, store

    name = edition or store.this_year()
    with store.alone(store.home()):
        pipeline.fetch(store.new_edition(name), _client(), only, click.echo)
    click.echo(f"Utgaven {name} er hentet. Neste: nlib build --edition {name}")


@main.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FIL...", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--edition", metavar="E", help="Utgaven. Uten: den nyeste med virkelige tall, eller årets.")
@click.option(
    "--as",
    "kind",
    type=click.Choice(
        [
            *("statbank", "telemarksforsking", "regnskap", "bro", "framskriving", "utslipp", "maal", "indikatorer"),
            *("svar", "ramme", "notater", "kommunegrenser"),
        ]
    ),
    help="Hva filene er.",
)
@click.option("--forget", is_flag=True, help="Ta filene ut av utgaven igjen.")
def import_(files, edition, kind, forget):
    """Ta inn filer du har lastet ned eller fått: fra Statistikkbanken, Telemarksforsking, regnskap, kommunegrenser."""
    from nlib import imports, store

    root = store.home()
    with store.alone(root) if (root / "data").is_dir() else contextlib.nullcontext():
        if forget:
            if missing := imports.forget(imports.edition(edition), files, click.echo):
                raise NlibError("\n".join(missing))
            return
        failed = imports.load(imports.edition(edition), files, kind, click.echo)
    if failed:
        raise NlibError(f"{len(failed)} av {len(files)} filer ble ikke tatt inn:\n" + "\n".join(f"  - {line}" for line in failed))


@main.command()
@click.option("--seed", default=1, show_default=True, help="Frøet tallene trekkes med.")
def demo(seed):
    """Lag den syntetiske utgaven demo: ekte kart og numre, oppdiktede tall."""
    from nlib import pipeline, store

    with store.alone(store.home()):
        pipeline.demo(store.new_edition(store.DEMO), seed, click.echo)
    click.echo("Utgaven demo er laget. Tallene er ikke virkelige. Neste: nlib build --edition demo")


@main.command()
@edition_option
@click.option("--accept", multiple=True, metavar="REGEL", help="Gå videre selv om denne regelen er brutt; det sies på sidene.")
def build(edition, accept):
    """Bygg tabellene i data/processed/E fra data/raw/E."""
    from nlib import pipeline, store

    chosen = store.edition(edition)
    with store.alone(chosen.root):
        pipeline.build(chosen, click.echo, accept)


@main.command()
@click.argument("kommune", nargs=-1)
@click.option("--all", "everyone", is_flag=True, help="Alle kommuner.")
@click.option("--notebook", "-n", "names", multiple=True, metavar="N", help="Bare denne notatboken; kan gjentas.")
@edition_option
@jobs_option
@click.option(
    "--engine",
    type=click.Choice(["nlib", "kernel"]),
    help="Hva notatbøkene kjøres med: nlib (én prosess hver, uten kjerne) eller kernel (Jupyter-kjerne). Uten: nlib der det går.",
)
@click.option(
    "--scheduler",
    metavar="ADRESSE",
    help="Lag sidene på en Dask-klynge: adressen til planleggeren, for eksempel tcp://10.0.0.1:8786. Ellers på denne maskinen.",
)
@click.option("--changed", is_flag=True, help="Bare sider der tall, notatbok eller kode er endret siden sist.")
@click.option("--pdf", is_flag=True, help="Skriv også hver side som PDF ved siden av (krever Chromium).")
@click.option("--files", is_flag=True, help="Legg figurene som SVG og PNG og tallene som Excel ved siden av hver side.")
@click.option("--code", is_flag=True, help="Lag også forskerutgaven: siden med koden, tabellene og notatboken.")
@click.option(
    "--language",
    type=click.Choice(list(LANGUAGES)),
    help="Språket på sidene: nb (bokmål), nn (nynorsk) eller en (engelsk). nn og en får hver sin mappe i utgaven.",
)
def report(kommune, everyone, names, edition, jobs, engine, scheduler, changed, pdf, files, code, language):
    """Lag rapportene for KOMMUNE (nummer eller navn, en eller flere)."""
    if everyone == bool(kommune):
        raise click.UsageError("Oppgi enten kommuner eller --all.")
    speak(language or spoken())
    from nlib.run import fork

    if fork.AVAILABLE and engine != "kernel" and not (scheduler or changed):
        fork.begin("nlib.reports.loading:libraries")
    from nlib import store
    from nlib.reports import publish
    from nlib.reports.beside import CODE, FILES

    beside = [kind for kind, wanted in ((FILES, files), (CODE, code)) if wanted]
    made = publish.make(store.edition(edition), kommune, names, jobs, click.echo, engine, changed, pdf, beside, scheduler=scheduler)
    if failed := made.failed:
        raise NlibError(f"{len(failed)} av rapportene ble ikke laget:\n" + "\n".join(f"  - {line}" for line in failed))


@main.command()
@click.argument("kommune", nargs=-1)
@edition_option
@jobs_option
@click.option("--scheduler", metavar="ADRESSE", help="Lag sidene på en Dask-klynge, som for nlib report.")
@click.option("--latest", is_flag=True, help="La reports/latest peke hit selv om noe feilet.")
def update(kommune, edition, jobs, scheduler, latest):
    """Hent, bygg og lag alle rapporter som er berørt (eller bare dem for KOMMUNE); det en tidsstyrt jobb kaller."""
    from nlib import store
    from nlib import update as yearly

    name = edition or store.this_year()
    with _progress() as say:
        failed = yearly.update(name, _client(), jobs, say, latest=latest, scheduler=scheduler, kommuner=kommune)
    if failed:
        raise NlibError(f"{len(failed)} ting feilet i kjøringen:\n" + "\n".join(f"  - {line}" for line in failed))


@main.command()
@click.argument("kommune", nargs=-1)
@click.option("--table", "-t", "tables", multiple=True, metavar="TABELL", help="En Excel-bok av denne tabellen; kan gjentas.")
@edition_option
@click.option("--to", metavar="MAPPE", type=click.Path(file_okay=False, path_type=Path), help="Hvor. Uten: blant rapportene.")
@click.option("--open", "open_only", is_flag=True, help="Bare tabeller der alle kilder har oppgitt lisens (datapakken).")
def export(kommune, tables, edition, to, open_only):
    """Skriv hele utgaven som datapakke (CSV), eller en Excel-bok for hver KOMMUNE og TABELL."""
    from nlib import store
    from nlib.reports import export as exported

    chosen = store.edition(edition)
    if kommune or tables:
        if open_only:
            raise click.UsageError("--open gjelder datapakken, ikke Excel-bøker.")
        for path in exported.workbooks(chosen, kommune, tables, to):
            click.echo(path)
    else:
        click.echo(exported.package(chosen, to or chosen.reports / "data", open_only))


@main.command()
@click.argument("kommune")
@edition_option
def gallery(kommune, edition):
    """Lag galleri.html: alle figurene for KOMMUNE som små bilder, med navnene de hentes med i en notatbok."""
    from nlib import store
    from nlib.reports import gallery as small

    click.echo(small.make(store.edition(edition), kommune))


@main.command("list")
@click.argument("what", type=click.Choice(["kommuner", "tabeller", "notebooks", "editions"]))
@edition_option
def list_(what, edition):
    """Vis hva som finnes."""
    from nlib import pipeline, store
    from nlib.run import local

    if what == "editions":
        lines = store.editions()
    elif what == "notebooks":
        lines = local.notebooks(store.home() / "notebooks")
    elif what == "tabeller":
        there = pipeline.describe(store.edition(edition)).to_dict("records") if store.editions() else []
        covered = {row["Tabell"]: f"{row['År']:10} {row['Rader']:>8} rader  {row['Kilde']}" for row in there}
        lines = [f"{d.name:28} {d.title:52} {covered.get(d.name, 'ikke bygd')}" for d in pipeline.datasets().values()]
    else:
        table = store.edition(edition).table("municipalities")
        lines = [f"{row.komm_nr}  {row.name:34} {row.county}" for row in table.itertuples(index=False)]
    click.echo("\n".join(lines))


@main.command()
@edition_option
@click.option("--api", is_flag=True, help="Spør i stedet produsentene om kildene er slik de er deklarert. Henter ingen tall.")
def check(edition, api):
    """Se hva som finnes i utgaven, hva som mangler og hva som ikke stemmer."""
    from nlib import pipeline, store

    if api:
        lines, faults = pipeline.api_check(store.edition(edition) if edition or store.editions() else None, _client())
        click.echo("\n".join(lines))
        if faults:
            listed = "\n".join(f"  - {fault}" for fault in faults)
            raise NlibError(f"{len(faults)} kilder svarer ikke, eller er ikke slik de er deklarert:\n{listed}")
        return
    chosen = store.edition(edition)
    lines, faults = pipeline.check(chosen)
    click.echo("\n".join(lines))
    if faults:
        raise NlibError(f"Utgaven {chosen.name} har {len(faults)} feil:\n" + "\n".join(f"  - {fault}" for fault in faults))


@main.group()
def survey():
    """Næringslivsundersøkelsen (NæringsPuls): lag kodeboken som svarene leses med."""


@survey.command()
@click.argument("file", metavar="FIL", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", metavar="KODEBOK", type=click.Path(dir_okay=False, path_type=Path), help="Hvor. Uten: ved siden av FIL.")
def draft(file, to):
    """Skriv et utkast til kodebok for FIL, en eksport fra et skjemaverktøy (CSV eller Excel)."""
    from nlib import imports, store

    to = to or file.with_suffix(imports.BESIDE)
    if to.exists():
        raise WrongUse(f"{to} finnes fra før: flytt den, eller velg et annet navn med --to")
    store.write(to, imports.draft(file).encode())
    click.echo(f"{to}: utkast til kodebok. Les gjennom og rett det. Neste: nlib import {file} --as svar")


def run(arguments=None):
    """The door: exit code 0 when all is done, 1 when something failed (it is named), 2 for wrong use."""
    atexit.register(gc.freeze)  # a third of a second: nothing is looked for in what is thrown away whole
    try:
        main.main(args=arguments, prog_name="nlib", standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except NlibError as error:
        click.echo(f"nlib: {error}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        click.echo(f"nlib: {_plain(error)}", err=True)
        sys.exit(1)


@contextlib.contextmanager
def _progress():
    """How a long run tells how far it is: a bar with the time left on a terminal, plain lines in a log, one in twenty of them."""
    if not sys.stderr.isatty():
        yield _line
        return
    from tqdm import tqdm

    with tqdm(unit="side", file=sys.stderr, dynamic_ncols=True) as bar:

        def say(text):
            if told := PAGE.match(text):
                bar.total, bar.n = int(told[2]), int(told[1])
                bar.refresh()
            if not told or "feilet" in text:
                bar.write(text, file=sys.stderr)

        yield say


def _line(text):
    told = PAGE.match(text)
    if not told or "feilet" in text or int(told[1]) % max(1, int(told[2]) // 20) == 0:
        click.echo(text)


def _client():
    from nlib.fetch import service

    return service(click.echo)


def _plain(error: OSError) -> str:
    """What the operating system refused, and what to do about it."""
    from nlib import store

    where = Path(error.filename).parent if error.filename else store.home()
    todo = {
        28: "Disken er full: frigjør plass og kjør samme kommando om igjen.",
        13: "Mangler skrivetilgang.",
        30: "Filsystemet er skrivebeskyttet.",
    }
    return f"{where}: {todo.get(error.errno or 0, error.strerror or str(error))} Ingenting av det som var der fra før er endret."


if __name__ == "__main__":
    run()
