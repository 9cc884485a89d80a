"""What files made to unfold cost: seconds, peak memory and the first words of the answer, each in a process of its own.

    python -m benchmarks.bombs [NAME]...      (prints markdown; 512 MB and 20 s are what a file may cost)

Seconds are the processor's, so that they are the same on a busy machine; the memory is that of the whole process, libraries too.
Nothing is kept between two bombs, and nothing is written to an edition.
"""

import io
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import click

MOST_MB, MOST_SECONDS = 512, 20
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = "http://schemas.openxmlformats.org/package/2006/relationships"
TITLE = "07459: Folkemengde, etter region, statistikkvariabel og år"
BOOK = b'unders\xc3\xb8kelse: X\nkommune: "3222"\n\xc3\xa5r: 2024\nsp\xc3\xb8rsm\xc3\xa5l:\n'


def workbook(*sheets: bytes, **parts: bytes) -> bytes:
    """A workbook of these worksheets (the XML within `sheetData`), packed."""
    listed = "".join(f'<sheet name="A{at}" sheetId="{at}" r:id="r{at}"/>' for at in range(1, len(sheets) + 1))
    links = "".join(
        f'<Relationship Id="r{at}" Type="{LINKS}/worksheet" Target="worksheets/sheet{at}.xml"/>' for at in range(1, len(sheets) + 1)
    )
    first = f'<Relationship Id="r1" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/>'
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{listed}</sheets></workbook>')
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{PARTS}">{first}</Relationships>')
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PARTS}">{links}</Relationships>')
        for at, sheet in enumerate(sheets, 1):
            xml = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode() + sheet + b"</sheetData></worksheet>"
            archive.writestr(f"xl/worksheets/sheet{at}.xml", xml)
        for name, part in parts.items():
            archive.writestr(f"xl/{name}.xml", part)
    return body.getvalue()


def grid(rows: int, columns: int, cell: str = "<c><v>1</v></c>") -> bytes:
    return (f"<row>{cell * columns}</row>" * rows).encode()


def relational() -> bytes:
    """As large a table as StatBank gives, a row a cell: 357 places, 106 ages, 21 years, and no figure twice."""
    line = '"{} Lørenskog";"Menn";"{} år";"Personer";"{}";{}'
    head = f'"region";"kjønn";"alder";"statistikkvariabel";"år";"{TITLE}"'
    cells = itertools.product(range(3001, 3358), range(106), range(2005, 2026))
    return "\n".join([head, *(line.format(*cell, at) for at, cell in enumerate(cells))]).encode("cp1252")


def different(rows: int) -> bytes:
    """As many cells as a table may have, no two alike."""
    return "\n".join(";".join(f"c{at}{column}" for column in range(5)) for at in range(rows)).encode()


def survey(book: bytes, answers: bytes) -> bytes:
    from nlib.data.readers import survey_export

    return survey_export.packed(book, answers)


def question(name: str, rest: str) -> bytes:
    return f"  {name}:\n    kolonne: {name}\n{rest}".encode()


MANY = question("q", "    type: flere svar\n    svar: [a, b]\n    skilletegn: ';'\n")
KEYS = b"".join(question(f"q{at}", "    type: ett svar\n    svar: [Ja, Nei]\n") for at in range(40_000))
ANSWERS = "    type: ett svar\n    svar: {" + ", ".join(f'"{at}": Svar {at}' for at in range(40_000)) + "}\n"
SPARSE = {"version": "2.0", "class": "dataset", "label": TITLE, "id": ["A", "B"], "size": [3000, 3000], "value": {"0": 1}}
SPARSE |= {"dimension": {dim: {"category": {"index": [str(at) for at in range(3000)]}} for dim in "AB"}}

