"""The figures of the attractiveness page: what their titles say, what they hold, and when there is none."""

import inspect

import attractive_country as country
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlib.charts import drawing
from nlib.charts.chart import Chart, Missing
from nlib.charts.legible import faults
from nlib.core.language import short_name
from nlib.desk.view import figures
from nlib.themes.attraktivitet import figures as attraktivitet

COMPONENTS = country.components()
ATTRACTIVENESS = country.attractiveness()
NAMES = {number: short_name(name) for number, name in country.NAMES.items()}
ALL = ["scatter", "growth", "expected", "record"]


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


def charts(number, values=ATTRACTIVENESS, parts=COMPONENTS, **changes):
    """Every figure of a municipality, by the last part of its id."""
    common = {"attractiveness": values, "attractiveness_components": parts, "komm_nr": number}
    common |= {
        "names": NAMES,
        "compare": country.GROUP,
        "population": country.population(),
    }
    given = common | {"attractiveness_backtest": country.backtest()} | changes
    drawn = {}
    for name, function in figures("attraktivitet").items():
        drawn[name] = function(
            **{parameter: given[parameter] for parameter in inspect.signature(function).parameters if parameter in given}
        )
    return drawn


def kind(value, half, **more):
    return pd.Series({"value_pct": value, "low_pct": value - half, "high_pct": value + half} | more)


# -- titles


def test_there_are_the_four_figures_of_the_page():
    assert sorted(charts("3222")) == sorted(ALL)


@pytest.mark.parametrize(
    ("bosted", "naering", "title"),
    [
        (1.0, 1.0, "X 2023–2025: flere flyttet hit enn ventet, jobbveksten over ventet"),
        (-1.0, -1.0, "X 2023–2025: færre flyttet hit enn ventet, jobbveksten under ventet"),
        (0.1, -0.1, "X 2023–2025: flytting og jobber ikke sikkert annerledes enn ventet"),
        (1.0, -1.0, "X 2023–2025: flere flyttet hit enn ventet, jobbveksten under ventet"),
        (-1.0, 0.0, "X 2023–2025: færre flyttet hit enn ventet, jobbavviket usikkert"),
        (0.0, 1.0, "X 2023–2025: flytteavviket usikkert, jobbveksten over ventet"),
    ],
)
def test_the_two_kinds_are_over_under_or_not_told_from_zero(bosted, naering, title):
    assert attraktivitet.both_sentence(kind(bosted, 0.5), kind(naering, 0.5), "X", "2023–2025") == title


def test_a_value_without_interval_is_not_told_from_zero():
    assert attraktivitet.sign(kind(5.0, np.nan)) == 0


@pytest.mark.parametrize(
    ("growth", "expected", "said"),
    [
        (2.0, 1.5, "vokste 2,00 % årlig 2023–2025, 0,50 prosentpoeng over forventet"),
        (2.0, 2.5, "vokste 2,00 % årlig 2023–2025, 0,50 prosentpoeng under forventet"),
        (2.0, 2.04, "vokste 2,00 % årlig 2023–2025, som forventet"),
        (-2.0, -2.5, "gikk ned 2,00 % årlig 2023–2025, 0,50 prosentpoeng over forventet"),
        (-2.0, -1.5, "gikk ned 2,00 % årlig 2023–2025, 0,50 prosentpoeng under forventet"),
        (-2.0, -2.0, "gikk ned 2,00 % årlig 2023–2025, som forventet"),
        (0.01, 0.5, "sto stille i 2023–2025, 0,49 prosentpoeng under forventet"),
        (0.01, 0.0, "sto stille i 2023–2025, som forventet"),
        (2.0, None, "vokste 2,00 % årlig 2023–2025; attraktiviteten kan ikke beregnes"),
    ],
)
def test_growth_is_rise_fall_or_none_and_against_what_was_expected(growth, expected, said):
    assert plain(attraktivitet.growth_sentence("Folketallet i X", growth, expected, "2023–2025")) == f"Folketallet i X {said}"


def test_growth_of_one_year_is_not_told_by_the_year():
    assert plain(attraktivitet.growth_sentence("Folketallet i X", 1.0, 1.0, "2025")).startswith(
        "Folketallet i X vokste 1,00 % i 2025,"
    )


