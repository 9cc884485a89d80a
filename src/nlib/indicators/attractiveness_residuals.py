"""What the two equations of attractiveness give each municipality and what they leave, window by window."""

import pandas as pd

from nlib.core.errors import InvalidTable
from nlib.core.tables import Placed, column, measure
from nlib.methods.attractiveness import estimate
from nlib.methods.attractiveness.models import KINDS

TOO_FEW = "for få"
OF = "prosent av folketallet; naering: av private arbeidsplasser"


class Residuals(Placed):
    year: int = column("År", ge=1986, le=2100)
    window: int = column("Siste år i vinduet som modellen er beregnet på", ge=1986, le=2100)
    kind: str = column("Hva slags attraktivitet", isin=KINDS)
    population: float = column("Folketall 1. januar", "personer", gt=0)
    structure_pct: float = column("Veksten som modellen venter, med det som er felles for året", OF)
    residual_pct: float = column("Det som er igjen av veksten", OF)
    low_pct: float = column("Nedre grense for 90 prosents intervall for kommunens eget, ikke krympet", OF)
    high_pct: float = column("Øvre grense for 90 prosents intervall for kommunens eget, ikke krympet", OF)
    structure_variance: float = column("Variansen som usikre koeffisienter gir", "prosent i annen", ge=0)


def build(attractiveness_components: pd.DataFrame) -> pd.DataFrame:
    """The residuals of `nlib.methods.attractiveness.estimate`; empty where there are too few years to estimate on."""
    try:
        return estimate(attractiveness_components).residuals
    except InvalidTable as error:
        if TOO_FEW not in str(error):
            raise
        return DATASET.empty()


TITLE = "Hva modellen for attraktivitet venter, og hva som er igjen"
DATASET = measure(TITLE, Residuals, build, by=("window", "kind"), moment="året", partial=True)