BOMBS = {
    "794 682 celler, en rad hver (skal leses)": relational,
    "5 000 000 celler, ingen like": lambda: different(1_000_000),
    "80 000 svar i Excel (skal leses)": lambda: workbook(grid(80_000, 20)),
    "120 MB korte linjer": lambda: b"a;b\n" * 29_900_000,
    "120 MB tomme linjer": lambda: b"\n" * 119_000_000,
    "120 MB semikolon": lambda: b";" * 119_000_000,
    "120 MB på én linje": lambda: b"a" * 119_000_000,
    "120 MB anførselstegn": lambda: b'"' * 119_000_000,
    "10 MB anførselstegn og semikolon": lambda: b'";' * 5_000_000,
    "10 MB celler i bredden": lambda: b"ab;" * 3_400_000,
    "60 MB UTF-16": lambda: ("a;b\n" * 7_500_000).encode("utf-16"),
    "100 MB ødelagte bokstaver": lambda: "3222 LÃ¸renskog;1\n".encode() * 5_000_000,
    "100 MB i Latin-1": lambda: "Lørenskog\n".encode("cp1252") * 10_000_000,
    "3 000 semikolon i en celle": lambda: survey(BOOK + MANY, b"q\n" + b'"' + b"a;" * 3000 + b'"\n' + b"a,b\n" * 3),
    "kodebok med 40 000 spørsmål": lambda: survey(BOOK + KEYS, b"q1;q2\nJa;Nei\n"),
    "kodebok med 40 000 svar": lambda: survey(BOOK + question("q", ANSWERS), b"q;r\n1;2\n"),
    "svar i 16 000 kolonner": lambda: survey(BOOK + MANY, b";".join([b"q"] * 16_000) + b"\n" + b";".join([b"a"] * 16_000)),
    "xlsx: tomme rader": lambda: workbook(b"<row/>" * 18_000_000),
    "xlsx: tomme celler": lambda: workbook(b"<row>" + b"<c/>" * 27_000_000 + b"</row>"),
    "xlsx: ukjente merker": lambda: workbook(b"<x/>" * 27_000_000),
    "xlsx: merker i hverandre": lambda: workbook(b"<a>" * 16_000_000 + b"</a>" * 16_000_000),
    "xlsx: ett merke på 100 MB": lambda: workbook(b"<a b='" + b"c" * 100_000_000 + b"'/>"),
    "xlsx: 3 000 000 attributter": lambda: workbook(b"<a " + b" ".join(b"b%d='c'" % at for at in range(3_000_000)) + b"/>"),
    "xlsx: 5 000 ark": lambda: workbook(*[b""] * 5_000),
    "xlsx: en celle langt ute i 500 ark": lambda: workbook(*[b'<row><c r="XFD300"><v>1</v></c></row>'] * 500),
    "xlsx: full av tall": lambda: workbook(grid(150_000, 16)),
    "xlsx: for full": lambda: workbook(grid(300_000, 16)),
    "xlsx: tomme tekster": lambda: workbook(b"", sharedStrings=b"<sst>" + b"<si/>" * 20_000_000 + b"</sst>"),
    "xlsx: lange tekster": lambda: workbook(b"", sharedStrings=b"<sst><si><t>" + b"a" * 100_000_000 + b"</t></si></sst>"),
    "xlsx: tomme stiler": lambda: workbook(
        b"", styles=b"<styleSheet><cellXfs>" + b"<xf/>" * 20_000_000 + b"</cellXfs></styleSheet>"
    ),
    "zip med 60 000 deler": lambda: _parts(60_000),
    "JSON: 120 MB tall": lambda: b'{"vars": ["a"], "2016": [[' + b"1," * 59_000_000 + b"1]]}",
    "JSON-stat: 9 000 000 celler av ingenting": lambda: json.dumps(SPARSE).encode(),
    "JSON: dyp": lambda: b'{"vars": ' + b"[" * 50_000_000,
    "GeoJSON: 100 MB punkter": lambda: _points(100_000_000),
    "GeoJSON i zip: 900 MB": lambda: _zipped_map(900_000_000),
    "statbank: 40 dimensjoner": lambda: (
        f"07459: T, etter {', '.join(f'd{at}' for at in range(40))}\n\n{';'.join('a' * 60)};1\n".encode()
    ),
    "statbank: etter etter etter": lambda: b'"07459: ' + b"x, etter " * 14_000 + b'y";1\na;1\n',
    "statbank: 15 000 kolonner": lambda: (
        f"{TITLE}\n\nregion;{';'.join(f'P{at} 2023' for at in range(15_000))}\n0301 Oslo{';1' * 15_000}\n".encode()
    ),
    "overskrifter i 15 000 kolonner": lambda: "\n".join([";".join(f"kol {at} (x)" for at in range(15_000))] * 9).encode(),
    "300 000 regnskap": lambda: _accounts(300_000),
}


