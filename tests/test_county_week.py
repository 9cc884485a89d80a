"""The county analyst's week: every product is one short cell, and its figures are those of the tables, added up another way."""

import re
import shutil
from pathlib import Path

import pytest

import nlib

pytestmark = pytest.mark.slow
PAGE = Path(__file__).parents[1] / "docs" / "fylkesanalytiker.md"
CELLS = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def week(demo_home, tmp_path_factory):
    """What the cells have made, by name."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("fylke")
        (home / "data" / "processed").mkdir(parents=True)
        (home / "data" / "raw").symlink_to(demo_home / "data" / "raw")
        shutil.copytree(demo_home / "data" / "processed" / "demo", home / "data" / "processed" / "demo")
        patch.setenv("NLIB_HOME", str(home))
        patch.chdir(home)
        made = {}
        for cell in CELLS:
            exec(cell, made)
        yield made


def test_every_product_is_a_cell_of_at_most_five_lines():
    assert len(CELLS) == 9
    assert max(len(cell.strip().splitlines()) for cell in CELLS) <= 5


def sums(table, column, year, numbers):
    listed = ", ".join(f"'{number}'" for number in numbers)
    return nlib.sql(f"select sum({column}) as n from {table} where year = {year} and komm_nr in ({listed})")["n"].iloc[0]


def test_jobs_and_establishments_of_the_county_are_those_of_its_municipalities(week):
    numbers = week["fylke"]["komm_nr"]
    assert len(numbers) == 17
    assert week["arbeidsplasser"][2021].sum() == sums("employed_by_industry", "jobs", 2021, numbers) > 50_000
    assert week["virksomheter"].loc[2024].sum() == sums("establishments_by_size", "establishments", 2024, numbers)


def test_growth_is_held_against_the_county_and_the_nation(week):
    assert week["vekst"].columns.tolist() == ["Landet", "Telemark", "4003"]
    people = sums("population", "population", 2025, week["fylke"]["komm_nr"])
    assert week["folk"].loc[2025, "Telemark"] == people
    assert (week["vekst"].iloc[0] == 100).all()


def test_those_over_67_are_the_two_oldest_groups_of_the_latest_projection(week):
    last = week["aldre"].loc[2050]
    groups = last[["age_0_19", "age_20_66", "age_67_79", "age_80"]].sum()
    assert abs(groups - last["main"]) <= 2 * len(week["fylke"])  # each municipality's is rounded
    assert week["aldre"]["andel_67"].is_monotonic_increasing and 15 < last["andel_67"] < 45


def test_education_has_the_county_and_the_nation_among_its_municipalities(week):
    rows = week["utdanning"].set_index("komm_nr")["value"]
    assert len(rows) == 19
    own = rows.drop(["4000", "0000"])
    assert own.min() < rows["4000"] < own.max()


def test_who_commutes_inside_the_region_is_no_commuter_of_it(week):
    rows = week["pendling"].query("year == 2021").set_index("komm_nr")["out_commuters"]
    assert rows.index.tolist() == ["4000", "4003", "4001", "40", "0000"]
    apart = sums("commuting", "out_commuters", 2021, ["4001", "4003", "4012", "4010"])
    assert rows["4000"] < apart


def test_migration_is_who_moved_in_less_who_moved_out(week):
    numbers = week["fylke"]["komm_nr"]
    net = sums("population_changes", "in_migration", 2024, numbers) - sums("population_changes", "out_migration", 2024, numbers)
    assert week["flytting"].loc[2024, "netto"] == net


def test_what_leaves_the_house_is_there(week):
    assert Path("pendling.xlsx").is_file() and Path("utpendling.gpkg").is_file()
