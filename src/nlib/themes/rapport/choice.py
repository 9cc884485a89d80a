"""What a report's page holds so that its reader can choose whom the municipality is measured against, without asking anybody."""

import pandas as pd
import shapely

from nlib.charts.html import DEMO
from nlib.charts.others import LEAST, packed
from nlib.core.catalogue import LISTED, PRECISE, held
from nlib.core.language import DECIMAL, MINUS, MISSING, NBSP, counted, short_name
from nlib.core.municipalities import MOST_COMPARED, spellings
from nlib.core.translations import _
from nlib.themes.facts import at_once, latest_of_each
from nlib.themes.rapport.text import (
    NEAR,
    PEOPLE,
    SPENT,
    extreme,
    middle_is,
    nation_has,
    noise,
    none_has,
    place_has,
    ranked,
    subject_of,
    written,
)

SAID = {"coverage_pct", "out_pct", "in_pct", "higher_pct", *SPENT}  # in sentences that compare


def neighbours(boundaries: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """The municipalities that share a border on land with each; those that are drawn together are each other's."""
    shapes = shapely.from_wkb(boundaries["geometry"])
    drawn = [(number, *filter(None, also.split())) for number, also in boundaries[["komm_nr", "also"]].itertuples(index=False)]
    found: dict[str, set[str]] = {number: set(numbers) for numbers in drawn for number in numbers}
    for one, other in zip(*shapely.STRtree(shapes).query(shapes, predicate="intersects"), strict=True):
        for number in drawn[one]:
            found[number] |= set(drawn[other])
    return {number: tuple(sorted(near - {number})) for number, near in found.items()}


def groups(
    municipalities: pd.DataFrame, alike: list[str], near: tuple[str, ...], komm_nr: str
) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """The ready groups: those most alike, the neighbours, the labour-market area, and the county; none of fewer than two."""
    own = municipalities.set_index("komm_nr").loc[komm_nr]

    def together(column: str) -> tuple[str, ...]:
        alike = municipalities.loc[municipalities[column].eq(own[column]), "komm_nr"] if pd.notna(own[column]) else []
        return tuple(number for number in alike if number != komm_nr)

    offered = (
        ("lik", _("De {alike} som ligner mest", alike=counted(len(alike))), tuple(alike)),
        ("nabo", _("Naboene"), tuple(number for number in near if number in set(municipalities["komm_nr"]))),
        (
            "areg",
            _("Arbeidsmarkedsområdet ({area})", area=short_name(own["area"])) if pd.notna(own["area"]) else "",
            together("area"),
        ),
        ("fylke", _("Fylket ({county})", county=own["county"]), together("county_nr")),
    )
    return tuple(group for group in offered if len(group[2]) > 1)


def choice(facts: pd.DataFrame, developments: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str) -> dict:
    """Values of every municipality in the indicators that sentences and the strip compare, and the words they are told with.

    rows: by indicator in the order of the catalogue, with `v`: the values of all municipalities (as `places`, packed), missing
    where one has no comparable value; `o`: its own; `n`: the nation's; what else `rapport.js` needs to say of it.
    """
    whole = municipalities.set_index("komm_nr")["name"]
    names = whole.map(short_name)
    places = sorted(set(names.index) - {komm_nr})
    return {
        "own": komm_nr,
        "places": [list(dict.fromkeys([number, names[number], *spellings(whole[number])])) for number in places],
        "rows": _rows(facts, developments, places, komm_nr),
        "people": _people(facts, developments, places, komm_nr),
        "standing": [number for number in compare if number in places],
        "least": LEAST,
        "near": NEAR,
        "most": MOST_COMPARED,
        "words": _words(),
    }


def _words() -> dict[str, str]:
    """What the script says things with."""
    return {
        "middle": middle_is("{0}"),
        "nation": nation_has("{0}"),
        "place": place_has("{0}", "{1}"),
        "none": none_has("{0}"),
        "extreme": extreme("{0}", "{1}", "{2}", "{3}", "{4}"),
        "strongest": _("Sterkest"),
        "weakest": _("Svakest"),
        "and": _("og"),
        "all": _("landet"),
        "nobody": _("ingen andre"),
        "decimal": DECIMAL,
        "thousands": "," if DECIMAL == "." else NBSP,
        "minus": MINUS,
        "missing": MISSING,
        "remove": _("Fjern {0}"),
        "more": _("{0} til"),
        "unknown": _("Ingen annen kommune heter eller har nummeret «{0}»."),
        "several": _("Flere kommuner heter «{0}»: skriv {1}."),
        "or": _("eller"),
        "full": _("Det er plass til {0}: ta bort én før du velger en til."),
        "dropped": _("Ikke med, for det er ikke nummeret til en annen kommune: {0}."),
        "first": _("Det er flere enn det er plass til: de {0} første er med, {1} er ikke."),
        "demo": DEMO,
    }


def _rows(facts: pd.DataFrame, developments: pd.DataFrame, places: list[str], komm_nr: str) -> list[dict]:
    """A row of each indicator that the strip or a sentence compares, or that may be the strongest or the weakest."""
    own = latest_of_each(facts, komm_nr)
    moved = developments[developments["komm_nr"] == komm_nr].set_index("indicator")[["swing", "spread"]]
    values, rows = at_once(facts, own), []
    for indicator, fact in own.join(moved).reindex(LISTED.index[LISTED.index.isin(own.index)]).iterrows():
        listed_as = LISTED.loc[indicator]
        direction, decimals = int(listed_as["direction"]), int(listed_as["decimals"])
        if not (listed_as["strip"] == "1" or indicator in SAID or direction):
            continue
        spread = fact["spread"] if fact["spread"] > 0 else 0.0
        more = {
            "o": float(held(float(fact["value"]), decimals)),
            "kr": listed_as["unit"] == "kr",
            "own": bool(fact["comparable"]),
            "dir": direction if ranked(fact) and spread else 0,
            "spread": spread,
            "noise": noise(fact, fact["swing"]),
            "subject": subject_of(indicator),
            "value": written(indicator, fact["value"]),
            "year": int(fact["year"]),
            "demo": bool(fact["synthetic"]),
        }
        rows.append(_values(indicator, values[indicator], places, decimals, fact["nation"]) | more)
    return rows


def _values(name: str, values: pd.Series, places: list[str], decimals: int, nation: float) -> dict:
    """A row's values in the order of `places`."""
    return {
        "id": name,
        "d": decimals,
        "v": packed(held(values.reindex(places).to_frame(), decimals), decimals + PRECISE),
        "n": None if pd.isna(nation) else float(nation),
    }


def _people(facts, developments, places, komm_nr) -> dict | None:
    """The change in people of every municipality, in percent, and the nation's; None where the municipality's own is not told."""
    moved = developments[developments["indicator"] == "population"].set_index("komm_nr")
    if komm_nr not in moved.index or pd.isna(moved.at[komm_nr, "change"]):
        return None
    since, last = moved.at[komm_nr, "since"], moved.at[komm_nr, "year"]
    whole = facts[facts["indicator"] == "population"].drop_duplicates("year").set_index("year")["nation"]
    nation = 100 * (whole[last] / whole[since] - 1) if since in whole.index else float("nan")
    return _values(PEOPLE, moved["change"], places, 1, nation) | {"sign": True, "own": True}
