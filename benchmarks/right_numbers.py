"""Writes docs/er-tallene-riktige.md: nlib's figures beside published ones, before and after, and what has missed.

    NLIB_REAL_DATA=... python -m benchmarks.right_numbers

Everything is computed anew from the folder of real figures but `BEFORE`, which was measured once with the code as it was in 0.1.0,
and `REFERENCE`, which others have measured on all 426 municipalities and on vintages that are not in the folder.
"""

import os
import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from benchmarks import projections, telemarksforsking
from benchmarks.projections import EIGHT, LARGE, SSB
from nlib.build.regions import merged
from nlib.core.language import listed, number, short_name
from nlib.core.municipalities import Register, resource
from nlib.core.store import Region
from nlib.indicators.commuting import commuting

PAGE = Path(__file__).parents[1] / "docs" / "er-tallene-riktige.md"
MADE = "<!-- Skrevet av python -m benchmarks.right_numbers. Rett den, ikke denne siden. -->"
COMMAND = "NLIB_REAL_DATA=mappe python -m benchmarks.right_numbers"
ALL = "all"
BEFORE = {  # measured with the code of 0.1.0 on the same figures
    "r2": {  # of the published parts, by size and origin
        ALL: {2008: 0.16, 2009: 0.13, 2010: 0.35, 2011: 0.37, 2012: 0.22, 2013: 0.22},
        LARGE: {2008: -1.73, 2009: 0.49, 2010: 0.88, 2011: 0.91, 2012: 0.80, 2013: -0.10},
    },
    "coverage": {  # of 80 percent bands, by course, horizon and size
        ("trend", 5): {ALL: 75.7, LARGE: 63.9},
        ("trend", 10): {ALL: 81.0, LARGE: 54.5},
        ("neutral", 5): {ALL: 74.2, LARGE: 69.3},
        ("neutral", 10): {ALL: 82.5, LARGE: 68.4},
    },
    "own": (0, 9),  # Lørenskog's bands after five years, of the trend, that held
    "between": 135,  # of 356 municipalities where the course that tests best was outside high and low
}
REFERENCE = {  # r and share within 0.02 percentage points, on 426 municipalities
    "industry_structure_pct": (0.996, 94),
    "business_pct": (0.995, 80),
    "neighbours_pct": (0.96, None),
}
TELEMARK = {5: (1.76, 1.97, 2.22, 2.08), 10: (2.35, 3.16, 3.97, 3.26)}  # trend, neutral, SSB, unchanged on vintages 2005-2021
SERIES = {
    "industry_structure_pct": "egen jobbvekst: struktur",
    "business_pct": "egen jobbvekst: næringsattraktivitet",
    "neighbours_pct": "naboers jobbvekst",
    "bosted": "bostedsattraktivitet",
    "samlet": "samlet attraktivitet",
}
REGION_YEAR, ROMERIKE = 2021, ("3222", "3205", "3224")
TOLD_BY = ("municipality_codes", "municipality_changes")
HIDDEN = [  # what, found before, found now, the test that says so
    ("svar i undersøkelsen: celler av 1 285 skjulte", "493", "0", "`tests/test_survey_attack.py`"),
    ("foretak: kommunens verdiskaping, fylket minus de andre medlemmene", "2 av 5", "0", "`tests/test_firms_attack.py`"),
    ("foretak: kommunens verdiskaping i en næring, på samme måte", "2", "0", "`tests/test_firms_attack.py`"),
]
SIZES = {
    ALL: "alle",
    "0-999": "under 1 000",
    "1000-4999": "1 000–4 999",
    "5000-19999": "5 000–19 999",
    LARGE: "20 000 og over",
}
GROWN = {ALL: "alle", "fast": "over 1 % i året", "steady": "ellers"}
COURSES = {"trend": "som før", "neutral": "nøytral", SSB: "SSBs hovedalternativ", "unchanged": "uendret folketall"}
MISSES = 10
WIDTH, STRUCTURED = 140, ("#", "|", "    ", "<")  # of a line of prose; how what is not prose begins


