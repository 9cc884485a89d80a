"""Municipalities put together: counts are added, flows inside stay inside, and the place has all that a municipality has."""

import os
import shutil

import pandas as pd
import pytest

import nlib
from nlib.build import pipeline, regions
from nlib.core import store
from nlib.core.errors import BadAnswer, UnknownMunicipality, WrongUse
from nlib.core.municipalities import Register
from nlib.core.store import Region, editions

ROMERIKE = ["3222", "3205", "3224"]  # Lørenskog, Lillestrøm, Rælingen

CODES = pd.DataFrame(
    [
        ("0001", "A", "1994-01-01", "2020-01-01"),
        ("0002", "B", "1994-01-01", None),
        ("0003", "C", "2020-01-01", None),
        ("0004", "D", "2020-01-01", None),
    ],
    columns=["komm_nr", "name", "valid_from", "valid_to"],
).astype("str")
CODES["valid_to"] = CODES["valid_to"].where(CODES["valid_to"] != "None")
CHANGES = pd.DataFrame([("2020-01-01", "0001", "0003"), ("2020-01-01", "0001", "0004")], columns=["date", "old_nr", "new_nr"])
SPLITS = pd.DataFrame([("0001", "0003", "30"), ("0001", "0004", "70")], columns=["old_nr", "new_nr", "population"])


def register(*members):
    """The four municipalities above, these merged into 0000."""
    region = [Region("0000", "Alle", members)] if members else []
    codes, changes = (regions.merged(region, name, table) for name, table in zip(regions.MERGED_IN, (CODES, CHANGES), strict=False))
    return Register(codes, changes, SPLITS)


def test_a_region_is_the_one_place_that_its_members_have_become():
    assert register("0002", "0003").current["komm_nr"].tolist() == ["0000", "0004"]
    assert register("0002", "0003").successors("0002", "2015-01-01") == {"0000": (1.0, False)}
    assert register("0002", "0003").find("Alle") == "0000"


def test_counts_are_added_and_flows_between_members_stay_inside():
    flows = pd.DataFrame(
        [("0002", "0003", 2021, 5), ("0003", "0002", 2021, 7), ("0002", "0002", 2021, 11), ("0002", "0004", 2021, 13)],
        columns=["home", "work", "year", "n"],
    ).astype({"n": "Int64"})
    carried = register("0002", "0003").carry(flows, ["home", "work"], ["n"])
    assert carried.set_index(["home", "work"])["n"].to_dict() == {("0000", "0000"): 23, ("0000", "0004"): 13}


def test_a_split_whose_parts_are_all_members_is_whole_again_and_can_be_compared():
    both, one = register("0003", "0004"), register("0002", "0003")
    assert both.successors("0001", "2015-12-31") == {"0000": (1.0, False)}
    assert both.comparable([2015]).set_index("komm_nr")["comparable"].to_dict() == {"0000": True, "0002": True}
    assert one.comparable([2015]).set_index("komm_nr")["comparable"].to_dict() == {"0000": False, "0004": False}


def test_the_members_of_a_region_are_known_beside_it():
    both = register("0002", "0003")
    assert both.members.current["komm_nr"].tolist() == ["0002", "0003", "0004"]
    assert both.members.heir("0002", "2015-12-31") == "0002"
    assert both.sizes == {"0000": 2, "0004": 1}
    assert register().sizes == {"0002": 1, "0003": 1, "0004": 1}


def test_figures_that_cannot_be_added_are_left_out_of_a_region():
    medians = pd.DataFrame({"komm_nr": ["0002", "0003", "0004"], "year": 2021, "median": [1.0, 2.0, 3.0]})
    assert register("0002", "0003").follow(medians)["komm_nr"].tolist() == ["0004"]
    early = medians.assign(year=2018)  # 0003 and 0004 began in 2020, and the producer has carried them back
    assert register("0002", "0003").follow(early)["komm_nr"].tolist() == ["0004"]
    assert register().follow(early)["komm_nr"].tolist() == ["0002", "0003", "0004"]