@given(st.floats(-20, 20), st.floats(-20, 20))
def test_more_than_expected_is_never_told_as_less(growth, expected):
    said = attraktivitet.growth_sentence("Folketallet i X", growth, expected, "2023–2025")
    if growth - expected >= 0.05:
        assert said.endswith("over forventet")
    if expected - growth >= 0.05:
        assert said.endswith("under forventet")


@pytest.mark.parametrize(
    ("count", "title"),
    [
        (0, "I ingen av 14 år vokste Lørenskog mer enn forventet"),
        (5, "I 5 av 14 år vokste Lørenskog mer enn forventet"),
        (14, "I alle de 14 årene vokste Lørenskog mer enn forventet"),
    ],
)
def test_years_over_what_was_expected_are_counted(count, title):
    rows = COMPONENTS["komm_nr"] == "3222"
    bosted = COMPONENTS["bosted_pct"].mask(rows, np.where(np.arange(len(rows)) % 14 < count, 0.5, -0.5))
    assert charts("3222", parts=COMPONENTS.assign(bosted_pct=bosted))["expected"].title == title


def test_the_record_names_the_best_or_says_that_none_is_better_than_guessing():
    title = charts("3222")["record"].title
    assert title == "«Struktur og attraktivitet» har truffet best: 65 prosent av vekstforskjellene er forklart"
    poor = country.backtest({"national": -0.2, "persistence": -0.5, "ssb": -0.3, "attractiveness": -1.4})
    told = charts("3222", attractiveness_backtest=poor)["record"]
    assert told.title == "Ingen metode har truffet bedre enn å gjette på lik vekst"
    assert "SSBs framskriving" in told.table["Metode"].tolist()
    sound(told)


# -- numbers


def test_the_scatter_holds_every_municipality_by_its_value():
    found = charts("3222")["scatter"]
    told = found.table.set_index("Kommune")
    assert told.loc["Lørenskog"].iloc[[0, 1, -2, -1]].tolist() == pytest.approx([0.10, -0.20, 0.08, 3])
    bosted = told["Bostedsattraktivitet, prosent i året"].tolist()
    assert sorted(bosted, reverse=True) == bosted
    assert len(told) == len(country.BOTH)
    assert "Lørenskog: næringsattraktivitet, prosent i året -0,2, bostedsattraktivitet, prosent i året 0,1" in plain(found.alt)


def test_nobody_to_be_compared_with_leaves_the_scatter():
    for group in ([], ["3222"], ["1580"]):
        assert isinstance(charts("3222", compare=group)["scatter"], Chart)


def parts_of(chart, panel="Folketallet"):
    """The parts of growth in a panel, by name."""
    table = chart.table
    return (table[table["Hva"] == panel] if "Hva" in table else table).set_index("Del")["Prosent i året"]


@pytest.mark.parametrize(("panel", "total"), [("Folketallet", 1.08 + 0.10), ("Antallet private jobber", 1.1 - 0.2)])
def test_the_parts_of_growth_add_up_to_it(panel, total):
    found = charts("3222")["growth"]
    values = parts_of(found, panel)
    assert values.iloc[:-1].sum() == pytest.approx(values.iloc[-1])
    assert values.iloc[-1] == pytest.approx(total)
    assert f"vekst i alt +{total:.2f}".replace(".", ",") in found.alt


def test_the_growth_of_jobs_is_told_after_that_of_people():
    found = charts("3222")["growth"]
    assert plain(found.title) == "Folketallet i Lørenskog vokste 1,18 % årlig 2023–2025; avviket usikkert"
    assert plain(found.reading).endswith("Antallet private jobber i Lørenskog vokste 0,90 % årlig 2023–2025; avviket usikkert.")
    far = ATTRACTIVENESS.assign(low_pct=0.1, high_pct=0.3)  # surely not zero
    assert plain(charts("3222", far)["growth"].title).endswith("årlig 2023–2025, 0,10 prosentpoeng over forventet")
    named = {word for words in (attraktivitet.PEOPLE, attraktivitet.JOBS) for word in words.values()}
    assert not [word for word in named if "attraktivitet" in word], "that is the name of what nlib's own model leaves"


def test_the_parts_are_means_of_the_latest_three_years():
    parts = COMPONENTS.copy()
    rows = (parts["komm_nr"] == "3222") & (parts["year"] == 2025)
    parts.loc[rows, ["immigration_pct", "growth_pct"]] += 3.0
    assert parts_of(charts("3222", parts=parts)["growth"])["innvandring til landet"] == pytest.approx(1.40)


