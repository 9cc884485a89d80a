"""KLASS answers (JSON) to frames and back."""

import json
from collections.abc import Callable
from functools import partial

import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.core.tables import SSB, Dataset, KlassQuery, Raw, built

PARTS = {"codes": "codes", "changes": "codeChanges", "corresponds": "correspondenceItems"}  # what is asked for -> where it stands


def read(answers: list[bytes], part: str, fields: dict[str, str]) -> pd.DataFrame:
    """The list `part` (of `PARTS`) of KLASS answers as text columns, `fields` theirs -> ours.

    What is empty is missing. The first and last day of a code are read where KLASS has them, else (`validFromInRequestedRange`,
    `validToInRequestedRange`) as far as the days that were asked for go: where no code goes on, those that end last do.
    `BadAnswer` where it is no such list.
    """
    rows = []
    try:
        for answer in answers:
            rows += [{ours: _text(entry[theirs]) for theirs, ours in fields.items()} for entry in _dated(json.loads(answer)[part])]
        frame = pd.DataFrame(rows, columns=list(fields.values())).astype("str")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadAnswer(f"Svaret fra KLASS har ikke formen som ventet ({part}: {error}). Hent på nytt med nlib fetch.") from error
    return frame.mask(frame == "")


def _dated(entries: list[dict]) -> list[dict]:
    """Entries with `validFrom` and `validTo`, both from within the days that were asked for where the first is missing, but without
    the end that is that of these days: where none goes on, the last of their ends."""
    for at, entry in enumerate(entries):
        if entry.get("validFrom") or "validFromInRequestedRange" not in entry:
            entries[at] = {"validTo": None} | entry
        else:
            days = {"validFrom": entry["validFromInRequestedRange"], "validTo": entry.get("validToInRequestedRange")}
            entries[at] = entry | days
    ends = [entry["validTo"] for entry in entries if "validFrom" in entry]
    if not ends or not all(ends):
        return entries
    return [entry | {"validTo": None} if entry["validTo"] == max(ends) else entry for entry in entries]


def _text(value) -> str | None:
    if not isinstance(value, str | None):
        raise TypeError(f"{str(value)[:40]} er ikke tekst")
    return value


def write(frame: pd.DataFrame, part: str, fields: dict[str, str]) -> bytes:
    """A frame as KLASS would answer it."""
    theirs = frame.rename(columns={ours: theirs for theirs, ours in fields.items()}, errors="raise")[list(fields)]
    rows = [{key: None if pd.isna(value) else value for key, value in row.items()} for row in theirs.to_dict("records")]
    return json.dumps({part: rows}, ensure_ascii=False, indent=1).encode()


def source(
    classification: str,
    what: str,
    title: str,
    fields: dict[str, str],
    made: Callable[..., pd.DataFrame],
    *,
    since: str = "1994-01-01",
    target: str = "",
    **more,
) -> Raw:
    """The source of what (of `PARTS`) KLASS has of a classification since a day; `made` gives the synthetic country's frame."""
    page = f"https://www.ssb.no/klass/klassifikasjoner/{classification}"
    return Raw(
        name=f"klass_{classification}_{'groups' if target else what}",
        producer=SSB,
        table=f"KLASS {classification}",
        title=title,
        page=f"{page}/endringer" if what == "changes" else page,
        query=KlassQuery(classification, what, since, target),
        read=partial(read, part=PARTS[what], fields=fields),
        synthetic=lambda norway: [write(made(norway), PARTS[what], fields)],
        **more,
    )


def groups_of_municipalities(classification: str, title: str, ours: str, count: int, code: str) -> Raw:
    """The source of a grouping of municipalities: a classification's correspondence to KLASS 131, since 2020.

    The frame: `komm_nr`, `ours` (the group's code), `name` (the group's), `valid_from`, `valid_to`. The synthetic country's groups,
    `count` of them, are made up: by population, the largest first; `code` is how KLASS writes the number of one, `EKG{:02d}`.
    """

    def made(norway) -> pd.DataFrame:
        groups = norway.groups(count).rename(columns={"group": ours}, errors="raise")
        return groups.assign(**{ours: groups[ours].astype(int).map(code.format)})

    fields = {"targetCode": "komm_nr", "sourceCode": ours, "sourceName": "name", "validFrom": "valid_from", "validTo": "valid_to"}
    return source(classification, "corresponds", title, fields, made, since="2020-01-01", target="131", optional=True)


def dataset(raw: Raw, name: str, title: str, key: tuple[str, ...], schema) -> Dataset:
    """The table of what KLASS answered, as it stands."""
    return Dataset(name, title, key, schema, (raw,), built(schema, pd.DataFrame.drop_duplicates))
