"""The report's answers: sentences by hand from facts made up, what all 357 municipalities' sentences keep, and what is left out."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nlib.core.catalogue import LISTED
from nlib.core.errors import UnknownTable
from nlib.core.language import at, number
from nlib.desk.view import View
from nlib.themes.rapport import choice, figures, text

NAMES = pd.DataFrame(
    {"komm_nr": ["3222", "1151", "0301", "3205", "4601"], "name": ["Lørenskog", "Utsira", "Oslo - Oslove", "Lillestrøm", "Bergen"]}
)
COMPARE = ["0301", "3205", "4601"]
FACT = {
    "komm_nr": "3222",
    "year": 2024,
    "low": np.nan,
    "high": np.nan,
    "rank": 14,
    "rank_low": pd.NA,
    "rank_high": pd.NA,
    "n": 355,
    "tied": 1,
    "nation": np.nan,
    "comparable": True,
    "synthetic": False,
    "base": np.nan,
}
SAMPLE = ("3222", "3205", "0301", "1151", "1580", "5612", "3118", "1508", "4601", "5636")


def facts(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame([FACT | row for row in rows]).astype({"rank": "Int64", "rank_low": "Int64", "rank_high": "Int64"})


def sentences(answer) -> list[str]:
    return [re.sub("\N{NO-BREAK SPACE}", " ", sentence.text) for sentence in answer.sentences if sentence.text]


def one(**row) -> pd.Series:
    return facts(row).iloc[0]


# -- by hand


def test_a_place_has_its_n_and_direction_and_a_shared_one_says_so():
    assert text.place(one(indicator="out_pct")) == "plass 14 av 355 (1 er høyest)"
    assert text.place(one(indicator="out_pct", tied=4)) == "delt plass 14–17 av 355 (1 er høyest)"
    assert text.place(one(indicator="out_pct", rank=pd.NA)) == ""


def test_the_place_of_an_estimate_and_of_an_index_has_its_band():
    assert text.place(one(indicator="bosted", rank_low=11, rank_high=31)) == "plass 14 av 355 (1 er høyest); 11–31 er like rimelig"
    index = text.place(one(indicator="business_index", rank_low=60, rank_high=140))
    assert index == "plass 14 av 355 (1 er høyest); med andre vekter 60–140"


def test_parts_of_growth_are_named_by_their_sign_and_add_up_to_the_whole():
    parts = {"growth": 1264, "birth_surplus": 174, "domestic_net": 1200, "foreign_net": -112, "correction": 2}
    answer = text.growth(
        population_growth_parts=pd.DataFrame([{"komm_nr": "3222", "year": 2017} | parts]),
        facts=facts({"indicator": "growth_pct", "value": 1}),
        komm_nr="3222",
    )
    (told,) = sentences(answer)
    assert told == (
        "I 2017 ble det 1 264 flere: 174 flere fødte enn døde, 1 200 flere flyttet hit fra andre kommuner enn herfra, 112 flere "
        "til utlandet enn fra og +2 er rettelser i registeret."
    )
    assert 174 + 1200 - 112 + 2 == 1264


def test_a_part_of_growth_that_is_not_known_is_left_out_and_nothing_is_claimed_of_the_sum():
    row = {"growth": 10, "birth_surplus": 4, "domestic_net": pd.NA, "foreign_net": pd.NA, "correction": pd.NA}
    answer = text.growth(
        population_growth_parts=pd.DataFrame([{"komm_nr": "3222", "year": 2024} | row]),
        facts=facts({"indicator": "growth_pct", "value": 1}),
        komm_nr="3222",
    )
    assert sentences(answer) == ["I 2024 ble det ti flere: fire flere fødte enn døde."]
    assert answer.sentences[0].claims == ()


def test_a_municipality_that_shrinks_is_said_to():
    row = {"growth": -3, "birth_surplus": -1, "domestic_net": -2, "foreign_net": 0, "correction": 0}
    answer = text.growth(
        population_growth_parts=pd.DataFrame([{"komm_nr": "1151", "year": 2024} | row]),
        facts=facts({"indicator": "growth_pct", "value": 1}),
        komm_nr="1151",
    )
    assert (
        sentences(answer)[0]
        == "I 2024 ble det tre færre: én mer døde enn ble født og to flere flyttet herfra til andre kommuner enn hit."
    )


def test_an_estimate_below_null_is_told_without_its_sign_and_so_is_its_interval():
    table = facts({"indicator": "bosted", "value": -0.4, "low": -0.7, "high": -0.1, "rank_low": 200, "rank_high": 300})
    (told,) = sentences(text.attractive(facts=table, komm_nr="3222"))
    assert "0,4 prosent færre hit" in told and "(mellom 0,1 og 0,7, ni av ti)" in told


def test_an_estimate_on_either_side_of_null_is_not_called_more_or_less_without_doubt():
    table = facts({"indicator": "bosted", "value": 0.1, "low": -0.2, "high": 0.4, "rank_low": 90, "rank_high": 240})
    (told,) = sentences(text.attractive(facts=table, komm_nr="3222"))
    assert told == (
        "Flyttingen hit i 2022–2024 kan ikke skilles fra det størrelse, arbeidsmarked og jobbvekst tilsier: avviket er +0,1 "
        "prosent i året (mellom −0,2 og 0,4, ni av ti). Plass 14 av 355 (1 er høyest); 90–240 er like rimelig."
    )


def test_jobs_are_held_against_the_nations_rate_and_the_private_ones_told():
    register = pd.DataFrame(
        [("3222", 2015, 1000), ("3222", 2021, 1300), ("0301", 2015, 9000), ("0301", 2021, 9700)],
        columns=["komm_nr", "year", "jobs"],
    ).assign(comparable=True, employed_residents=1, population_15_74=1)
    more = {"growth": 300, "private_growth": 200, "private_share_pct": 66.67, "nation_share_pct": 72.0}
    every = [{"komm_nr": "3222", "year": 2021, "span": span, "comparable": True} | more for span in (5, 6)]
    every[0] |= {"growth": 250, "private_growth": 170}  # since another year than the jobs are told of
    new_jobs = pd.DataFrame(every)
    told = sentences(text.jobs(employed_register=register, komm_nr="3222", name="Lørenskog", new_jobs=new_jobs))
    assert told == [
        "300 flere arbeidsplasser fra 2015 til 2021. Med landets vekst ville det blitt 100 flere.",
        "200 av økningen er i privat sektor uten offentlig eide foretak (67 %, landet 72 %; SSB, tabell 13472).",
    ]
    told = sentences(text.jobs(employed_register=register, komm_nr="3222", name="Lørenskog", new_jobs=new_jobs.head(1)))
    assert len(told) == 1, "two changes are not told with a start each"
    register.loc[register["year"] == 2021, "jobs"] = [1001, 9000]
    (told,) = sentences(text.jobs(employed_register=register, komm_nr="3222", name="Lørenskog"))
    assert told == "Én arbeidsplass mer fra 2015 til 2021. Med landets vekst ville det blitt ingen flere."


def test_what_turns_from_net_in_to_net_out_is_said():
    table = facts({"indicator": "coverage_pct", "value": 98.1}, {"indicator": "population", "value": 40_106})
    moved = pd.DataFrame(
        [
            {
                "indicator": "coverage_pct",
                "komm_nr": "3222",
                "year": 2024,
                "since": 2019,
                "before": 106.1,
                "change": -8.0,
                "usual_change": 1.0,
                "swing": 0.1,
                "spread": 10.0,
            }
        ]
    )
    told = sentences(text.standing(facts=table, developments=moved, municipalities=NAMES, compare=COMPARE, komm_nr="3222"))
    assert told[1] == (
        "Det er 98,1 arbeidsplasser per 100 sysselsatte som bor her (2024), mot 106,1 i 2019: før pendlet flere inn enn ut, "
        "nå flere ut enn inn."
    )


def test_the_strongest_and_the_weakest_are_chosen_in_units_of_spread_and_never_within_their_noise():
    others_ = [
        {"indicator": name, "komm_nr": nr, "value": 50.0}
        for name in ("higher_pct", "employed_15_74_pct", "net_operating_result_pct")
        for nr in COMPARE
    ]
    own = [
        {"indicator": "higher_pct", "value": 58.0},  # 8, of spread 4: 2
        {"indicator": "employed_15_74_pct", "value": 44.0},  # -6, of spread 2: -3
        {"indicator": "net_operating_result_pct", "value": 90.0},  # 40, of spread 1, but it swings as much
    ]
    moved = [
        {
            "indicator": name,
            "komm_nr": "3222",
            "year": 2024,
            "since": pd.NA,
            "before": np.nan,
            "change": np.nan,
            "usual_change": np.nan,
            "swing": swing,
            "spread": spread,
        }
        for name, swing, spread in (
            ("higher_pct", 0.1, 4.0),
            ("employed_15_74_pct", 0.1, 2.0),
            ("net_operating_result_pct", 30.0, 1.0),
        )
    ]
    told = sentences(
        text.standing(
            facts=facts(*own, *others_), developments=pd.DataFrame(moved), municipalities=NAMES, compare=COMPARE, komm_nr="3222"
        )
    )
    assert [line.split(" ")[0] for line in told] == ["Sterkest", "Svakest"]
    assert "høyere utdanning" in told[0] and "i arbeid" in told[1]
    near = [row | {"value": row["value"] / 1000} for row in own + others_]  # 0,058 and 0,050: both are written 0,1
    told = sentences(
        text.standing(
            facts=facts(*near),
            developments=pd.DataFrame(moved).assign(swing=0.0, spread=0.001),
            municipalities=NAMES,
            compare=COMPARE,
            komm_nr="3222",
        )
    )
    assert [line for line in told if "utdanning" in line] == [], "a difference that is not seen is none"


def test_a_distance_is_no_news_within_what_so_few_swing_by_nor_where_there_is_no_place():
    """Five of 4 760 people are 0.1 point, and 17 to 22 of 104 commuters: no more than counts of so few differ by."""
    assert text.by_count("fagskole_pct", 3.4, 4760) == pytest.approx(0.263, abs=0.001)
    assert text.noise(one(indicator="fagskole_pct", value=3.4, base=4760.0), np.nan) > 0.1
    assert text.noise(one(indicator="fagskole_pct", value=3.4, base=476_000.0), 0.0) < 0.1
    assert text.by_count("median_after_tax_kr", 500_000.0, 100) == 0 and text.by_count("jobs", 100.0, 100) == 10
    moved = {"komm_nr": "3222", "indicator": "out_pct", "year": 2024, "since": 2019, "before": 16.3, "change": 5.9, "swing": np.nan}
    moved |= {"usual_change": 1.0, "lowest": np.nan, "highest": np.nan, "spread": 1.0}
    for base, rank, said in ((104.0, 14, 0), (10_400.0, 14, 1), (10_400.0, pd.NA, 0)):
        table = facts({"indicator": "out_pct", "value": 22.2, "base": base, "rank": rank})
        told = text.standing(facts=table, developments=pd.DataFrame([moved]), municipalities=NAMES, compare=COMPARE, komm_nr="3222")
        assert len([line for line in sentences(told) if line.startswith("Størst endring")]) == said


def test_where_something_is_follows_the_place():
    assert [at(name) for name in ("Lørenskog", "Utsira", "Karmøy", "Oslo")] == ["i Lørenskog", "på Utsira", "på Karmøy", "i Oslo"]


# -- every municipality


@pytest.fixture(scope="module", params=SAMPLE)
def answers(request, demo_home, module_home):
    view = View(request.param, "demo")
    return view, {name: view.answer(name) for name in text.QUESTIONS}


@pytest.fixture(scope="module")
def module_home(demo_home):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NLIB_HOME", str(demo_home))
        yield


def test_no_sentence_of_a_report_has_a_hole_a_column_or_a_command(answers):
    _, told = answers
    for answer in told.values():
        for line in [answer.question, *sentences(answer)]:
            assert not re.search(r"\bnan\b|None|<NA>|\.\.|\w_\w|\{|nlib |\bpct\b", line), line
            assert line[0].isupper() or line[0].isdigit() or line[0] in "+−«", line
            assert line == answer.question or re.search(r"[.!?]$", line), line


def test_only_what_is_estimated_or_answered_has_an_interval(answers):
    _, told = answers
    for name in ("standing", "growth", "jobs", "industries", "commuters", "economy", "goals"):
        for line in sentences(told[name]):
            assert not re.search(r"ni av ti|tilfeldig|signifikant|anslag", line), line


def test_every_place_is_told_with_n_and_within_it(answers):
    _, told = answers
    for answer in told.values():
        for line in sentences(answer):
            for place, of in re.findall(r"plass (\d+)(?:–\d+)? av (\d+)", line):
                assert int(place) <= int(of) <= 357
            assert line.lower().count("plass ") == len(re.findall(r"plass [\d ]+(?:–\d+)? av \d+ \(1 er høyest\)", line.lower())), (
                line
            )


def test_a_report_has_at_most_two_thousand_words_of_running_text(answers):
    view, told = answers
    words = sum(len(line.split()) for answer in told.values() for line in sentences(answer))
    assert words <= 1200 - 5 * len(view.left_out)
    assert told["standing"].sentences and told["limits"].sentences


def test_the_same_value_stands_in_sentences_as_in_facts(answers):
    """One fact, one value: what a sentence tells of an indicator is the fact as it is written."""
    view, told = answers
    table = view.table("facts")
    for name, indicator in (
        ("skills", "higher_pct"),
        ("commuters", "out_pct"),
        ("economy", "net_debt_pct"),
        ("index", "business_index"),
    ):
        fact = text.latest(table, indicator, view.komm_nr)
        if fact is not None and told[name].sentences:
            assert number(fact["value"], 1) in " ".join(sentences(told[name])), indicator


def test_the_table_that_a_sentence_is_of_stands_with_it_or_under_its_figure(answers):
    for answer in answers[1].values():
        for sentence in answer.sentences:
            for indicator in [claim[1] for claim in sentence.claims if claim[0] == "fact"]:
                table = text.LISTED.at[indicator, "source"]
                known = sentence.text + ("" if answer.chart is None else answer.chart.source)
                assert not table.isdigit() or table in known or answer.chart is None, (indicator, sentence.text, known)
        if answer.figure == "verdiskaping.gap" and answer.sentences and answer.chart:
            assert "Foretak registrert" not in answer.sentences[0].text or "(" in answer.sentences[0].text
        private = [sentence.text for sentence in answer.sentences if "privat sektor" in sentence.text]
        assert all("13472" in line for line in private)


def test_a_place_of_few_jobs_has_no_sign_no_leader_and_no_place_that_they_carry(demo_home, module_home):
    """Utsira: 81 jobs in industries, 42 of them in industries of three."""
    view = View("1151", "demo")
    (made, kind), index = sentences(view.answer("value_created")), sentences(view.answer("index"))
    assert made.endswith("avstanden til landet hviler på noen få jobber og er for usikker til å sies.") and "mer" not in made
    assert kind.startswith("De fleste kommunene har tall av et annet slag")
    assert (
        index[0] == "29,4 poeng i 2021 (50 er snittet av kommunene). På Utsira er det for få foretak eller folk (4) til å rangere."
    )
    assert not any(area in " ".join(index).lower() for area in ("nyetablering", "lønnsomhet"))
    assert sentences(view.answer("industries")) == ["Flest arbeider i bygg og anlegg (13,6 prosent) i 2021."]
    shown = [view.figure(f"verdiskaping.{name}").title for name in ("gap", "industries")]
    assert shown == ["Verdi per sysselsatt på Utsira kan ikke skilles fra landets", "Ingen næring skaper klart mest på Utsira"]


def test_a_question_without_figures_is_left_out_and_named(demo_home, module_home):
    view = View("1151", "demo")
    assert view.answer("goals")._repr_html_() == ""
    assert view.left_out == ["Når vi målene våre?"]
    assert sentences(view.answer("limits"))[-1] == "Ikke med, fordi tallene ikke er tatt inn: Når vi målene våre?"


def test_a_question_that_is_not_there_names_those_that_are(demo_home, module_home):
    with pytest.raises(UnknownTable, match="growth"):
        View("3222", "demo").answer("grwth")


def test_what_is_new_and_corrected_since_the_edition_before_is_named():
    now = facts(
        {"indicator": "out_pct", "value": 70.0, "year": 2024},
        {"indicator": "in_pct", "value": 60.0},
        {"indicator": "in_pct", "value": 59.0, "year": 2023},
    )
    then = facts(
        {"indicator": "out_pct", "value": 69.0, "year": 2023}, {"indicator": "in_pct", "value": 58.0, "year": 2023}
    ).assign(edition="2025")
    told = sentences(text.limits(facts=now, left_out=[], komm_nr="3222", earlier=then))
    assert "Nye tall siden utgaven 2025: utpendling og innpendling." in told
    assert "Rettet siden utgaven 2025: innpendling i 2023 fra 58,0 til 59,0." in told


def test_an_estimate_that_is_another_is_worked_out_again_and_one_that_is_written_alike_is_not_told():
    rows = [{"indicator": "bosted", "value": 0.5}, {"indicator": "out_pct", "value": 70.04}]
    then = facts({"indicator": "bosted", "value": 0.4}, {"indicator": "out_pct", "value": 70.0}).assign(edition="2025")
    told = sentences(text.limits(facts=facts(*rows), left_out=[], komm_nr="3222", earlier=then))
    assert told[-1] == "Beregnet på nytt siden utgaven 2025, også for tidligere år: bostedsattraktivitet."


def test_what_a_page_holds_for_its_reader_s_choice_is_json_also_where_nothing_is_comparable(demo_edition):
    facts_, developments = demo_edition.table("facts"), demo_edition.table("developments")
    unknown = developments.assign(spread=np.nan, swing=np.nan)
    held = choice.choice(facts_, unknown, demo_edition.table("municipalities"), COMPARE, "3222")
    assert json.loads(json.dumps(held, allow_nan=False))["standing"] == COMPARE
    assert all(row["dir"] == 0 for row in held["rows"])


def test_every_municipality_s_page_has_the_numbers_of_each_row_of_the_strip(demo_edition):
    """Those that have something only of an earlier year than others."""
    table, developments = demo_edition.table("facts"), demo_edition.table("developments")
    strip = set(LISTED.index[LISTED["strip"] == "1"])
    moved = dict(list(developments.groupby("komm_nr")))
    behind = {nr: own for nr, own in table.groupby("komm_nr") if strip & set(own["indicator"]) - set(moved[nr]["indicator"])}
    assert behind
    for nr, own in behind.items():
        rows = {row["id"] for row in choice._rows(own, moved[nr], [], nr)}
        assert strip & set(own["indicator"]) <= rows, nr


def test_who_has_nothing_to_compare_with_is_named_and_others_are_told_all_the_same():
    names = NAMES.set_index("komm_nr")["name"]
    rows = [{"indicator": "out_pct", "komm_nr": nr, "value": value} for nr, value in (("0301", 10.0), ("3205", 30.0))]
    table = facts({"indicator": "out_pct", "value": 70.0, "nation": 20.0}, *rows).assign(
        comparable=lambda t: t["komm_nr"] != "3205"
    )
    fact = table.iloc[0]
    assert text.against(table, fact, ["3205"], names) == "; landet 20,0; Lillestrøm har ikke sammenlignbart tall"
    assert text.against(table, fact, ["0301", "3205"], names) == (
        "; Oslo - Oslove har 10,0 og landet 20,0; Lillestrøm har ikke sammenlignbart tall"
    )


def test_what_is_good_where_it_is_low_is_told_to_be():
    assert text.subject_of("grunnskole_pct") == "andelen med bare grunnskole (lavt regnes som bra)"
    assert text.subject_of("higher_pct") == "andelen med høyere utdanning"


def test_a_report_leads_by_name_to_the_page_of_each_fact_it_tells(answers):
    told = answers[1]["standing"]
    tells = {text.LISTED.at[claim[1], "page"] for sentence in told.sentences for claim in sentence.claims if claim[0] == "fact"}
    assert {page for page, __ in told.pages} == tells and "Befolkning" in dict(told.pages).values()
    assert answers[1]["commuters"].pages == (("pendling", "Pendling"),) or not answers[1]["commuters"].sentences


def test_a_report_of_one_s_own_comparison_does_not_call_it_those_most_alike(demo_home, module_home):
    held = View("3222", "demo", COMPARE).compared
    assert held.names == ("Oslo", "Lillestrøm", "Bergen") and held.choice["standing"] == COMPARE
    assert held.groups[0][2] == tuple(View("3222", "demo").compare) and held.choice["groups"]["lik"] == held.groups[0][2]


def test_neighbours_share_a_border_on_land_and_are_each_other_s(demo_edition):
    near = choice.neighbours(demo_edition.table("boundaries"))
    assert near["3222"] == ("0301", "3205", "3220", "3224"), "Lørenskog: Oslo, Lillestrøm, Enebakk and Rælingen"
    assert near["1151"] == (), "Utsira is an island"
    assert all(one in near[other] for one, others in near.items() for other in others)
    assert set(near) == set(demo_edition.table("municipalities")["komm_nr"])


def test_a_ready_group_of_fewer_than_two_is_not_offered(demo_home, module_home):
    assert [key for key, *_ in View("3222", "demo").compared.groups] == ["lik", "nabo", "areg", "fylke"]
    assert "nabo" not in [key for key, *_ in View("1151", "demo").compared.groups]


def test_the_strip_draws_who_is_compared_with_and_hides_no_number(demo_edition):
    table = demo_edition.table("facts")
    shown, values = figures.standing(table, "3222")
    assert shown["own_pos"].between(0, 100).all() and len(shown) >= 12
    assert list(values) == list(shown["indicator"])
    names = demo_edition.table("municipalities").set_index("komm_nr")["name"].to_dict()
    chart = figures.strip(table, names, COMPARE, "3222")
    assert len(chart.table) == len(shown)
    assert len(chart.draw.__self__.others.each) <= len(COMPARE)


@pytest.mark.parametrize(
    ("source", "start"),
    [
        ("beregnet", "Jobbene her skaper anslagsvis 700 000 kr per sysselsatt i 2021, landet 650 000 kr."),
        ("regnskap", "Foretak registrert på Utsira skaper 700 000 kr per ansatt i 2021 (regnskap), landet 650 000 kr."),
    ],
)
def test_an_estimate_of_value_creation_is_told_of_the_jobs_and_accounts_of_the_firms(source, start):
    fact = {"indicator": "per_employee_kr", "komm_nr": "1151", "year": 2021, "value": 700_000.0, "nation": 650_000.0}
    facts = pd.DataFrame([{**fact, "low": None, "high": None, "comparable": False}])
    made = {"komm_nr": "1151", "year": 2021, "source": source, "best_per_employee": True, "mix_kr": None, "usable": True}
    made |= {"comparable": True, "gap_sure": True, "parts_sure": True}
    answer = text.value_created(facts=facts, value_creation=pd.DataFrame([made]), komm_nr="1151", name="Utsira")
    assert answer.sentences[0].text.replace("\N{NO-BREAK SPACE}", " ") == start
    assert answer.sentences[1].text.startswith("De fleste kommunene har tall av et annet slag"), "its place is not told, and why"


def test_commuters_of_a_split_municipality_are_at_least_so_many_and_beside_nobody_s(answers):
    view, told = answers
    fact = text.latest(view.table("facts"), "out_pct", view.komm_nr)
    split = fact is not None and not fact["comparable"]
    first, *rest = sentences(told["commuters"])
    assert ("før delingen" in first) == split
    assert any(line.startswith("Minst ") for line in rest) == any("Av de kjente" in line for line in rest) == split
    assert not (split and any("medianen" in line or "landet" in line for line in rest))
    assert any("arbeidsplasser per 100" in line for line in sentences(told["standing"])) != split, "of the whole, and not its own"
    assert not (split and sentences(told["industries"]))
    assert not (split and sentences(told["jobs"]))


def test_the_other_part_of_a_split_municipality_is_named(demo_home, module_home):
    told = sentences(View("1580", "demo").answer("commuters"))
    assert told[:2] == [
        "Tallene for 2021 er fra før delingen: de er fordelt etter folketall, uten pendlingen mellom Haram og Ålesund.",
        "Minst 15,3 prosent av de sysselsatte som bor her, arbeider i en annen kommune (2021).",
    ]
    assert told[3] == "Av de kjente pendler flest til Sula (122) og fra Sula (320)."
    partners = View("1580", "demo").figure("pendling.partners")
    assert partners.title == "Flest kjente innpendlere til Haram bor på Sula: 320"
    assert "Høyst 4 093 både bor og arbeider i kommunen." in partners.reading.replace("\N{NO-BREAK SPACE}", " ")


def test_the_heading_of_what_is_new_stands_only_where_there_is_an_edition_before(answers):
    assert answers[1]["limits"].question == "Hva tallene ikke sier"
    now = answers[0].table("facts")
    news = text.limits(facts=now, left_out=[], komm_nr=answers[0].komm_nr, earlier=now.assign(edition="2025"))
    assert news.question == "Hva tallene ikke sier, og hva som er nytt"


def test_a_page_is_called_what_its_notebook_is():
    notebooks = {
        path.stem: json.loads(path.read_bytes())["metadata"]["nlib"]
        for path in (Path(__file__).parents[1] / "notebooks").glob("*.ipynb")
    }
    assert {name: notebooks[name]["title"] for name in text.PAGES} == text.PAGES
    assert set(LISTED["page"]) <= set(text.PAGES)
