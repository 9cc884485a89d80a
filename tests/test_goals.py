"""A municipality's own goals: what a file may hold, how its faults are told, and how far the goals have come."""

import contextlib
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from nlib import cli
from nlib.build import pipeline
from nlib.core import store
from nlib.core.errors import BadAnswer, FilesDisagree
from nlib.data.readers import goals as reader
from nlib.data.sources import goals
from nlib.indicators import goal_progress

ROOT = Path(__file__).parents[1]
SIX, FIVE = (ROOT / "docs" / "examples" / name for name in ("maal_seks_omraader.yaml", "maal_fem_omraader.xlsx"))
CODES = pd.DataFrame(
    {"komm_nr": ["0301", "3222"], "name": ["Oslo", "Lørenskog"], "valid_from": "2000-01-01", "valid_to": None}
).astype({"valid_to": "str"})
CHANGES = pd.DataFrame({"old_nr": [], "new_nr": [], "date": []}, dtype="str")
HEADINGS = [heading.capitalize() for heading in reader.COLUMNS.values()]


def plan(*lines, area="Vekst", top='kommune: "3222"') -> bytes:
    """A plan with one focus area, whose goals and measures these lines are."""
    return "\n".join([top, "satsingsområder:", f"  - navn: {area}", *(f"    {line}" for line in lines)]).encode()


def inspected(body: bytes) -> pd.DataFrame:
    return goals.inspected(body, pipeline.datasets().values())[0]


def faults(body: bytes) -> str:
    with pytest.raises(BadAnswer) as refused:
        inspected(body)
    return str(refused.value)


def workbook(rows: list[dict]) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    for row in rows:
        book.active.append([row.get(column) for column in reader.COLUMNS])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# -- the files


def test_the_examples_can_be_read_and_have_six_and_five_focus_areas():
    six, five = inspected(SIX.read_bytes()), inspected(FIVE.read_bytes())
    assert (six["area"].nunique(), five["area"].nunique()) == (6, 5)
    assert set(six["status"].dropna()) == set(five["status"].dropna()) == set(reader.STATUSES)
    assert set(six["direction"]) == set(five["direction"]) == {"opp", "ned"}
    assert five.loc[five["goal"].eq("Lavere lånegjeld"), ["target", "due_year", "start_year"]].iloc[0].tolist() == [110, 2030, 2022]


def test_the_example_a_user_finds_is_the_one_of_the_synthetic_edition():
    ((name, body),) = goals.synthetic(None)
    assert (name, body) == (SIX.name, SIX.read_bytes())


def test_a_sheet_and_a_yaml_file_tell_the_same():
    told = inspected(SIX.read_bytes())
    rows = told.astype(object).where(told.notna(), None).to_dict("records")
    pd.testing.assert_frame_equal(inspected(workbook(rows)), told)


def test_merged_cells_hold_for_the_rows_below_and_blank_rows_are_passed_over():
    first = {"komm_nr": "3222", "area": "Vekst", "measure": "Torg", "status": "ferdig", "due_year": 2027}
    told = inspected(workbook([first, {}, {"measure": "Park"}]))
    assert told[["komm_nr", "area", "measure"]].to_numpy().tolist() == [["3222", "Vekst", "Torg"], ["3222", "Vekst", "Park"]]
    assert told["status"].iloc[0] == "Ferdig"
    assert pd.isna(told["status"].iloc[1])


def test_yaml_is_text_and_nothing_else():
    body = plan("mål:", "  - no", "tiltak:", "  - navn: 1:30", "    ansvarlig: ~", "    år: 2_030", top="kommune: 0301")
    assert "«2_030» er ikke et år" in faults(body)
    told = inspected(body.replace(b"2_030", b"2030"))
    assert told["komm_nr"].tolist() == ["0301", "0301"]
    assert told[["goal", "measure"]].fillna("").to_numpy().tolist() == [["no", ""], ["", "1:30"]]
    assert told["responsible"].isna().all()


def test_letters_that_are_not_seen_are_taken_away_and_markup_is_only_text():
    told = inspected(plan("tiltak:", '  - "=1+1 <script>\u202e\u00ad x"'))
    assert told["measure"].tolist() == ["=1+1 <script> x"]


# -- faults


