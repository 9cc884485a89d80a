"""nlib: open, reproducible analyses of Norwegian municipalities.

What a researcher asks for by name is in `nlib.desk`, and is loaded when it is asked for: `import nlib` loads nothing else.
"""

import importlib
import os
import sys
from types import ModuleType
from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = [
    "compare",
    "describe",
    "kommune",
    "kommuner",
    "sql",
    "ssb_search",
    "ssb_series",
    "ssb_variables",
    "table",
    "tables",
    "view",
]

if TYPE_CHECKING:
    from nlib.desk import (
        compare,
        describe,
        kommune,
        kommuner,
        sql,
        ssb_search,
        ssb_series,
        ssb_variables,
        table,
        tables,
        view,
    )


def __getattr__(name: str):
    if name not in __all__:
        raise AttributeError(f"module 'nlib' has no attribute {name!r}")
    return getattr(importlib.import_module("nlib.desk"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


class _Package(ModuleType):
    """A package whose functions go before its modules: `nlib.view` and `nlib.tables` are the functions of the desk.

    Python hangs a module on its package when it has been loaded. Under a name of the desk it is not hung there: those modules are
    reached as `from nlib.view import View`, which does not ask the package.
    """

    def __setattr__(self, name, value):
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
if os.environ.get("NLIB_LANGUAGE", "nb") != "nb":
    importlib.import_module("nlib.translations").install()
if "IPython" in sys.modules:
    importlib.import_module("nlib.completion").register()