def page(data: Path) -> str:
    """The page as markdown."""
    found, ahead = projections.record(data), projections.scenarios(data)
    parts = [
        "# Er tallene riktige?",
        MADE,
        "Her står tallene våre ved siden av de publiserte, slik de var før feilene ble rettet («før», utgave 0.1.0), og slik de er "
        "nå, med det som bommer. Alt regnes ut på nytt av én kommando, som leser mappen med virkelige tall i `NLIB_REAL_DATA`:",
        f"    {COMMAND}",
        "Bare kolonnene «før» og tallene merket «alle 426» eller «eldre årganger» er målt én gang, av andre eller med den gamle "
        "koden. Metodene står i [metodene](metoder.md).",
        *_published(data),
        *_foretold(data),
        *_bands(found),
        *_courses(data, found, ahead),
        *_misses(data, found),
        *_regions(data),
        *_hidden(),
    ]
    return "\n\n".join(part if part.startswith(STRUCTURED) else textwrap.fill(part, WIDTH) for part in parts) + "\n"


def _table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    heads = list(heads)
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _figure(value: float | None, decimals: int) -> str:
    return "" if value is None or pd.isna(value) else number(value, decimals)


def _published(data):
    table = telemarksforsking.recomputed(data)
    series = telemarksforsking.series(table)
    faulty = telemarksforsking.with_fault(data)
    rows = []
    for name, title in SERIES.items():
        r, within, count = telemarksforsking.agreement(*series[name])
        before = telemarksforsking.agreement(faulty[name], table[f"{name}_published"])[:2] if name in faulty else (None, None)
        others = REFERENCE.get(name, (None, None))
        cells = [(before[0], 3), (before[1], 0), (r, 3), (within, 0), (others[0], 3), (others[1], 0)]
        rows.append([title, *(_figure(value, decimals) for value, decimals in cells), number(count)])
    yield "## Attraktivitet mot Telemarksforskings egne serier"
    yield (
        f"{table['komm_nr'].nunique()} av 426 kommuner, {table['year'].min()}–{table['year'].max()}. Inndata er som publisert; "
        "pendling og jobber er fra 2017 for alle år (SSB 03321 og 11618), og offentlige jobber er ført bakover med landets vekst "
        "(SSB 13472). r er samvariasjonen, «innen» er prosent av kommuneårene som er nærmere enn 0,02 prosentpoeng. "
        "Bosted og samlet "
        "er der de publiserte delene summerer seg. Feilen var at landets jobbvekst var med i strukturen, og at andelen "
        "som arbeider "
        "hjemme, ikke var det."
    )
    heads = ["serie", "r, før", "innen, før", "r", "innen", "r, alle 426", "innen, alle 426", "kommuneår"]
    yield _table(heads, rows)
    yield (
        "Leddet for naboene kan bare prøves der de fleste en kommunes innbyggere arbeider blant, er i filen: det er for få her. "
        "Det er det minst nøyaktige leddet."
    )
    told = telemarksforsking.public_part(data)
    names = resource("municipalities.csv").drop_duplicates("komm_nr", keep="last").set_index("komm_nr")["name"]
    yield (
        "Den offentlige delen er vekst **over landets**, som de andre. Det er funnet ved å løse den publiserte serien opp og holde "
        "den mot SSB 13472 (prosent av alle jobber):"
    )
    yield _table(
        ["kommune", "år", "publisert", "over landets", "hele veksten"],
        [[names[place], year, *(number(value, 2, sign=True) for value in values)] for place, year, *values in told.to_numpy()],
    )


def _foretold(data):
    record = telemarksforsking.foretold(data)
    wide = record.pivot_table(index=["size_class", "origin"], columns="method", values=["r2", "mean_abs_error_pct"])
    rows = []
    for size in (ALL, LARGE):
        for origin in wide.loc[size].index:
            r2, error = wide.loc[(size, origin), "r2"], wide.loc[(size, origin), "mean_abs_error_pct"]
            kept = ["national", "persistence", "structure", "attractiveness"]
            figures = [BEFORE["r2"][size].get(origin), *r2[kept]]
            rows.append(
                [
                    f"{SIZES[size]}, {origin + 1}–{origin + 3}",
                    *(_figure(value, 2) for value in figures),
                    _figure(error["attractiveness"], 2),
                ]
            )
    yield "## Har attraktiviteten sagt noe om veksten etterpå?"
    yield (
        "Det som prøves, er det som publiseres: den krympede verdien for tre år, og strukturen den står over, mot "
        "folkeveksten over "
        "landets de neste tre årene. R² er andelen av forskjellene som er forklart; under 0 er dårligere enn snittet. «Før» prøvde "
        "verdien over hele vinduet, med egne koeffisienter for sju ledd. Telemarksforskings publiserte deler, 60 kommuner, åtte av "
        "dem på 20 000 og over: les den siste gruppen varsomt."
    )
    heads = ["kommuner, år", "R², før", "som landet", "som før", "struktur", "struktur og attraktivitet", "snittfeil, prosentpoeng"]
    yield _table(heads, rows)
    yield (
        "Målt av andre på alle 426 (2011–13 og 2014–16, alle / 20 000 og over): verdien for tre år 0,47/0,68 og 0,35/0,51, verdien "
        "over vinduet 0,43/0,53 og 0,31/0,50, som før 0,23/0,58 og 0,02/0,40, landet −0,41/−0,04 og −0,40/−0,05."
    )


