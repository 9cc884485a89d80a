"""Municipality numbers and names over time: which hold on a day, what became of them, and who answers to a name.

Source: SSB's KLASS 131 (codes with first and last day, and changes between codes). A number may change without the
place changing (reforms of counties), several may merge into one, and four have been split. Splits have no right answer
from codes alone: counts are shared by population (`resources/splits.csv` says by which, and from where) and every
municipality-year they touch is marked `comparable = False`. Where only a border is moved both keep their numbers and their
series, and the last year with the border as it was is marked so.
"""

import importlib.resources
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache, cached_property

import numpy as np
import pandas as pd

from nlib.core.errors import BadAnswer, UnknownMunicipality, WrongUse
from nlib.core.meant import near, question

KOMM_NR = r"^[0-9]{4}$"
NATION = ("0000", "landet", "norge", "hele landet")  # as it is asked for among municipalities
MOST_COMPARED = 12  # others that one is measured against: more cannot be told apart on a page
UNSPECIFIED = "9999"  # KLASS' «Uoppgitt»
BEFORE_MERGED, MERGED = (
    "9998-12-30",
    "9998-12-31",
)  # the day members of a region become one place: after every year that has figures, projected ones too
PREFIX = re.compile(r"^K[-_.]")  # of a number that stands for a series that SSB has put together
_ON = """
    Askøy Averøy Bokn Bømlo Dønna Fedje Frøya Gjøvik Hamar Hitra Hvaler Karmøy Kongsberg Kvitsøy Leka Lesja Lillehammer Nesodden
    Notodden Osterøy Røros Røst Senja Smøla Snåsa Stord Sula Træna Tynset Tysnes Utsira Vega Vestvågøy Værøy Voss
"""
ON = frozenset(_ON.split())  # municipalities that one is «på», by their short names


def is_number(text: str) -> bool:
    """Whether a text is written as a municipality number: four digits."""
    return re.fullmatch(KOMM_NR, text) is not None


def resource(name: str) -> pd.DataFrame:
    """A small table of facts that follows the project, all columns as text."""
    with importlib.resources.files("nlib.core.resources").joinpath(name).open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype="str", comment="#")


