"""Tables that are built from files people have by hand, and what happens when files agree, disagree, come and go."""

import os
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.build import checks, imports, pipeline
from nlib.core import store
from nlib.core.errors import BadAnswer, FilesDisagree, NlibError
from nlib.core.municipalities import resource
from nlib.data.sources import company_accounts, employment_bridge, ssb_11713, ssb_13472, telemarksforsking_figures
from nlib.indicators import employment_growth
from nlib.press.about import about_html
from tests.editions import quiet

SAMPLES = Path(__file__).parent / "samples"
BY_HAND = Path(__file__).parent / "samples_by_hand"
CODES, CHANGES = resource("municipalities.csv"), resource("municipality_changes.csv")
EVERY_RULE = [rule.name for rule in checks.checks()]


def built(module, *files: tuple[str, bytes], codes=CODES, changes=CHANGES):
    """A module's table from these files (name, content)."""
    need = module.DATASET.imported[0]
    imported = need.together([(name, need.read(body)) for name, body in files])
    return module.DATASET.check(module.build(imported, codes, changes))


def table(*rows: str) -> bytes:
    return "\n".join(rows).encode()


# two files of a kind

ACCOUNTS = "Orgnr;Navn;Kommunenr;NACE;År;Ansatte;Lønnskostnader (kr);Driftsresultat (kr)"
FJELL = "974760673;Fjell AS;0301;47.110;2020;12;1200000;-30500"
VANN = "971526920;Vann AS;3222;62.010;2020;9;2500000;410000"


def test_what_two_files_tell_alike_is_there_once():
    both = built(company_accounts, ("a.csv", table(ACCOUNTS, FJELL, VANN)), ("b.csv", table(ACCOUNTS, FJELL)))
    assert both["orgnr"].tolist() == ["971526920", "974760673"]


def test_two_files_that_contradict_one_another_are_both_named_with_what_they_contradict_one_another_about():
    files = [
        ("a.csv", table(ACCOUNTS, VANN)),
        ("b.csv", table(ACCOUNTS, FJELL)),
        ("c.csv", table(ACCOUNTS, FJELL.replace("-30", "30"))),
    ]
    with pytest.raises(FilesDisagree, match=r"b\.csv og c\.csv sier ikke det samme om orgnr 974760673, year 2020.*--forget"):
        built(company_accounts, *files)


def test_a_missing_figure_contradicts_one_that_is_there():
    with pytest.raises(FilesDisagree):
        built(company_accounts, ("a.csv", table(ACCOUNTS, FJELL)), ("b.csv", table(ACCOUNTS, FJELL.replace("-30500", ".."))))


def test_a_company_may_not_have_its_year_shared_between_two_files():
    elsewhere = FJELL.replace("0301", "3222")
    with pytest.raises(FilesDisagree, match="974760673"):
        built(company_accounts, ("a.csv", table(ACCOUNTS, FJELL)), ("b.csv", table(ACCOUNTS, elsewhere)))


def test_a_name_written_otherwise_contradicts_nothing():
    table_ = built(
        company_accounts, ("a.csv", table(ACCOUNTS, FJELL)), ("b.csv", table(ACCOUNTS, FJELL.replace("Fjell AS", "FJELL AS")))
    )
    assert table_["name"].tolist() == ["Fjell AS"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sets(st.integers(2001, 2008), min_size=1), min_size=1, max_size=4))
def test_files_that_overlap_make_the_frame_that_one_file_of_all_their_rows_makes(shares):
    def frame(years):
        return pd.DataFrame({"orgnr": "974760673", "year": sorted(years), "name": "Fjell AS", "employees": len("Fjell")})

    files = [(f"{at}.csv", frame(years)) for at, years in enumerate(shares)]
    several = company_accounts.IMPORTED.together(files).sort_values("year", ignore_index=True)
    pd.testing.assert_frame_equal(several, frame(set.union(*shares)))


# accounts


