"""A frame as a file for other programs, with what its columns mean and their units: Stata, Excel and Parquet."""

import io
import warnings
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from nlib.charts import excel
from nlib.core import store
from nlib.core.errors import WrongUse
from nlib.core.language import listed
from nlib.desk.asking import checked

INVENTED = "Demodata: noen av tallene er oppdiktet"
LABEL, NAME = 80, 32  # signs that Stata has room for
ROWS, COLUMNS = 1_048_575, 16_384  # under a heading, that Excel has room for
UTF_8 = 118  # the first of Stata's file formats (Stata 14) that holds every letter


@checked
def save(frame: pd.DataFrame, path: str | Path) -> Path:
    """Write a frame of `nlib.table`, `nlib.sql` or one's own as Stata (.dta), Excel (.xlsx) or Parquet (.parquet); gives its path.

    >>> import tempfile, pandas as pd
    >>> path = nlib.save(nlib.table("commuting", kommune="Lørenskog"), f"{tempfile.mkdtemp()}/pendling.dta")
    >>> pd.io.stata.StataReader(path).variable_labels()["out_pct"]
    'Andel av de sysselsatte som pendler ut, 1 − T/R (prosent)'

    What a column means and its unit are its label in Stata, a sheet of their own in Excel, and metadata of its field in Parquet;
    title, source, licence and edition go with them, and that figures are invented where some are. Missing stays missing, and
    numbers of municipalities stay text. Names of rows (an index with a name) are columns.
    """
    rows, path = _with_names_of_rows(frame), Path(path)
    if rows.columns.empty:
        raise WrongUse("Tabellen har ingen kolonner å skrive")
    if (twice := rows.columns[rows.columns.duplicated()]).size:
        raise WrongUse(f"To kolonner heter {twice[0]}: gi dem hvert sitt navn først")
    writers = {".dta": _stata, ".xlsx": _excel, ".parquet": _parquet}
    if path.suffix.lower() not in writers:
        raise WrongUse(f"{path.name}: filnavnet må slutte på {listed(list(writers), 'eller')}")
    if odd := [column for column in rows if _outlines(rows[column])]:
        raise WrongUse(f"Kolonnen {odd[0]} er omriss: ta den ut først, eller skriv kartet med .to_file()")
    if odd := [column for column in rows if _holds_lists(rows[column])]:
        raise WrongUse(f"Kolonnen {odd[0]} har lister i cellene: gjør den om til tekst eller rader først (.explode())")
    try:
        body = writers[path.suffix.lower()](rows, frame.attrs)
    except (TypeError, ValueError, NotImplementedError, pa.ArrowException) as error:
        raise WrongUse(f"{path.suffix} har ikke plass til det som står i tabellen: {error}") from error
    try:
        store.write(path, body)
    except OSError as error:
        raise WrongUse(f"{path} kan ikke skrives: mappen finnes ikke, er full, eller er ikke din") from error
    return path


def _with_names_of_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame whose rows' names are columns; numbers that only count rows are left out."""
    named = [name for name in frame.index.names if name is not None]
    if not named and not pd.api.types.is_integer_dtype(frame.index):
        raise WrongUse('Radenes navn har ingen overskrift: skriv hva de er, for eksempel tabell.rename_axis("komm_nr")')
    if there := [name for name in named if name in frame.columns]:
        raise WrongUse(f"{there[0]} er både en kolonne og radenes navn: skriv tabell.reset_index(drop=True) først")
    rows = frame.reset_index() if named else frame.copy(deep=False)
    rows.columns = [str(column) for column in rows]
    return rows


def _outlines(column: pd.Series) -> bool:
    return column.dtype == "geometry" or (column.dtype == object and any(isinstance(value, bytes) for value in column))


def _holds_lists(column: pd.Series) -> bool:
    return column.dtype == object and any(isinstance(value, list | dict | set | tuple) for value in column)


def _meaning(attrs: dict, column: str) -> tuple[str, str]:
    """What a column means, and its unit."""
    means = attrs.get("columns", {}).get(column, {})
    return means.get("meaning", ""), means.get("unit", "")


def _facts(attrs: dict) -> dict[str, str]:
    """What is known of all of it."""
    facts = {"Innhold": attrs.get("title"), "Kilde": attrs.get("source"), "Lisens": attrs.get("licence")}
    facts |= {"Utgave": attrs.get("edition"), "Merk": INVENTED if attrs.get("synthetic") else ""}
    return {name: str(value) for name, value in facts.items() if value}


