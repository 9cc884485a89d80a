"""What a page says of its figures, where some of them are not there."""

from types import SimpleNamespace

import pandas as pd
import pytest

from nlib.build import pipeline
from nlib.press import about
from tests.editions import ROOT


def edition(**tables):
    """An edition whose tables are empty but for those given."""
    return SimpleNamespace(
        name="2026",
        synthetic=False,
        table=lambda name: tables.get(name, pipeline.datasets()[name].empty()),
        raw_manifest=lambda: {"sources": {}, "imports": []},
        processed_manifest=dict,
        imports=list,
        imported_files=lambda need: [],
    )


@pytest.mark.parametrize("notebook", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_page_without_any_figures_has_no_date_and_no_warning_of_old_ones(notebook):
    told = about.facts(edition(), notebook)
    assert told["figures_date"] == ""
    assert told["warnings"] == []


def test_the_date_is_that_of_the_first_table_that_has_figures():
    years = pd.DataFrame({"year": [2018, 2021]})
    told = about.facts(edition(attractiveness_components=years), ROOT / "notebooks" / "attraktivitet.ipynb")
    assert told["figures_date"] == "året 2021"
    assert "Gamle tall: de nyeste er fra 2021" in told["warnings"][0]
