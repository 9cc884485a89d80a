"""What every figure and first page says, as JSON: run in a process of its own for each language.

NLIB_LANGUAGE=nn NLIB_HOME=... python -m tests.said KOMMUNE... [--theme THEME] > nn.json
"""

import json
import sys

import matplotlib.text
import pandas as pd

from nlib.charts.chart import Answer, Chart, Front, Listing, Missing
from nlib.core.translations import WRITTEN, spoken
from nlib.desk.view import View, figure_ids, themes
from nlib.themes.rapport.text import QUESTIONS


def numbers_of(table: pd.DataFrame) -> list[list]:
    """The numbers of a table, rounded, column by column; in order of size, as rows that are alike stand by name, which differs."""
    shown = [table[column] for column in table if pd.api.types.is_numeric_dtype(table[column])]
    return [[len(column), *sorted(round(float(value), 6) for value in column.dropna())] for column in shown]


def told(thing, seen: bool) -> dict:
    """The texts of a figure or a first page, those that are `seen` in its drawing too, and its numbers."""
    match thing:
        case Chart():
            drawn = [text.get_text() for text in thing.figure().findobj(matplotlib.text.Text)] if seen else []
            texts = [thing.title, thing.reading, thing.alt, thing.uncertainty, thing.source, *map(str, thing.table.columns), *drawn]
            cells = [str(v) for column in thing.table.select_dtypes("str") for v in thing.table[column].dropna().unique()]
            return {"texts": [text for text in texts if text], "cells": cells, "numbers": numbers_of(thing.table)}
        case Listing():
            texts = [thing.title, thing.reading, thing.uncertainty, thing.source, *map(str, thing.table.columns)]
            return {"texts": texts, "cells": [], "numbers": [[len(thing.table)]]}
        case Front():
            keys = [text for key in thing.key_figures for text in (key.label, key.value, key.period, key.change, key.rank)]
            texts = [thing.title, thing.lead, *keys, *(finding.sentence for finding in thing.findings)]
            return {"texts": texts, "cells": [], "numbers": [[len(thing.key_figures), len(thing.findings)]]}
        case Answer():
            return {"texts": [thing.question, *(sentence.text for sentence in thing.sentences)], "cells": [], "numbers": []}
        case Missing():
            return {"texts": [thing.title, thing.reason], "cells": [], "numbers": []}
    raise TypeError(type(thing))


def main(arguments: list[str]) -> None:
    at = arguments.index("--theme") if "--theme" in arguments else len(arguments)
    chosen = arguments[at + 1 :] or themes()
    said = {}
    for kommune in arguments[:at]:
        view = View(kommune)
        fronts = {theme: view.front(theme) for theme in chosen if theme != "rapport"}
        if "rapport" in chosen:
            fronts |= {f"rapport.{name}?": view.answer(name) for name in QUESTIONS}
        figures = {id: view.figure(id) for id in figure_ids() if id.partition(".")[0] in chosen}
        seen = kommune == arguments[0] and spoken() != WRITTEN
        said[kommune] = {id: told(thing, seen) for id, thing in (fronts | figures).items()}
    json.dump(said, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main(sys.argv[1:])
