"""The figures of the page on the business index: areas, indicators, weights, development, what moved it, and the group.

Each function takes contract tables and gives a Chart, or Missing with the reason. Scores are 0-100 among the year's municipalities.
"""

import numpy as np
import pandas as pd

from nlib.charts.chart import Chart, Missing
from nlib.charts.style import GRID, INK, OTHER, OWN, SOFT, axes
from nlib.core.language import number
from nlib.methods.composite import TOTAL
from nlib.themes import composites
from nlib.themes.composites import Asked, Measure

THEME, WHAT = "naeringslivsindeks", "næringslivsindeksen"
POINTS = "prosentpoeng"
MEASURES = {
    "job_growth": Measure("jobbvekst", "%", sign=True),
    "job_growth_adjusted": Measure("jobbvekst, justert", POINTS, sign=True),
    "productivity": Measure("produktivitet", "kr", 0),
    "productivity_adjusted": Measure("produktivitet, justert", "kr", 0, sign=True),
    "profitability": Measure("positivt resultat", "%"),
    "profitability_adjusted": Measure("positivt resultat, justert", POINTS, sign=True),
    "positive_equity": Measure("positiv egenkapital", "%"),
    "new_firm_rate": Measure("nye foretak", "%"),
    "new_firm_rate_adjusted": Measure("nye foretak, justert", POINTS, sign=True),
    "firm_growth": Measure("flere virksomheter", "%", sign=True),
    "firm_growth_adjusted": Measure("flere virksomheter, justert", POINTS, sign=True),
    "size": Measure("private jobber per 100", "", 1),
}
SOURCE = "SSB, tabell 08536, 13472, 07091, 08316 og 07459, og foretakenes regnskap. Beregnet av nlib"
LACKING = (
    "arbeidsplasser etter næring og sektor (SSB 08536 og 13472), virksomheter (07091), foretak (08316) og foretakenes regnskap. "
    "Hent dem med nlib fetch og nlib import, og bygg med nlib build."
)
AID = "«Justert» er forskjellen fra det kommunens bransjer ville gitt med landets tall."


def areas(
    business_index_areas: pd.DataFrame,
    business_index: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    synthetic: bool = False,
) -> Chart | Missing:
    """The index and its five areas as bars, with rank and the robust version."""
    return composites.areas(_asked(municipalities, komm_nr, synthetic), business_index_areas, business_index)


def indicators(
    business_index_areas: pd.DataFrame,
    business_index: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    synthetic: bool = False,
) -> Chart | Missing:
    """The twelve indicators with score, value and rank; those that are missing are named."""
    return composites.indicators(_asked(municipalities, komm_nr, synthetic), business_index_areas, business_index)


def weights(
    business_index_areas: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """The place with other weights on the areas, and by the robust version."""
    return composites.weights(_asked(municipalities, komm_nr, synthetic), business_index_areas)


def development(
    business_index_areas: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """The index and its areas year by year."""
    return composites.development(_asked(municipalities, komm_nr, synthetic), business_index_areas, compare)


def moved(
    business_index_areas: pd.DataFrame,
    business_index: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    synthetic: bool = False,
) -> Chart | Missing:
    """What moved the index since the year before, indicator by indicator."""
    return composites.movement(_asked(municipalities, komm_nr, synthetic), business_index_areas, business_index)


def group(
    business_index_areas: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """The index of the comparison group, with ranks."""
    return composites.group(_asked(municipalities, komm_nr, synthetic), business_index_areas, compare)


def radial(
    business_index_areas: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """The areas as a star, for those who know the index from it: an extra, since bars are read more surely."""
    id, heading, of = f"{THEME}.radial", "Indeksen som stjerne", _asked(municipalities, komm_nr, synthetic)
    year = composites.latest(business_index_areas, komm_nr)
    if year is None:
        return Missing(id, heading, composites.none(of, business_index_areas))
    own = composites.standing_of(business_index_areas, komm_nr, year).drop(TOTAL)
    if own["score"].isna().any():
        missing = ", ".join(own.index[own["score"].isna()])
        return Missing(id, heading, f"Stjernen tegnes ikke når et område mangler, og i {year} mangler {of.name} {missing}.")
    turn = np.pi / 2 - 2 * np.pi * np.arange(len(own)) / len(own)

    def draw(figure, narrow):
        axis = axes(figure, 0.1, 0.1, 0.15, 0.0)
        for level in (25, 50, 75, 100):
            look = {"color": SOFT, "lw": 1, "ls": "--"} if level == 50 else {"color": GRID, "lw": 0.8}
            axis.plot(*_around(np.full(len(own), level), turn), **look)
        points = _around(own["score"].to_numpy(float), turn)
        axis.fill(*points, color=OWN, alpha=0.18, lw=0)
        axis.plot(*points, color=OWN, marker="D", ms=5)
        for angle, row in zip(turn, own.itertuples(), strict=True):
            x, y = 100 * np.cos(angle), 100 * np.sin(angle)
            axis.plot([0, x], [0, y], color=GRID, lw=0.8, zorder=0.5)
            side = "center" if abs(x) < 20 else "left" if x > 0 else "right"
            text = f"{row.Index}\n{number(row.score)}, plass {number(row.rank)}"
            look = {"ha": side, "va": "bottom" if y > 50 else "top" if y < -50 else "center", "size": 7.5 if narrow else 8.5}
            axis.annotate(text, (1.06 * x, 1.06 * y), color=INK, **look)
        axis.annotate("50 = snittet", (0, 50), (3, 2), textcoords="offset points", size=6.5, color=OTHER)
        axis.set(xlim=(-215, 215) if not narrow else (-165, 165), ylim=(-125, 128), aspect="equal")
        axis.set_axis_off()

    return Chart(
        id=id,
        title=f"Indeksen for {of.name} som stjerne: tettest mot kanten er området med flest poeng",
        reading=f"Avstanden fra midten er poeng i {year}, fra 0 til 100; den stiplede ringen er snittet. Flaten sier ikke mer enn "
        "søylene: den avhenger av rekkefølgen på områdene.",
        alt=f"Stjerne for {of.name}, {year}: "
        + "; ".join(f"{row.Index} {number(row.score)} poeng" for row in own.itertuples())
        + ".",
        uncertainty=f"De samme poengene som i søylene, og like usikre. {composites.SCALE}",
        source=f"{SOURCE}, {year}",
        table=own.reset_index()[["area", "score", "rank"]].set_axis(["Område", "Poeng", "Plass"], axis=1),
        draw=draw,
        height=(3.1, 3.0),
        decimals={"Poeng": 1},
        synthetic=synthetic,
    )


def _around(radius, turn):
    """The corners of a closed figure around the middle."""
    x, y = radius * np.cos(turn), radius * np.sin(turn)
    return np.append(x, x[0]), np.append(y, y[0])


def _asked(municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False) -> Asked:
    """Whose index is told, and how."""
    return Asked(THEME, WHAT, komm_nr, composites.names(municipalities), MEASURES, SOURCE, LACKING, AID, synthetic)