def test_every_fault_is_told_at_once_with_its_place():
    said = faults(
        plan(
            "mål:",
            "  - navn: Flere",
            "    status: Startet",
            "    måltall: 52.000",
            "    indikator: populasjon.population",
            "  - navn: Uten",
            "    måltall: 3",
            "  - navn: flere",
            "    år: 1830",
            "tiltak:",
            "  - navn: Torg",
            "    statuss: Ferdig",
            "    status: Ferdg",
            top="kommune: 9876",
        )
    )
    for fault in (
        "har 9 feil",
        "satsingsområde «Vekst», mål «Flere» (linje 5), status: «Startet» er ukjent; velg blant Planlagt, I gang, Ferdig",
        "mål «Flere» (linje 5), måltall: «52.000» kan leses på to måter",
        "indikator: «populasjon.population» finnes ikke; mente du population.population",
        "mål «Uten» (linje 9), måltall: måltall uten indikator",
        "mål «flere» (linje 11), år: «1830» er ikke et år mellom 2000 og 2100",
        "mål «flere» (linje 11): står også i linje 5; behold ett av dem",
        "tiltak «Torg» (linje 14), linje 15: ukjent nøkkel «statuss»; mente du «status»?",
        "tiltak «Torg» (linje 14), status: «Ferdg» er ukjent; mente du «Ferdig»?",
        "kommune: 9876 finnes ikke",
    ):
        assert fault in said


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("population.popullation", "tabellen population har blant annet population.population"),
        ("comuting.in_pct", "mente du commuting.in_pct"),
        ("out_pct", "mente du commuting.out_pct"),
        ("population_projection.main", "finnes ikke"),
        ("commuting.comparable", "finnes ikke"),
        ("æ", "skriv tabell.kolonne"),
    ],
)
def test_an_unknown_indicator_is_answered_with_near_names(asked, hint):
    assert hint in faults(plan("mål:", "  - navn: Flere", f"    indikator: {asked}", "    måltall: 3"))


@pytest.mark.parametrize(
    ("top", "hint"),
    [
        ("plan: x", "kommune mangler"),
        ("kommune: Lørenskog", "«Lørenskog» er ikke et kommunenummer"),
        ('kommune: "0230"', "0230 er ikke lenger i bruk; den heter nå 3222"),
        ('kommune: "0720"', "0720 er ikke lenger i bruk; den er delt"),
    ],
)
def test_a_municipality_must_be_one_of_todays(top, hint):
    assert hint in faults(plan("mål:", "  - Flere", top=top))


def test_a_start_is_before_the_end_and_a_focus_area_is_there_once():
    said = faults(
        plan("mål:", "  - navn: M", "    indikator: population.population", "    måltall: 9", "    startår: 2030", "    år: 2030")
        + b"\n  - navn: vekst\n    tiltak:\n      - Torg"
    )
    assert "startår: 2030 er ikke før 2030" in said
    assert "satsingsområde «vekst» (linje 10): står også i linje 3" in said


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        (plan("mål: &a [x]", "tiltak: *a"), "anker"),
        (b'a: &a ["x","x"]\nb: &b [*a,*a]\nsatsingsomrader: [*b,*b]', "anker"),
        (plan("mål:", "  - !!python/object/apply:os.system ['true']"), "merkelapp"),
        (plan("mål:", "  - navn: x", "    navn: y"), "nøkkelen «navn» står to ganger"),
        (plan("mål:", "  - navn: a: b"), "YAML-filen kan ikke leses (linje 5"),
        (plan("mål:", "\t- x"), "rykk inn med mellomrom"),
        (plan("mål: nei"), "skal være en liste"),
        (plan("mål:", "  - navn: [a]"), "navn: skal være en tekst"),
        (b"satsingsomrader:\n" + b"[" * 20, "nivåer dyp"),
        (b"satsingsomrader:\n" + b"[" * 100_000, "kan ikke leses"),
        (b"satsingsomrader: " + b"x" * 300_000, "over 300 kB"),
        (plan("mål:", "  - " + "x" * 301), "301 tegn"),
        (plan(), "filen har ingen mål eller tiltak"),
        (b"kommune: 3222", "mangler nøkkelen satsingsområder"),
        (b"- 1", "filen: skal ha nøkler"),
        (b"\xff\xfe\x00", "tekst"),
        (b"", "skal ha nøkler"),
        (b"satsingsomrader: \x01", "kan ikke leses"),
        (plan("tiltak:", *(f"  - t{n}" for n in range(501))), "grensen er 500"),
        (b"Kommune;Tiltak\n3222;Torg\n", "Ingen ark har overskriftene"),
    ],
)
def test_what_is_not_a_plain_plan_is_refused_with_what_to_do(body, hint):
    assert hint in faults(body)


def test_a_misspelt_heading_is_a_fault_and_a_column_of_ones_own_is_told():
    body = "Kommune;Satsingsområde;Tiltak;Status;Indikatr\n3222;Vekst;Torg;Ferdig;\n".encode()
    assert "kolonnen «Indikatr» er ukjent: mente du «indikator»?" in faults(body)
    _, told = goals.inspected(body.replace(b"Indikatr", b"Notat"), pipeline.datasets().values())
    assert told == ["kolonnen «Notat» er ukjent og ikke lest"]


