"""Files as people's own programs leave them: every kind that has been met is read right, or refused in words that say where."""

import io
import json
import re
import zipfile

import openpyxl
import pandas as pd
import pytest

from nlib import cli
from nlib.build import checks, pipeline
from nlib.core.errors import BadAnswer
from nlib.data.readers import kinds, letters, sheets, statbank_export, units
from nlib.data.sources import company_accounts, emissions, telemarksforsking_figures

TITLE = "99001: Folkemengde, etter region, statistikkvariabel og år"
ACCOUNTS = "Orgnr;Kommunenr;NACE;År;Ansatte;Lønnskostnader (kr);Driftsresultat (kr)"
FIRM = "974760673;3222;47.110;2023;10;6500;900"
EMISSIONS = ["Kommunenr", "År", "Sektor", "Tonn CO2e"]
SHEET = "xl/worksheets/sheet1.xml"


def excel(*rows_of_sheets, edit=None) -> bytes:
    """A workbook with these rows in sheets called Ark1, Ark2, ...; `edit` is handed the workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(rows_of_sheets, 1):
        sheet = book.create_sheet(f"Ark{number}")
        for row in rows:
            sheet.append(row)
    if edit:
        edit(book)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def rewritten(body: bytes, part: str, change) -> bytes:
    """A zip with one part of it changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, change(content) if name == part else content)
    return out.getvalue()


def export(body: bytes) -> statbank_export.Export:
    (found,) = statbank_export.read(kinds.File(body).sheets)
    return found


def statbank(*rows: str, heading="region;Personer 2023", title=TITLE, sign=";") -> bytes:
    return "\n".join([f'"{title}"', "", heading.replace(";", sign), *(row.replace(";", sign) for row in rows)]).encode()


def pivot(*rows, title=TITLE, over=(("Personer",), ("2023",)), side=1) -> bytes:
    return excel([[title], [], *([None] * side + list(labels) for labels in over), *rows])


def figures(body: bytes) -> list[float]:
    return export(body).frame["value"].tolist()


def of_kind(reader, body: bytes) -> pd.DataFrame:
    return reader.read(kinds.File(body).sheets)[0]


def told(body: bytes) -> list[str]:
    file = kinds.File(body)
    return list(kinds.recognise(file).contents(file).lines)


def refusal(body: bytes) -> str:
    with pytest.raises(BadAnswer) as refused:
        told(body)
    return str(refused.value)


# -- numbers


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        ("46 402;47 123", [46402, 47123]),
        ("46\N{NO-BREAK SPACE}402;47\N{NARROW NO-BREAK SPACE}123", [46402, 47123]),
        ("46\N{THIN SPACE}402;1", [46402, 1]),
        ("1.046.402;46.402", [1046402, 46402]),
        ("1.046,4;46.402", [1046.4, 46402]),
        ("1,046.4;46,402", [1046.4, 46402]),
        ("0.5;46.402", [0.5, 46.402]),
        ("0,5;46.402", [0.5, 46402]),
        ("1234.567;1.234", [1234.567, 1.234]),
        ("0.234;0.500", [0.234, 0.5]),
        ("\N{MINUS SIGN}5;–7", [-5, -7]),
        ("-;12", [0, 12]),
    ],
)
def test_a_sign_for_thousands_or_decimals_is_read_as_the_other_numbers_show(cells, values):
    assert figures(statbank(f"3222 Lørenskog;{cells}", heading="region;Personer 2023;Personer 2024")) == values


@pytest.mark.parametrize("cell", ["46.402", "46,402", "-1.234", "+9.000"])
def test_a_number_that_can_be_both_is_refused_with_its_place(cell):
    assert f"«{cell}» kan være" in refusal(statbank(f"3222 Lørenskog;{cell}", "3205 Lillestrøm;915"))
    assert "(B5 i «Ark1»)" in refusal(pivot(["3222 Lørenskog", cell]))
    assert "(rad 2, kolonnen «Tonn CO2e»)" in refusal(f"{';'.join(EMISSIONS)}\n3222;2022;Veitrafikk;{cell}\n".encode())
    assert "(rad 2, kolonnen «Arbeidsplasser»)" in refusal(f"Kommunenr;År;Arbeidsplasser\n3222;2015;{cell}\n".encode())
    assert "kan være" in refusal(f"{ACCOUNTS}\n{FIRM.replace('6500', cell)}\n".encode())
    assert "kan være" in refusal(f"Kommunenr;Framskrevet i;År;Folketall\n3222;2022;2030;{cell}\n".encode())


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ("1.5;1,5", "Både komma og punktum er brukt som desimaltegn"),
        ("1.234.567;1.5", "ikke skrevet likt i hele filen"),
        ("1.234.567;1,234,567", "ikke skrevet likt i hele filen"),
        ("46'402;1", "er ikke et tall"),
        ("(46402);1", "er ikke et tall"),
        ("46 kr;1", "er ikke et tall"),
        ("1 23;1", "er ikke et tall"),
        ("46,5 %;1", "er prosent"),
        ("–;1", "kan være 0 eller et tall som mangler"),
    ],
)
def test_what_is_no_plain_number_is_refused_with_its_place(cells, why):
    told = refusal(statbank(f"3222 Lørenskog;{cells}", heading="region;Personer 2023;Personer 2024"))
    assert why in told
    assert "rad 4, kolonne" in told


