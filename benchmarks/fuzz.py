"""Every reader of files that come by hand, on inputs that are nearly right: each is read, or refused by name; nothing else is.

    python -m benchmarks.fuzz [--inputs N] [--seed S] [READER]...   (20 000 a reader; exit code 1 where one fails)

An input is a sound file of the kind with some of its cells, rows, columns, keys or bytes changed. The counts are by reader,
and the same seed gives the same inputs.
"""

import csv
import functools
import io
import itertools
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import click

from benchmarks.bombs import workbook
from nlib.build import pipeline
from nlib.core import boundaries
from nlib.core.errors import NlibError
from nlib.data.codebooks import codebook
from nlib.data.readers import kinds, sheets, survey_export
from nlib.data.readers.kinds import File
from nlib.data.readers.workbook import unpacked

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "tests" / "samples_by_hand"
ODD = (
    *(
        "",
        " ",
        "0",
        "-1",
        "1e309",
        "NaN",
        "..",
        ":",
        ".",
        "1,5",
        "1 000",
        "1\u00a0000",
        "2020",
        "20201",
        "9999",
        "0301",
        "301",
        "=1+1",
    ),
    *(
        "æøå",
        "\ufeff",
        "\x00",
        "\x1b[31m",
        '"',
        ";",
        "\t",
        "#REF!",
        "31.02.2024",
        "1-4",
        "x" * 5000,
        "🙂",
        "null",
        "true",
        "-" * 300,
    ),
    *("999999999999999999999", "0x10", "{y}", "<script>", "ja;nei;", "K-3222", "3222 Lørenskog", "Oslo - Oslove", "٣", "１２"),
)
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16")
ROWS = 12  # that are kept of a sound file: what is wrong in a long one is wrong in a short one
Change = Callable[[bytes, random.Random], bytes]


def of_cells(body: bytes, chance: random.Random) -> bytes:
    """A file of separated text, changed."""
    return _written(_changed(_cells(body), chance), chance)


def of_workbook(body: bytes, chance: random.Random) -> bytes:
    """The same cells as an Excel workbook, changed, numbers as numbers now and then, texts in the cells or shared."""
    sheets = [_changed(_cells(body), chance) for _ in range(chance.choice([1, 1, 1, 2]))]
    texts: dict[str, int] = {}
    shared = chance.random() < 0.5
    written = [
        "".join(f"<row>{''.join(_cell(cell, texts, shared, chance) for cell in row)}</row>" for row in rows).encode()
        for rows in sheets
    ]
    listed = "".join(f"<si><t>{text}</t></si>" for text in texts)
    return _torn(workbook(*written, **({"sharedStrings": f"<sst>{listed}</sst>".encode()} if shared else {})), chance)


def _cell(cell: str, texts: dict[str, int], shared: bool, chance: random.Random) -> str:
    value = _number(cell) if chance.random() < 0.7 else _plain(cell)
    if isinstance(value, float):
        return f"<c><v>{value!r}</v></c>"
    if shared:
        return f'<c t="s"><v>{texts.setdefault(escape(value), len(texts))}</v></c>'
    return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def of_json(body: bytes, chance: random.Random) -> bytes:
    """A JSON document, changed somewhere in it."""
    text = body.decode("utf-8-sig")
    start = min((at for at in (text.find("{"), text.find("[")) if at >= 0), default=0)
    try:
        told = json.loads(text[start:])
    except ValueError:  # it stands within a script
        return of_lines(body, chance)
    for _ in range(chance.randint(1, 4)):
        _change_somewhere(told, chance)
    return _torn((text[:start] + json.dumps(told, ensure_ascii=False)).encode("utf-8", "replace"), chance)


def of_lines(body: bytes, chance: random.Random) -> bytes:
    """A file of lines (YAML, a script), some of them changed."""
    lines = body.decode("utf-8-sig").splitlines()
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(lines))
        line = lines[at]
        key, _, _ = line.partition(":")
        lines[at : at + 1] = chance.choice(
            [[], [line, line], [f"  {line}"], [line.strip()], [f"{key}: {chance.choice(ODD)}"], [f"{key}: [{chance.choice(ODD)}"]]
        )
        lines = lines or [""]
    return _torn("\n".join(lines).encode("utf-8", "replace"), chance)


def _cells(body: bytes) -> list[list[str]]:
    return [list(row) for row in _first_rows(body)]


@functools.cache
def _first_rows(body: bytes) -> list[list[str]]:
    text = next(body.decode(encoding) for encoding in ("utf-8-sig", "cp1252") if _decodes(body, encoding))
    delimiter = max(";\t,", key=text.count)
    return list(itertools.islice(filter(None, csv.reader(io.StringIO(text), delimiter=delimiter)), ROWS))


def _decodes(body, encoding):
    try:
        body.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _changed(rows: list[list[str]], chance: random.Random) -> list[list[str]]:
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(rows))
        place = chance.randrange(max(len(rows[at]), 1))
        match chance.randrange(8):
            case 0 | 1 | 2:
                rows[at][place : place + 1] = [chance.choice(ODD)]
            case 3:
                rows.insert(at, list(rows[chance.randrange(len(rows))]))
            case 4 if len(rows) > 1:
                del rows[at]
            case 5:
                rows = [row[:place] + row[place + 1 :] for row in rows]
            case 6:
                rows = [[*row[:place], chance.choice(ODD), *row[place:]] for row in rows]
            case _:
                rows.insert(at, [chance.choice(ODD)] * chance.randint(0, 4))
    return rows