class Register:
    """The municipalities of Norway by date.

    codes: `komm_nr`, `name`, `valid_from`, `valid_to` (ISO days; `valid_to` missing while the number holds)
    changes: `old_nr`, `new_nr`, `date`; KLASS tells of moved borders and of new names as changes too
    splits: `old_nr`, `new_nr`, `population`; the project's own table where not given

    `changes` holds those by which a number ends or begins, `border_moves` those by which a part of one went to another.
    """

    def __init__(self, codes: pd.DataFrame, changes: pd.DataFrame, splits: pd.DataFrame | None = None):
        self.codes = codes[codes["komm_nr"] != UNSPECIFIED]
        self.changes, self.border_moves = self._separated(changes)
        splits = resource("splits.csv") if splits is None else splits
        weights = splits.assign(population=splits["population"].astype(float))
        shares = weights["population"] / weights.groupby("old_nr")["population"].transform("sum")
        self._shares = dict(zip(zip(weights["old_nr"], weights["new_nr"], strict=True), shares, strict=True))
        self._lineages: dict[tuple[int, str], list[tuple]] = {}
        self._valid: dict[str, list[str]] = {}
        self._become: dict[tuple[str, str], dict[str, tuple[float, bool]]] = {}
        steps: dict[str, dict[str, set[str]]] = {}
        for old, date, new in self.changes[["old_nr", "date", "new_nr"]].itertuples(index=False):
            steps.setdefault(old, {}).setdefault(date, set()).update({new, old} if self._holds(old, date) else {new})
        self._steps = {old: [(date, sorted(after[date])) for date in sorted(after)] for old, after in steps.items()}

    def _separated(self, changes):
        """Changes by which a number ends or begins, and those that only moved a border.

        A number that goes on has been split only where another began that comes from no number that ended; where one did,
        that became the new one, and got a part of this one.
        """
        changes = changes.dropna(subset=["old_nr", "new_nr"])
        changes = changes[changes["old_nr"] != changes["new_nr"]]
        ended = pd.Series(
            [not self._holds(old, day) for old, day in changes[["old_nr", "date"]].itertuples(index=False)], dtype=bool
        )
        begun = [not self._valid_before(new, day) for new, day in changes[["new_nr", "date"]].itertuples(index=False)]
        ended.index = changes.index
        carved = pd.Series(begun, changes.index, dtype=bool) & ~ended.groupby([changes["new_nr"], changes["date"]]).transform("any")
        return changes[ended | carved], changes[~(ended | carved)]

    def _holds(self, number, day):
        """Whether a number holds on a day."""
        return any(first <= day < end for first, end in self._spells.get(number, ()))

    def _valid_before(self, number, day):
        """Whether a number was valid the day before."""
        return any(first < day <= end for first, end in self._spells.get(number, ()))

    @cached_property
    def current(self) -> pd.DataFrame:
        """The numbers that hold now: `komm_nr`, `name`, `valid_from`, sorted by number."""
        today = self.codes[self.codes["valid_to"].isna()].sort_values(["komm_nr", "valid_from"])
        first = self.codes.sort_values("valid_from").drop_duplicates("komm_nr").set_index("komm_nr")["valid_from"]
        today = today.drop_duplicates("komm_nr", keep="last")
        return today.assign(valid_from=today["komm_nr"].map(first))[["komm_nr", "name", "valid_from"]].reset_index(drop=True)

    def valid(self, day: str) -> list[str]:
        """The numbers that hold on a day (ISO)."""
        if day not in self._valid:
            self._valid[day] = sorted(number for number in self._spells if self._holds(number, day))
        return list(self._valid[day])

    @cached_property
    def members(self) -> "Register":
        """The municipalities by date where none are put together to a region; the same where none are here."""
        codes = self.codes[self.codes["valid_from"] < MERGED]
        codes = codes.assign(valid_to=codes["valid_to"].mask(codes["valid_to"] == MERGED))
        changes = pd.concat([self.changes, self.border_moves])
        return Register(codes, changes[changes["date"] < MERGED])

    @property
    def sizes(self) -> dict[str, int]:
        """How many of today's municipalities each place is: 1, and the members of a region."""
        return Counter(place for number in self.members.current["komm_nr"] for place in self.successors(number, BEFORE_MERGED))

    def successors(self, number: str, day: str) -> dict[str, tuple[float, bool]]:
        """What a number of a day has become: today's number -> (share of its population, whether a split lies between)."""
        date, after = next(((date, after) for date, after in self._steps.get(number, ()) if date > day), ("", []))
        if not date:
            return {number: (1.0, False)}
        if (number, date) not in self._become:
            self._become[number, date] = self._became(number, date, after)
        return dict(self._become[number, date])

    def _became(self, number, date, after) -> dict[str, tuple[float, bool]]:
        """What a number became that on a date was followed by others."""
        result: dict[str, tuple[float, bool]] = {}
        for new in after:
            share = 1.0 if len(after) == 1 else self._shares.get((number, new), 1 / len(after))
            for end, (part, cut) in self.successors(new, date).items():
                before, was_cut = result.get(end, (0.0, False))
                result[end] = (before + share * part, cut or was_cut or len(after) > 1)
        if len(result) == 1:  # what was split has come together again
            return dict.fromkeys(result, (1.0, False))
        return result

    def heir(self, number: str, day: str) -> str | None:
        """The one municipality of today that a number of a day has become; None where it has been split, or is no municipality's.

        A number that did not hold on the day is taken as of its own first day (of its last spell).
        """
        if number not in self._spells:
            return None
        spells = self._spells[number]
        valid = any(first <= day < end for first, end in spells)
        (heir, (_, split)), *others = self.successors(number, day if valid else spells[-1][0]).items()
        return None if split or others else heir

    def spells(self, number: str) -> list[tuple[str, str]]:
        """When a number has been valid: its first days and the days after its last, in order; none for what never was one."""
        return self._spells.get(number, [])

    @cached_property
    def _spells(self) -> dict[str, list[tuple[str, str]]]:
        """When each number has been valid: its first days and the days after its last."""
        codes = self.codes.sort_values("valid_from").fillna({"valid_to": "9999-12-31"})
        spells: dict[str, list[tuple[str, str]]] = {}
        for number, first, end in zip(codes["komm_nr"], codes["valid_from"], codes["valid_to"], strict=True):
            spells.setdefault(number, []).append((first, end))
        return spells

    def lineage(self, years: Iterable[int], day: str = "12-31") -> pd.DataFrame:
        """Every number of the years and what it has become: `old_nr`, `year`, `komm_nr`, `share`, `split`.

        `day` is when in the year the figures hold: 12-31 for the fourth quarter, 01-01 for 1 January. Shares of one
        `old_nr` and `year` add up to 1.
        """
        rows = [row for year in sorted(set(years)) for row in self._lineage(year, day)]
        return pd.DataFrame(rows, columns=["old_nr", "year", "komm_nr", "share", "split"])

    def _lineage(self, year, day) -> list[tuple]:
        if (year, day) not in self._lineages:
            self._lineages[year, day] = [
                (old, year, new, share, split)
                for old in self.valid(f"{year}-{day}")
                for new, (share, split) in self.successors(old, f"{year}-{day}").items()
            ]
        return self._lineages[year, day]

    def comparable(self, years: Iterable[int], day: str = "12-31") -> pd.DataFrame:
        """Whether each of today's municipalities can be compared over time: `komm_nr`, `year`, `comparable`.

        False in the years before a split that gave it land or took land from it, and in the last year before a border was
        moved: what has changed from that year to the next is not all its own.
        """
        lineage = self.lineage(years, day)
        touched = lineage.groupby(["komm_nr", "year"])["split"].any()
        frame = pd.MultiIndex.from_product([self.current["komm_nr"], sorted(set(years))], names=["komm_nr", "year"])
        touched = touched.reindex(frame, fill_value=False)
        moves = self.moved_borders(day)
        touched |= frame.isin(pd.MultiIndex.from_frame(moves[["komm_nr", "year"]]))
        return (~touched).rename("comparable").reset_index()

    def moved_borders(self, day: str = "12-31") -> pd.DataFrame:
        """The borders that were moved between two that go on: `komm_nr`, `other_nr`, `year`, `date`, a row from each side.

        Numbers are today's; `year` is the last one whose figures (those of `day`) have the border as it was.
        """
        rows = [
            (one, other, int(date[:4]) - (f"{date[:4]}-{day}" >= date), date)
            for old, date, new in self.border_moves[["old_nr", "date", "new_nr"]].itertuples(index=False)
            for mine, theirs in ((old, new), (new, old))
            for one in self.successors(mine, date)
            for other in self.successors(theirs, date)
            if one != other
        ]
        return pd.DataFrame(rows, columns=["komm_nr", "other_nr", "year", "date"]).astype({"year": "int64"})

    def carry(self, frame: pd.DataFrame, numbers: list[str], counts: list[str], day: str = "12-31") -> pd.DataFrame:
        """Counts on the numbers of their own year, carried to today's numbers: mergers are summed, splits shared.

        frame: the columns `numbers` (one or two with municipality numbers), `year`, and any other key; `counts` are whole
        numbers, and a sum with a missing part is missing: it would be too low. What is missing under a number that did not hold
        is no part. Totals are kept exactly: what a split leaves over in rounding goes to the largest remainders. Figures that
        the producer has already carried to the parts of a split with one origin (Ålesund and Haram before 2024) are put together
        and shared again by population.
        Flows inside a municipality that was split are taken to stay inside its parts: the codes do not say, and sharing
        both ends by population would make nearly everybody in the smaller part a commuter. Numbers that are no municipality's
        («Uoppgitt», the shelf, Svalbard) are left out, and so is a 0 under a number that did not hold: SSB writes it there.
        SSB's ways of writing a number (`komm_nr`) are read; one municipality under two of them is a `BadAnswer`.
        """
        frame = self._on_numbers(frame, numbers, counts)
        keys = [*numbers, *(column for column in frame.columns if column not in numbers and column not in counts)]
        if len(numbers) == 2:
            inside = frame[numbers[0]] == frame[numbers[1]]
            stay = self._shared_out(frame[inside].drop(columns=numbers[1]), numbers[:1], counts, day)
            cross = self._shared_out(frame[~inside], numbers, counts, day)
            rows = pd.concat([stay.assign(**{numbers[1]: stay[numbers[0]]}), cross])
        else:
            rows = self._shared_out(frame, numbers, counts, day)
        summed = rows.groupby(keys, observed=True)[counts].sum(min_count=1)
        gaps = rows[rows["_current"] & rows[counts].isna().any(axis=1)].set_index(keys)[counts].isna()
        missing = gaps.groupby(level=keys, observed=True).any().reindex(summed.index, fill_value=False)
        return summed.mask(missing).reset_index()

    def _shared_out(self, frame, numbers, counts, day):
        """Rows on today's numbers, not yet summed, with `_current`: whether the numbers they were given under were valid."""
        frame = frame.assign(_current=True)
        for column in numbers:
            early = self._back_to_origin(frame, column, counts, day)
            early = self._without_impossible_zeros(early, column, counts, day)
            joined = early.assign(_row=np.arange(len(early))).merge(
                self._lineage_of(early, column, day), on=[column, "year"], how="left", validate="m:m"
            )
            share = joined["share"].to_numpy(float)
            for count in counts:
                joined[count] = _shared(joined[count], share, joined["_row"].to_numpy())
            joined["_current"] &= joined["_valid"].astype(bool)
            frame = joined.drop(columns=[column, "share", "_row", "_valid"]).rename(columns={"_new": column})
        return frame

    def follow(self, frame: pd.DataFrame, day: str = "12-31") -> pd.DataFrame:
        """Figures that cannot be added up (medians, key figures), by `komm_nr` of their own year, on today's numbers.

        A municipality that has since merged or been split is left out: its figure is nobody's today. One that did not hold yet
        in its year is followed from its first day: the producer has worked the figure out for it as it is later. A 0 under a number
        that did not hold is no figure.
        """
        figures = [column for column in frame.columns if pd.api.types.is_numeric_dtype(frame[column]) and column != "year"]
        frame = self._without_impossible_zeros(self._on_numbers(frame, ["komm_nr"], figures), "komm_nr", figures, day)
        lineage = self.lineage(frame["year"], day)
        alone = lineage[~lineage["split"] & ~lineage.duplicated(["komm_nr", "year"], keep=False)]
        early = [
            (number, year, heir)
            for number, year in frame[["komm_nr", "year"]].drop_duplicates().itertuples(index=False)
            if self._first[number] > f"{year}-{day}" and (heir := self._heir_alone(number))
        ]
        alone = pd.concat([alone, pd.DataFrame(early, columns=["old_nr", "year", "komm_nr"])])
        kept = frame.rename(columns={"komm_nr": "old_nr"}).merge(alone, on=["old_nr", "year"], validate="m:1")
        return kept[frame.columns]

    def _heir_alone(self, number):
        """The municipality of today that a number and no other has become since its first year; None where there is none."""
        first = self._first[number]
        heir = self.heir(number, first)
        return heir if [new for _, _, new, _, _ in self._lineage(int(first[:4]), "12-31")].count(heir) == 1 else None

    def _on_numbers(self, frame, numbers, counts):
        """A frame with four-digit numbers for SSB's region codes, without the rows of what is no municipality."""
        frame = frame.assign(**{column: komm_nr(frame[column]) for column in numbers})
        frame = frame[pd.concat([frame[column].isin(self._first) for column in numbers], axis=1).all(axis=1)]
        twice = frame.duplicated([column for column in frame.columns if column not in counts])
        if twice.any():
            raise BadAnswer(
                f"Kommunen {frame.loc[twice, numbers[0]].iloc[0]} står to ganger, under ulike regionkoder: velg én inndeling"
            )
        return frame

    @cached_property
    def _first(self) -> dict[str, str]:
        """The first day of each number."""
        return self.codes.groupby("komm_nr")["valid_from"].min().to_dict()

    def _lineage_of(self, frame, column, day):
        """What the numbers in a frame have become, and whether they were valid; one that is not yet, from its first day."""
        pairs = frame[[column, "year"]].drop_duplicates()
        valid = {year: set(self.valid(f"{year}-{day}")) for year in pairs["year"].unique()}
        rows = [
            (number, year, new, share, number in valid[year])
            for number, year in pairs.itertuples(index=False)
            for new, (share, _) in self.successors(number, max(f"{year}-{day}", self._first[number])).items()
        ]
        return pd.DataFrame(rows, columns=[column, "year", "_new", "share", "_valid"]).astype({column: "str", "_new": "str"})

    def _without_impossible_zeros(self, frame, column, counts, day):
        """A frame without rows of nothing but 0 under a number that does not hold in their year."""
        nothing = (frame[counts] == 0).fillna(False).all(axis=1)
        for year in frame.loc[nothing, "year"].unique():
            nothing &= (frame["year"] != year) | ~frame[column].isin(self.valid(f"{year}-{day}"))
        return frame[~nothing]

    def _back_to_origin(self, frame, column, counts, day):
        """Rows under a number that did not yet hold, whose only origin was split, moved back under that origin and summed."""
        origins = self.changes.groupby("new_nr")["old_nr"].unique()
        for old, steps in self._steps.items():
            for date, after in steps:
                if len(after) > 1 and all(list(origins[new]) == [old] for new in after):
                    early = frame[column].isin(after) & (frame["year"].astype(str) + "-" + day < date)
                    if early.any():
                        keys = [c for c in frame.columns if c not in counts]
                        moved = frame.assign(**{column: frame[column].mask(early, old)})
                        parts = moved[early].groupby(keys, sort=False, observed=True)[counts].sum(skipna=False).reset_index()
                        whole = pd.concat([moved[~early], parts]).groupby(keys, sort=False, observed=True)
                        frame = whole[counts].sum(min_count=1).reset_index()
        return frame

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        """Folded name -> {today's number: name as written}, names of today before names of the past."""
        now: dict[str, dict[str, str]] = {}
        past: dict[str, dict[str, str]] = {}
        current = set(self.current["komm_nr"])
        for row in self.codes.itertuples():
            target = now if pd.isna(row.valid_to) else past
            ends = [row.komm_nr] if row.komm_nr in current else list(self.successors(row.komm_nr, row.valid_from))
            for name in spellings(row.name):
                for end in ends:
                    target.setdefault(fold(name), {})[end] = row.name
        return {**past, **now}

    def number_of(self, text: str, day: str) -> str:
        """The number of the municipality that bore a name on a day, or of a number written without its first 0.

        A name that nobody bore on the day is that of the one municipality of today that those who bore it are part of. One that
        several answer to is an `UnknownMunicipality` that lists their numbers.
        """
        text = str(text).strip()
        if re.fullmatch(r"\d{3,4}", text, re.ASCII):
            return text.zfill(4)
        bearers = self._bearers.get(fold(text), {})
        then = {number for number, spells in bearers.items() if any(first <= day < end for first, end, _ in spells)}
        if len(then) == 1:
            return then.pop()
        if not then and bearers:
            heirs = {end for number, spells in bearers.items() for end in self.successors(number, spells[-1][0])}
            if len(heirs) == 1:
                return heirs.pop()
        if not bearers:
            like = {number: spells for name in near(fold(text), self._bearers) for number, spells in self._bearers[name].items()}
            raise UnknownMunicipality(f"Ingen kommune har hett «{text}». {question(_bearing(like), '')}".rstrip())
        listed = ", ".join(_bearing({number: bearers[number] for number in then} if then else bearers))
        raise UnknownMunicipality(f"«{text}» er i {day[:4]} ikke navnet på én kommune, men kan være {listed}: skriv nummeret.")

    @cached_property
    def _bearers(self) -> dict[str, dict[str, list[tuple[str, str, str]]]]:
        """Folded name -> number -> when it has borne the name (first day, day after the last), and how it is written."""
        found: dict[str, dict[str, list[tuple[str, str, str]]]] = {}
        codes = self.codes.sort_values("valid_from").fillna({"valid_to": "9999-12-31"})
        for row in codes.itertuples():
            for name in spellings(row.name):
                found.setdefault(fold(name), {}).setdefault(row.komm_nr, []).append((row.valid_from, row.valid_to, row.name))
        return found

    def find(self, text: str) -> str:
        """Today's number of the municipality with this number or name, in any case, of today or of the past.

        UnknownMunicipality where none answers (near names are suggested), or more than one does (their numbers are listed).
        """
        text = str(text).strip()
        text = text.zfill(4) if re.fullmatch(r"\d{3}", text, re.ASCII) else text
        names = dict(zip(self.current["komm_nr"], self.current["name"], strict=True))
        if fold(text) in NATION:
            raise UnknownMunicipality(f"«{text}» er ikke en kommune: landet kommer ved siden av en kommune (beside=True)")
        if is_number(text):
            if text in names:
                return text
            spells = self.codes[self.codes["komm_nr"] == text]
            if spells.empty:
                raise UnknownMunicipality(f"Ingen kommune har nummeret {text}. Se nlib list kommuner.")
            hits = {end: names[end] for end in self.successors(text, spells["valid_from"].max()) if end in names}
        else:
            hits = {end: names[end] for end in self._names.get(fold(text), {}) if end in names}
        if len(hits) == 1:
            return next(iter(hits))
        if hits:
            choices = ", ".join(f"{number} {name}" for number, name in sorted(hits.items()))
            raise UnknownMunicipality(f"«{text}» kan være flere kommuner: {choices}. Oppgi nummeret.")
        like = near(fold(text), self._names)
        answers = {number: names[number] for name in like for number in self._names[name] if number in names}
        advice = question((f"{name} ({number})" for number, name in answers.items()), "Se nlib list kommuner.")
        raise UnknownMunicipality(f"Ingen kommune heter «{text}». {advice}")

    def compared(self, texts: Iterable[str], *places: str) -> list[str]:
        """The numbers of those that places are measured against, each once; `WrongUse` for too many, or for a place alone."""
        numbers = list(dict.fromkeys(self.find(text) for text in texts))
        if len(numbers) > MOST_COMPARED:
            raise WrongUse(f"En kommune måles mot høyst {MOST_COMPARED} andre, ikke {len(numbers)}")
        for place in places:
            if numbers == [place]:
                raise WrongUse(f"Kommunen {place} kan ikke måles mot seg selv: velg andre, eller ingen, så velges de som ligner")
        return numbers


