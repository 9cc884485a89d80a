"""Makes src/nlib/core/resources/ssb_*.parquet: SSB's figures that come with the project, from a folder of them (NLIB_REAL_DATA).

Population on 1 January by age (07459), and commuting and employed persons in the 4th quarter (03321, 11618), as
`statbank/TABLE.csv.gz` in the folder has them. The same files give the same bytes.
"""

import os
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from nlib.core import municipalities
from nlib.data.synthetic import known

TARGET = Path(municipalities.__file__).parent / "resources"
HALVES, WHOLE, SPLIT = ["1508", "1580"], "1507", 2024  # the folder has Ålesund and Haram as two equal halves before 2024
MOST = 3_000_000  # bytes, all together


def read(folder: Path, table: str) -> pd.DataFrame:
    return pd.read_csv(folder / "statbank" / f"{table}.csv.gz", dtype="string").astype({"Tid": "int16", "value": "int32"})


def population(folder: Path) -> pd.DataFrame:
    """`komm_nr` (today's; Ålesund whole before 2024), `year`, `age`, `population`."""
    frame = read(folder, "07459")
    halves = frame["Region"].isin(HALVES) & (frame["Tid"] < SPLIT)
    frame["Region"] = frame["Region"].mask(halves, WHOLE)
    frame["age"] = frame["Alder"].str[:3].astype("int16")
    whole = frame.groupby(["Region", "age", "Tid"], as_index=False)["value"].sum()
    return whole.set_axis(["komm_nr", "age", "year", "population"], axis=1)


def flows(folder: Path) -> pd.DataFrame:
    """`work_nr`, `home_nr`, `year`, `employed`, on the numbers of the year; pairs of nobody are left out."""
    frame = read(folder, "03321").drop(columns="ContentsCode").set_axis(["work_nr", "home_nr", "year", "employed"], axis=1)
    return frame[frame["employed"] > 0].sort_values(["year", "work_nr", "home_nr"])


def margins(folder: Path) -> pd.DataFrame:
    """`komm_nr`, `year`, `population_15_74`, `employed_residents`, `jobs`, on the numbers of the year."""
    frame = read(folder, "11618")
    frame = frame[(frame["Kjonn"] == "0") & (frame["Alder"] == "15-74")]
    wide = frame.pivot(index=["Region", "Tid"], columns="ContentsCode", values="value").reset_index()
    ours = {"BefolkningBosted": "population_15_74", "SysselBosted": "employed_residents", "SysselArbsted": "jobs"}
    wide = wide.rename(columns={"Region": "komm_nr", "Tid": "year"} | ours)
    return wide[["komm_nr", "year", *ours.values()]].sort_values(["year", "komm_nr"])


def main():
    folder = os.environ.get("NLIB_REAL_DATA")
    if not folder:
        raise SystemExit("Oppgi mappen med SSBs tall i NLIB_REAL_DATA")
    for table, frame in {"07459": population(Path(folder)), "03321": flows(Path(folder)), "11618": margins(Path(folder))}.items():
        texts = {column: "category" for column in frame.columns if column.endswith("_nr")}
        packed = pa.Table.from_pandas(frame.astype(texts), preserve_index=False)
        told = {"source": f"Statistisk sentralbyrå, tabell {table}", "licence": "CC BY 4.0"}
        target = TARGET / known.FILES[table]
        pq.write_table(packed.replace_schema_metadata(told), target, compression="zstd", compression_level=19)
        print(f"{target.name}: {len(frame)} rader, {target.stat().st_size} byte")
    if (size := sum((TARGET / name).stat().st_size for name in known.FILES.values())) > MOST:
        raise SystemExit(f"{size} byte er mer enn {MOST}")


if __name__ == "__main__":
    main()
