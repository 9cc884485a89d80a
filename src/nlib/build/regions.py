"""Several municipalities as one place: a county, the nation, or those that a user names.

A region is built as if its municipalities had merged into one: the whole way from the raw files to the last measure is then the
one that every merger has gone. Counts are added, rates are made of the added counts, flows between the members stay inside, models
are estimated with the region as one of the places, and what cannot be added up (medians, key figures of accounts) is missing.
Such an edition is called by the one it is made of and the region, `2026+akershus`, and its tables are built when asked for.
"""

import functools
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd
import yaml

from nlib.core import settings, store
from nlib.core.errors import BadAnswer, UnknownMunicipality, WrongUse
from nlib.core.municipalities import MERGED, Register, fold, resource, slug
from nlib.core.store import Edition, Region

CODES = ("municipality_codes", "municipality_changes")  # what says which places there are
UNNAMED_COUNTY = "99"  # in place of a county's number, for a region of several
OWN = ("goals", "survey_results", "survey_response", "survey_words", "survey_quotes")  # what a municipality has made of itself
MERGED_IN = (*CODES, *OWN)  # the tables in which a region is not what its members are


def named(edition: Edition, members: Sequence[str], name: str) -> Region:
    """A region of these municipalities, by number or name of today or the past, and whole counties; `WrongUse` for none."""
    if isinstance(members, str):
        raise WrongUse(f'Kommunene i en region må være en liste, for eksempel ["3222", "3205"], ikke {members!r}')
    known = register(edition)
    numbers: list[str] = []
    for member in members:
        whole = county(edition, str(member))
        numbers += whole.members if whole else [known.find(str(member))]
    if twice := sorted({number for number in numbers if numbers.count(number) > 1}):
        raise WrongUse(f"Regionen {name} har {', '.join(twice)} mer enn én gang")
    if len(numbers) < 2:
        raise WrongUse(f"Regionen {name} må ha minst to kommuner, ikke {len(numbers)}")
    if not (name := " ".join(str(name).split())) or not name.isprintable():
        raise WrongUse("Regionen må ha et navn")
    if fold(name) in {fold(own) for own in known.current["name"]}:
        raise WrongUse(f"Det finnes en kommune som heter {name}: gi regionen et annet navn")
    lying_in = {number[:2] for number in numbers}
    return Region(f"{lying_in.pop() if len(lying_in) == 1 else UNNAMED_COUNTY}00", name, tuple(sorted(numbers)))


def county(edition: Edition, text: str) -> Region | None:
    """The county with this name or number («Akershus», «32», «3200»); None where there is none."""
    counties = resource("counties.csv").set_index("county_nr")["county"]
    numbers = register(edition).current["komm_nr"]
    wanted = fold(re.sub(r"\s+fylke(skommune)?$", "", text.strip(), flags=re.IGNORECASE))
    for number, name in counties.items():
        if wanted in (number, f"{number}00", *(fold(part) for part in re.split(r"\s+[-–]\s+", name)), fold(name)):
            members = tuple(sorted(numbers[numbers.str[:2] == number]))
            if len(members) > 1:
                return Region(f"{number}00", name, members)
    return None


def from_file(edition: Edition, path: Path) -> Region:
    """The region of a file with its name and municipalities, `navn:` and `kommuner:` (YAML); `BadAnswer` says what it lacks."""
    if not path.is_file():
        raise WrongUse(f"Filen {path} finnes ikke")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadAnswer(f"{path} kan ikke leses som en regionfil: {error}") from error
    if not isinstance(content, dict) or {*content} != {"navn", "kommuner"} or not isinstance(content["kommuner"], list):
        raise BadAnswer(f'{path} skal ha to linjer: «navn: Nedre Romerike» og «kommuner: ["3222", "3205", "3224"]»')
    if odd := [number for number in content["kommuner"] if not isinstance(number, str)]:
        raise BadAnswer(f"{path}: skriv numrene i anførselstegn, for en null foran forsvinner ellers ({odd[0]})")
    return named(edition, content["kommuner"], str(content["navn"]))


def find(edition: Edition, text: str) -> str | Region:
    """What a user means: today's number of a municipality, else a county, else the region of a file."""
    try:
        return register(edition).find(text)
    except UnknownMunicipality:
        if found := county(edition, text):
            return found
        if text.endswith((".yaml", ".yml")):
            return from_file(edition, Path(text))
        raise


def edition_of(edition: Edition, region: Region, *others: Region) -> Edition:
    """The edition in which these regions are places; its tables are built when they are asked for (`store.Edition.build`)."""
    digest = hashlib.sha256(json.dumps([region.members, *(other.members for other in others)]).encode()).hexdigest()[:6]
    made = Edition(f"{edition.name}+{slug(region.name)}-{digest}", edition.root)
    content = [{"number": r.number, "name": r.name, "members": list(r.members)} for r in (region, *others)]
    if not (made.processed / store.REGIONS).is_file():
        store.write_json(made.processed / store.REGIONS, content)
    return made


def merged(regions: Iterable[Region], name: str, table: pd.DataFrame) -> pd.DataFrame:
    """A table of the edition, where it tells of municipalities and not of figures, with these merged into the regions."""
    for region in regions:
        if name == "municipality_codes":
            ends = table["komm_nr"].isin(region.members) & table["valid_to"].isna()
            own = {"komm_nr": region.number, "name": region.name, "valid_from": MERGED, "valid_to": pd.NA}
            table = table.assign(valid_to=table["valid_to"].mask(ends, MERGED))
            table = pd.concat([table, pd.DataFrame([own])], ignore_index=True).astype(table.dtypes.to_dict())
        elif name == "municipality_changes":
            rows = [{"date": MERGED, "old_nr": member, "new_nr": region.number} for member in region.members]
            table = pd.concat([table, pd.DataFrame(rows)], ignore_index=True).astype(table.dtypes.to_dict())
        elif name in OWN:  # a member's plan is not the region's, nor is what those who do business in a member have answered
            table = table[table["komm_nr"] != region.number]
    return table


def register(edition: Edition) -> Register:
    """The municipalities of an edition by date: one for all who ask, as long as the two tables are the same."""
    return _register(edition, *edition.digests(*CODES))


def standing(known: Register) -> dict[str, list[str]]:
    """Whom places are always measured against, by number, as nlib.toml says; `WrongUse` tells where what cannot be stands."""
    found = {}
    for place, others in settings.comparisons().items():
        try:
            number = known.find(place)
            found[number] = known.compared(others, number)
        except WrongUse as error:
            raise WrongUse(f"{settings.file()}, {place} under [{settings.COMPARE}]: {error}") from error
        if number in found[number]:
            raise WrongUse(f"{settings.file()}: {place} under [{settings.COMPARE}] måles mot seg selv: ta den ut av listen")
    return found


@functools.lru_cache(maxsize=2)
def _register(edition: Edition, *digests: str | None) -> Register:
    return Register(*(edition.kept(name) for name in CODES))