def _bearing(bearers: dict[str, list[tuple[str, str, str]]]) -> list[str]:
    """Numbers with their names and years, as a reader is to choose between them."""
    advice = []
    for number, spells in sorted(bearers.items()):
        first, end, name = spells[0][0][:4], spells[-1][1], spells[-1][2]
        advice.append(f"{number} {name} ({first}–{'' if end > '9999' else int(end[:4]) - 1})")
    return advice


def _shared(counts: pd.Series, share: np.ndarray, row: np.ndarray) -> pd.Series:
    """Counts shared out within each source row (`row`); whole ones by largest remainder, so that the parts add up to the count."""
    if (share == 1.0).all():
        return counts
    given = counts.to_numpy(float, na_value=np.nan)
    exact = given * share
    if np.nanmax(np.abs(given - np.round(given)), initial=0) > 0:  # amounts
        return pd.Series(exact, index=counts.index)
    whole = np.floor(exact)
    frame = pd.DataFrame({"row": row, "rest": exact - whole, "left": exact})
    left = (frame.groupby("row")["left"].transform("sum") - pd.Series(whole).groupby(row).transform("sum")).round()
    place = frame.groupby("row")["rest"].rank(method="first", ascending=False)
    return pd.Series(whole + (place <= left), index=counts.index).where(counts.notna()).astype("Int64")


