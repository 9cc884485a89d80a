"""nlib: open, reproducible analyses of Norwegian municipalities.

What a researcher asks for by name is in `nlib.desk`, and is loaded when it is asked for: `import nlib` loads nothing else.
"""

import importlib
import sys
from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = [
    "compare",
    "describe",
    "indicator",
    "indicators",
    "kommune",
    "kommuner",
    "map",
    "region",
    "save",
    "sql",
    "ssb_search",
    "ssb_series",
    "ssb_variables",
    "statbank",
    "table",
    "tables",
    "theme",
    "to_today",
    "view",
]

WHERE = {  # all else is in `nlib.desk.research`
    "indicators": "nlib.indicators",  # the room itself, which may be called
    "save": "nlib.desk.files",
    "sql": "nlib.desk.querying",
    "ssb_search": "nlib.desk.statbank",
    "ssb_series": "nlib.desk.statbank",
    "ssb_variables": "nlib.desk.statbank",
    "statbank": "nlib.desk.statbank",
    "theme": "nlib.charts.style",
    "to_today": "nlib.desk.own_figures",
    "view": "nlib.desk.view",  # without what reads sources and builds tables, which a notebook's page has no use for
}

if TYPE_CHECKING:
    from nlib import indicators as indicators
    from nlib.charts.style import theme
    from nlib.desk.files import save
    from nlib.desk.own_figures import to_today
    from nlib.desk.querying import sql
    from nlib.desk.research import compare, describe, indicator, kommune, kommuner, map, region, table, tables
    from nlib.desk.statbank import ssb_search, ssb_series, ssb_variables, statbank
    from nlib.desk.view import view


def __getattr__(name: str):
    if name not in __all__:
        meant = importlib.import_module("nlib.core.meant")
        likely = meant.question(f"nlib.{found}" for found in meant.near(name, __all__))
        raise AttributeError(f"module 'nlib' has no attribute {name!r}. {likely}".rstrip())
    module = importlib.import_module(WHERE.get(name, "nlib.desk.research"))
    return getattr(module, name, module)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


if "IPython" in sys.modules:
    importlib.import_module("nlib.desk.completion").register()