def test_years_to_come_are_the_region_s_too():
    projected = pd.DataFrame({"komm_nr": ["0002", "0003"], "year": 2050, "n": pd.array([5, 7], "Int64")})
    assert register("0002", "0003").carry(projected, ["komm_nr"], ["n"])["n"].tolist() == [12]


@pytest.mark.parametrize(
    ("members", "name", "fault"),
    [
        (["3222"], "En", "minst to kommuner"),
        (["3222", "Lørenskog"], "To", "3222 mer enn én gang"),
        (["3222", "3205"], " ", "må ha et navn"),
        (["3222", "3205"], "Lørenskog", "Det finnes en kommune som heter Lørenskog"),
        ("3222", "En", "må være en liste"),
    ],
)
def test_what_is_no_region_is_refused(demo_edition, members, name, fault):
    with pytest.raises(WrongUse, match=fault):
        regions.named(demo_edition, members, name)


def test_a_member_that_is_no_municipality_is_named_with_near_names(demo_edition):
    with pytest.raises(UnknownMunicipality, match=r"Lørenskg.*Lørenskog"):
        regions.named(demo_edition, ["Lørenskg", "3205"], "Romerike")


@pytest.mark.parametrize("text", ["Akershus", "akershus fylke", "Akershus fylkeskommune", "32", "3200"])
def test_a_county_is_found_by_name_and_number(demo_edition, text):
    found = regions.find(demo_edition, text)
    assert (found.number, found.name, len(found.members)) == ("3200", "Akershus", 21)


def test_a_county_of_one_municipality_is_that_municipality(demo_edition):
    assert regions.find(demo_edition, "Oslo") == "0301"
    assert regions.county(demo_edition, "03") is None


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("navn: Romerike\n", "skal ha to linjer"),
        ("navn: Romerike\nkommuner: [0301, '3205']\n", "anførselstegn"),
        ("- a\n", "skal ha to linjer"),
        ("navn: [\n", "kan ikke leses"),
        ("navn: Romerike\nkommuner: ['3222']\n", "minst to"),
    ],
)
def test_a_file_that_is_no_region_says_what_it_lacks(demo_edition, tmp_path, content, fault):
    (tmp_path / "romerike.yaml").write_text(content, encoding="utf-8")
    with pytest.raises((BadAnswer, WrongUse), match=fault):
        regions.find(demo_edition, str(tmp_path / "romerike.yaml"))


def test_a_region_file_that_is_not_there_is_told(demo_edition, tmp_path):
    with pytest.raises(WrongUse, match=r"Filen .*mangler\.yaml finnes ikke"):
        regions.find(demo_edition, str(tmp_path / "mangler.yaml"))


def copied(edition, home):
    """The same edition in a home of its own: what is built for a region is not left in the one that tests share."""
    for part in ("raw", "processed"):
        shutil.copytree(edition.root / "data" / part / edition.name, home / "data" / part / edition.name, copy_function=os.link)
    return store.edition(edition.name, home)


@pytest.fixture(scope="module")
def romerike(demo_edition, tmp_path_factory):
    home = copied(demo_edition, tmp_path_factory.mktemp("region")).root
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NLIB_HOME", str(home))
        (home / "romerike.yaml").write_text(f"navn: Nedre Romerike\nkommuner: {ROMERIKE}\n", encoding="utf-8")
        yield nlib.view(str(home / "romerike.yaml"))


def test_a_region_s_own_figures_are_its_members_together(romerike, demo_edition):
    members = demo_edition.table("employed_register").query("komm_nr in @ROMERIKE")
    summed = members.groupby("year")["jobs"].sum()
    assert romerike.rows("employed_register").set_index("year")["jobs"].to_dict() == summed.to_dict()
    flows = demo_edition.table("commuting_flows").query("home_nr in @ROMERIKE and work_nr in @ROMERIKE")
    inside = flows.groupby("year")["employed"].sum()
    own = romerike.rows("commuting").set_index("year")
    assert own["live_and_work"].to_dict() == inside.reindex(own.index).to_dict()
    assert own["out_pct"].between(0, 100).all()
    assert (own["in_commuters"] + own["live_and_work"] == own["jobs"]).all()