def _stata(rows: pd.DataFrame, attrs: dict) -> bytes:
    if long := [column for column in rows if len(column) > NAME]:
        raise WrongUse(f"Kolonnen {long[0]} har et navn på over {NAME} tegn, som er det Stata tar: gi den et kortere")
    about = {column: _meaning(attrs, column) for column in rows}
    labels = {column: f"{meaning} ({unit})" if unit else meaning for column, (meaning, unit) in about.items()}
    taken = _taken_by_stata(rows)
    if other := {column: name for column, name in taken.items() if column != name}:
        renamed = ", ".join(f"{column} heter {name}" for column, name in other.items())
        warnings.warn(f"Stata tar ikke alle navnene: {renamed} i filen", stacklevel=4)
    rows = rows.rename(columns=taken)
    labels = {taken[column]: label or (column if column in other else "") for column, label in labels.items()}
    flags = [column for column in rows if pd.api.types.is_bool_dtype(rows[column])]
    texts = [column for column in rows if pd.api.types.is_string_dtype(rows[column])]
    rows = rows.astype(dict.fromkeys(flags, "Int8")).assign(**{column: rows[column].fillna("") for column in texts})
    body, facts = io.BytesIO(), _facts(attrs)
    title = ". ".join(facts[name] for name in ("Merk", "Innhold", "Kilde") if name in facts)
    rows.to_stata(
        body,
        write_index=False,
        version=UTF_8,
        variable_labels={column: _short(label) for column, label in labels.items() if label},
        value_labels={flag: {0: "nei", 1: "ja"} for flag in flags},
        data_label=_short(title),
        convert_strl=[column for column in texts if rows[column].str.len().max() > 2000],
    )
    return body.getvalue()


def _taken_by_stata(rows: pd.DataFrame) -> dict[str, str]:
    """The name that each column has in Stata, which has words and signs of its own: pandas finds them, and loses the labels."""
    head = io.BytesIO()
    with warnings.catch_warnings(action="ignore"):
        pd.DataFrame(0.0, [0], list(rows)).to_stata(head, write_index=False, version=UTF_8)
    head.seek(0)
    return dict(zip(rows, pd.read_stata(head), strict=True))


def _short(text: str) -> str:
    return text if len(text) <= LABEL else f"{text[: LABEL - 1]}…"


def _excel(rows: pd.DataFrame, attrs: dict) -> bytes:
    if len(rows) > ROWS or len(rows.columns) > COLUMNS:
        raise WrongUse(
            f"Excel tar {ROWS} rader og {COLUMNS} kolonner, og tabellen har {len(rows)} og {len(rows.columns)}: bruk .parquet"
        )
    for column in rows:
        if rows[column].dtype.kind not in "biuf" and (rows[column].astype("str").str.len() > excel.LONGEST).any():
            raise WrongUse(
                f"Kolonnen {column} har en tekst på over {excel.LONGEST} tegn, som er det en celle i Excel tar: bruk .parquet"
            )
    book = openpyxl.Workbook(write_only=True)
    columns = [rows[column].astype(object).where(rows[column].notna(), None) for column in rows]
    excel.fill(book.create_sheet("Tall"), list(rows), zip(*columns, strict=True))
    meanings = [(column, unit, meaning) for column in rows for meaning, unit in [_meaning(attrs, column)]]
    above = [*_facts(attrs).items(), (excel.NOTE,)]
    excel.fill(book.create_sheet("Kolonner"), ["Kolonne", "Enhet", "Betydning"], meanings, (28, 22, 90), above)
    return excel.saved(book)


def _parquet(rows: pd.DataFrame, attrs: dict) -> bytes:
    table = pa.Table.from_pandas(rows, preserve_index=False)
    fields = []
    for field in table.schema:
        meaning, unit = _meaning(attrs, field.name)
        fields.append(field.with_metadata({"meaning": meaning, "unit": unit} if meaning or unit else {}))
    body = io.BytesIO()
    pq.write_table(table.cast(pa.schema(fields, (table.schema.metadata or {}) | {"nlib": store.as_json(_facts(attrs))})), body)
    return body.getvalue()
