"""Which wrong figures the rules stop, and what they say: one corruption of the raw figures at a time, on an edition that is built.

    python -m benchmarks.rules [EDITION]      the table of docs/maalinger.md, and how many rules break on the edition as it is

A corruption changes what was read of a source; the source's table, and commuting and population, are built of it again, and every
rule is asked. Nothing is written.
"""

import sys
import time
from collections.abc import Callable

import pandas as pd

from nlib.build import checks, pipeline
from nlib.core import store
from nlib.core.municipalities import Register
from nlib.core.municipalities import komm_nr as numbers_of

AGAIN = ("commuting", "population")  # tables of others that the rules ask of


class Edition:
    """The tables of an edition, and what they become where the raw figures of a source are others."""

    def __init__(self, name: str):
        self.edition = store.edition(name)
        self.declared = pipeline.datasets()
        self.tables = {n: self.edition.kept(n) for n in self.declared if self.edition.holds_table(n)}
        self.register = Register(self.tables["municipality_codes"], self.tables["municipality_changes"])

    def breaches(self, changes: dict[str, Callable[[pd.DataFrame], pd.DataFrame]]) -> list[checks.Breach]:
        """What breaks where the raw figures of these tables are changed."""
        tables, absent, changed = dict(self.tables), {}, set(changes)
        for dataset in self.declared.values():
            raws = [raw for raw in dataset.raws if raw.table in changes]
            if (
                not raws
                and not (dataset.name in AGAIN and changed & set(dataset.parents))
                and not changed & set(dataset.parents) & PARTS
            ):
                continue
            inputs = []
            for need in dataset.needs:
                if isinstance(need, str):
                    inputs.append(tables[need])
                else:
                    read = self.edition.read_raw(need) if hasattr(need, "query") else self.edition.read_imported(need)
                    if need in raws:
                        read = changes[need.table](read)
                        if need.absent is not None:
                            absent[dataset.name] = need.absent(read, self.register)
                    inputs.append(read)
            tables[dataset.name] = dataset.build(*inputs)
            changed.add(dataset.name)
        return checks.run(checks.Given(tables, {}, self.declared, pipeline._in_part(self.edition), absent))


PARTS = {"changes_by_year", "changes_by_quarter"}  # whose own table is made of them


def times(factor: float, year: int | None = None, places: tuple[str, ...] = ()) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Every figure so many times what it is, in a year, and of these numbers of that year, where they are given."""

    def changed(raw):
        hit = _in(raw, year, places)
        return raw.assign(value=raw["value"].where(~hit, raw["value"] * factor))

    return changed


def without(year: int, places: tuple[str, ...]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """No row of these numbers in a year."""
    return lambda raw: raw[~_in(raw, year, places)]


def copied(year: int) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """The year is the one before."""

    def changed(raw):
        before = raw[_in(raw, year - 1, ())]
        return pd.concat([raw[~_in(raw, year, ())], before.assign(Tid=str(year)).astype({"Tid": raw["Tid"].dtype})])

    return changed


def exchanged(year: int, one: str, other: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Two numbers have each other's figures in a year."""

    def changed(raw):
        place = _place(raw)
        codes = raw[place].astype("str")
        hit = _in(raw, year, (one, other))
        swapped = codes.where(~hit, codes.map({one: other, other: one}))
        return raw.assign(**{place: swapped})

    return changed


def _place(raw: pd.DataFrame) -> str:
    return next(column for column in raw if column in ("Region", "ArbstedKomm", "KOKkommuneregion0000"))


def _in(raw: pd.DataFrame, year: int | None, places: tuple[str, ...]) -> pd.Series:
    hit = pd.Series(True, index=raw.index) if year is None else raw["Tid"].astype("str").str[:4].eq(str(year))
    return hit & numbers_of(raw[_place(raw)]).isin(places) if places else hit


LORENSKOG, LILLESTROM = ("0230", "3029", "3222"), ("0231", "3030", "3205")
SEVEN = ("0301", "1103", "0230", "1201", "1601", "0219", "1001")  # numbers of 2015
CASES = {
    "07459 × 1000 i 2015": {"07459": times(1000, 2015)},
    "03321 og 11618 × 1000 i alle år": {"03321": times(1000), "11618": times(1000)},
    "sju kommuner borte i 2015 (07459)": {"07459": without(2015, SEVEN)},
    "siste år av 07459 er året før": {"07459": copied(2025)},
    "Lørenskog og Lillestrøm byttet i 2021 (11618)": {"11618": exchanged(2021, "3029", "3030")},
    "Lørenskog og Lillestrøm byttet i 2021 (07459)": {"07459": exchanged(2021, "3029", "3030")},
    "Lørenskog × 10 i 2018 (11618)": {"11618": times(10, 2018, LORENSKOG)},
    "Lørenskog × 3 i 2018 (07459)": {"07459": times(3, 2018, LORENSKOG)},
    "Lørenskog × 1,6 i 2018 (07459)": {"07459": times(1.6, 2018, LORENSKOG)},
    "Lørenskog × 1,6 i 2018 (06265)": {"06265": times(1.6, 2018, LORENSKOG)},
    "11713 × 1000 i alle år": {"11713": times(1000)},
    "11713 × 1000 i 2018": {"11713": times(1000, 2018)},
    "06944 × 10 i 2018": {"06944": times(10, 2018)},
    "07091 × 10 i 2018": {"07091": times(10, 2018)},
    "06265 × 10 i 2018": {"06265": times(10, 2018)},
    "09429 × 0,5 i 2018": {"09429": times(0.5, 2018)},
    "13472 × 0,5 i 2018": {"13472": times(0.5, 2018)},
    "12134 × 10 i 2018": {"12134": times(10, 2018)},
}


def main() -> None:
    edition = Edition(sys.argv[1] if len(sys.argv) > 1 else "demo")
    for breach in edition.breaches({}):
        print(f"som den er: {breach}")
    print("| feil | stanset | det første den sier | sekunder |\n|---|---|---|---:|")
    for name, changes in CASES.items():
        begun = time.process_time()
        found = edition.breaches(changes)
        said = str(found[0])[:160] if found else ""
        print(f"| {name} | {'ja' if found else '**nei**'} | {said} | {time.process_time() - begun:.1f} |", flush=True)


if __name__ == "__main__":
    main()
