"""papermill's engine «nlib» (its entry point is in pyproject.toml): cells run in the process that papermill is called in."""

import os
import sys

from papermill.engines import Engine

from nlib.charts.shown import load_ipython_extension
from nlib.press.shell import Shell

INLINE = "module://matplotlib_inline.backend_inline"


class InProcess(Engine):
    """papermill's engine that runs the cells here; a failed cell ends the run, as papermill's own engine does."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, **options):
        os.environ["MPLBACKEND"] = INLINE  # as a kernel has it: no plot opens a window, and what is drawn is shown as its cell ends
        if "matplotlib" in sys.modules and "matplotlib.pyplot" not in sys.modules:  # it asks the environment as it is loaded only
            sys.modules["matplotlib"].rcParams["backend"] = INLINE
        shell = Shell.instance()
        shell.plain = options.get("plain", True)
        shell.reset(new_session=True)
        load_ipython_extension(shell)
        stood, sys.argv = sys.argv, ["nlib"]
        try:
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, index)
                if cell.cell_type == "code" and cell.source.strip():
                    cell.outputs = shell.run(cell.source)
                    cell.execution_count = shell.execution_count - 1
                    if any(output.output_type == "error" for output in cell.outputs):
                        nb_man.cell_exception(cell, index)
                        break
                nb_man.cell_complete(cell, index)
        finally:
            sys.argv = stood