@cache
def _known_spells() -> dict[str, list[tuple[int, int]]]:
    """First and last year of each spell of each number in the project's own table."""
    codes = resource("municipalities.csv").fillna({"valid_to": "9999-12-31"})
    years = zip(codes["valid_from"].str[:4].astype(int), codes["valid_to"].str[:4].astype(int), strict=True)
    spells: dict[str, list[tuple[int, int]]] = {}
    for number, spell in zip(codes["komm_nr"], years, strict=True):
        spells.setdefault(number, []).append(spell)
    return spells


def with_figures(codes: Iterable[str], year: int) -> list[str]:
    """Those of SSB's region codes that may have figures of a year: all but numbers that did not hold within a year of it.

    By the project's own table: a number that is not in it, or has ended since, may have figures.
    """
    spells = _known_spells()
    numbers = {code: PREFIX.sub("", code) for code in codes}
    return [
        code
        for code, number in numbers.items()
        if number not in spells or any(first - 1 <= year <= last + 1 for first, last in spells[number])
    ]


def komm_nr(codes: pd.Series) -> pd.Series:
    """The municipality number in each of SSB's region codes (`3222`, `K-3222`, `K_3222`, `K.3222`), missing for other regions."""
    places, written = pd.factorize(codes)
    bare = pd.Series(written, dtype="str").str.replace(PREFIX, "", regex=True)
    numbers = bare.str.extract(r"^([0-9]{4})$", expand=False)
    return pd.Series(numbers.array.take(places, allow_fill=True), index=codes.index, name=codes.name)


def spellings(name: str) -> list[str]:
    """The names that one KLASS name holds: whole, without the county in parentheses, and each language by itself."""
    bare = re.sub(r"\s*\(.*\)$", "", name)
    return list(dict.fromkeys([name, bare, *re.split(r"\s+[-–]\s+", bare)]))


def fold(name: str) -> str:
    """A name as it is looked up: any case, any hyphen, with or without the strokes and rings of its letters."""
    name = name.casefold().replace("ø", "o").replace("æ", "ae").replace("đ", "d").replace("ŧ", "t").replace("ŋ", "n")
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    return re.sub(r"[\s–-]+", " ", plain).strip()


def slug(name: str) -> str:
    """A name as part of a folder's name: plain letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")