def _bands(found):
    yield "## Holder båndene?"
    yield (
        "Folketallet 2006–2025 (SSB 07459; Ålesund og Haram som én), startår 2011–2020 for fem år og 2011–2015 for ti. "
        "Båndene er på "
        "90 prosent. En kommunes bånd er laget uten dens egne feil etter startåret, men med de andre kommunenes fra alle "
        "år. **Startår "
        "deler feil**: det som rammet alle i ett år, er i de andres feil, så treffene er ikke uavhengige, og et nytt år kan være "
        "verre enn noen av disse. Etter størrelse og vekst de fem årene før:"
    )
    tables = {course: projections.coverage(found, course) for course in ("trend", "neutral")}
    rows = [
        [SIZES[size], GROWN[grown], *_class(tables["trend"], size, grown)]
        for size in SIZES
        for grown in GROWN
        if (5, size, grown) in tables["trend"].index
    ]
    heads = [
        "kommuner",
        "vekst",
        *(f"{head}, {horizon} år" for horizon in (5, 10) for head in ("holdt, %", "± %", "snittfeil, %", "antall")),
    ]
    yield _table(heads, rows)
    rows = []
    for course, table in tables.items():
        for horizon in (5, 10):
            before = BEFORE["coverage"][course, horizon]
            now = {size: table.at[(horizon, size, ALL), "coverage_pct"] for size in (ALL, LARGE)}
            cells = [before[ALL], now[ALL], before[LARGE], now[LARGE]]
            rows.append([f"{COURSES[course]}, {horizon} år", *(number(cell, 1) for cell in cells)])
    yield "Før var båndene på 80 prosent, og etter størrelse alene. Prosent som holdt:"
    yield _table(["forløp", "alle, før (80)", "alle (90)", "20 000 og over, før (80)", "20 000 og over (90)"], rows)
    by_origin = projections.by_origin(found)
    yield "Etter startår («som før»), prosent som holdt. Verst gikk det fra 2017, da innvandringen falt:"
    yield _table(
        ["startår", "alle, 5 år", "20 000 og over, 5 år", "alle, 10 år", "20 000 og over, 10 år"],
        [
            [year, *(_figure(row[key], 0) for key in ((ALL, 5), (LARGE, 5), (ALL, 10), (LARGE, 10)))]
            for year, row in by_origin.iterrows()
        ],
    )
    never = projections.never_held(found)
    names = _names()
    often = never[never["origins"] >= EIGHT]
    ten = listed([names[place] for place in never.loc[never["horizon"] == 10, "komm_nr"]])
    own = found[(found["komm_nr"] == "3222") & (found["course"] == "trend") & (found["horizon"] == 5)]
    yield (
        f"Kommuner med åtte startår eller flere der båndet aldri har holdt: {len(often)}. Etter ti år, med fem startår, "
        f"har det aldri "
        f"holdt i {ten}. I Lørenskog holdt båndet etter fem år {BEFORE['own'][0]} av {BEFORE['own'][1]} ganger før, nå "
        f"{int(own['actual'].between(own['low'], own['high']).sum())} av {len(own)}; siden sier fra om slikt."
    )


def _class(table, size, grown):
    for horizon in (5, 10):
        row = table.loc[(horizon, size, grown)]
        yield from (
            number(row["coverage_pct"], 1),
            number(row["width_pct"], 1),
            number(row["mean_abs_error_pct"], 2),
            number(row["n"]),
        )


