"""SSB's figures that come with the project (`scripts/pack_ssb.py`), tables 07459, 03321 and 11618 (CC BY 4.0): what the synthetic
country is made to fit. Population is on today's numbers, as SSB sums it; Ålesund stands whole, under 1507, in the years before it
was split. Commuting and employment are on the numbers of their year."""

import importlib.resources
from functools import cache

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

FILES = {table: f"ssb_{table}.parquet" for table in ("07459", "03321", "11618")}


@cache
def population() -> pd.DataFrame:
    """Population on 1 January, both sexes: `komm_nr`, `age` (0 to 105, which is 105 and over), `year`, `population`."""
    return _read("07459")


@cache
def flows() -> pd.DataFrame:
    """Employed persons, 4th quarter: `work_nr`, `home_nr`, `year`, `employed`; pairs that are not listed are 0."""
    return _read("03321")


@cache
def margins() -> pd.DataFrame:
    """Persons aged 15-74, 4th quarter: `komm_nr`, `year`, `population_15_74`, `employed_residents`, `jobs`."""
    return _read("11618")


def population_years() -> list[int]:
    return sorted(population()["year"].unique())


def flow_years() -> list[int]:
    """The years with both commuting and employment."""
    return sorted(set(flows()["year"]) & set(margins()["year"]))


def _read(table: str) -> pd.DataFrame:
    body = importlib.resources.files("nlib.core.resources").joinpath(FILES[table]).read_bytes()
    frame = pq.ParquetFile(pa.BufferReader(body), pre_buffer=False).read(use_threads=False).to_pandas(use_threads=False)
    counts = [column for column in frame.columns if not column.endswith("_nr")]
    return frame.astype(dict.fromkeys(counts, "int64"))