def test_the_map_of_a_region_is_drawn_at_the_desk_though_its_edition_is_not_built(romerike):
    assert romerike.figure("pendling.flow_map").title.endswith("den største strømmen")


def test_the_country_has_the_same_people_with_the_region_in_it(romerike, demo_edition):
    before = demo_edition.table("population_by_age").groupby("year")["population"].sum()
    assert romerike.table("population_by_age").groupby("year")["population"].sum().to_dict() == before.to_dict()


def test_a_region_is_no_edition_of_its_own_and_a_member_s_goals_and_survey_are_not_its(romerike, demo_edition):
    assert editions(romerike.edition.root) == ["demo"]
    assert romerike.rows("goals").empty
    assert len(demo_edition.table("survey_results").query("komm_nr == '3222'")) > 0
    for name in ("survey_results", "survey_response", "survey_waves", "survey_words", "survey_quotes"):
        assert romerike.rows(name).empty, name


@pytest.mark.slow
def test_firms_of_a_region_keep_their_municipality_and_the_region_s_value_is_its_members(romerike, demo_edition):
    firms = romerike.rows("company_accounts")
    assert set(firms["member_nr"]) == set(ROMERIKE)
    assert len(firms) == len(demo_edition.table("company_accounts").query("komm_nr in @ROMERIKE"))
    members = demo_edition.table("value_creation").query("komm_nr in @ROMERIKE and source == 'regnskap'")
    own = romerike.rows("value_creation").query("source == 'regnskap'").set_index("year")
    assert not own["hidden"].any()
    pd.testing.assert_series_equal(own["value_added_mnok"], members.groupby("year")["value_added_mnok"].sum())
    assert romerike.rows("municipalities")["members"].tolist() == [3]


def test_the_rows_of_a_place_can_have_its_county_and_the_nation_beside(romerike):
    held = nlib.table("employed_register", kommune=["Lørenskog", "Oslo"], years=(2017, 2018), beside=True)
    assert held["komm_nr"].unique().tolist() == ["3222", "0301", "3200", "0300", "0000"]
    assert set(held["year"]) == {2017, 2018}
    whole = nlib.table("employed_register").query("year == 2017")
    assert held.query("komm_nr == '0000' and year == 2017")["jobs"].item() == whole["jobs"].sum()
    akershus = whole[whole["komm_nr"].str[:2] == "32"]["jobs"].sum()
    assert held.query("komm_nr == '3200' and year == 2017")["jobs"].item() == akershus
    assert held.attrs["beside"] == {"3200": "Akershus", "0300": "Oslo", "0000": "Landet"}


def test_a_table_is_built_again_when_what_it_is_made_of_has_changed(romerike):
    romerike.rows("employed_register")
    before = romerike.edition.digests("employed_register")
    assert None not in before
    pipeline.build(romerike.edition, lambda line: None, only=["employed_register"])
    assert romerike.edition.digests("employed_register") == before


def test_in_norway_of_79_623_employed_on_romerike_43_560_worked_elsewhere(real_edition, tmp_path):
    """SSB 03321, 4th quarter 2021; the members' own out-commuters add up to 54 188."""
    real = copied(real_edition, tmp_path)
    edition = regions.edition_of(real, regions.named(real, ROMERIKE, "Nedre Romerike"))
    own = pipeline.of_regions(edition, "commuting").query("komm_nr == '3200' and year == 2021").iloc[0]
    assert (own["employed_residents"], own["out_commuters"]) == (79_623, 43_560)
    members = real_edition.table("commuting").query("komm_nr in @ROMERIKE and year == 2021")
    assert members["out_commuters"].sum() == 54_188
