"""The key figures of the index: a few published indicators, each in the latest year that it is known for."""

from dataclasses import dataclass

import pandas as pd

from nlib.core import store
from nlib.core.catalogue import LISTED
from nlib.core.language import alphabetical
from nlib.core.translations import _

INDICATORS = ["population", "growth_pct", "jobs", "in_pct", "out_pct", "higher_pct"]
OWN = "population"  # is its own also where a border was moved; the rest is only shown where it can be compared


@dataclass(frozen=True)
class KeyFigures:
    """A table of one row a municipality (`Nr`, `Kommune`, `Fylke` and indicators by label), their decimals and their years."""

    table: pd.DataFrame
    decimals: dict[str, int]
    years: dict[str, int]


def label(indicator: str) -> str:
    """What an indicator is called as the heading of a column, with its unit."""
    row = LISTED.loc[indicator]
    return f"{_(row['label'])}, {_(row['unit'])}" if row["unit"] else _(row["label"])


def key_figures(edition: store.Edition) -> KeyFigures:
    """The indicators that the edition has facts of, by municipality in alphabetical order."""
    places = edition.kept("municipalities")
    table = pd.DataFrame(
        {_("Nr"): places["komm_nr"], _("Kommune"): places["name"], _("Fylke"): places["county"].fillna(_("Uten fylke"))}
    )
    table = table.sort_values([_("Kommune"), _("Nr")], key=lambda column: column.map(alphabetical), ignore_index=True)
    years: dict[str, int] = {}
    decimals: dict[str, int] = {}
    if not edition.holds_table("facts"):
        return KeyFigures(table, decimals, years)
    facts = edition.kept("facts").dropna(subset="value")
    for indicator in INDICATORS:
        rows = facts[(facts["indicator"] == indicator) & (facts["comparable"] | (indicator == OWN))]
        if len(rows):
            heading, latest = label(indicator), rows["year"].max()
            years[heading], decimals[heading] = int(latest), int(LISTED.at[indicator, "decimals"])
            table[heading] = table[_("Nr")].map(rows[rows["year"] == latest].set_index("komm_nr")["value"])
    return KeyFigures(table, decimals, years)
