"""The gap to the nation in value creation per employee: how much is the mix of industries, and how much is within them."""

import numpy as np
import pandas as pd

from nlib.core.errors import InvalidTable
from nlib.methods.attractiveness.inputs import required

PARTS = ("mix", "within", "mix_shapley", "within_shapley")
KEY = ["komm_nr", "year"]
CELLS = [*KEY, "industry"]


def gap_decomposition(value_added: pd.DataFrame, employees: pd.DataFrame, nation: str | None = None) -> pd.DataFrame:
    """The gap to the nation in value creation per employee is the sum of a mix part and a within part, exactly.

    mix = sum((s_m - s_N) p_N) and within = sum(s_m (p_m - p_N)), with s the share of an industry among the employees and p the
    value per employee in it, in the municipality (m) and the nation (N). The symmetric one (Shapley) weighs each with the mean of
    both: mix_shapley = sum((s_m - s_N) (p_m + p_N) / 2) and within_shapley = sum((p_m - p_N) (s_m + s_N) / 2).

    value_added: `komm_nr`, `year`, `industry`, `value_added`; employees: the same key and `employees` (not negative). The nation is
    the sum of the places, or the place with the number `nation`, which must have everybody's industries and is not shown itself.
    An industry that a place does not list is one it has not; a missing figure makes its parts missing, and is not in the nation.
    Gives `komm_nr`, `year`, `employees`, `per_employee`, `nation_per_employee`, `gap` and the four parts, all but employees in the
    unit of the value, per employee. Where nobody is employed, they are missing. Value in an industry without employees is within.
    `InvalidTable` lists what is wrong. Source: Oaxaca (1973), Shapley (1953); the plain one as Telemarksforsking and SSB use it.

    >>> value = pd.DataFrame({"komm_nr": ["0301", "0301", "3222"], "year": 2025, "industry": ["bygg", "olje", "bygg"]})
    >>> people, value = value.assign(employees=[10, 10, 20]), value.assign(value_added=[5.0, 25.0, 16.0])
    >>> gap_decomposition(value, people)[["gap", "mix", "within"]].round(2).to_numpy().tolist()
    [[0.35, 0.45, -0.1], [-0.35, -0.45, 0.1]]
    """
    cells = gap_by_industry(value_added, employees, nation)
    sums = cells.groupby(KEY)[["employees", "value_added", *PARTS]].sum(skipna=False).astype(float)
    per = cells.groupby(KEY)["nation_whole"].first()
    staffed = sums["employees"] > 0
    own = (sums["value_added"] / sums["employees"].where(staffed)).rename("per_employee")
    table = pd.DataFrame({"employees": sums["employees"], "per_employee": own, "nation_per_employee": per, "gap": own - per})
    return table.join(sums[list(PARTS)].where(staffed & own.notna())).reset_index()


def gap_by_industry(value_added: pd.DataFrame, employees: pd.DataFrame, nation: str | None = None) -> pd.DataFrame:
    """The parts of `gap_decomposition` by industry: what each adds to the mix and within parts of a place.

    The mix part of an industry is measured from the nation's value per employee: to have much of an industry that makes less than
    the mean pulls down. The sums over industries are the same.
    Gives the key, `value_added`, `employees`, `per_employee`, `nation_per_employee` (of the industry), `nation_share` (of the
    nation's employees, 0 to 1), `nation_whole` (the nation's value per employee, all industries) and the four parts. Every industry
    of the nation that year has a row for each place.

    >>> value = pd.DataFrame({"komm_nr": ["0301", "0301", "3222"], "year": 2025, "industry": ["bygg", "olje", "bygg"]})
    >>> people, value = value.assign(employees=[10, 10, 20]), value.assign(value_added=[5.0, 25.0, 16.0])
    >>> gap_by_industry(value, people).groupby("komm_nr")[["mix", "within"]].sum().round(2).to_numpy().tolist()
    [[0.45, -0.1], [-0.45, 0.1]]
    """
    value, count = _wide(value_added, employees)
    years = value.index.get_level_values("year")
    if nation is None:
        known = value.notna() & count.notna()
        whole_value, whole_count = (part.where(known).groupby("year").sum() for part in (value, count))
    else:
        own = value.index.get_level_values("komm_nr") == nation
        if absent := sorted(set(years) - set(years[own])):
            raise InvalidTable("value_added", [f"landet ({nation}) mangler i {', '.join(map(str, absent))}"])
        whole_value, whole_count = (part[own].droplevel("komm_nr") for part in (value, count))
        value, count = value[~own], count[~own]
    people = whole_count.sum(axis=1, skipna=False)
    people = people.where(people > 0)
    each = {
        "nation_per_employee": whole_value / whole_count.where(whole_count > 0),
        "nation_share": whole_count.div(people, axis=0),
        "nation_value": whole_value.div(people, axis=0),
    }
    of_nation = {name: part.reindex(value.index, level="year") for name, part in each.items()}
    total = count.sum(axis=1, skipna=False)
    total = total.where(total > 0)
    share = count.div(total, axis=0)
    own, national = value / count.where(count > 0), of_nation["nation_per_employee"]
    own_or_national = own.fillna(national)
    gap = value.div(total, axis=0) - of_nation["nation_value"]
    mix = (share - of_nation["nation_share"]) * national.fillna(0.0)
    symmetric = (share - of_nation["nation_share"]) * (own_or_national + national).fillna(0.0) / 2
    missing = value.isna() | count.isna() | total.isna().to_numpy()[:, None]
    whole = of_nation["nation_value"].sum(axis=1, skipna=False)
    usual = (share - of_nation["nation_share"]).mul(whole, axis=0)  # adds up to 0 over the industries
    parts = {"mix": mix - usual, "within": gap - mix, "mix_shapley": symmetric - usual, "within_shapley": gap - symmetric}
    wide = {"value_added": value, "employees": count, "per_employee": own}
    wide |= {"nation_per_employee": national, "nation_share": of_nation["nation_share"]}
    wide |= {name: part.mask(missing) for name, part in parts.items()}
    long = {name: part.to_numpy(float).ravel() for name, part in wide.items()}
    frame = pd.DataFrame(long, index=pd.MultiIndex.from_frame(_keys(value))).reset_index()
    frame["nation_whole"] = np.repeat(whole.to_numpy(float), value.shape[1])
    nowhere = (frame[["value_added", "employees", "nation_share", "within"]].fillna(1.0) == 0).all(axis=1)
    return frame[~nowhere].reset_index(drop=True)


def _keys(wide: pd.DataFrame) -> pd.DataFrame:
    """Every place, year and industry of a wide table, in the order of its cells."""
    keys = wide.index.to_frame(index=False)[KEY]
    keys = keys.loc[keys.index.repeat(wide.shape[1])].reset_index(drop=True)
    return keys.assign(industry=np.tile(wide.columns.to_numpy(object), len(wide))).astype({"industry": "str"})


def _wide(value_added, employees):
    """Value and employees by place and year, a column an industry; what neither lists is 0, what only one lists is missing."""
    value = required(value_added, "value_added", ["value_added"], CELLS).set_index(CELLS)["value_added"]
    count = required(employees, "employees", ["employees"], CELLS).set_index(CELLS)["employees"]
    if (count < 0).any():
        raise InvalidTable("employees", ["employees kan ikke være under 0"])
    both = pd.concat({"value": value, "count": count}, axis=1)
    both.index.names = CELLS
    listed = pd.Series(1.0, index=both.index).unstack("industry").notna()
    wide = both.unstack("industry")
    return (wide[name].mask(~listed, 0.0) for name in ("value", "count"))
