"""A researcher's ten tasks (`notebooks/utforsk/ti_oppgaver.ipynb`): lines and seconds of each, in a kernel as Jupyter starts one.

python -m benchmarks.tasks [--edition E]      runs the notebook without network and prints a table for docs/maalinger.md
"""

import argparse
import os
import tempfile
from pathlib import Path

import papermill

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "utforsk" / "ti_oppgaver.ipynb"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edition", default="")
    asked = parser.parse_args()
    os.environ["NLIB_API"] = "http://127.0.0.1:9"  # nobody answers there
    with tempfile.TemporaryDirectory() as folder:
        done = papermill.execute_notebook(
            NOTEBOOK, Path(folder) / "ut.ipynb", {"edition": asked.edition}, cwd=folder, kernel_name="python3", progress_bar=False
        )
    heading = ""
    print("| oppgave | linjer | sekunder |\n|---|---|---|")
    for cell in done.cells:
        if cell.cell_type == "markdown":
            heading = cell.source.splitlines()[0].removeprefix("## ")
        elif heading[:1].isdigit():
            lines = len([line for line in cell.source.splitlines() if line.strip()])
            seconds = f"{cell.metadata.papermill.duration:.1f}".replace(".", ",")
            print(f"| {heading} | {lines} | {seconds} |")


if __name__ == "__main__":
    main()
