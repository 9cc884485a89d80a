"""Telemarksforsking's figures of business and population, as people have bought or downloaded them (`nlib import`)."""

from functools import partial

import numpy as np
import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.core.municipalities import Register
from nlib.core.tables import Imported, Placed, column
from nlib.data.readers import named_columns, telemarksforsking
from nlib.data.readers.kinds import by_headings, rows, saved

UNSAID = "ikke oppgitt"
KEY = ["komm_nr", "year", "indicator"]


def of_level(body: bytes, level: str, key: list[str]) -> pd.DataFrame:
    """A file's figures of municipalities (`kommune`, numbered as in the file) or the country (`land`), by `key`, amounts in kr."""
    frame, _ = telemarksforsking.read(telemarksforsking.unwrapped(body))
    frame = frame[frame["level"] == level].rename(columns={"nr": "komm_nr", "measure": "indicator"})
    in_kr = frame["value"] * frame["unit"].map(named_columns.UNITS).astype(float).fillna(1.0)
    unit = pd.Series("kr", index=frame.index, dtype="str").where(frame["unit"].notna(), UNSAID)
    return frame.assign(value=in_kr, unit=unit)[[*key, "unit", "value"]].reset_index(drop=True)


def synthetic(norway) -> list[tuple[str, bytes]]:
    """A file with what the synthetic country was made from as productivity and new firms, with the luck of each year."""
    truth = norway.truth()
    random = np.random.default_rng([norway.seed, 101])
    years = []
    for year in norway.employment_years[-6:]:
        adjusted = 800_000 * truth["productivity"] * 1.03 ** (year - 2020)
        table = pd.DataFrame({"Nr": truth["komm_nr"], "Inndeling": "Kommune", "År": year})
        table["Produktivitet (kr)"] = adjusted * random.lognormal(0, 0.05, len(truth))
        table["Bransjejustert produktivitet (kr)"] = adjusted
        table["Lønnsomhet"] = 65 + 20 * (truth["productivity"] - 1) + random.normal(0, 2, len(truth))
        table["Etableringsfrekvens"] = 6 + 0.5 * truth["naering_pct"] + random.normal(0, 0.5, len(truth))
        nation = table.mean(numeric_only=True).to_frame().T.assign(Nr="0", Inndeling="Land", År=year)
        years += [table, nation]
    return saved("telemarksforsking.csv", pd.concat(years), decimal=",", float_format="%.1f")


READ = partial(of_level, level="kommune", key=KEY)
TITLE = "Tall for næringsliv og befolkning"
IMPORTED = Imported(telemarksforsking.KIND, TITLE, "Telemarksforsking", tuple(KEY), READ, synthetic=synthetic)


class Figures(Placed):
    year: int = column("År", ge=1990, le=2100)
    indicator: str = column("Hva som er målt, med nlibs navn (import_columns.csv)")
    unit: str = column("kr for beløp, der filen sier enheten", isin=["kr", UNSAID])
    value: float = column("Verdien, som Telemarksforsking gir den", "kr, prosent eller poeng", nullable=True)


def build(imported: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Telemarksforsking's figures of each municipality and year, on today's numbers.

    They are rates and indices, which cannot be added up: those of municipalities that have merged or been split since are left
    out. Amounts are in kr where the file says its unit; files that say it and files that do not are refused together.
    """
    units = imported.groupby("indicator")["unit"].nunique()
    if mixed := list(units[units > 1].index):
        raise BadAnswer(f"Noen av filene sier enheten for {', '.join(mixed)}, andre ikke: skriv den i overskriften i alle")
    return Register(municipality_codes, municipality_changes).follow(imported)


DATASET = IMPORTED.dataset("telemarksforsking", "Telemarksforskings tall", Figures, build, partial=True)


FILE = by_headings(telemarksforsking.KIND, telemarksforsking.read, rows("value"), producer=IMPORTED.producer)