def accounts(*rows, codes=CODES, changes=CHANGES):
    return built(company_accounts, ("a.csv", table(ACCOUNTS, *rows)), codes=codes, changes=changes)


def test_value_added_is_wage_costs_and_operating_result_also_when_that_is_negative():
    (row,) = accounts(FJELL).to_dict("records")
    assert (row["operating_result_kr"], row["value_added_kr"]) == (-30500, 1169500)
    assert (row["komm_nr"], row["nace2"], row["nace"], row["employees"], row["placed"]) == ("0301", "47", "47.110", 12, True)


def test_kr_and_1000_kr_give_the_same_table():
    thousands = ACCOUNTS.replace("(kr)", "(1 000 kr)"), FJELL.replace("1200000;-30500", "1200;-30,5")
    pd.testing.assert_frame_equal(built(company_accounts, ("a.csv", table(*thousands))), accounts(FJELL))


def test_value_added_is_missing_where_a_part_of_it_is():
    assert accounts(FJELL.replace("-30500", ".."))["value_added_kr"].isna().all()


def test_establishments_that_a_merger_has_brought_into_one_municipality_are_added_up():
    parts = [FJELL.replace("0301;47.110;2020", f"{number};47.110;2019") for number in ("0226", "0227")]
    (row,) = accounts(*parts).to_dict("records")
    assert (row["komm_nr"], row["employees"], row["value_added_kr"]) == ("3205", 24, 2 * 1169500)
    assert accounts(parts[0], parts[1].replace("-30500", ".."))["value_added_kr"].isna().all()


def test_establishments_in_two_municipalities_or_industries_are_rows_of_their_own():
    rows = accounts(FJELL, FJELL.replace("0301", "3222"), FJELL.replace("47.110", "46.110"))
    assert rows[["komm_nr", "nace"]].to_numpy().tolist() == [["0301", "46.110"], ["0301", "47.110"], ["3222", "47.110"]]


def test_a_number_may_be_that_of_the_year_or_a_later_one():
    rows = accounts(FJELL.replace("0301", "3029"), VANN.replace("2020", "2018"))
    assert rows["komm_nr"].tolist() == ["3222", "3222"]
    assert accounts(FJELL.replace("0301", "0230"))["komm_nr"].tolist() == ["3222"], "0230 did not hold any longer in 2020"


STOKKE = pd.DataFrame(
    [
        ("0720", "Stokke", "1838-01-01", "2017-01-01"),
        ("0704", "Tønsberg", "1838-01-01", None),
        ("0710", "Sandefjord", "1838-01-01", None),
    ],
    columns=["komm_nr", "name", "valid_from", "valid_to"],
).astype("str")
STOKKE_CHANGES = pd.DataFrame(
    [("0720", "0704", "2017-01-01"), ("0720", "0710", "2017-01-01")], columns=["old_nr", "new_nr", "date"], dtype="str"
)


def test_a_company_in_a_municipality_that_was_split_is_kept_without_a_municipality_and_marked():
    rows = [FJELL.replace("0301;47.110;2020", "0720;47.110;2016"), VANN.replace("3222;62.010;2020", "0704;62.010;2016")]
    told = accounts(*rows, codes=STOKKE, changes=STOKKE_CHANGES).set_index("orgnr")
    assert pd.isna(told.loc["974760673", "komm_nr"])
    assert not told.loc["974760673", "placed"]
    assert told.loc["974760673", "value_added_kr"] == 1169500
    assert told["member_nr"].to_dict() == {"974760673": "0720", "971526920": "0704"}, "its own, where that has been split"
    assert (told.loc["971526920", "komm_nr"], told.loc["971526920", "placed"]) == ("0704", True)


def test_a_number_that_is_no_municipalitys_is_kept_and_marked():
    told = accounts(FJELL.replace("0301", "2100"), VANN).set_index("orgnr")["placed"]
    assert told.to_dict() == {"974760673": False, "971526920": True}


