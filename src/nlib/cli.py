"""The command line: thin, and the one place where errors are caught.

What takes time to load (most has pandas with it) is imported by the command that uses it, so that `nlib report` can begin the
process that makes pages before it loads anything itself.
"""

import atexit
import contextlib
import errno
import gc
import io
import json
import os
import signal
import sys
import threading
import traceback
from pathlib import Path

import click

from nlib import __version__
from nlib.core import settings, store
from nlib.core.errors import NlibError, WrongUse, many
from nlib.core.translations import LANGUAGES, speak
from nlib.press.terminal import PLAIN, QUIET, VERBOSE, Terminal, speak_bokmaal

speak_bokmaal()  # before the commands: some of its texts stand in what declares them
terminal = Terminal()
REFUSED = {
    errno.ENOSPC: "Disken er full: frigjør plass og kjør samme kommando om igjen.",
    errno.EDQUOT: "Kvoten er brukt opp: frigjør plass og kjør samme kommando om igjen.",
    errno.EFBIG: "Filen er større enn grensen (ulimit -f): hev den og kjør samme kommando om igjen.",
    errno.EACCES: "Mangler skrivetilgang.",
    errno.EROFS: "Filsystemet er skrivebeskyttet.",
}
NO_MEMORY = ("Cannot allocate memory", "failed to map segment", "can't start new thread")  # as errors of several kinds tell it
NEEDED = "om lag 1 GB, og 2,5 GB adresserom,"
UNCHANGED = "Ingenting av det som var der fra før er endret."
BY_HAND = ("import", "survey", "draft")  # commands on files whose names are for no log, also where there is no such file


def _loudness(context, parameter, given):
    if given:
        level = VERBOSE if parameter.name == "verbose" else QUIET
        if terminal.level not in (PLAIN, level):
            raise click.UsageError("Velg enten --verbose eller --quiet.")
        terminal.level = level


def _logged(context, parameter, path):
    if path:
        terminal.log_to(path)
        if context.parent:
            terminal.note(context.command_path)
        if context.info_name in BY_HAND:
            terminal.stop_log()


class Command(click.Command):
    def __init__(self, *words, **options):
        super().__init__(*words, **{"options_metavar": "[VALG]"} | options)
        self.params += _everywhere(hidden=True)


class Group(click.Group):
    command_class = Command
    group_class = type  # groups within are so too

    def __init__(self, *words, **options):
        super().__init__(*words, **{"options_metavar": "[VALG]", "subcommand_metavar": "KOMMANDO ..."} | options)
        self.params += _everywhere(hidden=False)


def _everywhere(hidden):
    """The options that every command has, before its name and after it."""
    common = {"expose_value": False, "hidden": hidden}
    flag = common | {"is_flag": True, "callback": _loudness}
    file = common | {"metavar": "FIL", "type": click.Path(dir_okay=False, path_type=Path), "callback": _logged}
    return [
        click.Option(["--verbose", "-v"], help="Hver linje, og veien gjennom koden til feil.", **flag),
        click.Option(["--quiet", "-q"], help="Bare svar og feil.", **flag),
        click.Option(["--log-file"], help="Skriv alt som sies, også til slutten av denne filen, med klokkeslett.", **file),
    ]


def _completed(names):
    """Completion by Tab among the names that a function gives."""
    return lambda context, parameter, begun: [name for name in names() if name.startswith(begun)]


def _notebooks():
    from nlib.press import local

    return local.notebooks(store.home() / "notebooks")


def _kinds():
    from nlib.data.readers import kinds

    return kinds.kinds()


def _setting(name, kind, usual=None):
    """What an option is where it is not given: its setting."""
    return {"default": lambda: settings.value(name) or usual, "type": kind}