def test_expected_and_attractiveness_make_the_growth_and_a_missing_year_is_a_gap():
    parts = COMPONENTS[(COMPONENTS["year"] != 2018) | (COMPONENTS["komm_nr"] != "3222")]
    found = charts("3222", parts=parts)["expected"]
    table = found.table.set_index("År")
    grown, expected = (table[f"Folketallet: {which}, prosent"] for which in ("Faktisk", "Forventet"))
    assert (grown - expected).tolist() == pytest.approx([0.10] * 13)
    assert "2018" not in table.index
    assert "2018 mangler" in [text.get_text() for text in drawing.canvas(found).axes[0].texts]
    assert "målt på en ny måte" in found.reading


def test_years_that_are_not_comparable_have_hollow_marks_and_are_not_counted():
    parts = COMPONENTS.assign(comparable=COMPONENTS["year"] > 2020)
    found = charts("3222", parts=parts)["expected"]
    assert found.title.startswith("I alle de 5 årene")
    assert "hule merker" in drawing.svg(found).decode()
    assert found.table["Sammenlignbar"].tolist().count("ja") == 5


def test_the_record_is_the_mean_of_the_years_it_was_tried_from():
    found = charts("3222")["record"]
    told = found.table.set_index("Metode")["Andel forklart"]
    assert told.to_dict() == pytest.approx({"som landet": -0.05, "som før": 0.45, "struktur og attraktivitet": 0.65})
    assert "dekket 88 prosent av kommunene" in found.uncertainty
    assert "to startår (2020–2021)" in found.reading


@pytest.mark.parametrize(("year", "above", "side"), [(2025, True, "over"), (2025, False, "under"), (2024, True, "")])
def test_the_side_of_the_growth_without_the_largest_employer_is_told_of_the_years_shown_and_never_a_number(year, above, side):
    rows = pd.DataFrame({"komm_nr": ["3222"], "year": year, "above": above})
    reading = plain(charts("3222", largest_employer=rows)["growth"].reading)
    said = f"Uten den største arbeidsgiveren er veksten {side} forventet, etter regnskapene."
    assert reading.endswith(said) if side else "største arbeidsgiveren" not in reading


# -- the edges


def sound(chart):
    """What is written in a figure can be read, wide and narrow, and its words are whole; a Missing has a reason."""
    if isinstance(chart, Missing):
        assert chart.reason.endswith(".")
        return
    words = f"{chart.title} {chart.reading} {chart.alt} {chart.uncertainty}"
    assert "nan" not in words
    assert "  " not in words
    assert "None" not in words
    assert any(letter.isdigit() for letter in chart.alt)
    assert not chart.title.endswith(".")
    assert len(chart.table)
    for narrow in (False, True):
        assert faults(drawing.svg(chart, narrow).decode()) == []


@pytest.mark.parametrize("number", ["3222", "0301", "1151", "1580", "3419"])
def test_every_figure_can_be_read_wide_and_narrow_or_says_why_it_is_not_there(number):
    for chart in charts(number).values():
        sound(chart)


@pytest.mark.parametrize("off", [-3.0, -25.0, 40.0])
def test_large_and_negative_growth_is_drawn(off):
    found = charts("1151", parts=country.components(off=off))
    assert ("gikk ned" in found["growth"].title) == (off < 0)
    for name in ("growth", "expected"):
        sound(found[name])


def test_a_municipality_that_was_split_shows_the_parts_that_are_known_and_says_why_the_rest_is_not():
    found = charts("1580")
    missing = {name for name, chart in found.items() if isinstance(chart, Missing)}
    assert missing == {"scatter", "expected"}
    assert all("deling" in found[name].reason and "egne tall" in found[name].reason for name in missing)
    people = found["growth"]
    assert plain(people.title) == "Folketallet i Haram vokste 1,08 % årlig 2024–2025; attraktiviteten kan ikke beregnes"
    assert people.table["Del"].tolist() == [
        "fødselsoverskudd",
        "innvandring til landet",
        "størrelse",
        "resten, med attraktivitet",
        "vekst i alt",
    ]
    assert people.table["Prosent i året"].tolist() == pytest.approx([0.3, 0.4, 0.1, 0.28, 1.08])
    assert "Tallene er fra to av de tre siste årene" in people.uncertainty