@settings(max_examples=60, deadline=None)
@given(some.text(max_size=80))
def test_any_text_is_read_or_refused(text):
    body = plan("mål:", f"  - navn: {text}")
    with contextlib.suppress(BadAnswer):
        assert len(inspected(body)) == 1


# -- import


@pytest.fixture
def nlib(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("NLIB_HOME", str(tmp_path))

    def run(*words) -> tuple[int, str]:
        try:
            cli.run([str(word) for word in words])
        except SystemExit as done:
            return done.code, "".join(capsys.readouterr())
        return 0, "".join(capsys.readouterr())

    return run


def test_a_plan_is_recognised_and_a_new_one_takes_its_place(nlib, tmp_path):
    assert "maal, 11 mål og 15 tiltak for kommune 3222, 9 med indikator" in nlib("import", SIX)[1]
    assert "er tatt inn fra før" in nlib("import", SIX, "--as", "maal")[1]
    code, said = nlib("import", FIVE)
    assert (code, "6 mål og 12 tiltak for kommune 3205" in said) == (0, True)
    changed = tmp_path / "maal_seks_omraader.yaml"
    changed.write_bytes(SIX.read_bytes().replace(b"status: Planlagt", b"status: Ferdig"))
    assert "erstatter maal_seks_omraader.yaml, tatt inn" in nlib("import", changed)[1]
    edition = store.edition(None, tmp_path)
    assert len(edition.imports()) == 2
    built = edition.read_imported(goals.IMPORTED)
    assert not (built["komm_nr"].eq("3222") & built["status"].eq("Planlagt")).any()


def test_a_plan_with_faults_is_not_kept(nlib, tmp_path):
    wrong = tmp_path / "plan.yml"
    wrong.write_bytes(plan("mål:", "  - navn: x", "    status: y"))
    code, said = nlib("import", wrong)
    assert (code, "plan.yml: Filen med mål har 1 feil" in said) == (1, True)
    assert store.editions(tmp_path) == []


# -- tables


def built(*bodies: bytes) -> pd.DataFrame:
    frame = goals.IMPORTED.together([(f"{at}.yaml", goals.read(body)) for at, body in enumerate(bodies)])
    return goals.DATASET.check(goals.DATASET.build(frame, CODES, CHANGES))


def test_rows_stand_in_the_order_of_the_file_and_a_goals_measures_under_it():
    table = built(plan("mål:", "  - navn: A", "    tiltak:", "      - B", "  - C", "tiltak:", "  - D"))
    assert table["position"].tolist() == [1, 2, 3, 4]
    assert table[["goal", "measure"]].fillna("").to_numpy().tolist() == [["A", ""], ["A", "B"], ["C", ""], ["", "D"]]


def test_two_files_for_one_municipality_that_differ_are_named():
    with pytest.raises(FilesDisagree, match=r"0\.yaml og 1\.yaml"):
        built(plan("mål:", "  - A"), plan("mål:", "  - B"))


def test_a_plan_for_a_municipality_that_is_gone_stops_the_build():
    with pytest.raises(BadAnswer, match="1234"):
        built(plan("mål:", "  - A", top="kommune: 1234"))


def figures(values: dict, table="population", column="population", **more) -> dict[str, pd.DataFrame]:
    frame = pd.DataFrame({"komm_nr": "3222", "year": list(values), column: list(values.values()), "comparable": True} | more)
    return {table: frame}


def progress(target=200.0, due=2030, start=2020, direction="opp", indicator="population.population", held=None) -> pd.Series:
    """The progress of one goal; by the default figures 100 in 2020 and 140 in 2024."""
    row = {"indicator": indicator, "target": target, "due_year": due, "start_year": start, "direction": direction}
    table = pd.DataFrame([{"komm_nr": "3222", "position": 1} | row]).astype({"due_year": "Int64", "start_year": "Int64"})
    held = figures({2020: 100, 2024: 140}) if held is None else held
    none = pd.DataFrame({"komm_nr": pd.Series(dtype="str"), "year": pd.Series(dtype="int64")})
    empty = {
        name: none.assign(**dict.fromkeys(goal_progress.TABLES[name].columns()["column"][2:])) for name in goal_progress.MEASURED
    }
    tables = empty | held
    frame = goal_progress.build(table, *(tables[name] for name in goal_progress.MEASURED))
    return goal_progress.DATASET.check(frame).iloc[0]


def test_the_way_and_the_pace_are_plain_arithmetic():
    row = progress()
    assert row[["start_value", "latest_year", "latest_value"]].tolist() == [100, 2024, 140]
    assert row["way_pct"] == pytest.approx(40)
    assert row["steady_pct"] == pytest.approx(40)
    assert row["per_year"] == pytest.approx(10)
    assert row["needed_per_year"] == pytest.approx(10)
    assert row["outcome"] == "on_pace"
    assert progress(target=201.0)["outcome"] == "behind"
    assert row["source"] == "SSB, tabell 01223; SSB, tabell 06913; SSB, tabell 07459"


def test_what_should_fall_has_come_some_of_the_way_when_it_falls():
    row = progress(target=50.0, direction="ned", held=figures({2020: 100, 2024: 90}))
    assert row["way_pct"] == pytest.approx(20)
    assert row["outcome"] == "behind"
    assert progress(target=95.0, direction="ned", held=figures({2020: 100, 2024: 90}))["outcome"] == "reached"


@pytest.mark.parametrize(
    ("changes", "outcome", "lacks"),
    [
        ({"target": None}, "unknown", "no_target"),
        ({"held": figures({})}, "unknown", "no_figures"),
        ({"due": 2019, "start": 2018}, "unknown", "no_figures"),
        ({"start": None}, "unknown", "no_start_year"),
        ({"start": 2021}, "unknown", "no_start"),
        ({"start": 2024}, "unknown", "too_early"),
        ({"due": None}, "unknown", "no_due_year"),
        ({"target": 90.0}, "reached", "past_target"),
        ({"due": 2024}, "missed", None),
        ({"target": 140.0}, "reached", None),
        ({"held": figures({2020: 100, 2024: 140}, comparable=[False, True])}, "unknown", "not_comparable"),
        ({"target": 130.0, "held": figures({2020: 100, 2024: 140}, comparable=[False, True])}, "reached", "not_comparable"),
        (
            {"start": 2014, "indicator": "commuting.in_pct", "held": figures({2014: 50.0, 2020: 60.0}, "commuting", "in_pct")},
            "unknown",
            "break",
        ),
    ],
)
def test_what_cannot_be_measured_is_missing_and_told_why(changes, outcome, lacks):
    row = progress(**changes)
    assert row["outcome"] == outcome
    assert (row["lacks"] if pd.notna(row["lacks"]) else None) == lacks
    if lacks not in (None, "no_due_year"):
        assert pd.isna(row["way_pct"])


def test_a_figure_from_after_the_goals_own_year_does_not_count():
    row = progress(target=150.0, due=2024, held=figures({2020: 100, 2024: 140, 2025: 160}))
    assert row[["latest_year", "outcome"]].tolist() == [2024, "missed"]


def test_a_hidden_figure_is_not_zero():
    assert progress(held=figures({2020: 100, 2023: 130, 2024: None}))["latest_year"] == 2023
    assert progress(held=figures({2020: None, 2024: 140}))["lacks"] == "no_start"


def test_an_indicator_that_is_gone_stops_the_build():
    with pytest.raises(BadAnswer, match=r"population\.gone"):
        progress(indicator="population.gone")


def test_every_indicator_is_a_number_with_a_meaning():
    assert len(goal_progress.INDICATORS) > 60
    assert "population.population" in goal_progress.INDICATORS
    assert not any(name.endswith((".comparable", ".year", ".komm_nr")) for name in goal_progress.INDICATORS)
    assert set(goal_progress.INDICATORS) == set(goals.indicators(pipeline.datasets().values()))


@settings(max_examples=60, deadline=None)
@given(
    *[some.floats(-1000, 1000).map(lambda value: round(value, 3))] * 2,
    some.floats(0.02, 2000).map(lambda value: round(value, 3)),
    some.integers(2, 15).flatmap(lambda years: some.tuples(some.just(years), some.integers(1, years - 1))),
    some.booleans(),
)
def test_the_pace_is_enough_just_when_what_is_needed_is_not_more_than_what_was(start, latest, way, time, up):
    target, (years, passed) = start + (way if up else -way), time
    row = progress(target, 2010 + years, 2010, "opp" if up else "ned", held=figures({2010: start, 2010 + passed: latest}))
    assert row["way_pct"] == pytest.approx(100 * (latest - start) / (target - start), abs=1e-6)
    if row["outcome"] in ("on_pace", "behind"):
        slack = (row["per_year"] - row["needed_per_year"]) * (1 if up else -1)
        assert row["outcome"] == ("on_pace" if slack >= 0 else "behind") or abs(slack) < 1e-6
