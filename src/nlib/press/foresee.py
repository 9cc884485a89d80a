"""What a command would do, and about how long it would take: `--dry-run`. Nothing is written, and no figures are asked for."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from nlib.build import fetching as fetch
from nlib.build import pipeline
from nlib.core.errors import many
from nlib.core.store import Edition
from nlib.data.fetch import Client
from nlib.press import export, publish

# seconds of one core for a table, a page, a workbook and a CSV file, measured on two cores (docs/scale.md)
TABLE, PAGE, BOOK, CSV = 0.7, 0.87, 3, 0.08


@dataclass(frozen=True)
class _Asked(Edition):
    """An edition whose tables all seem to stand, so that a build of it builds nothing; `lacking` are those that do not."""

    lacking: list[str] = field(default_factory=list, compare=False)

    def has_table(self, name: str, inputs: str) -> bool:
        if not super().has_table(name, inputs):
            self.lacking.append(name)
        return True

    @property
    def outdated(self) -> bool:
        return False


def fetching(edition: Edition, client: Client, only: Iterable[str] = ()) -> tuple[list[str], list[str]]:
    """What `nlib fetch` would fetch, and what would not come."""
    ahead, seconds, faults = fetch.foreseen(edition, client, only)
    calls = {name: number for name, number in ahead.items() if number}
    stand = len(ahead) - len(calls)
    ask = f"{sum(calls.values())} kall til {many(len(calls), 'kilde', 'kilder')}"
    first = f"Utgaven {edition.name}: {ask}, {stand} er uendret. {about(seconds)}"
    lost = [f"{', '.join(names)}: {why}" for why, names in fetch.by_reason(faults).items()]
    return [first, *(f"  {name}: {number} kall" for name, number in calls.items())], lost


def updating(edition: Edition, client: Client, kommuner: Collection[str], jobs: int) -> tuple[list[str], list[str]]:
    """What `nlib update` would do, and what would not come; what new figures change of tables and pages is not known before they
    are here."""
    publish.chosen_notebooks(edition)
    lines, lost = fetching(edition, client)
    if not edition.raw_manifest():
        return [*lines, "Tabellene og sidene lages når tallene er hentet."], lost
    lines += building(edition)
    if edition.holds_table("municipalities"):
        lines += reporting(edition, kommuner, (), jobs, changed=True)
    return [*lines, "Nye tall gir flere tabeller og sider enn dette."], lost


def building(edition: Edition) -> list[str]:
    """What `nlib build` would build."""
    asked = _Asked(edition.name, edition.root)
    pipeline.build(asked, lambda line: None, edition.processed_manifest().get("accepted", {}))
    if not asked.lacking:
        return [f"Utgaven {edition.name}: ingen tabeller er endret, ingenting bygges"]
    stand = len(pipeline.datasets()) - len(asked.lacking)
    built = many(len(asked.lacking), "tabell", "tabeller")
    first = f"Utgaven {edition.name}: {built} bygges, {stand} er uendret. {about(TABLE * len(asked.lacking))}"
    return [first, *(f"  {name}" for name in asked.lacking)]


def reporting(edition: Edition, kommuner: Collection[str], names: Collection[str], jobs: int, **options) -> list[str]:
    """What `nlib report` would make; options as for `nlib.press.publish.foreseen`."""
    made, stand = publish.foreseen(edition, kommuner, names, **options)
    return [f"Utgaven {edition.name}: {many(made, 'side', 'sider')} lages, {stand} er uendret. {about(PAGE * made / jobs)}"]


def exporting(edition: Edition, kommuner: Collection[str], tables: Collection[str], to: Path | None, **options) -> list[str]:
    """What `nlib export` would write; options as for `nlib.press.export`."""
    if kommuner or tables:
        paths = list(export.workbooks(edition, kommuner, tables, to, options["firms"], dry=True))
        return [
            f"Utgaven {edition.name}: {many(len(paths), 'Excel-bok', 'Excel-bøker')} skrives. {about(BOOK * len(paths))}",
            *(f"  {path}" for path in paths),
        ]
    names = [dataset.name for dataset, _ in export.packed(edition, **options)]
    where = to or edition.reports / "data"
    first = f"Utgaven {edition.name}: {many(len(names), 'tabell', 'tabeller')} skrives som CSV i {where}. {about(CSV * len(names))}"
    return [first, *(f"  {name}" for name in names)]


def about(seconds: float) -> str:
    """So many seconds as a rough time."""
    if seconds < 90:
        return f"Omtrent {round(seconds)} sekunder" if seconds >= 1.5 else "Et øyeblikk"
    return f"Omtrent {round(seconds / 60)} minutter"