# Telemarksforsking

FIGURES = "Nr;Navn;Inndeling;År;Produktivitet (kr);Lønnsomhet"


def telemarksforsking(*rows, heading=FIGURES):
    told = built(telemarksforsking_figures, ("a.csv", table(heading, *rows)))
    return told.set_index(["komm_nr", "year", "indicator"])["value"].to_dict()


def test_only_municipalities_are_kept_of_telemarksforskings_levels():
    told = telemarksforsking("0301;Oslo;Kommune;2020;700000;61", "03;Oslo;Fylke;2020;1;1", "0;Norge;Land;2020;1;1")
    assert told == {("0301", 2020, "productivity"): 700000, ("0301", 2020, "profitability"): 61}


def test_amounts_in_1000_kr_are_told_in_kr():
    thousands = FIGURES.replace("(kr)", "(1 000 kr)")
    assert telemarksforsking("0301;Oslo;Kommune;2020;700,5;61", heading=thousands)[("0301", 2020, "productivity")] == 700500


def test_rates_follow_a_new_number_and_are_left_out_for_what_has_merged_or_been_split():
    rows = [f"{number};X;Kommune;{year};1;2" for number, year in (("0230", 2019), ("0226", 2019), ("1507", 2021), ("3029", 2015))]
    assert {key[:2] for key in telemarksforsking(*rows)} == {("3222", 2019), ("3222", 2015)}, "3029 was a number from 2020"


def test_a_rate_under_the_old_and_the_new_number_of_one_municipality_is_refused():
    with pytest.raises(NlibError):
        telemarksforsking("0230;X;Kommune;2015;1;2", "3029;X;Kommune;2015;1;2")


def test_files_that_say_the_unit_and_files_that_do_not_are_refused_together():
    files = [("a.csv", table(FIGURES, "0301;Oslo;Kommune;2020;700000;61"))]
    files += [("b.csv", table(FIGURES.replace(" (kr)", ""), "0301;Oslo;Kommune;2021;700;61"))]
    with pytest.raises(BadAnswer, match="productivity"):
        built(telemarksforsking_figures, *files)


# the bridge over 2015

BRIDGE = "Kommunenr;År;Sysselsatte etter arbeidssted;Sysselsatte etter bosted"
NOBODY = pd.DataFrame({"komm_nr": [], "year": [], "jobs": [], "employed_residents": [], "comparable": []})


def bridge(*rows, heading=BRIDGE):
    return built(employment_bridge, ("bro.csv", table(heading, *rows))).set_index("komm_nr")


def test_bridged_figures_are_summed_over_mergers_and_missing_where_a_part_is():
    parts = ["226;2015;10;20", "0227;2015;100;200"]
    assert bridge(*parts, "0231;2015;1 000;2 000").loc["3205", ["jobs", "employed_residents"]].tolist() == [1110, 2220]
    assert bridge(*parts, "0231;2015;..;2 000").loc["3205", "jobs"] is pd.NA
    assert bridge(*parts, "0231;2015;..;2 000").loc["3205", "employed_residents"] == 2220
    assert bridge(*parts).loc["3205", ["jobs", "employed_residents"]].isna().all(), "0231 is not in the file"


def test_other_years_than_2015_are_told_of_and_not_read():
    assert set(bridge("0301;2015;10;20", "0301;2014;9;19")["year"]) == {2015}
    with pytest.raises(BadAnswer, match="2015"):
        bridge("0301;2014;9;19")


@pytest.mark.parametrize(
    ("rows", "told"),
    [(["0301;2015;10,5;20"], "ikke et antall"), (["0301;2015;-3;20"], "ikke et antall"), (["0301;2015;1;2"] * 2, "to ganger")],
)
def test_a_bridge_that_cannot_be_is_refused(rows, told):
    with pytest.raises(BadAnswer, match=told):
        bridge(*rows)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(*[st.text("0123459 .,:-K;x\n=", max_size=6)] * 4), min_size=1, max_size=4))
