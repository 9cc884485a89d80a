"""Two waves of a survey of businesses, made up like Lørenskog's, drawn from `truth`. Only the counts invited and answered are those
that were published: 40 of 80 in 2018, 196 of 3 900 (3 000 of them sole proprietors) in 2024."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from nlib.core.municipalities import resource
from nlib.data.synthetic.country import Country

KOMM_NR = "3222"
SIZES = ("Ingen ansatte", "1–4 ansatte", "5–19 ansatte", "20–99 ansatte", "100 ansatte eller flere")
INDUSTRIES = (
    "Handel og servering",
    "Bygg og anlegg",
    "Tjenester til bedrifter",
    "Helse, undervisning og kultur",
    "Industri og transport",
)
INVITED = {2018: (0, 20, 30, 20, 10), 2024: (3000, 500, 290, 90, 20)}  # by size
ANSWERED = {2018: (0, 7, 14, 12, 7), 2024: (75, 40, 41, 27, 13)}
MIX = np.array(  # of industries in each size, %
    [[16, 22, 38, 18, 6], [28, 24, 28, 12, 8], [36, 22, 20, 10, 12], [30, 18, 16, 14, 22], [24, 10, 12, 20, 34]]
)
CUTS = np.array([-1.5, -0.6, 0.2, 1.2])  # between the answers of a scale of five
NPS_CUTS = np.array([-2.2, -1.9, -1.6, -1.3, -0.9, -0.4, -0.1, 0.4, 1.0, 1.6])
DONT_KNOW = "Vet ikke"
UNSURE_PCT = 6  # who say so where they may
SINCE_2018 = 0.15  # the latent opinion is so much better in 2024


@dataclass(frozen=True)
class Item:
    """A question and what is true of it, as `resources/synthetic_survey.csv` has it."""

    name: str
    text: str
    kind: str
    labels: tuple[str, ...]
    level: tuple[float, ...]
    slope: tuple[float, ...]
    focus_area: str = ""
    may_be_unsure: bool = False

    def shares(self, wave: int) -> np.ndarray:
        """The true share of each size (rows) that gives each answer (columns), of those who are sure; 0 to 1."""
        latent = np.array(self.level) + np.outer(np.arange(len(SIZES)), self.slope) + SINCE_2018 * (wave == 2024)
        if self.kind == "multiple":
            return norm.cdf(latent)
        cuts = NPS_CUTS if self.kind == "nps" else CUTS
        below = np.column_stack([np.zeros(len(SIZES)), norm.cdf(cuts - latent), np.ones(len(SIZES))])
        return np.diff(below, axis=1)


def _items() -> tuple[Item, ...]:
    rows = resource("synthetic_survey.csv").fillna({"focus_area": ""})
    rows["may_be_unsure"] = rows["may_be_unsure"].eq("ja")
    for name in ("labels", "level", "slope"):
        rows[name] = [tuple(cell.split("|") if name == "labels" else map(float, cell.split("|"))) for cell in rows[name]]
    return tuple(Item(**row) for row in rows.to_dict("records"))


ITEMS = _items()


def frame(wave: int) -> pd.DataFrame:
    """Whom a wave invited: `size_group`, `industry`, `invited` (0 is left out); sizes add up exactly to `INVITED`."""
    rows: list[tuple] = []
    for size, count, mix in zip(SIZES, INVITED[wave], MIX, strict=True):
        ends = np.rint(np.cumsum(mix) * count / mix.sum()).astype(int)
        rows += zip([size] * len(INDUSTRIES), INDUSTRIES, np.diff(ends, prepend=0).tolist(), strict=True)
    table = pd.DataFrame(rows, columns=["size_group", "industry", "invited"])
    return table[table["invited"] > 0].reset_index(drop=True)


def truth(wave: int = 2024) -> pd.DataFrame:
    """What is true of those invited, of all who are sure: `question`, `kind`, `answer`, `size_group` (a size, or «Alle»), `pct`.
    `pct` is the share (0-100) that gives the answer; «Alle» weighs the sizes by those invited."""
    weights, parts = np.array(INVITED[wave]) / sum(INVITED[wave]), []
    for item in ITEMS:
        shares = 100 * item.shares(wave)
        for size, row in zip((*SIZES, "Alle"), [*shares, weights @ shares], strict=True):
            parts.append(
                pd.DataFrame({"question": item.name, "kind": item.kind, "answer": item.labels, "size_group": size, "pct": row})
            )
    return pd.concat(parts, ignore_index=True)


def drawn(wave: int, random: np.random.Generator, answered: tuple[int, ...] | None = None) -> pd.DataFrame:
    """One draw of those who answer, so many of each size (`ANSWERED` where not given): a row each, shuffled. `size_group`,
    `industry` and a column a question: a label (`DONT_KNOW` among them), or a list of labels where it is multiple."""
    invited = frame(wave)
    chosen = [
        people.sample(count, random_state=random)
        for size, count in zip(SIZES, answered or ANSWERED[wave], strict=True)
        if len(people := (own := invited[invited["size_group"] == size]).loc[own.index.repeat(own["invited"])])
    ]
    people = pd.concat(chosen).sample(frac=1, random_state=random)[["size_group", "industry"]].reset_index(drop=True)
    size = people["size_group"].map(SIZES.index).to_numpy()
    for item in ITEMS:
        shares = item.shares(wave)[size]
        if item.kind == "multiple":
            ticked = random.random(shares.shape) < shares
            people[item.name] = [[label for label, yes in zip(item.labels, row, strict=True) if yes] for row in ticked]
        else:
            place = (random.random((len(people), 1)) > shares.cumsum(axis=1)[:, :-1]).sum(axis=1)
            unsure = item.may_be_unsure & (random.random(len(people)) < UNSURE_PCT / 100)
            people[item.name] = np.where(unsure, DONT_KNOW, np.array(item.labels, object)[place])
    return people


class Survey(Country):
    survey_komm_nr = KOMM_NR
    survey_sizes, survey_industries, survey_items = SIZES, INDUSTRIES, ITEMS

    survey_frame = staticmethod(frame)

    def survey_notes(self) -> list[tuple]:
        """Notes of talks beside the wave of 2024: year, source, theme, focus area, text, may be quoted, approved."""
        return [(2024, *note) for note in resource("synthetic_notes.csv").fillna("").itertuples(index=False)]

    def survey(self, wave: int) -> pd.DataFrame:
        """Those who answered a wave (2018, 2024), as `drawn` gives them."""
        return drawn(wave, self.draw("survey", wave))