jobs_option = click.option(
    *("--jobs", "-j"),
    **_setting("jobs", click.IntRange(1), os.cpu_count() or 1),
    metavar="ANTALL",
    show_default="antall kjerner",
    help="Så mange om gangen.",
)
engine_option = click.option(
    "--engine",
    **_setting("engine", click.Choice(["nlib", "kernel"])),
    help="Hva notatbøkene kjøres med: nlib (én prosess hver, uten kjerne) eller kernel (Jupyter-kjerne). Uten: nlib der det går.",
)
scheduler_option = click.option(
    "--scheduler",
    **_setting("scheduler", click.STRING),
    metavar="ADRESSE",
    help="Lag sidene på en Dask-klynge: adressen til planleggeren, for eksempel tcp://10.0.0.1:8786. Ellers på denne maskinen.",
)
keep_option = click.option(
    "--keep-notebooks",
    is_flag=True,
    help="Ta vare på hver notatbok ved siden av siden, slik den ble kjørt: med parametere, alle celler og det de viste.",
)
edition_option = click.option(
    "--edition",
    metavar="E",
    shell_complete=_completed(store.editions),
    help="Utgaven, for eksempel 2026. Uten: den nyeste som finnes.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Skriv svaret som JSON.")
dry_option = click.option("--dry-run", is_flag=True, help="Si bare hva som ville blitt gjort, og omtrent hvor lenge det tar.")


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nlib", message="%(prog)s %(version)s")
@click.pass_context
def main(context):
    """Åpne, etterprøvbare analyser av norske kommuner."""
    if (path := settings.value("log_file")) and not terminal.logging:
        terminal.log_to(Path(path))
    terminal.note(f"nlib {context.invoked_subcommand}")
    if context.invoked_subcommand in BY_HAND:
        terminal.stop_log()
    if context.invoked_subcommand != "config" and (language := settings.value("language")):
        speak(language)


def _real(name):
    """The edition that figures are fetched to, this year's where none is named; the synthetic one is made, not fetched."""
    if name == store.DEMO:
        raise WrongUse("Tallene i utgaven demo er oppdiktet, og lages med nlib demo: velg et år, for eksempel --edition 2026")
    return store.new_edition(name or store.this_year())


@main.command()
@edition_option
@click.option("--only", multiple=True, metavar="TABELL", help="Bare denne tabellen eller kilden; kan gjentas.")
@dry_option
def fetch(edition, only, dry_run):
    """Hent tall fra SSB, KLASS og Kartverket til data/raw/E."""
    from nlib.build import fetching

    chosen = _real(edition)
    if dry_run:
        from nlib.press import foresee

        return _foreseen(*foresee.fetching(chosen, _client(), only))
    with _alone(chosen):
        fetching.fetch(chosen, _client(), only, terminal.say)
    absent = sorted(chosen.raw_manifest().get("absent", {}))
    without = f" uten {', '.join(absent)}" if absent else ""
    terminal.show(f"Utgaven {chosen.name} er hentet{without}. Neste: nlib build --edition {chosen.name}")


@main.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FIL...", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--edition", metavar="E", help="Utgaven. Uten: den nyeste med virkelige tall, eller årets.")
@click.option(
    "--as",
    "kind",
    metavar="SLAG",
    shell_complete=_completed(_kinds),
    help="Hva filene er; uten kjennes de igjen. Et ukjent slag lister dem som finnes.",
)
@click.option("--forget", is_flag=True, help="Ta filene ut av utgaven igjen.")
def import_(files, edition, kind, forget):
    """Ta inn filer du har lastet ned eller fått: fra Statistikkbanken, Telemarksforsking, regnskap, kommunegrenser."""
    from nlib.build import imports

    chosen = imports.edition(edition)
    with _alone(chosen):
        if forget:
            if missing := imports.forget(chosen, files, terminal.show):
                raise NlibError("\n".join(missing))
            return
        failed = imports.load(chosen, files, kind, terminal.show)
    if failed:
        raise _failed(f"{len(failed)} av {len(files)} filer ble ikke tatt inn", failed)