@pytest.mark.parametrize("dash", ["-", "–", " -   ", "—"])
@pytest.mark.parametrize("at", [4, 5, 6])
def test_a_dash_in_accounts_may_be_a_zero_or_a_gap_and_is_refused(dash, at):
    cells = FIRM.split(";")
    cells[at] = dash
    assert "kan være 0 eller et tall som mangler (rad 2, kolonnen «" in refusal(f"{ACCOUNTS}\n{';'.join(cells)}\n".encode())


def test_a_cell_shown_as_per_cent_is_the_number_it_shows_where_that_is_what_the_column_holds():
    def formatted(book):
        book.active["D2"].number_format = "0.0%"

    rows = [["Nr", "Inndeling", "År", "Lønnsomhet"], ["3222", "Kommune", 2020, 0.635]]
    assert telemarksforsking_figures.IMPORTED.read(excel(rows, edit=formatted))["value"].tolist() == [63.5]
    assert "«4521000 %» er vist som prosent" in refusal(excel([EMISSIONS, ["3222", 2022, "Veitrafikk", 45210]], edit=formatted))
    shares = TITLE.replace("Folkemengde", "Andel (prosent)")
    assert figures(statbank("3222 Lørenskog;63,5 %", title=shares)) == [63.5]


def test_a_number_shown_in_thousands_is_refused():
    def formatted(book):
        book.active["D2"].number_format = "#,##0,"

    assert "D2 i «Ark1» er vist i tusen" in refusal(excel([EMISSIONS, ["3222", 2022, "Veitrafikk", 45210]], edit=formatted))


# -- units


@pytest.mark.parametrize(
    ("unit", "spelt"),
    [
        ("1 000 kr", ["NOK 1000", "kr i tusen", "Beløp i hele kr 1 000", "tkr", "TNOK", "NOK '000", "(i NOK 1,000)", "kr x 1000"]),
        ("1 000 kr", ["1000-kroner", "i heile tusen kronar", "in thousands of NOK", "Tall i 1000", "NOK k", "Beløp i 000 kr"]),
        ("mill. kr", ["(kr mill)", "NOK million", "MNOK", "NOKm", "mill.kr", "kr 1 000 000", "i millionar kroner"]),
        ("mrd. kr", ["mrd. kr", "NOK bn", "milliarder kroner"]),
        ("kr", ["kr", "Hele kroner", "NOK", "faste 2015-kroner", "kr 2023"]),
        (units.UNCLEAR, ["USD 1000", "i tusen kroner og mill. kr", "1 000 EUR", "svenske kroner", "hundre kr"]),
        (None, ["Regnskap", "kr 500", "NOK 10000", "Foretak med over 1000 ansatte", "Kristiansand"]),
    ],
)
def test_a_unit_of_money_is_known_on_either_side_of_the_currency(unit, spelt):
    assert {text: units.unit(text) for text in spelt} == dict.fromkeys(spelt, unit)


@pytest.mark.parametrize("unit", ["NOK 1000", "kr i tusen", "i 1 000 kr", "TNOK"])
def test_amounts_are_in_the_unit_that_a_banner_a_heading_or_a_column_says(unit):
    plain = ACCOUNTS.replace(" (kr)", "")
    for text in (
        f"Tall i {unit};;;;;;\n{plain}\n{FIRM}\n",
        f"{ACCOUNTS.replace('(kr)', f'({unit})')}\n{FIRM}\n",
        f"{plain};Beløpsenhet\n{FIRM};{unit}\n",
    ):
        frame = of_kind(company_accounts, text.encode())
        assert frame[["wage_costs_kr", "operating_result_kr"]].to_numpy().tolist() == [[6_500_000, 900_000]]


