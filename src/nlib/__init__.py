"""nlib: open, reproducible analyses of Norwegian municipalities.

What a researcher asks for by name is in `nlib.desk.research`, and is loaded when it is asked for: `import nlib` loads nothing else.
"""

import importlib
import os
import sys
from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = [
    "compare",
    "describe",
    "indicator",
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

if TYPE_CHECKING:
    from nlib.desk.research import (
        compare,
        describe,
        indicator,
        kommune,
        kommuner,
        map,
        region,
        save,
        sql,
        ssb_search,
        ssb_series,
        ssb_variables,
        statbank,
        table,
        tables,
        theme,
        to_today,
        view,
    )


def __getattr__(name: str):
    if name not in __all__:
        meant = importlib.import_module("nlib.core.meant")
        told = meant.question(f"nlib.{found}" for found in meant.near(name, __all__))
        raise AttributeError(f"module 'nlib' has no attribute {name!r}. {told}".rstrip())
    if name == "view":  # without what reads sources and builds tables, which a notebook's page has no use for
        return importlib.import_module("nlib.desk.view").view
    return getattr(importlib.import_module("nlib.desk.research"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


if os.environ.get("NLIB_LANGUAGE", "nb") != "nb":
    importlib.import_module("nlib.core.translations").install()
if "IPython" in sys.modules:
    importlib.import_module("nlib.desk.completion").register()
