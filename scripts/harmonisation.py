"""What harmonising to today's municipalities does to totals: `python scripts/harmonisation.py [EDITION]`.

For every source that is carried to today's numbers, and the last figures before each reform (1 January 2018, 2020 and 2024): how
many municipalities there were and are, the total as the producer gave it and as it is in the table, and how many of today's
municipalities a split touches. The totals must be the same.
"""

import importlib
import pkgutil
import sys

import nlib.data.sources
from nlib.core import store
from nlib.core.municipalities import Register, komm_nr

REFORMS = (2018, 2020, 2024)


def main(name: str | None) -> int:
    edition = store.edition(name)
    register = Register(edition.table("municipality_codes"), edition.table("municipality_changes"))
    modules = [
        importlib.import_module(f"nlib.data.sources.{found.name}") for found in pkgutil.iter_modules(nlib.data.sources.__path__)
    ]
    apart = 0
    print("table                        reform  year numbers  today    total given    total today  apart  split")
    for module in (module for module in modules if hasattr(module, "DECLARED")):
        declared, name = module.DECLARED, module.DATASET.name
        numbers = [column for column in declared.keys.values() if column.endswith("_nr")]
        if edition.raw_files(module.RAW) is None or not carried(declared):
            continue
        given, ours = declared.frame(edition.read_raw(module.RAW)), edition.table(name)
        given = given.assign(**{column: komm_nr(given[column]) for column in numbers})
        given = given[given[numbers].isin(set(register.codes["komm_nr"])).all(axis=1)]
        (count, *_) = declared.contents.values()
        for reform in REFORMS:
            before = [year for year in given["year"].unique() if f"{year}-{declared.day}" < f"{reform}-01-01"]
            if not before:
                continue
            year = max(before)
            then, now = (table[(table["year"] == year) & (table[count] > 0).fillna(False)] for table in (given, ours))
            totals = int(then[count].sum()), int(now[count].sum())
            comparable = register.comparable([year], declared.day)
            apart += abs(totals[1] - totals[0])
            print(
                f"{name:28} {reform:>6} {year:>5} {then[numbers[0]].nunique():>7} {now[numbers[0]].nunique():>6} {totals[0]:>14} "
                f"{totals[1]:>14} {totals[1] - totals[0]:>6} {(~comparable['comparable']).sum():>6}"
            )
    return int(apart > 0)


def carried(declared) -> bool:
    """Whether the table holds counts, which are added up; key figures and medians are only followed."""
    return not any(column.endswith(("_pct", "_kr")) for column in declared.contents.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else None))