def _parts(count: int) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for at in range(count):
            archive.writestr(f"{at}", b"")
    return body.getvalue()


def _points(size: int) -> bytes:
    ring = b"[10.0,60.0]," * (size // 12) + b"[10.0,60.0]"
    head = b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"kommunenummer":"0301"},"geometry":'
    return head + b'{"type":"Polygon","coordinates":[[' + ring + b"]]}}]}"


def _zipped_map(size: int) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("k.geojson", "w") as part:
        part.write(b'{"type": "FeatureCollection"')
        for _ in range(size // 1_000_000):
            part.write(b" " * 1_000_000)
        part.write(b"}")
    return body.getvalue()


def _accounts(rows: int) -> bytes:
    head = "Orgnr;Kommunenr;NACE;År;Ansatte;Lønnskostnader (kr);Driftsresultat (kr)\n"
    return (head + "".join(f"974760673;3222;47.110;2023;{at};{at}000000;{at}00\n" for at in range(1, rows))).encode()


def answered(path: Path) -> str:
    """What the import says of a file."""
    from nlib.build import imports
    from nlib.core import store

    with tempfile.TemporaryDirectory() as home:
        said: list[str] = []
        kind = "svar" if path.suffix == ".zip" else None
        failed = imports.load(store.new_edition("2026", Path(home)), [path], kind, said.append)
        return (failed or said)[0]


@click.command()
@click.argument("names", nargs=-1)
@click.option(
    "--one", type=click.Path(exists=True, path_type=Path), help="Import this file, and say what it took (used by itself)."
)
def main(names, one):
    if one:
        begun = time.process_time()
        answer = answered(one)
        peak = next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line) / 1000
        print(json.dumps([time.process_time() - begun, peak, answer]))
        return
    print("| fil | MB | s | høyeste MB | svar |\n|---|---:|---:|---:|---|")
    wrong = []
    for name, made in BOMBS.items():
        if names and not any(part in name for part in names):
            continue
        with tempfile.TemporaryDirectory() as folder:
            body = made()
            path = Path(folder) / ("fil.zip" if body.startswith(b"PK") and b"kodebok.yaml" in body[:200] else "fil")
            path.write_bytes(body)
            size = len(body) / 1e6
            del body
            command = [sys.executable, "-m", "benchmarks.bombs", "--one", str(path)]
            try:
                run = subprocess.run(command, capture_output=True, text=True, timeout=300, env=dict(os.environ))
                seconds, peak, answer = json.loads(run.stdout) if run.returncode == 0 else (0, 0, f"KRASJ {run.stderr[-300:]}")
            except subprocess.TimeoutExpired:
                seconds, peak, answer = 300, 0, "HENGER"
        if seconds > MOST_SECONDS or peak > MOST_MB or answer.startswith(("KRASJ", "HENGER")):
            wrong.append(name)
        print(f"| {name} | {size:.1f} | {seconds:.1f} | {peak:.0f} | {' '.join(answer.split())[:110]} |", flush=True)
    if wrong:
        raise click.ClickException(f"over {MOST_MB} MB eller {MOST_SECONDS} s: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
