"""KLASS answers (JSON) to frames and back."""

import json

import pandas as pd

from nlib.errors import BadAnswer


def read(answers: list[bytes], part: str, fields: dict[str, str]) -> pd.DataFrame:
    """The list `part` of a KLASS answer as text columns, `fields` theirs -> ours; `BadAnswer` where it is none."""
    rows = []
    for answer in answers:
        try:
            listed = json.loads(answer)[part]
            rows += [{ours: entry[theirs] for theirs, ours in fields.items()} for entry in listed]
        except (ValueError, KeyError, TypeError) as error:
            message = f"Svaret fra KLASS har ikke formen som ventet ({part}: {error}). Hent på nytt med nlib fetch."
            raise BadAnswer(message) from error
    frame = pd.DataFrame(rows, columns=list(fields.values())).astype("str")
    return frame.mask(frame == "")


def write(frame: pd.DataFrame, part: str, fields: dict[str, str]) -> bytes:
    """A frame as KLASS would answer it."""
    theirs = frame.rename(columns={ours: theirs for theirs, ours in fields.items()}, errors="raise")[list(fields)]
    rows = [{key: None if pd.isna(value) else value for key, value in row.items()} for row in theirs.to_dict("records")]
    return json.dumps({part: rows}, ensure_ascii=False, indent=1).encode()