def _courses(data, found, ahead):
    beside = projections.against_ssb(data, found)
    means, count = beside.groupby("horizon")[list(COURSES)].mean(), beside.groupby("horizon").size()
    made = {horizon: listed([str(year) for year in sorted(rows["origin"].unique())]) for horizon, rows in beside.groupby("horizon")}
    yield "## Hvilket forløp leder, og er det bedre enn SSBs?"
    yield (
        "De 17 kommunene i Telemark, absolutt feil i prosent, der SSB har laget en framskriving i samme år som vi har fem år å "
        f"beregne på: {made[5]} etter fem år, {made[10]} etter ti. «Eldre årganger» er målt på 2005–2021."
    )
    rows = [
        [
            COURSES[course],
            *(cell for horizon, old in TELEMARK.items() for cell in (number(means.at[horizon, course], 2), number(old[at], 2))),
        ]
        for at, course in enumerate(COURSES)
    ]
    yield _table(["forløp", "5 år", "5 år, eldre årganger", "10 år", "10 år, eldre årganger"], rows)
    every = {
        course: projections.coverage(found, course).loc[[(5, ALL, ALL), (10, ALL, ALL)], "mean_abs_error_pct"]
        for course in ("trend", "neutral")
    }
    yield (
        f"({number(count[5])} og {number(count[10])} tilfeller.) For alle kommuner er feilen etter fem og ti år "
        + " og ".join(
            f"{number(rows.iloc[0], 2)} / {number(rows.iloc[1], 2)} ({COURSES[course]})" for course, rows in every.items()
        )
        + ". Derfor leder «som før»."
    )
    yield from _leading(ahead)
    yield from _beside_ssb(data, ahead)


def _leading(ahead):
    names, first = _names(), ahead[ahead["year"] == ahead["year"].min()]
    lead = first[first["leads"]].set_index("komm_nr")
    wide = ahead.pivot(index=["komm_nr", "year"], columns="course", values="population")
    middle = ahead[ahead["leads"]].set_index(["komm_nr", "year"])["population"].reindex(wide.index)
    broken = ((wide["high"] < middle) | (middle < wide["low"])).groupby("komm_nr").any().sum()
    yield (
        f"Høy ≥ midten ≥ lav er brutt i {broken} av {len(lead)} kommuner (før: {BEFORE['between']}). Et forløp med vekst på ti år "
        "utenfor 5. til 95. persentil av tiårene i like store kommuner leder aldri: der leder «som før», holdt innenfor. "
        "Det gjelder:"
    )
    held = lead.index[lead["course"] == "limited"]
    rows = []
    for place in held:
        own = wide.loc[place]
        grown = {course: 100 * (own[course] / own[course].shift(10) - 1).dropna() for course in ("trend", "limited")}
        usual = f"{number(lead.at[place, 'usual_low_pct'], 1)} til {number(lead.at[place, 'usual_high_pct'], 1)}"
        ends = [f"{number(part.min(), 1)} til {number(part.max(), 1)}" for part in grown.values()]
        rows.append([names[place], usual, *ends])
    yield _table(["kommune", "vanlig vekst på ti år, %", "som før, tiårene til 2050", "det som leder"], rows)
    oslo = wide.loc["0301", "trend"]
    grown = 100 * (oslo / oslo.shift(10) - 1).dropna()
    yield (
        f"Oslo vokser {number(100 * (oslo.iloc[-1] / oslo.iloc[0] - 1), 0)} prosent til 2050 i «som før». Det er "
        f"{number(grown.min(), 1)}–{number(grown.max(), 1)} prosent på ti år, og innenfor det like store kommuner har hatt "
        f"({number(lead.at['0301', 'usual_low_pct'], 1)} til {number(lead.at['0301', 'usual_high_pct'], 1)}); regelen "
        f"stanser det ikke, "
        "og metoden har bommet høyt på Oslo før (se under)."
    )


def _beside_ssb(data, ahead):
    theirs = pd.read_csv(data / "statbank" / "14746.csv.gz", dtype={"Region": "str"})
    theirs = theirs[theirs["Region"].str.fullmatch(r"\d{4}") & (theirs["ContentsCode"] == "Personer")]
    theirs = theirs.set_index(["Region", "Tid"])["value"]
    lead = ahead[ahead["leads"]].set_index(["komm_nr", "year"])
    names = _names()
    rows = []
    for place in sorted(set(theirs.index.get_level_values(0))):
        cells = [names[place]]
        for year in (2030, 2045):
            ours = lead.loc[(place, year)]
            cells += [number(ours["population"]), f"{number(ours['low'])}–{number(ours['high'])}", number(theirs[place, year])]
        rows.append(cells)
    yield "Framover ved siden av SSBs framskriving fra 2026 (14746, hovedalternativet). På sidene står SSBs også etter alder:"
    yield _table(["kommune", "2030", "ni av ti", "SSB", "2045", "ni av ti", "SSB"], rows)


