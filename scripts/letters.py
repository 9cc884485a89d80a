"""Makes src/nlib/core/resources/letters_400.woff2 and letters_700.woff2: the letters of figures, for a page to hold.

They are cut from the DejaVu Sans that comes with matplotlib, whose licence and copyright stay in them, so that a text is as wide in
a browser as where the figure was laid out. The same fonts and libraries give the same bytes. Needs `make test` for brotli.
"""

import string
from pathlib import Path

import matplotlib
from fontTools import subset

MADE = Path(__file__).parents[1] / "src/nlib/core/resources"
FROM = Path(matplotlib.get_data_path()) / "fonts/ttf"
WEIGHTS = {400: "DejaVuSans.ttf", 700: "DejaVuSans-Bold.ttf"}
NORWEGIAN = "ÆØÅæøåÄÖÜäöüÀÁÈÉÊÒÓÔàáèéêòóôçÇñÑßð"
SAMI = "ÁČĐŊŠŦŽáčđŋšŧž"
SIGNS = "«»“”‘’‹›–—\N{MINUS SIGN}±×÷·…•°§²³½¼¾‰≈≤≥→←↑↓─━│┃┼▏▬▤▥▦▧▨▩●○■□◆◇▲△▼▽★✓₀₁₂₃₄"
SPACES = "\N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}\N{SOFT HYPHEN}"
LETTERS = string.ascii_letters + string.digits + string.punctuation + " " + NORWEGIAN + SAMI + SIGNS + SPACES


def main() -> None:
    """Both files, written where they stand."""
    options = subset.Options(
        flavor="woff2", hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 13], layout_features=["kern", "liga"]
    )
    options.drop_tables += ["FFTM", "MATH"]
    for weight, name in WEIGHTS.items():
        font = subset.load_font(str(FROM / name), options)
        cut = subset.Subsetter(options)
        cut.populate(text=LETTERS)
        cut.subset(font)
        font.recalcTimestamp = False
        path = MADE / f"letters_{weight}.woff2"
        subset.save_font(font, str(path), options)
        print(f"{path}: {path.stat().st_size} byte")


if __name__ == "__main__":
    main()