def test_without_jobs_the_page_gives_the_parts_that_are_known():
    jobs = ["industry_structure_pct", "business_pct", "public_pct", "neighbours_pct", "bosted_pct", "naering_pct", "mix_pct"]
    parts = COMPONENTS.assign(**dict.fromkeys([*jobs, "private_growth_pct"], np.nan))
    found = charts("3222", ATTRACTIVENESS.iloc[:0], parts, attractiveness_backtest=country.backtest().iloc[:0])
    people = found.pop("growth")
    assert {type(chart) for chart in found.values()} == {Missing}
    assert found["scatter"].reason.endswith("utgaven mangler noen av tallene som modellen bygger på, i 2025.")
    assert people.table["Del"].tolist()[:4] == [
        "fødselsoverskudd",
        "innvandring til landet",
        "størrelse",
        "inn- og utpendling",
    ]
    assert people.table["Prosent i året"].iloc[:-1].sum() == pytest.approx(people.table["Prosent i året"].iloc[-1])
    assert "Attraktiviteten kan ikke skilles fra resten: utgaven mangler" in people.uncertainty


def test_without_attractiveness_the_parts_are_shown_and_the_rest_says_that_years_are_too_few():
    found = charts("3222", ATTRACTIVENESS.iloc[:0])
    missing = {name for name, chart in found.items() if isinstance(chart, Missing)}
    assert missing == {"scatter"}
    assert found["scatter"].reason.endswith(": det trengs flere år på rad som kan sammenlignes.")


def test_without_components_there_is_nothing_and_it_says_so():
    found = charts("3222", ATTRACTIVENESS.iloc[:0], COMPONENTS.iloc[:0], attractiveness_backtest=country.backtest().iloc[:0])
    assert {type(chart) for chart in found.values()} == {Missing}
    assert "utgaven har ingen tall for kommunen" in found["growth"].reason


def test_only_one_kind_is_told_by_name():
    own = ATTRACTIVENESS[(ATTRACTIVENESS["komm_nr"] != "3222") | (ATTRACTIVENESS["kind"] == "naering")]
    found = charts("3222", own)
    assert found["scatter"].reason.startswith("Bostedsattraktivitet kan ikke beregnes for Lørenskog: ")


def test_an_empty_record_says_what_is_needed():
    for table in (country.backtest().iloc[:0], country.backtest().assign(r2=np.nan)):
        assert "tre år etter" in charts("3222", attractiveness_backtest=table)["record"].reason


@pytest.mark.parametrize(("people", "share"), [(999, "0,10"), (190, "0,53"), (8, "12,50")])
def test_few_people_are_told_of(people, share):
    found = charts("1151", parts=COMPONENTS.assign(population=float(people)))
    for name in ("scatter", "growth", "expected"):
        assert f"Tallene er små: én person utgjør {share} prosent av folketallet." in found[name].uncertainty
        sound(found[name])


@pytest.mark.parametrize("people", [1000.0, 0.0, np.nan])
def test_a_thousand_none_or_unknown_are_not_told_of_as_few(people):
    assert "Tallene er små" not in charts("1151", parts=COMPONENTS.assign(population=people))["growth"].uncertainty


def test_fewer_than_three_years_are_no_scatter_and_it_says_why():
    assert isinstance(charts("3222", country.attractiveness(periods=(1,)))["scatter"], Missing)
    own = ATTRACTIVENESS[(ATTRACTIVENESS["komm_nr"] != "3222") | (ATTRACTIVENESS["period"] == 1)]
    reason = charts("3222", own)["scatter"].reason
    assert reason.endswith("det trengs flere år på rad som kan sammenlignes.")


def test_html_in_a_name_is_harmless():
    harmful = '<script>alert("1")</script>&amp;'
    for chart in charts("3222", names=NAMES | {"3222": harmful, "3205": "<b>x"}).values():
        shown = chart._repr_html_()
        assert "<script" not in shown
        assert "<b>" not in shown


def test_the_same_figures_give_the_same_bytes_and_leave_their_tables_alone():
    before = [table.copy(deep=True) for table in (COMPONENTS, ATTRACTIVENESS)]
    for name in ("scatter", "growth"):
        assert drawing.svg(charts("3222")[name], narrow=True) == drawing.svg(charts("3222")[name], narrow=True)
    for table, kept in zip((COMPONENTS, ATTRACTIVENESS), before, strict=True):
        pd.testing.assert_frame_equal(table, kept)