def _misses(data, found):
    names, last = _names(), int((found["origin"] + found["horizon"]).max())
    yield f"## Årets bom: {last}"
    rows = found[(found["course"] == "trend") & (found["origin"] + found["horizon"] == last)]
    outside = rows[~rows["actual"].between(rows["low"], rows["high"])]
    for horizon in (5, 10):
        now, missed = rows[rows["horizon"] == horizon], outside[outside["horizon"] == horizon]
        error = 100 * (missed["forecast"] / missed["actual"] - 1)
        worst = missed.loc[error.abs().sort_values(ascending=False).index[:MISSES]]
        large = missed[missed["size_class"] == LARGE].sort_values("komm_nr")
        yield (
            f"Framskrevet i {last - horizon}, {horizon} år fram: {len(missed)} av {len(now)} kommuner "
            f"({number(100 * len(missed) / len(now), 1)} "
            f"prosent) er utenfor båndet, av dem på 20 000 og over "
            + (listed([names[place] for place in large["komm_nr"]]) or "ingen")
            + f". De {len(worst)} største feilene:"
        )
        yield _table(
            ["kommune", "framskrevet", "ni av ti", "kom", "feil, %"],
            [
                [
                    names[row.komm_nr],
                    number(row.forecast),
                    f"{number(row.low)}–{number(row.high)}",
                    number(row.actual),
                    number(error[row.Index], 1, sign=True),
                ]
                for row in worst.itertuples()
            ],
        )
    oslo = found[(found["komm_nr"] == "0301") & (found["course"] == "trend") & (found["horizon"] == 10)]
    error = 100 * (oslo["forecast"] / oslo["actual"] - 1)
    high = "høyt" if error.mean() > 0 else "lavt"
    yield f"Oslo er i snitt framskrevet {number(abs(error.mean()), 1)} prosent for {high} etter ti år ({len(oslo)} startår)."


def _regions(data):
    yield "## En region er ikke summen av medlemmene"
    flows = pd.read_csv(data / "statbank" / "03321.csv.gz", dtype="str")
    flows = flows[["Bokommuen", "ArbstedKomm", "Tid", "value"]].set_axis(["home_nr", "work_nr", "year", "employed"], axis=1)
    flows = flows.astype({"year": "int64", "employed": "Int64"}).query("year == @REGION_YEAR")
    tables = resource("municipalities.csv"), resource("municipality_changes.csv")
    region = Region("3200", "Nedre Romerike", ROMERIKE)
    both = []
    for regions in ([], [region]):
        codes, changes = (merged(regions, name, table) for name, table in zip(TOLD_BY, tables, strict=True))
        carried = Register(codes, changes).carry(flows, ["home_nr", "work_nr"], ["employed"])
        both.append(commuting(carried).set_index("komm_nr"))
    members, own = both[0].loc[list(ROMERIKE)], both[1].loc[region.number]
    yield (
        f"I {REGION_YEAR} bodde {number(own['employed_residents'])} sysselsatte i Lørenskog, Lillestrøm og Rælingen (SSB 03321). "
        f"{number(own['out_commuters'])} av dem arbeidet utenfor de tre; utpendlerne i hver kommune er til sammen "
        f"{number(members['out_commuters'].sum())}, og så mange var det før. De som pendler mellom medlemmene, blir inne."
    )


def _hidden():
    yield "## Kan noe skjult regnes ut?"
    yield (
        "Prøvene angriper det som er publisert, med alt det en leser kan vite. Tallene i «før» er målt én gang på demoutgaven; "
        "prøvene krever at ingen finnes, også der en region trekkes fra en annen."
    )
    yield _table(["hva", "før", "nå", "prøve"], HIDDEN)
    yield (
        "En region vises bare der tallet følger av det som er vist for kommunene, fylkene og landet. I demoutgaven har 13 av 15 "
        "fylker samlet verdiskaping (Rogaland og Nordland har hver én skjult kommune), og 230 av 293 tall etter næring. En egen "
        "region har summen der alle medlemmene har den, men bare de næringene som alle medlemmene viser: 1 av 18 på Nedre Romerike."
    )


def _names():
    table = resource("municipalities.csv")
    return table[table["valid_to"].isna()].set_index("komm_nr")["name"].map(short_name)


def main() -> None:
    folder = os.environ.get("NLIB_REAL_DATA")
    if not folder:
        sys.exit(f"NLIB_REAL_DATA er ikke satt: sett den til mappen med virkelige tall, og kjør {COMMAND}")
    PAGE.write_text(page(Path(folder)), encoding="utf-8")
    print(f"{PAGE} er skrevet")


if __name__ == "__main__":
    main()
