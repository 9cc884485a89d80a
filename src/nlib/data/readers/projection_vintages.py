"""SSB's earlier projections, several vintages together: by region, alternative and age. Regions are numbers or the StatBank's names
(«Skien (-2019)»), looked up among the municipalities that the vintage was made for."""

import re
from functools import cache

import numpy as np
import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.core.municipalities import PREFIX, fold, is_number, resource, spellings
from nlib.data.readers import named_columns
from nlib.data.readers.cells import Sheet
from nlib.data.readers.named_columns import Found
from nlib.data.readers.survey_export import written

KIND = "framskriving_sted"  # in import_columns.csv; who imports it calls it «framskriving», as those by number
KEY = ["komm_nr", "made", "year"]
SPAN = re.compile(r"(.+?) ?\((?:\d{4})?[-–](?:\d{4})?\)")
COUNTRY = {"0", "eak", "norge", "landet", "hele landet", "heile landet"}
COUNTY = re.compile(r"(?:F-)?\d{2}|.+ fylke(?:skommune)?", re.IGNORECASE)
MAIN = re.compile(r".*\bMMMM?\b.*|hovedalternativ.*|middels.*", re.IGNORECASE)
AGES = re.compile(r"(\d{1,3})(?: ?[-–] ?(\d{1,3})| ?(\+|(?:år )?(?:eller|og) (?:eldre|over|mer)))?(?: år)?", re.IGNORECASE)
ALL_AGES = {"", "alle aldre", "i alt", "alder i alt", "sum", "totalt", "hele befolkningen"}


def read(found: list[Sheet]) -> tuple[pd.DataFrame, list[str]]:
    """The main alternative of each vintage for all ages together, on the municipality numbers of its time: `komm_nr`, `made`,
    `year`, `population`, and what a user should know. `BadAnswer` where a name is none or several, or ages do not add up to all."""
    return named_columns.gather(KIND, found, _frame)


def _frame(table: Found) -> pd.DataFrame:
    columns = {name: [written(cell) for cell in table.columns.get(name, [None] * len(table.rows))] for name in ("region", "age")}
    years = {name: named_columns.years(table, name) for name in ("made", "year")}
    frame = pd.DataFrame(columns | years | {"population": named_columns.counts(table, "population")})[_main(table)]
    places = {pair: _number(*pair) for pair in frame[["region", "made"]].drop_duplicates().itertuples(index=False, name=None)}
    numbers = [places[pair] for pair in zip(frame["region"], frame["made"], strict=True)]
    frame = frame.assign(komm_nr=pd.array(numbers, dtype="str"))
    if out := frame.loc[frame["komm_nr"].isna(), "region"].nunique():
        table.notes.append(f"{out} regioner er fylker eller landet, og er ikke lest")
    frame = frame.dropna(subset=["komm_nr"]).reset_index(drop=True)
    ages_of = frame.groupby(KEY)["age"].agg(tuple)
    for key, ages in ages_of[~ages_of.duplicated()].items():
        if not _add_up(ages):
            raise BadAnswer(
                f"Aldrene til {key[0]} i {key[2]} (framskrevet i {key[1]}) er ikke alle aldre én gang: rett eller fjern dem"
            )
    whole = frame["age"].str.casefold().isin(ALL_AGES)
    frame = frame[whole | ~whole.groupby([frame[name] for name in KEY]).transform("any")]
    return frame.groupby(KEY)["population"].sum(skipna=False).reset_index()


def _main(table: Found) -> np.ndarray:
    """Which rows are of the main alternative: all where the file has only one."""
    names = pd.Series([written(cell) for cell in table.columns.get("alternative", [""] * len(table.rows))], dtype="str")
    main = names.map({name: MAIN.fullmatch(name) is not None for name in names.unique()}).to_numpy(bool)
    if names.nunique() < 2:
        return np.ones(len(names), bool)
    if not main.any():
        listed = ", ".join(f"«{name[:40]}»" for name in sorted(names.unique())[:5])
        raise BadAnswer(f"Ingen av alternativene er hovedalternativet (MMMM): {listed}. Behold radene som gjelder")
    if not main.all():
        table.notes.append(f"{names[~main].nunique()} andre alternativer enn hovedalternativet er ikke lest")
    return main


def _number(region: str, made: int) -> str | None:
    """The number of a municipality in a vintage; None for a county and the country."""
    if is_number(number := PREFIX.sub("", region)):
        return number
    span = SPAN.fullmatch(region)
    name = fold(span[1] if span else region)
    names = {number: known for number, known, spelt in _names(f"{made}-01-01") if name in spelt}
    exact = [number for number, known in names.items() if fold(known) == name]
    if len(names) == 1 or len(exact) == 1:
        return (exact or list(names))[0]
    if names:
        listed = ", ".join(f"{number} {known}" for number, known in sorted(names.items()))
        raise BadAnswer(f"«{region}» var flere kommuner i {made}: {listed}. Skriv nummeret i stedet")
    if name in COUNTRY | set(map(fold, resource("counties.csv")["county"])) or COUNTY.fullmatch(region):
        return None
    raise BadAnswer(f"Ingen kommune het «{region}» i {made}: rett navnet, eller skriv nummeret")


@cache
def _names(day: str) -> list[tuple[str, str, set[str]]]:
    """Number, name and how the name may be spelt (folded) of the municipalities that there were on a day."""
    codes = resource("municipalities.csv").fillna({"valid_to": "9999-12-31"})
    valid = codes[(codes["valid_from"] <= day) & (day < codes["valid_to"])]
    named = zip(valid["komm_nr"], valid["name"], strict=True)
    return [(number, name, set(map(fold, spellings(name)))) for number, name in named]


def _add_up(ages: tuple[str, ...]) -> bool:
    """Whether ages are everybody once: a row for all, or groups from 0 up to those without an upper age, without gap or overlap."""
    if sum(age.casefold() in ALL_AGES for age in ages) == 1:
        return True
    groups = sorted((found for age in ages if (found := AGES.fullmatch(age))), key=lambda group: int(group[1]))
    upper = 0
    for group in groups:
        if (lower := int(group[1])) != upper:
            return False
        upper = 0 if group[3] else int(group[2] or lower) + 1
    return len(groups) == len(ages) > 0 and upper == 0