def test_any_cells_give_a_named_error_or_a_bridge(cells):
    try:
        told = employment_bridge.IMPORTED.read(table(BRIDGE, *map(";".join, cells)))
    except NlibError:
        return
    assert told["komm_nr"].str.fullmatch(r"\d{4}").all()
    assert (told["year"] == 2015).all()


def test_a_bridge_of_workplaces_only_leaves_residents_missing():
    told = bridge("0301;2015;10", heading="Knr;Årstall;Arbeidsplasser")
    assert (told.loc["0301", "jobs"], told.loc["0301", "employed_residents"]) == (10, pd.NA)


def register(*rows):
    columns = ["komm_nr", "year", "employed_residents", "jobs", "comparable"]
    return pd.DataFrame(rows, columns=columns).astype({"employed_residents": "Int64", "jobs": "Int64", "komm_nr": "str"})


def growth(employed, bridged=NOBODY):
    dataset = employment_growth.DATASET
    told = dataset.check(employment_growth.build(employed, bridged.reset_index() if bridged.index.name else bridged))
    return told.set_index(["komm_nr", "year"])


OSLO = register(
    ("0301", 2013, 300, 100, True),
    ("0301", 2014, 300, 110, True),
    ("0301", 2015, 390, 143, True),
    ("0301", 2016, 390, 150, True),
    ("0301", 2018, 0, 0, True),
    ("0301", 2019, 1, 1, False),
    ("0301", 2020, 1, 1, True),
)


def test_growth_to_2015_is_that_of_the_bridged_figures_and_never_crosses_the_break():
    told = growth(OSLO, bridge("0301;2015;121;306"))
    assert told.loc[("0301", 2014), "jobs_growth_pct"] == pytest.approx(10)
    assert told.loc[("0301", 2015), ["jobs_growth_pct", "residents_growth_pct"]].tolist() == pytest.approx([10, 2])
    assert told.loc[("0301", 2016), "residents_growth_pct"] == 0, "2016 over 2015, both as measured now"
    assert told["bridged"].tolist() == [False, False, True, False, False, False, False]


def test_growth_to_2015_is_missing_where_there_is_no_bridge():
    told = growth(OSLO)
    assert told.loc[("0301", 2015), ["jobs_growth_pct", "residents_growth_pct"]].isna().all()
    assert not told["bridged"].any()


def test_growth_is_missing_after_a_gap_and_from_nobody_and_comparable_only_when_both_years_are():
    told = growth(OSLO)
    assert told.loc[("0301", [2013, 2018, 2019]), "jobs_growth_pct"].isna().all()
    assert told["comparable"].tolist() == [True, True, True, True, True, False, False]


# StatBank exports in place of what is fetched


def stand_in(module, *paths):
    need = module.RAW.stand_in
    return need.together([(path.name, need.read(path.read_bytes())) for path in paths])


def test_an_export_of_a_part_of_13472_is_read_as_the_table_and_the_rest_is_missing():
    raw = stand_in(ssb_13472, BY_HAND / "statbank_13472.csv")
    told = ssb_13472.DATASET.check(ssb_13472.build(raw, CODES, CHANGES)).set_index(["komm_nr", "year", "sector"])
    assert told.loc[("3205", 2021, "kommune"), "jobs"] == 4100
    assert told.loc[("3205", 2024, "kommune"), "jobs"] is pd.NA, "hidden"
    assert told.loc[("3222", 2024, "privat"), "jobs"] == 0, "SSB's - is a zero"
    assert told.loc[("3222", 2021, "fylkeskommune"), "jobs"] is pd.NA, "the file has not this sector"
    assert told["employed_residents"].isna().all()


