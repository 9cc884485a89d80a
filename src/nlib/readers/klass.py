"""KLASS answers (JSON) to frames and back."""

import json
from functools import partial

import pandas as pd

from nlib.errors import BadAnswer
from nlib.tables import SSB, KlassQuery, Raw


def read(answers: list[bytes], part: str, fields: dict[str, str]) -> pd.DataFrame:
    """The list `part` (`codes`, `codeChanges`, `correspondenceItems`) of KLASS answers as text columns, `fields` theirs -> ours.

    What is empty is missing, and so is an end (`validTo`) that is not told: it still holds. `BadAnswer` where it is no such list.
    """
    rows = []
    try:
        for answer in answers:
            entries = [{"validTo": None} | entry for entry in json.loads(answer)[part]]
            rows += [{ours: _text(entry[theirs]) for theirs, ours in fields.items()} for entry in entries]
        frame = pd.DataFrame(rows, columns=list(fields.values())).astype("str")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadAnswer(f"Svaret fra KLASS har ikke formen som ventet ({part}: {error}). Hent på nytt med nlib fetch.") from error
    return frame.mask(frame == "")


def _text(value) -> str | None:
    if not isinstance(value, str | None):
        raise TypeError(f"{str(value)[:40]} er ikke tekst")
    return value


def write(frame: pd.DataFrame, part: str, fields: dict[str, str]) -> bytes:
    """A frame as KLASS would answer it."""
    theirs = frame.rename(columns={ours: theirs for theirs, ours in fields.items()}, errors="raise")[list(fields)]
    rows = [{key: None if pd.isna(value) else value for key, value in row.items()} for row in theirs.to_dict("records")]
    return json.dumps({part: rows}, ensure_ascii=False, indent=1).encode()


def groups_of_municipalities(classification: str, title: str, ours: str, count: int) -> Raw:
    """The source of a grouping of municipalities: a classification's correspondence to KLASS 131, since 2020.

    The frame: `komm_nr`, `ours` (the group's code), `name` (the group's), `valid_from`, `valid_to`. The synthetic country's groups,
    `count` of them, are made up: by population, the largest first.
    """
    fields = {"targetCode": "komm_nr", "sourceCode": ours, "sourceName": "name", "validFrom": "valid_from", "validTo": "valid_to"}
    part = "correspondenceItems"
    return Raw(
        name=f"klass_{classification}_groups",
        producer=SSB,
        table=f"KLASS {classification}",
        title=title,
        page=f"https://www.ssb.no/klass/klassifikasjoner/{classification}",
        query=KlassQuery(classification, "corresponds", since="2020-01-01", target="131"),
        read=partial(read, part=part, fields=fields),
        synthetic=lambda norway: [write(norway.groups(count).rename(columns={"group": ours}, errors="raise"), part, fields)],
        optional=True,
    )