@main.command()
@click.option("--seed", default=1, metavar="TALL", type=click.IntRange(0), show_default=True, help="Frøet tallene trekkes med.")
def demo(seed):
    """Lag utgaven demo: SSBs folketall og pendling som følger med nlib, resten oppdiktet."""
    from nlib.build import pipeline

    chosen = store.new_edition(store.DEMO)
    with _alone(chosen):
        pipeline.demo(chosen, seed, terminal.say)
    terminal.show("Utgaven demo er laget: folketall og pendling er SSBs, resten er oppdiktet. Neste: nlib build --edition demo")


@main.command()
@edition_option
@click.option("--accept", multiple=True, metavar="REGEL", help="Gå videre selv om denne regelen er brutt; det sies på sidene.")
@dry_option
def build(edition, accept, dry_run):
    """Bygg tabellene i data/processed/E fra data/raw/E."""
    from nlib.build import pipeline

    chosen = store.edition(edition)
    if dry_run:
        from nlib.press import foresee

        return _answer(foresee.building(chosen))
    with _alone(chosen):
        pipeline.build(chosen, terminal.say, accept)


class Report(Command):
    def parse_args(self, context, args):
        """Refuse places both before and after --compare: who writes so means them all to be compared with."""
        at = next((at for at, word in enumerate(args) if word.partition("=")[0] == "--compare"), len(args))
        before, every = (self.make_parser(context).parse_args(list(some))[0]["kommune"] for some in (args[:at], args))
        if isinstance(before, tuple) and (after := every[len(before) :]):
            todo = "Skriv dem det måles mot, med komma mellom (--compare A,B), og dem det lages sider for, foran."
            raise click.UsageError(f"{', '.join(after)} står etter --compare. {todo}", context)
        return super().parse_args(context, args)


@main.command(cls=Report)
@click.argument("kommune", nargs=-1)
@click.option("--all", "everyone", is_flag=True, help="Alle kommuner.")
@click.option(
    "--notebook",
    "-n",
    "names",
    multiple=True,
    metavar="N",
    shell_complete=_completed(_notebooks),
    help="Bare denne notatboken; kan gjentas.",
)
@edition_option
@jobs_option
@engine_option
@scheduler_option
@click.option("--changed", is_flag=True, help="Bare sider der tall, notatbok eller kode er endret siden sist.")
@click.option(
    "--compare",
    multiple=True,
    metavar="KOMMUNE",
    help="Hvem det måles mot: numre eller navn, komma mellom; kan gjentas. Uten: de i nlib.toml, ellers de som ligner mest.",
)
@click.option("--pdf", is_flag=True, help="Skriv også hver side som PDF ved siden av, og rapporten som notat (krever Chromium).")
@click.option("--files", is_flag=True, help="Legg figurene som SVG og PNG og tallene som Excel ved siden av hver side.")
@click.option("--code", is_flag=True, help="Lag også forskerutgaven: siden med koden, tabellene og notatboken.")
@keep_option
@click.option(
    "--language",
    type=click.Choice(list(LANGUAGES)),
    help="Språket på sidene: nb (bokmål), nn (nynorsk) eller en (engelsk). nn og en får hver sin mappe i utgaven.",
)
@dry_option
def report(kommune, everyone, names, edition, compare, files, code, keep_notebooks, language, dry_run, **how):
    """Lag rapportene for KOMMUNE (nummer eller navn, en eller flere)."""
    if how["changed"] and not (everyone or kommune):
        kommune = store.edition(edition).with_pages()
    if everyone == bool(kommune):
        raise click.UsageError("Oppgi enten kommuner eller --all.")
    if language:
        speak(language)
    from nlib.press import fork

    if fork.AVAILABLE and how["engine"] != "kernel" and not (how["scheduler"] or how["changed"] or dry_run):
        fork.begin("nlib.press.loading:libraries")
    from nlib.press import publish
    from nlib.press.beside import CODE, FILES, KEPT

    jobs = how.pop("jobs")
    how["beside"] = [kind for kind, wanted in ((FILES, files), (CODE, code), (KEPT, keep_notebooks)) if wanted]
    how["compare"] = [part.strip() for text in compare for part in text.split(",") if part.strip()]
    if dry_run:
        from nlib.press import foresee

        asked = {name: how[name] for name in ("changed", "beside", "compare")}
        return _answer(foresee.reporting(store.edition(edition), kommune, names, jobs, **asked))
    made = publish.make(_current(store.edition(edition)), kommune, names, jobs, terminal.say, **how)
    if made.unchanged:
        terminal.show(f"{many(made.unchanged, 'side', 'sider')} er uendret")
    if made.failed:
        raise _failed(f"{len(made.failed)} av rapportene ble ikke laget", made.failed)