def test_an_export_of_11713_keeps_hidden_apart_from_what_there_is_not():
    raw = stand_in(ssb_11713, BY_HAND / "statbank_11713.csv")
    told = ssb_11713.DATASET.check(ssb_11713.build(raw)).set_index(["county_nr", "year", "industry"])
    assert told.loc[("0", 2019, "Totalt for næringer")].tolist() == [3_000_000, 2800.5, 0]
    assert told.loc[("02", 2019, "Statsforvaltning"), "hidden"] == 2
    assert told.loc[("32", 2024, "Statsforvaltning")].tolist()[::2] == [9000, 1]
    gone = told.loc[("02", 2024, "Totalt for næringer")]
    assert gone[["value_added_mnok", "employed_thousand"]].isna().all()
    assert gone["hidden"] == 0


def test_the_fetched_11713_and_the_export_are_the_same_kind_of_table():
    fetched = ssb_11713.RAW.read([(SAMPLES / "ssb_11713" / "000.json").read_bytes()])
    told = ssb_11713.DATASET.check(ssb_11713.build(fetched)).set_index(["county_nr", "year", "industry"])
    assert told.loc[("03", 2024, "Industri"), "value_added_mnok"] == 72
    assert told.loc[("03", 2019, "Industri"), "hidden"] == 2
    assert told["hidden"].sum() == 2


def test_an_export_by_other_dimensions_or_without_codes_cannot_stand_in_and_says_why():
    text = (BY_HAND / "statbank_13472.csv").read_text(encoding="utf-8")
    for changed, told in (
        (text.replace("region, sektor,", "region, næring,"), "næring"),
        (text.replace("K-3205 ", "").replace("K-3222 ", ""), "kode"),
        (text.replace("etter arbeidssted", "annet sted"), "hva de heter nå"),
    ):
        with pytest.raises(BadAnswer, match=told):
            ssb_13472.RAW.stand_in.together([("a", ssb_13472.RAW.stand_in.read(changed.encode()))])


# the pipeline


@pytest.fixture
def edition(tmp_path):
    """An edition of the samples, without the tables that exports stand in for."""
    chosen = store.new_edition("2026", tmp_path)
    for raw in pipeline.raws().values():
        if raw.name not in ("ssb_13472", "ssb_11713") and (paths := sorted((SAMPLES / raw.name).glob("*"))):
            for path in paths:
                chosen.receive(raw, "p", path.name, path.read_bytes(), {"address": "a", "query": None, "fetched": "2026-01-02"})
            chosen.count(raw, "p", [path.name for path in paths], "2026-01-01")
    return chosen


def build(edition) -> set[str]:
    """The tables that a build makes, empty ones too."""
    said = []
    pipeline.build(edition, said.append, EVERY_RULE)
    named = {line.partition(":")[0] for line in said if not line.endswith(": uendret")}
    return named - {"advarsel"}  # of what SSB is known to lack


def load(edition, *paths):
    said = []
    assert imports.load(edition, paths, say=said.append) == []
    return "\n".join(said)


@pytest.mark.slow
def test_tables_are_empty_until_a_file_is_imported_and_an_import_rebuilds_just_what_is_made_of_it(edition):
    assert build(edition) == set(pipeline.datasets())
    assert edition.table("company_accounts").empty
    assert build(edition) == set()
    load(edition, BY_HAND / "regnskap.csv")
    assert build(edition) == {name for name in pipeline.datasets() if made_of(name, "company_accounts")}
    assert len(edition.table("company_accounts")) == 2
    assert build(edition) == set()
    load(edition, SAMPLES / "import_regnskap" / "foretak.csv", BY_HAND / "bro_2015.csv")
    anew = {name for name in pipeline.datasets() if made_of(name, "company_accounts") or made_of(name, "employment_bridge")}
    assert build(edition) == anew
    assert len(edition.table("company_accounts")) == 6
    assert edition.table("employment_bridge").set_index("komm_nr").loc["3222", "jobs"] == 19000


def made_of(name, other):
    return name == other or any(made_of(parent, other) for parent in pipeline.datasets()[name].parents)


