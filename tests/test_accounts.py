"""Companies' accounts: amounts in the unit that is said, or not at all."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.no import orgnr

from nlib.core.errors import BadAnswer
from nlib.data.readers import named_columns, sheets
from nlib.data.sources import company_accounts as accounts

SAMPLE = (Path(__file__).parent / "samples_by_hand" / "regnskap.csv").read_bytes()


def read(body: bytes) -> tuple[pd.DataFrame, list[str]]:
    return accounts.read(sheets.read(body))


def csv(**changes) -> bytes:
    """Two accounts; `changes` replaces a heading, or the cells under it, by our name of the column."""
    columns = {
        "orgnr": ["Orgnr", "974760673", "971526920"],
        "komm_nr": ["Kommunenr", "0301", "3222"],
        "nace": ["NACE", "47.110", "62"],
        "wage_costs": ["Lønnskostnader (kr)", "100", "200"],
        "operating_result": ["Driftsresultat (kr)", "-10", "20"],
        "employees": ["Ansatte", "1", "2"],
        "year": ["År", "2020", "2020"],
    }
    banner = changes.pop("banner", "")
    columns |= changes
    rows = zip(*[cells for cells in columns.values() if cells is not None], strict=True)
    return (banner + "\n" + "".join(";".join(row) + "\n" for row in rows)).encode()


def test_amounts_in_thousands_become_kroner_and_it_is_told():
    frame, told = read(SAMPLE)
    assert frame["wage_costs_kr"].tolist() == [1_200_000, 2_500_000]
    assert frame["operating_result_kr"].tolist() == [-30_500, 410_000]
    assert "beløp i 1 000 kr er regnet om til kroner" in told


def test_a_missing_count_of_employees_is_missing_not_zero():
    frame, _ = read(SAMPLE)
    assert frame["employees"].dtype == "Int64"
    assert frame["employees"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("Lønnskostnader (kr)", "kr"),
        ("Lønnskostnader i kroner", "kr"),
        ("Lønnskostnader NOK", "kr"),
        ("Lønnskostnader (1 000 kr)", "1 000 kr"),
        ("Lønnskostnader, 1000 kroner", "1 000 kr"),
        ("Lønnskostnader (tkr)", "1 000 kr"),
        ("Lønnskostnader i hele tusen", "1 000 kr"),
        ("Lønnskostnader (mill. kr)", "mill. kr"),
        ("Lønnskostnader MNOK", "mill. kr"),
        ("Lønnskostnader i millioner kroner", "mill. kr"),
        ("Lønnskostnader", None),
        ("Kommunenr", None),
    ],
)
def test_the_unit_is_read_from_the_heading(written, unit):
    assert named_columns.unit(written) == unit


@pytest.mark.parametrize("unit", ["kr", "1 000 kr", "mill. kr"])
def test_the_unit_may_stand_above_the_headings_or_in_a_column(unit):
    silent = {"wage_costs": ["Lønnskostnader", "100", "200"], "operating_result": ["Driftsresultat", "-10", "20"]}
    above, _ = read(csv(banner=f"Tall i {unit}", **silent))
    beside, _ = read(csv(unit=["Beløp i", unit, unit], **silent))
    assert (
        above["wage_costs_kr"].tolist()
        == beside["wage_costs_kr"].tolist()
        == [100 * named_columns.UNITS[unit], 200 * named_columns.UNITS[unit]]
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"wage_costs": ["Lønnskostnader (1 000 kr)", "1", "2"]}, "ulike enheter"),
        ({"wage_costs": ["Lønnskostnader", "1", "2"]}, "ulike enheter"),
        ({"banner": "Tall i mill. kr"}, "ulike enheter"),
        ({"unit": ["Beløp i", "kr", "1 000 kr"]}, "ulike enheter"),
        ({"wage_costs": ["Lønnskostnader", "1", "2"], "operating_result": ["Driftsresultat", "1", "2"]}, "sier ikke om beløpene"),
        ({"currency": ["Valuta", "NOK", "USD"]}, "norske kroner .USD."),
        ({"orgnr": ["Orgnr", "974760674", "971526920"]}, "kontrollsifferet stemmer ikke"),
        ({"orgnr": ["Orgnr", "97476067", "971526920"]}, "er ikke organisasjonsnummer"),
        ({"komm_nr": ["Kommunenr", "Oslo", "3222"]}, "er ikke kommunenummer"),
        ({"nace": ["NACE", "Handel", "62"]}, "ikke en næringskode"),
        ({"employees": ["Ansatte", "1,5", "2"]}, "ikke et helt tall"),
        ({"employees": ["Ansatte", "-1", "2"]}, "ikke et helt tall"),
        ({"year": ["År", "20", "2020"]}, "er ikke et år"),
        ({"year": None}, "year: År, Regnskapsår, Årstall, Year"),
        ({"wage_costs": ["Lønnskostnader (kr)", "mye", "2"]}, "«mye» er ikke et tall .rad 3, kolonnen «Lønnskostnader .kr.»."),
    ],
)
def test_accounts_that_do_not_add_up_are_refused(changes, why):
    with pytest.raises(BadAnswer, match=why):
        read(csv(**changes))


def test_an_account_that_stands_twice_is_refused():
    with pytest.raises(BadAnswer, match="974760673 står to ganger i 2020"):
        read(csv() + b"974760673;0301;47.110;100;-10;1;2020\n")


def test_a_groups_account_beside_the_companys_own_is_told_of_and_left_out():
    frame, told = read(csv(account_type=["Regnskapstype", "Konsern", "Selskap"]))
    assert frame["orgnr"].tolist() == ["971526920"] and "1 konsernregnskap er ikke lest" in told
    for kinds, why in ((["Konsern", "Konsern"], "bare konsernregnskap"), (["Annet", "Selskap"], "verken selskapets eller")):
        with pytest.raises(BadAnswer, match=why):
            read(csv(account_type=["Regnskapstype", *kinds]))


@pytest.mark.parametrize(("written", "code"), [("47", "47"), ("47.11", "47.11"), ("47110", "47.110"), ("01.110", "01.110")])
def test_industry_codes_are_text(written, code):
    assert read(csv(nace=["NACE", written, "62"]))[0]["nace"].tolist() == [code, "62"]


def test_industry_codes_that_are_numbers_are_told_of():
    body = csv().decode().splitlines()
    rows = [[*body[1].split(";")], ["974760673", 301.0, 1.11, 100.0, -10.0, 1.0, 2020.0]]
    frame, told = accounts.read([sheets.Sheet("Ark", rows)])
    assert (frame["nace"].tolist(), frame["komm_nr"].tolist()) == (["01.11"], ["0301"])
    assert any(line.startswith("næringskoder lagret som tall") for line in told)


ORGNR = (
    st.text("0123456789", min_size=8, max_size=8)
    .map(lambda head: f"{head}{-orgnr.checksum(f'{head}0') % 11}")
    .filter(lambda number: len(number) == 9)
)


@given(
    st.lists(
        st.tuples(ORGNR, st.integers(-(10**9), 10**9), st.integers(0, 10**5)), min_size=1, max_size=5, unique_by=lambda row: row[0]
    )
)
def test_what_is_written_is_read_back(rows):
    head = "Orgnr;Kommunenr;NACE;Lønnskostnader (kr);Driftsresultat (kr);Ansatte;År\n"
    body = head + "".join(f"{orgnr};3222;62.010;{amount};{-amount};{count};2021\n" for orgnr, amount, count in rows)
    frame, _ = read(body.encode())
    assert list(zip(frame["orgnr"], frame["wage_costs_kr"], frame["employees"], strict=True)) == rows


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 3), st.binary(max_size=3)), min_size=1, max_size=4))
def test_a_damaged_file_is_a_table_or_a_named_error(cuts):
    body = SAMPLE
    for at, length, instead in cuts:
        at %= len(body) + 1
        body = body[:at] + instead + body[at + length :]
    try:
        frame, _ = read(body)
    except BadAnswer:
        return
    assert frame["orgnr"].str.fullmatch(r"\d{9}").all()
    assert frame["komm_nr"].str.fullmatch(r"\d{4}").all()