@main.command()
@click.argument("kommune", nargs=-1)
@edition_option
@jobs_option
@scheduler_option
@click.option("--latest", is_flag=True, help="La reports/latest peke hit selv om noe feilet.")
@keep_option
@dry_option
def update(kommune, edition, jobs, scheduler, latest, keep_notebooks, dry_run):
    """Hent, bygg og lag alle rapporter som er berørt (eller bare dem for KOMMUNE); det en tidsstyrt jobb kaller."""
    from nlib.press import update as yearly
    from nlib.press.beside import KEPT

    name = _real(edition).name
    if dry_run:
        from nlib.press import foresee

        return _foreseen(*foresee.updating(store.new_edition(name), _client(), kommune, jobs))
    how = {"latest": latest, "scheduler": scheduler, "kommuner": kommune, "beside": [KEPT] if keep_notebooks else []}
    if failed := yearly.update(name, _client(), jobs, terminal.say, tell=terminal.show, **how):
        raise _failed(f"{len(failed)} ting feilet i kjøringen", failed)


@main.command()
@click.argument("kommune", nargs=-1)
@click.option("--table", "-t", "tables", multiple=True, metavar="TABELL", help="En Excel-bok av denne tabellen; kan gjentas.")
@edition_option
@click.option("--to", metavar="MAPPE", type=click.Path(file_okay=False, path_type=Path), help="Hvor. Uten: blant rapportene.")
@click.option("--open", "open_only", is_flag=True, help="Bare tabeller der alle kilder har oppgitt lisens (datapakken).")
@click.option("--firms", is_flag=True, help="Ta med foretakenes regnskap; bare til en mappe utenfor rapportene (--to).")
@dry_option
def export(kommune, tables, edition, to, open_only, firms, dry_run):
    """Skriv hele utgaven som datapakke (CSV), eller en Excel-bok for hver KOMMUNE og TABELL."""
    from nlib.press import export as exported

    if open_only and (kommune or tables):
        raise click.UsageError("--open gjelder datapakken, ikke Excel-bøker.")
    if dry_run:
        from nlib.press import foresee

        return _answer(foresee.exporting(store.edition(edition), kommune, tables, to, open_only=open_only, firms=firms))
    chosen = _current(store.edition(edition))
    if kommune or tables:
        for path in exported.workbooks(chosen, kommune, tables, to, firms):
            terminal.show(path)
    else:
        terminal.show(exported.package(chosen, to or chosen.reports / "data", open_only, firms))


@main.command()
@click.argument("kommune")
@edition_option
def gallery(kommune, edition):
    """Lag galleri.html: alle figurene for KOMMUNE som små bilder, med navnene de hentes med i en notatbok."""
    from nlib.press import gallery as small

    terminal.show(small.make(_current(store.edition(edition)), kommune))


@main.command("list")
@click.argument("what", type=click.Choice(["kommuner", "tabeller", "indikatorer", "notebooks", "editions"]))
@edition_option
@json_option
def list_(what, edition, as_json):
    """Vis hva som finnes."""
    from nlib.press import status

    rows = status.listed(what, store.edition(edition) if store.editions() or edition else None)
    if not rows and not as_json:
        return terminal.say(f"{store.home()} har ingen utgaver ennå" if what == "editions" else f"{store.home()} har ingen {what}")
    _answer((status.line(what, row) for row in rows), rows, as_json)