@pytest.mark.slow
def test_an_export_stands_in_until_the_table_is_fetched(edition):
    said = load(edition, BY_HAND / "statbank_13472.csv", BY_HAND / "statbank_11713.csv", BY_HAND / "statbank_heading.csv")
    assert said.count("så lenge den ikke er hentet") == 2
    build(edition)
    assert edition.table("employed_by_sector").set_index(["komm_nr", "year", "sector"])["jobs"]["3205", 2021, "stat"] == 700
    assert not edition.table("county_accounts").empty
    raw = pipeline.raws()["ssb_13472"]
    body = (SAMPLES / "ssb_13472" / "000.json").read_bytes()
    edition.receive(raw, "p", "000.json", body, {"address": "a", "query": None, "fetched": "2026-01-02"})
    edition.count(raw, "p", ["000.json"], "2026-01-01")
    both = ("employed_by_sector", "employed_by_sector_and_industry")
    assert build(edition) == {name for name in pipeline.datasets() if any(made_of(name, of) for of in both)}
    jobs = edition.table("employed_by_sector").set_index(["komm_nr", "year", "sector"])["jobs"]
    assert jobs["3222", 2024, "stat"] == 629


@pytest.mark.slow
def test_a_build_says_how_many_municipalities_an_export_holds_and_measures_nobody_against_a_part_of_the_nation(edition):
    load(edition, BY_HAND / "statbank_13472.csv")
    said = []
    pipeline.build(edition, said.append, EVERY_RULE)
    part = f"employed_by_sector: 2 av {len(edition.table('municipalities'))} kommuner, fra filer for hånd"
    assert part in said
    assert part in pipeline.check(edition)[0]
    assert edition.table("jobs_by_branch").empty


def test_an_edition_that_is_not_built_has_nothing_to_describe(edition):
    assert pipeline.describe(edition).empty


def test_an_export_that_cannot_stand_in_is_kept_and_why_is_told(edition, tmp_path):
    changed = tmp_path / "uten_koder.csv"
    changed.write_text((BY_HAND / "statbank_13472.csv").read_text(encoding="utf-8").replace("K-3205 ", "").replace("K-3222 ", ""))
    assert "brukes ikke i stedet for å hente tabell 13472" in load(edition, changed)
    assert len(edition.imports()) == 1
    assert edition.read_raw(ssb_13472.RAW) is None


@pytest.mark.slow
def test_two_imported_files_that_disagree_stop_the_build_until_one_is_forgotten(edition, tmp_path):
    other = tmp_path / "rettet.csv"
    other.write_bytes((BY_HAND / "regnskap.csv").read_bytes().replace(b"-30,5", b"30,5"))
    load(edition, BY_HAND / "regnskap.csv", other)
    with pytest.raises(FilesDisagree, match=r"regnskap-73af6da9\.csv og .*regnskap-[0-9a-f]{8}\.csv"):
        build(edition)
    assert imports.forget(edition, [BY_HAND / "regnskap.csv"], quiet) == []
    build(edition)
    assert edition.table("company_accounts").set_index("orgnr").loc["974760673", "operating_result_kr"] == 30500
    assert "er ikke tatt inn" in imports.forget(edition, [BY_HAND / "regnskap.csv"], quiet)[0]


@pytest.mark.slow
def test_a_table_names_the_file_it_is_from_with_the_day(edition):
    load(edition, BY_HAND / "regnskap.csv", BY_HAND / "bro_2015.csv", BY_HAND / "statbank_13472.csv")
    build(edition)
    told = pipeline.describe(edition).set_index("Tabell")
    day = edition.imports()[0]["when"][:10]
    assert told.loc["company_accounts", "Kilde"].endswith(f"Foretakenes regnskap (egen fil, {day})")
    assert f"(egen fil, {day})" in told.loc["employment_growth", "Kilde"]
    assert f"SSB, tabell 13472 (egen fil, {day})" in told.loc["employed_by_sector", "Kilde"]
    assert told.loc["employed_by_sector", "Skjult hos kilden"] == 1
    assert told.loc["company_accounts", "Hentet"] == day
    page = about_html(edition)
    assert "Foretakenes regnskap: egen fil, tatt inn" in page
    assert not [name for name in ("regnskap.csv", "bro_2015.csv", "statbank_13472.csv") if name in page], "a name may tell who"


