"""The letters that figures are written in, which pages and files hold, so that they do not depend on a reader's fonts."""

import base64
import functools
import importlib.resources

WEIGHTS = (400, 700)


@functools.cache
def faces() -> str:
    """The fonts that `scripts/letters.py` has cut, as a style sheet holds them."""
    files = {weight: importlib.resources.files("nlib.core.resources").joinpath(f"letters_{weight}.woff2") for weight in WEIGHTS}
    return "".join(
        f'@font-face {{ font-family: "DejaVu Sans"; font-weight: {weight}; '
        f"src: url(data:font/woff2;base64,{base64.b64encode(file.read_bytes()).decode()}); }}\n"
        for weight, file in files.items()
    )