def test_amounts_in_two_units_or_other_money_are_refused_and_counts_are_never_in_thousands():
    plain = ACCOUNTS.replace(" (kr)", "")
    assert "flere enheter eller annen valuta" in refusal(f"Beløp i USD 1000;;;;;;\n{plain}\n{FIRM}\n".encode())
    assert "annen valuta enn kroner" in refusal(f"{ACCOUNTS.replace('(kr)', '(EUR)')}\n{FIRM}\n".encode())
    assert "Filen sier ikke om beløpene" in refusal(f"{plain}\n{FIRM}\n".encode())
    assert "i tusen eller mer" in refusal(b"Kommunenr;Framskrevet i;\xc3\x85r;Folketall i tusen\n3222;2022;2030;52\n")
    assert "skal være i tonn" in refusal(f"Tall i kt CO2;;;\n{';'.join(EMISSIONS)}\n3222;2022;Veitrafikk;45\n".encode())
    assert "i tusen eller mer" in refusal(f"Tall i 1 000 tonn;;;\n{';'.join(EMISSIONS)}\n3222;2022;Veitrafikk;45\n".encode())


# -- numbers that are names, and headings


@pytest.mark.parametrize(
    "orgnr", ["974 760 673", "974\N{NO-BREAK SPACE}760\N{NO-BREAK SPACE}673", "NO974760673MVA", "974.760.673", "974760673.0"]
)
def test_an_organisation_number_is_read_as_it_is_written(orgnr):
    assert of_kind(company_accounts, f"{ACCOUNTS}\n{FIRM.replace('974760673', orgnr)}\n".encode())["orgnr"].tolist() == [
        "974760673"
    ]


@pytest.mark.parametrize(
    "row", ["3222.0;2022.0;Veitrafikk;45210.0", "3222,0;2022;Veitrafikk;45210", "3 222;2 022;Veitrafikk;45 210"]
)
def test_numbers_that_programs_have_made_decimals_of_are_read(row):
    frame = of_kind(emissions, f"{';'.join(EMISSIONS)}\n{row}\n".encode())
    assert frame.to_numpy().tolist() == [["3222", 2022, "veitrafikk", 45210]]


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("3222", "3.222", "ikke kommunenummer"),
        ("3222", "K-3222", "ikke kommunenummer"),
        ("3222", "", "mangler kommunenummer"),
        ("2023", "2023/24", "ikke et år"),
        ("2023", "31.12.2023", "ikke et år"),
        ("47.110", "01.nov", "ikke en næringskode"),
        ("974760673", "9,74761E+08", "ikke organisasjonsnummer"),
        ("974760673", "Sum", "fjern rader med egne summer"),
    ],
)
def test_a_name_that_is_no_such_number_is_refused_with_its_place(column, cell, why):
    told = refusal(f"{ACCOUNTS}\n{FIRM.replace(column, cell)}\n".encode())
    assert why in told
    assert "rad 2, kolonnen «" in told


def test_a_number_that_is_no_municipalitys_is_told_of_and_a_file_of_such_numbers_is_refused():
    head = "Kommunenr;Framskrevet i;År;Folketall\n"
    lines = told(f"{head}3222;2022;2030;52000\n4999;2022;2030;1000\n3223;2022;2030;5000\n".encode())
    assert lines[1].startswith("2 rader har et nummer som ingen kommune har")
    assert "4999 (rad 3, kolonnen «Kommunenr»), 3223 (rad 4" in lines[1]
    assert "Ingen av kommunenumrene finnes" in refusal(f"{head}4999;2022;2030;1000\n".encode())
    assert len(told(f"{head}0230;2018;2030;52000\n".encode())) == 1  # a number of then


@pytest.mark.parametrize(
    "heading",
    [
        "Orgnr;Kommunenr (4 siffer);NACE (SN2007);År (åååå);Ansatte (antall);Lønnskostnader (kr);Driftsresultat (EBIT) (kr)",
        "Organisation number;Municipality number;NACE code;Year;Employees;Wage costs (NOK);Operating result (NOK)",
        "Orgnr;Kommunenummer;Næringskode;Årstal;Tal på tilsette;Lønskostnader (kr);Driftsresultat (kr)",
        "Orgnr*;Kommunenr¹;NACE²;År;Ansatte¹²;Lønnskostnader (kr)³;Driftsresultat (kr)",
    ],
)
def test_headings_in_three_languages_with_something_in_brackets_and_with_the_mark_of_a_footnote_are_known(heading):
    assert of_kind(company_accounts, f"{heading}\n{FIRM}\n".encode())["employees"].tolist() == [10]


