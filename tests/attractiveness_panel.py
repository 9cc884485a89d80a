"""A country of components whose attractiveness is known: the two equations with published coefficients, seeded."""

import numpy as np
import pandas as pd

from nlib.methods.attractiveness import PARTS

FIRST = 2005
TAU = {"bosted": 0.35, "naering": 1.0}  # standard deviation between places, %
NOISE = {"bosted": 0.4, "naering": 1.5}  # of a year in a place of 10 000 inhabitants, %


def panel(seed=1, places=357, years=15):
    """Components of `population_components`, and what each place has of its own: `komm_nr`, `bosted`, `naering`."""
    random = np.random.default_rng(seed)
    of = {kind: random.normal(0, tau, places) for kind, tau in TAU.items()}
    place, year = (axis.ravel() for axis in np.meshgrid(np.arange(places), np.arange(years), indexing="ij"))
    number = pd.Series([f"{1000 + at}" for at in range(places)], dtype="str")
    inhabitants = np.exp(random.normal(8.6, 1.15, places)).clip(200).round()
    frame = pd.DataFrame({"komm_nr": number[place].to_numpy(), "year": FIRST + year, "population": inhabitants[place]})
    rows, law = len(frame), (frame["population"] / 10_000) ** -0.38
    frame["birth_surplus_pct"] = random.normal(0.2, 0.2, places)[place] + random.normal(0, 0.1, rows)
    frame["immigration_pct"] = random.normal(0.5, 0.2, years)[year]
    frame["size_pct"] = -0.8714 + 0.1026 * np.log(frame["population"])
    frame["integration_pct"] = -0.391 + 0.612 * random.uniform(0.1, 1.4, places)[place]
    frame["national_pct"] = random.normal(1, 1, years)[year]
    frame["mix_pct"] = random.normal(0, 0.6, places)[place] + random.normal(0, 0.3, rows)
    frame["population_effect_pct"] = random.normal(0, 0.2, rows)
    frame["naering_pct"] = of["naering"][place] + random.normal(0, NOISE["naering"], rows) * law
    structure = frame[["mix_pct", "population_effect_pct"]].sum(axis=1)
    frame["private_growth_pct"] = frame["national_pct"] + structure + frame["naering_pct"]
    frame["industry_structure_pct"], frame["business_pct"] = 0.12 * structure, 0.12 * frame["naering_pct"]
    frame["public_pct"] = random.normal(0.1, 0.05, rows)
    frame["neighbours_pct"] = random.normal(0.1, 0.1, rows)
    frame["bosted_pct"] = of["bosted"][place] + random.normal(0, NOISE["bosted"], rows) * law
    frame["growth_pct"] = frame[[*PARTS, "bosted_pct"]].sum(axis=1)
    return frame.assign(comparable=True), pd.DataFrame({"komm_nr": number, **of})


def held(table, truth, kind, period):
    """Whether the intervals of the last year of a table hold the truth, one a place."""
    rows = table[(table["kind"] == kind) & (table["period"] == period) & (table["year"] == table["year"].max())]
    true = truth.set_index("komm_nr")[kind].loc[rows["komm_nr"]].to_numpy()
    return (rows["low_pct"].to_numpy() <= true) & (true <= rows["high_pct"].to_numpy())