def test_the_synthetic_files_pass_through_the_store_and_are_built(tmp_path):
    norway = SimpleNamespace(
        seed=1,
        updated="2026-03-01T07:00:00Z",
        employment_years=range(2000, 2026),
        truth=lambda: pd.DataFrame({"komm_nr": ["0301"], "productivity": [1.1], "bosted_pct": [0.1], "naering_pct": [0.5]}),
        margins=lambda year: pd.DataFrame({"komm_nr": ["0301"], "jobs": [7], "employed_residents": [5], "population_15_74": [9]}),
        accounts=lambda: pd.DataFrame(
            {
                "orgnr": ["974760673"],
                "name": ["Fjell AS"],
                "komm_nr": ["0301"],
                "nace": ["47.110"],
                "year": [2024],
                "employees": [12],
                "wage_costs_kr": [9e6],
                "operating_result_kr": [-1.5e6],
            }
        ),
    )
    edition = store.new_edition("demo", tmp_path)
    edition.mark_synthetic(1)
    tables = {}
    for module in (company_accounts, telemarksforsking_figures, employment_bridge):
        (need,) = module.DATASET.imported
        for name, body in need.synthetic(norway):
            edition.keep(need.kind, name, body, {"when": norway.updated, "producer": None, "licence": None})
        tables[module] = module.DATASET.check(module.build(edition.read_imported(need), CODES, CHANGES))
    assert edition.synthetic
    assert tables[company_accounts]["value_added_kr"].tolist() == [7.5e6]
    assert tables[employment_bridge]["jobs"].tolist() == [7]
    figures = tables[telemarksforsking_figures].set_index(["year", "indicator"])["value"]
    assert figures[2020, "productivity_adjusted"] == pytest.approx(880_000)
    edition.mark_synthetic(2)
    assert edition.imports() == []


# real files


def real(name):
    data = os.environ.get("NLIB_REAL_DATA")
    if not data:
        pytest.skip("NLIB_REAL_DATA, the folder of SSB's figures, is not set")
    return Path(data) / "exports" / name


def test_the_real_13472_gives_the_cells_of_the_file_on_todays_numbers():
    raw = stand_in(ssb_13472, real("13472.xlsx"))
    told = ssb_13472.DATASET.check(ssb_13472.build(raw, CODES, CHANGES)).set_index(["komm_nr", "year", "sector"])
    assert told.loc[("3901", 2010, "stat"), "jobs"] == 1204, "Horten, K-3801 in the file"
    assert told.loc[("3901", 2013, "stat"), "jobs"] == 1226
    assert told["jobs"].sum() == raw["value"].sum()
    assert told["employed_residents"].isna().all()
    assert told.index.get_level_values("komm_nr").nunique() == 23


def test_the_real_11713_gives_the_cells_of_the_file_and_what_is_hidden_is_missing():
    raw = stand_in(ssb_11713, real("11713.xlsx"))
    told = ssb_11713.DATASET.check(ssb_11713.build(raw)).set_index(["county_nr", "year", "industry"])
    assert told.loc[("0", 2008, "Totalt for næringer")].tolist() == [2346655, 2569.7, 0]
    assert told.loc[("0", 2011, "Totalt for næringer"), "employed_thousand"] == 2589.0
    assert len(told) == 13608 / 2
    assert told["hidden"].sum() == 676
    assert told[["value_added_mnok", "employed_thousand"]].isna().sum().sum() == 895
    assert told.loc[told["hidden"] == 2, ["value_added_mnok", "employed_thousand"]].isna().all(axis=None)