def _written(rows, chance) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=chance.choice(";;;,\t"), lineterminator=chance.choice(["\n", "\r\n"])).writerows(rows)
    return _torn(text.getvalue().encode(chance.choice(ENCODINGS), "replace"), chance)


def _torn(body: bytes, chance: random.Random) -> bytes:
    """Now and then the end is missing, or a byte is another."""
    if chance.random() < 0.05:
        return body[: chance.randrange(len(body) + 1)]
    if chance.random() < 0.05 and body:
        at = chance.randrange(len(body))
        return body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]
    return body


def _plain(cell: str) -> str:
    return "".join(sign for sign in cell if sign >= " " or sign == "\t")


def _number(cell: str):
    try:
        return float(cell) if len(cell) < 16 and float(cell) == float(cell) and abs(float(cell)) < 1e300 else _plain(cell)
    except ValueError:
        return _plain(cell)


def _change_somewhere(told, chance):
    while isinstance(told, dict | list) and told:
        key = chance.choice(list(told)) if isinstance(told, dict) else chance.randrange(len(told))
        inner = told[key]
        if not isinstance(inner, dict | list) or not inner or chance.random() < 0.25:
            if chance.random() < 0.3:
                del told[key]
            else:
                told[key] = chance.choice([*ODD, None, [], {}, -1, 1.5, True, [inner], {"a": inner}])
            return
        told = inner


def readers() -> dict[str, tuple[list[bytes], list[Change], Callable[[bytes], object]]]:
    """What each reader is tried on: sound files, how they are changed, and what reads one."""
    known, datasets = kinds.kinds(), list(pipeline.datasets().values())
    samples: dict[str, list[bytes]] = {name: [] for name in known if name != "maal"}
    for need in pipeline.imported():
        if need.synthetic and need.kind in samples:
            samples[need.kind] += [body for _, body in need.synthetic(_country())][:1]
    for path in sorted(SAMPLES.iterdir()):
        kind = kinds.recognise(File(path.read_bytes(), datasets)).name
        samples[kind].append(path.read_bytes())
    found = {}
    for name, bodies in samples.items():
        reads = functools.partial(_contents, known[name], datasets)
        cells = [body for body in bodies if not body.startswith(b"PK") and not _structured(body)]
        others = [body for body in bodies if _structured(body)]
        if cells:
            found[name] = (cells, [of_cells], reads)
            found[f"{name}, xlsx"] = (cells, [of_workbook], reads)
        if others:
            found[f"{name}, {'json' if others[0].lstrip()[:1] in b'{[' else 'tekst'}"] = (others, [of_json, of_lines], reads)
    (packed,) = [body for _, body in next(n for n in pipeline.imported() if n.kind == "svar").synthetic(_country())][:1]
    book, export = (unpacked(packed)[name] for name in ("kodebok.yaml", "svar.csv"))
    found["svar"] = ([export], [of_cells, of_workbook], functools.partial(_answers, codebook.read(book)))
    found["utkast"] = ([export], [of_cells, of_workbook], survey_export.draft)
    found["kodebok"] = ([book], [of_lines], codebook.read)
    square = [[[10.9, 59.9], [11.0, 59.9], [11.0, 60.0], [10.9, 60.0], [10.9, 59.9]]]
    place = {"type": "Feature", "properties": {"kommunenummer": "3222"}, "geometry": {"type": "Polygon", "coordinates": square}}
    outlines = json.dumps({"type": "FeatureCollection", "features": [place, place]}).encode()
    found["kommunegrenser, json"] = ([outlines], [of_json], lambda body: boundaries.read_geojson([body]))
    goals = b"\n\n".join((ROOT / "src/nlib/core/resources/goals_example.yaml").read_bytes().split(b"\n\n")[1:3])
    found["maal, yaml"] = ([goals], [of_lines], functools.partial(_contents, known["maal"], datasets))
    return dict(sorted(found.items()))


def _answers(book, body: bytes):
    return survey_export.answers(book, sheets.read(body))


def _contents(kind, datasets, body: bytes):
    return kind.contents(File(body, datasets))


def _structured(body: bytes) -> bool:
    head = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return head in (b"{", b"[") or b"return" in body[:2000] or b"var " in body[:200]


_made: list = []


def _country():
    if not _made:
        from nlib.data.synthetic import Norway

        _made.append(Norway(1))
    return _made[0]


def tried(name: str, inputs: int, seed: int, of) -> tuple[Counter, list[str]]:
    """How many inputs a reader took, refused by name, and failed on, with the first of these."""
    bodies, changes, read = of
    chance, count, failed = random.Random(f"{seed} {name}"), Counter(), []
    for at in range(inputs):
        body = chance.choice(changes)(chance.choice(bodies), chance)
        try:
            read(body)
            count["lest"] += 1
        except NlibError:
            count["avvist"] += 1
        except Exception as error:
            count["feilet"] += 1
            failed.append(f"{name} {at}: {type(error).__name__}: {str(error)[:120]}")
    return count, failed


@click.command()
@click.option("--inputs", default=20_000)
@click.option("--seed", default=1)
@click.argument("names", nargs=-1)
def main(inputs, seed, names):
    chosen = {name: of for name, of in readers().items() if not names or name in names}
    print("| leser | filer | lest | avvist | feilet | sekunder |\n|---|---|---|---|---|---|")
    faults = []
    for name, of in chosen.items():
        start = time.process_time()
        count, failed = tried(name, inputs, seed, of)
        faults += failed
        took = time.process_time() - start
        print(f"| {name} | {inputs} | {count['lest']} | {count['avvist']} | {count['feilet']} | {took:.0f} |", flush=True)
    print("\n".join(faults[:40]))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