def test_what_stands_in_brackets_may_make_it_another_column():
    both = ACCOUNTS.replace("Ansatte", "Ansatte (heltid);Ansatte")
    assert of_kind(company_accounts, f"{both}\n{FIRM.replace(';10;', ';7;10;')}\n".encode())["employees"].tolist() == [10]
    assert "Den ligner mest på regnskap, men mangler employees" in refusal(
        f"{ACCOUNTS.replace('Ansatte', 'Ansatte (heltid)')}\n{FIRM}\n".encode()
    )


# -- letters


WORDS = ["Lørenskog", "Bærum", "Våler", "Ålesund", "Østre Toten", "SØR-VARANGER"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman", "cp865"]
TWICE = [("utf-8", "cp1252"), ("utf-8", "latin-1"), ("utf-8", "mac_roman"), ("utf-8", "cp850")]
IN_WORDS = ["L¿renskog", "B¾rum", "L¯renskog", "L›renskog", "L°renskog", "V†ler", "L\N{REPLACEMENT CHARACTER}renskog"]
WHOLE = ["15 °C", "µg/m³", "½ år", "D’Artagnan", "«FRØ»", "a→b", "¬¬ Kommuneforvaltning", "m²", "São Tomé"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_letters_of_every_common_encoding_are_read(encoding):
    body = statbank(*(f"{3200 + at} {word};{at}" for at, word in enumerate(WORDS))).decode().encode(encoding)
    assert export(body).frame["region"].tolist() == WORDS
    assert "år" in export(body).frame


@pytest.mark.parametrize("word", [*WORDS, "Kárášjohka", "BÆRUM"])
@pytest.mark.parametrize(("written", "read"), TWICE)
def test_letters_that_were_read_in_one_way_and_saved_in_another_are_refused(word, written, read):
    assert "ødelagt" in refusal(statbank(f"3222 {word.encode(written).decode(read, 'replace')};1"))


@pytest.mark.parametrize("word", IN_WORDS)
def test_letters_of_another_machine_inside_a_word_are_refused_in_text_and_in_workbooks(word):
    assert "ødelagte bokstaver" in refusal(statbank(f"3222 {word};1"))
    assert "A5 i «Ark1» har ødelagte bokstaver" in refusal(pivot([f"3222 {word}", 1]))


def test_half_broken_utf_8_is_refused_with_its_line():
    assert "linje 2" in refusal("region;Bærum\n3222 L".encode() + "ørenskog;1\n".encode("cp1252"))
    assert "avkortet" in refusal(statbank("3222 Lørenskog;1", "3205 Lillestrøm;2")[:-6])


@pytest.mark.parametrize("text", WHOLE)
def test_signs_that_tables_hold_are_no_ruined_letters(text):
    assert letters.ruined(text) is None
    assert text in letters.text(f"a;{text}\n".encode())


def test_letters_in_two_parts_and_signs_that_are_not_seen_are_the_same_letters():
    body = excel([["Kommunenr", "A\u030ar", "Sektor", "Tonn CO2e"], ["3222", 2022, "Vei\u00adtrafikk\u200b", 5]])
    assert of_kind(emissions, body)["sector"].tolist() == ["veitrafikk"]


# -- workbooks


def test_hidden_sheets_are_not_read_and_told_of():
    rows = [EMISSIONS, ["3222", 2022, "Veitrafikk", 45210]]
    draft = [EMISSIONS, ["3222", 2021, "Veitrafikk", 99999]]
    for state in ("hidden", "veryHidden"):

        def hide(book, state=state):
            book["Ark2"].sheet_state = state

        body = excel(rows, draft, edit=hide)
        assert of_kind(emissions, body)["year"].tolist() == [2022]
        assert "skjulte ark er ikke lest: «Ark2»" in told(body)
        assert "Skjulte ark er ikke lest: «Ark2»" in refusal(excel([["Se", "graf"]], draft, edit=hide))
        assert "De synlige arkene er tomme" in refusal(excel([], draft, edit=hide))


def test_hidden_rows_are_read_and_told_of():
    def hide(book):
        book.active.row_dimensions[3].hidden = True

    rows = [EMISSIONS, ["3222", 2022, "Veitrafikk", 1], ["3222", 2022, "Oppvarming", 2]]
    assert "1 skjult rad eller kolonne i «Ark1» er lest" in told(excel(rows, edit=hide))


def calculated(value: bytes, program: bytes = b"Microsoft Excel") -> bytes:
    """A workbook with a formula whose value is kept as this, by a program that calls itself so."""
    body = excel([EMISSIONS, ["3222", 2022, "Veitrafikk", "=45000+210"], ["3222", 2022, "Oppvarming", 3120]])
    body = rewritten(body, SHEET, lambda xml: re.sub(rb"<v ?/>|<v></v>", b"<v>" + value + b"</v>", xml))
    return rewritten(body, "docProps/app.xml", lambda xml: xml.replace(b"Microsoft Excel", program))


def test_a_formula_that_was_never_worked_out_is_refused_and_a_zero_that_was_is_read():
    assert "D2 i «Ark1» har en formel uten utregnet verdi" in refusal(calculated(b""))
    assert "D2 i «Ark1» har en formel som aldri er regnet ut" in refusal(calculated(b"0"))
    assert of_kind(emissions, calculated(b"45210"))["emissions_t"].tolist() == [45210, 3120]
    assert of_kind(emissions, calculated(b"0", b"LibreOffice/7.4"))["emissions_t"].tolist() == [0, 3120]


def test_cells_and_rows_that_do_not_say_where_they_are_stand_after_those_before():
    rows = [EMISSIONS, ["3222", 2022, "Veitrafikk", 45210], ["3222", 2022, "Oppvarming", 3120]]
    for pattern in (rb' r="[A-Z]*\d+"', rb'(?<=<c) r="[A-Z]+\d+"', rb'(?<=<row) r="\d+"'):
        body = rewritten(excel(rows), SHEET, lambda xml, pattern=pattern: re.sub(pattern, b"", xml))
        assert of_kind(emissions, body)["emissions_t"].tolist() == [45210, 3120]


def test_an_error_in_a_column_that_is_not_read_does_no_harm_and_one_that_is_read_is_named():
    def error(place):
        def edit(book):
            book.active[place] = "#DIV/0!"
            book.active[place].data_type = "e"

        return edit

    rows = [[*EMISSIONS, "Notat"], ["3222", 2022, "Veitrafikk", 45210, "x"]]
    assert of_kind(emissions, excel(rows, edit=error("E2")))["emissions_t"].tolist() == [45210]
    assert "D2 i «Ark1» har feilverdien #DIV/0!" in refusal(excel(rows, edit=error("D2")))


def test_days_that_excel_has_made_are_refused_where_something_else_should_stand():
    day = pd.Timestamp("2024-04-01").to_pydatetime()
    assert "«2024-04-01» er en dato, og det skulle stått et år (B2 i «Ark1»)" in refusal(
        excel([EMISSIONS, ["3222", day, "Luftfart", 1]])
    )
    assert "er en dato, ikke et tall (D2" in refusal(excel([EMISSIONS, ["3222", 2022, "Luftfart", day]]))
    sizes = TITLE.replace("region", "størrelse")
    assert "A5 i «Ark1» er en dato der det skal stå størrelse" in refusal(pivot([day, 1], ["5-9 ansatte", 2], title=sizes))
    assert "«01.apr» i rad 4" in refusal(statbank("01.apr;1", heading="størrelse;Personer 2023", title=sizes))


# -- text files


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_footnotes_do_not_outvote_the_sign_between_the_cells(sign):
    table = statbank("3222 Lørenskog;39,1;39,2", heading="region;Alder 2020;Alder 2021", sign=sign)
    notes = b"\n\nKilde: SSB, tabell 07459, uttrekk\nMerk: a, b, c\nSe: d, e, f\nEtter: g, h, i\n"
    assert figures(table + notes) == [39.1, 39.2]


def test_a_comma_between_cells_is_known_beside_semicolons_in_what_people_write():
    (sheet,) = sheets.read(b'id,Q,T\n1,Ja,"a;b;c"\n2,Nei,"d;e;f"\n3,Ja,"g;h;i"\n')
    assert sheet.rows[1] == ["1", "Ja", "a;b;c"]
    (spaced,) = sheets.read(b'id; Q; "T"\n1; Ja; "x"\n')
    assert spaced.rows == [["id", "Q", "T"], ["1", "Ja", "x"]]


def test_statbanks_space_between_quoted_cells_is_read():
    assert figures(f'"{TITLE}"\n\n"region" "Personer 2023"\n"3222 Lørenskog" 46402\n'.encode()) == [46402]


@pytest.mark.parametrize("row", ['3222 L;"vi er et "godt" sted"', '3222 L;"\\"godt\\" sted"', '3222 L;"sted'])
def test_a_broken_quotation_is_refused_with_its_row(row):
    assert "et anførselstegn inne i en celle i rad 4" in refusal(statbank(row, '3205 L;"fint"'))


# -- what other files are


ODS = "application/vnd.oasis.opendocument.spreadsheet"


def zipped(**parts: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return body.getvalue()


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (
            zipped(mimetype=ODS, content_xml="", **{"META-INF__manifest_xml": ""}),
            "LibreOffice-regneark (.ods): lagre det som .xlsx",
        ),
        (zipped(content_xml="", **{"META-INF__manifest_xml": ODS.replace("spreadsheet", "text")}), "LibreOffice-dokument (.odt)"),
        (zipped(xl__workbook_bin=""), "binær Excel-fil (.xlsb)"),
        (zipped(word__document_xml=""), "Word-dokument"),
        (zipped(Index__Document_iwa=""), "Apple Numbers"),
        (zipped(les_txt=""), "pakk den ut"),
        (b"\xd0\xcf\x11\xe0\xa1", "gammel (.xls)"),
        (b"%PDF-1.7", "PDF"),
        (b"PAR1\x15\x04", "Parquet"),
        (b'CHARSET="ANSI";\nAXIS-VERSION="2013";\nTITLE="x";', "PC-Axis-fil (.px)"),
        (b'\xef\xbb\xbfLANGUAGE="no";\r\nMATRIX="x";', "PC-Axis-fil (.px)"),
        (b"<html><body><table>", "HTML"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "Excel 2003"),
        (b"https://www.ssb.no/statbank/sq/10012345\n", "adresse, ikke tallene"),
        (b"[InternetShortcut]\r\nURL=https://www.ssb.no/statbank/sq/1\r\n", "adresse, ikke tallene"),
        (json.dumps({"query": [], "response": {"format": "json-stat2"}}).encode(), "spørring til Statistikkbanken"),
        (json.dumps({"selection": [{"variableCode": "Region"}]}).encode(), "spørring til Statistikkbanken"),
        (json.dumps({"columns": [], "data": []}).encode(), "JSON-PX"),
        (json.dumps({"title": "x", "variables": []}).encode(), "har ingen tall"),
        (json.dumps([{"a": 1}]).encode(), "JSON-liste"),
        (json.dumps({"type": "Topology", "arcs": [], "objects": {}}).encode(), "TopoJSON"),
        (json.dumps({"title": "Non-existent table", "status": 404}).encode(), "feilmelding"),
        (b'"region";"Personer 2023"\n"3222 L";46402\n', "ser ut som en tabell fra Statistikkbanken uten tittelen"),
        (b'"region","2023"\n"3222 L",46402\n', "ser ut som en tabell fra Statistikkbanken uten tittelen"),
        (b'"Region","Tid","value"\n"3222","2023",46402\n', "ser ut som en tabell fra Statistikkbanken uten tittelen"),
        (excel([[None, "Personer"], [None, "2023"], ["3222 L", 46402]]), "ser ut som en tabell fra Statistikkbanken uten tittelen"),
        (b"", "ingen celler"),
    ],
)
def test_a_known_file_that_is_no_table_is_called_what_it_is(body, what):
    assert what in refusal(body)


# -- layouts of StatBank


PLACES = {"3222": "Lørenskog", "3205": "Lillestrøm"}
KOSTRA = {"EAK": "Landet", "EAKUO": "Landet uten Oslo", "EKG01": "KOSTRA-gruppe 1", "EKA03": "Oslo", "EAFKUO": "Landet uten Oslo"}
ROWS = [["3222 Lørenskog", 5], ["3205 Lillestrøm", 7]]
PIVOT = [[TITLE], [], [None, "P"], [None, "2023"], *ROWS]
APART = [[*row[0].split(), row[1]] for row in ROWS]
BESIDE = [[TITLE], [], [None, "P"], [None, "2023", None, "Graf"], [*ROWS[0], None, 3], [*ROWS[1], "se note"]]
LINKED = [[TITLE, None, None, "https://www.ssb.no"], [], [None, "P", None, "https://www.ssb.no"], [None, "2023"], *ROWS]
LIST = ['"region";"statistikkvariabel";"år";"{}"', '"3222 Lørenskog";"P";"2023";5', '"3205 Lillestrøm";"P";"2023";7', ""]
LAYOUTS = {
    "links and notes under the title": excel([[TITLE], ["https://www.ssb.no/sq/1"], ["Hentet 1.5."], *PIVOT[1:]]),
    "a link beside": excel(LINKED),
    "content beside": excel(BESIDE),
    "a column and a row to the left": excel([[], *([None, *row] for row in PIVOT)]),
    "all in the side": excel([[TITLE], [], ["3222 Lørenskog", "P", "2023", 5], ["3205 Lillestrøm", "P", 2023, 7]]),
    "all in the side, padded": f"{TITLE};;;\n;;;\n3222 Lørenskog;P;2023;5\n3205 Lillestrøm;P;2023;7\n".encode(),
    "codes in a column of their own": excel([[TITLE], [], [None, None, "P"], [None, None, "2023"], *APART]),
    "codes and texts in CSV": statbank("3222;Lørenskog;5", "3205;Lillestrøm;7", heading="region;region;P 2023"),
    "codes, a dash, texts": statbank("3222 - Lørenskog;5", "3205 - Lillestrøm;7"),
    "codes alone": statbank("3222;5", "3205;7"),
    "an own column of change": statbank("3222 Lørenskog;5;1", "3205 Lillestrøm;7;1", heading="region;P 2023;Endring"),
    "an own row of sums": pivot(*ROWS, ["Sum", 12]),
    "an own region": pivot(*ROWS, ["Romerike", 12]),
    "the title with the word table": statbank("3222 Lørenskog;5", "3205 Lillestrøm;7", title=f"Tabell {TITLE}"),
    "the title parted at its commas": f"{TITLE}\n\nregion,P 2023\n3222 Lørenskog,5\n3205 Lillestrøm,7\n".encode(),
    "a list": "\n".join(LIST).format(TITLE).encode(),
    "a list with commas": "\n".join(LIST).format(TITLE).replace(";", ",").encode(),
    "a list with a short title": "\n".join(LIST).format("99001: Folkemengde").encode("cp1252"),
    "a list under the title": "\n".join([f'"{TITLE}"', "", *LIST]).format("Folkemengde").encode(),
    "the raw sheet second": excel([["Graf"]], PIVOT),
    "the raw sheet second, worked in first": excel([[TITLE], ["Sted", "Tall"], *ROWS], PIVOT),
    "a copy of the sheet": excel(PIVOT, PIVOT),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_layouts_that_statbank_and_people_give_a_table_are_read(layout):
    frame = export(LAYOUTS[layout]).frame
    assert frame["value"].tolist() == [5, 7]
    assert frame["region_code"].tolist() == ["3222", "3205"]
    assert {"region", "statistikkvariabel", "år"} < set(frame)
    assert frame["år"].tolist() == ["2023", "2023"]


def test_a_list_by_codes_alone_is_read():
    found = export(b'"Region","ContentsCode","Tid","99001"\n"3222","Personer1","2023",5\n"3205","Personer1","2023",7\n')
    assert (found.table, found.frame["Region_code"].tolist(), found.frame["value"].tolist()) == ("99001", ["3222", "3205"], [5, 7])


@pytest.mark.parametrize("time", ["2020-2021", "2020/2021", "2020–21", "2020K4", "2020M04", "2020U12", "2020H1", "2017-2020"])
def test_times_of_every_length_are_parted_from_the_contents(time):
    title = "99001: Felte elg, etter region, statistikkvariabel og intervall (år)"
    frame = export(statbank("4003 Skien;81", heading=f"region;Felte elg {time}", title=title)).frame
    assert frame[["statistikkvariabel", "intervall (år)"]].to_numpy().tolist() == [["Felte elg", time]]


@pytest.mark.parametrize(
    ("title", "heading", "dimensions"),
    [
        (
            "by goods and services group, contents and month",
            "goods and services group;CPI 2024M01",
            ["goods and services group", "contents", "month"],
        ),
        ("etter varer og tjenester", "varer og tjenester;Verdi", ["varer og tjenester"]),
        ("etter region og varer og tjenester", "region;varer og tjenester;Verdi", ["region", "varer og tjenester"]),
        ("etter yrke, detaljert og år", "yrke, detaljert;2023", ["yrke, detaljert", "år"]),
        ("etter region, år og statistikkvariabel", "region;2023 Personer", ["region", "år", "statistikkvariabel"]),
    ],
)
def test_the_names_of_dimensions_may_hold_and_and_commas(title, heading, dimensions):
    row = ";".join(["X"] * heading.count(";") + ["101.5"])
    frame = export(statbank(row, heading=heading, title=f"99001: Tabell, {title}")).frame
    assert [name for name in frame if not name.endswith("_code")] == [*dimensions, "value", "status"]
    assert frame["value"].tolist() == [101.5]


def test_codes_of_kostra_are_parted_from_their_labels():
    frame = export(pivot(["3222 Lørenskog", 1], *([f"{code} {name}", 2] for code, name in KOSTRA.items()))).frame
    assert frame["region_code"].tolist() == ["3222", *KOSTRA]
    assert frame["region"].tolist() == ["Lørenskog", *KOSTRA.values()]
    assert export(pivot(["EAK Landet", 1], ["EAKUO Landet uten Oslo", 2])).frame["region_code"].tolist() == ["EAK", "EAKUO"]


def test_a_digit_before_a_word_is_no_code_where_another_label_has_none():
    frame = export(pivot(["1 Person", 1], ["2 Personer", 2], ["Alle", 3])).frame
    assert frame["region"].tolist() == ["1 Person", "2 Personer", "Alle"]


def test_what_a_formula_in_the_sheet_has_worked_out_is_not_ssbs():
    rows = [["Stat", 5, 6, "=B5+C5"], ["Kommune", 7, 8, "=B6+C6"], ["Sum", "=B5+B6", "=C5+C6", "=D5+D6"]]
    body = pivot(*rows, over=(("P", None, None), ("2022", "2023", "2024")))
    body = rewritten(body, SHEET, lambda xml: re.sub(rb"<v ?/>|<v></v>", b"<v>12</v>", xml))
    assert export(body).frame["value"].tolist() == [5, 6, 7, 8]
    assert "P 2024, rad 7 er regnet ut i arket og er ikke lest" in export(body).notes


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (
            pivot(["3222 Lørenskog", 5, 9], ["3205 Lillestrøm", 7, 9]),
            "C5 i «Ark1» har innhold til høyre for tabellens siste kolonne",
        ),
        (pivot(["3222 Lørenskog", 5], [], ["3205 Lillestrøm", 7]), "Rad 7 ligger under en tom rad"),
        (statbank("3222 L;5;6", heading="region;P 2023;P 2024*"), "Kolonnen «P 2024*» er ikke skrevet som de andre"),
        (excel([[TITLE], [], ["3222 L", "2023", "P", 5]]), "skulle begynne med region"),
        (pivot(["3222 Lørenskog", 5], over=(("P",),)), "Tittelen nevner 3 dimensjoner"),
    ],
)
def test_what_may_be_a_part_of_the_table_is_not_left_out_in_silence(body, why):
    assert why in refusal(body)