@main.command()
@edition_option
@click.option("--api", is_flag=True, help="Spør i stedet produsentene om kildene er slik de er deklarert. Henter ingen tall.")
@json_option
def check(edition, api, as_json):
    """Se hva som finnes i utgaven, hva som mangler og hva som ikke stemmer."""
    from nlib.build import fetching, pipeline

    if api:
        chosen = store.edition(edition) if edition or store.editions() else None
        name, (lines, faults) = chosen and chosen.name, fetching.api_check(chosen, _client())
        wrong = f"{many(len(faults), 'kilde', 'kilder')} svarer ikke, eller er ikke som deklarert"
    else:
        chosen = store.edition(edition)
        name, (lines, faults) = chosen.name, pipeline.check(chosen)
        wrong = f"Utgaven {name} har {len(faults)} feil"
    _answer(lines, {"edition": name, "lines": lines, "faults": faults}, as_json)
    if faults:
        raise _failed(wrong, faults)


@main.command("status")
@edition_option
@json_option
def status_(edition, as_json):
    """Vis hva den siste kjøringen gjorde, hva som feilet, og om en kjøring pågår."""
    from nlib.press import status

    found = status.of(status.last(edition))
    _answer(status.lines(found), found, as_json)


@main.command()
@json_option
def config(as_json):
    """Vis innstillingene, og hvor hver av dem kommer fra: miljøet, nlib.toml eller det som er vanlig."""
    usual = {name: each.usual for name, each in settings.SETTINGS.items()} | {"home": settings.given("home") or str(store.home())}
    rows = [
        {"name": name, "value": settings.given(name) or usual[name], "source": settings.source(name), "meaning": each.meaning}
        for name, each in settings.SETTINGS.items()
    ]
    rows += [
        {"name": f"compare {place}", "value": ", ".join(others), "source": str(settings.file()), "meaning": "hvem den måles mot"}
        for place, others in settings.comparisons().items()
    ]
    _answer(("{name:10} {value:32} {source:24} {meaning}".format(**row) for row in rows), rows, as_json)
    if faults := [fault for name in settings.SETTINGS if (fault := settings.fault(name))]:
        raise WrongUse("\n".join(faults))
    if settings.comparisons():
        from nlib.build import regions
        from nlib.desk.own_figures import registered

        regions.standing(registered(""))  # WrongUse for what cannot be


@main.command()
@click.option("--dry-run", is_flag=True, help="Si bare hvilke utgaver som ville blitt borte.")
@click.option("--yes", is_flag=True, help="Ikke spør først.")
def prune(dry_run, yes):
    """Fjern gamle utgaver: alt unntatt de to nyeste, den som reports/latest peker på, og demo."""
    from nlib.press import prune as old

    root = store.home()
    with store.alone(root):
        going = old.old(root)
        terminal.show("\n".join(map(str, going)) or "Ingen utgaver er gamle nok til å fjernes.")
        if dry_run or not going or not (yes or click.confirm(f"Fjerne {many(len(going), 'utgave', 'utgaver')} fra {root}?")):
            return
        for each in going:
            old.remove(each.edition)
            terminal.say(f"{each.edition.name} er fjernet")


@main.group()
def survey():
    """Næringslivsundersøkelsen (NæringsPuls): lag kodeboken som svarene leses med."""


