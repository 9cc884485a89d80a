"""What `make docs` runs: docs/kommandoer.md and docs/tabeller.md, written from the commands and from what the tables declare."""

import inspect
import sys
from pathlib import Path

import click

from nlib.build import pipeline
from nlib.cli import main
from nlib.core.tables import Dataset, Imported, Lineage, Raw

DOCS = Path(__file__).parents[1] / "docs"
MADE = "<!-- Skrevet av make docs. Rett deklarasjonen, ikke denne siden. -->"
KINDS = {
    "str": "tekst",
    "string": "tekst",
    "int64": "heltall",
    "Int64": "heltall",
    "float64": "tall",
    "bool": "ja/nei",
    "boolean": "ja/nei",
    "object": "omriss",
    "integer": "TALL",
    "integer range": "TALL",
    "choice": "NAVN",
    "text": "TEKST",
}


def commands() -> str:
    """Every command with its arguments and options, as the command line tells them."""
    parts = [
        "# Kommandoene\n\n" + MADE,
        "Hver kommando har `--help`. Det som gjelder alle (utgangskoder, innstillinger, logg, hvor mye som sies), står i\n"
        "[kommandolinjen](kommandolinjen.md), og feilene i [feilsøking](feilsoeking.md).",
        *_commands(main, click.Context(main, info_name="nlib")),
    ]
    return "\n\n".join(parts) + "\n"


def _commands(group, context):
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        own = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from _commands(command, own)
            continue
        words = [own.command_path, *(p.make_metavar(own) for p in command.params if isinstance(p, click.Argument))]
        options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
        yield f"## {own.command_path}\n\n{command.help}\n\n    {' '.join([*words, '[VALG]' if options else '']).strip()}"
        if options:
            yield _table(("valg", "hva"), [(_names(option, own), _help(option)) for option in options])


def _names(option, context):
    names = ", ".join(sorted(option.opts, key=len, reverse=True))
    kind = "" if option.is_flag else option.metavar or KINDS.get(option.type.name, "")
    return f"`{names} {kind}`" if kind else f"`{names}`"


def _help(option):
    told = [option.help]
    if isinstance(option.type, click.Choice):
        told.append(f"En av: {', '.join(option.type.choices)}.")
    if option.show_default:
        told.append(f"Uten: {option.show_default if isinstance(option.show_default, str) else option.default}.")
    return " ".join(told)


def tables() -> str:
    """Every table: what it is, its key, what it is made of, and what each column means."""
    declared = sorted(pipeline.datasets().values(), key=lambda dataset: dataset.name)
    rows = [(f"[`{dataset.name}`](#{dataset.name})", dataset.title, ", ".join(sorted(_sources(dataset)))) for dataset in declared]
    parts = [
        "# Tabellene\n\n" + MADE,
        f"{len(declared)} tabeller. `nlib.table` gir en av dem i en notatbok, `nlib.describe` kolonnene. Et tall som mangler,\n"
        "er tomt og aldri null. Hva en utgave har av år, rader og manglende tall, står på siden «Om tallene» blant rapportene.",
        _table(("tabell", "innhold", "kilder, gjennom alle ledd"), rows),
        *(_described(dataset) for dataset in declared),
    ]
    return "\n\n".join(parts) + "\n"


def _sources(dataset: Dataset):
    """The producers' tables that a table comes from, through all its parents, and the kinds of files."""
    own = {need.table if isinstance(need, Raw) else need.kind for need in dataset.needs if isinstance(need, Raw | Imported)}
    return own.union(*(_sources(pipeline.datasets()[parent]) for parent in dataset.parents))


def _described(dataset: Dataset) -> str:
    place = Path(inspect.getfile(sys.modules[dataset.build.__module__])).relative_to(DOCS.parent).as_posix()
    facts = [
        f"- nøkkel: {', '.join(f'`{column}`' for column in dataset.key)}",
        f"- av: {'; '.join(map(_need, dataset.needs)) or 'prosjektets egen liste'}",
        f"- regnes ut i [`{place}`](../{place})",
    ]
    if dataset.moment:
        facts.insert(1, f"- tallene gjelder: {dataset.moment}")
    columns = [
        (f"`{c.column}`", KINDS[c.dtype.partition("[")[0]], c.unit, c.meaning) for c in dataset.columns().itertuples(index=False)
    ]
    return (
        f"## {dataset.name}\n\n{dataset.title}\n\n"
        + "\n".join(facts)
        + "\n\n"
        + _table(("kolonne", "type", "enhet", "betydning"), columns)
    )


def _need(need: Raw | Imported | Lineage | str) -> str:
    if isinstance(need, str):
        return f"[`{need}`](#{need})"
    if isinstance(need, Lineage):
        return "hva som er oppdiktet av dem"
    if isinstance(need, Imported):
        return f"filer (`nlib import --as {need.kind}`): {need.source}"
    return f"[{need.source}]({need.page})" + (" (valgfri)" if need.optional else "")


def _table(headings, rows) -> str:
    cells = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in cells)


PAGES = {"kommandoer.md": commands, "tabeller.md": tables}

if __name__ == "__main__":
    for name, write in PAGES.items():
        (DOCS / name).write_text(write(), encoding="utf-8")