@pytest.mark.parametrize("version", [1, 2])
def test_json_stat_is_read_as_the_table_it_is(version):
    dimension = {
        "Region": {"label": "region", "category": {"index": {"3222": 0, "3205": 1}, "label": PLACES}},
        "Tid": {"label": "år", "category": {"index": ["2023"]}},
    }
    axes = {"id": ["Region", "Tid"], "size": [2, 1]}
    rest = {"label": "99001: Folkemengde, etter region og år", "value": [5, None], "status": {"1": ":"}}
    document = {"version": "2.0", "class": "dataset", "dimension": dimension} | axes | rest
    if version == 1:
        document = {"dataset": {"dimension": dimension | axes} | rest}
    found = export(json.dumps(document).encode())
    assert (found.table, found.frame["region_code"].tolist(), found.frame["region"].tolist()) == (
        "99001",
        [*PLACES],
        [*PLACES.values()],
    )
    assert found.frame["value"].tolist()[0] == 5
    assert found.frame["status"].tolist()[1] == ":"


# -- where files are used


def test_a_projection_of_one_municipality_is_no_breach():
    municipalities = pd.DataFrame({"komm_nr": ["0301", "3222"]})
    one = pd.DataFrame({"komm_nr": ["3222"], "made": [2022], "year": [2030], "population": [52000]})
    given = checks.Given({"municipalities": municipalities, "old_projections": one}, declared=pipeline.datasets())
    assert [breach.rule for breach in checks.run(given) if breach.table == "old_projections"] == []


@pytest.mark.parametrize("encoding", ["iso-8859-1", "cp850", "cp865", "ascii", "cp1252"])
def test_a_terminal_that_lacks_a_sign_gets_a_plainer_one(monkeypatch, encoding):
    shown = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(shown, encoding=encoding, write_through=True))
    monkeypatch.setattr(cli.main, "main", lambda **_: print("2006–2025 → Lørenskog, Kárášjohka … ☃"))
    cli.run([])
    seen = shown.getvalue().decode(encoding)
    assert seen.startswith("2006")
    assert "2025" in seen
    assert "renskog" in seen