@survey.command()
@click.argument("file", metavar="FIL", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", metavar="KODEBOK", type=click.Path(dir_okay=False, path_type=Path), help="Hvor. Uten: ved siden av FIL.")
def draft(file, to):
    """Skriv et utkast til kodebok for FIL, en eksport fra et skjemaverktøy (CSV eller Excel)."""
    from nlib.build import imports

    to = to or file.with_suffix(imports.BESIDE)
    if to.exists():
        raise WrongUse(f"{to} finnes fra før: flytt den, eller velg et annet navn med --to")
    store.write(to, imports.draft(file).encode())
    terminal.show(f"{to}: utkast til kodebok. Les gjennom og rett det. Neste: nlib import {file} --as svar")


def run(arguments=None):
    """The door: exit code 0 when all is done, 1 when something failed (it is named), 2 for wrong use."""
    atexit.register(_leave)
    gc.set_threshold(100_000, 10, 10)  # what is loaded stays: a tenth of the time of a short command is looking for rubbish in it
    terminal.open()
    code, ended = 1, _ended_as_asked()
    try:
        main.main(args=arguments, prog_name="nlib", standalone_mode=False)
        code = 0
    except click.exceptions.Exit as done:
        code = done.exit_code
    except click.ClickException as error:
        message = io.StringIO()
        error.show(file=message)
        terminal.fail(message.getvalue().rstrip())
        code = 2
    except click.Abort:
        terminal.fail("nlib: avbrutt. Kjør kommandoen igjen; den gjør det som ikke ble ferdig")
        code = 143 if ended else 130
    except NlibError as error:
        terminal.fail(f"nlib: {error}")
        code = error.exit_code
    except Exception as error:
        if not (words := _plain(error)):
            terminal.note(traceback.format_exc())
            raise
        terminal.fail(f"nlib: {words}")
    finally:
        terminal.close_bar()
        terminal.note(f"utgangskode {code}")
    if code:
        sys.exit(code)


def _ended_as_asked() -> list[int]:
    """The signals that have asked the command to end (a stopped service, a machine that is shut down): it ends as by Ctrl-C."""
    asked: list[int] = []

    def end(number, frame):
        asked.append(number)
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, end)
    return asked


def _leave():
    """Look for no rubbish in what is thrown away whole, a third of a second; DuckDB tells of what is not looked for as a leak."""
    if "duckdb" not in sys.modules:
        gc.freeze()


@contextlib.contextmanager
def _alone(edition):
    """The folders to oneself, without what a run that was killed had begun on."""
    with store.alone(edition.root):
        store.clear_aside(edition)
        yield


def _current(edition):
    """The edition with its tables as this version has them: those that another built are built anew from what was fetched."""
    if edition.outdated:
        from nlib.build import pipeline

        terminal.say(f"Utgaven {edition.name} er bygd av en annen versjon av nlib: bygger den på nytt")
        with _alone(edition):
            pipeline.build(edition, terminal.say, edition.processed_manifest().get("accepted", {}))
    return edition


def _failed(what, lines):
    """The error of a command that did what it could: what failed, a line each."""
    return NlibError(f"{what}:\n" + "\n".join(f"  - {line}" for line in lines))


def _answer(lines, content=None, as_json=False):
    """What was asked for: its lines, or its content as JSON."""
    terminal.show(json.dumps(content, ensure_ascii=False, indent=1, default=str) if as_json else "\n".join(lines))


def _foreseen(lines, lost):
    """What a fetch would do; an error where something would not come."""
    _answer(lines)
    if lost:
        raise _failed("Noe kan ikke hentes", lost)


def _client():
    from nlib.data.fetch import service

    return service(terminal.say)


def _plain(error: Exception) -> str:
    """What the operating system refused, and what to do about it; empty for an error of another kind."""
    if isinstance(error, MemoryError) or any(sign in str(error) for sign in NO_MEMORY):
        return f"For lite minne: det trengs {NEEDED} for å bygge. Frigjør minne, eller hev grensen (ulimit -v). {UNCHANGED}"
    if not isinstance(error, OSError):
        return ""
    where = Path(error.filename).parent if error.filename else store.home()
    return f"{where}: {REFUSED.get(error.errno or 0, error.strerror or str(error))} {UNCHANGED}"


if __name__ == "__main__":
    run()
