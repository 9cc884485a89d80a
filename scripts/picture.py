"""The picture of a page in README: docs/side.png, of the top of a page of the edition `demo`, by headless Chromium.

nlib report Lørenskog --edition demo --notebook pendling
python scripts/picture.py reports/demo/3222-lorenskog/pendling.html
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

WIDTH, HEIGHT, LARGEST = 860, 1900, 200_000
MARK = "Demodata"


def main(page: Path, target: Path) -> None:
    """Draw the page, seen to bear the demo's mark, as a PNG of few colours."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        opened = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        opened.goto(page.resolve().as_uri(), timeout=120_000)
        assert opened.get_by_text(MARK).first.is_visible(), f"{page} has no «{MARK}»"
        shot = opened.screenshot(timeout=120_000)
        browser.close()
    Image.open(io.BytesIO(shot)).convert("RGB").quantize(64).save(target, optimize=True)
    assert target.stat().st_size < LARGEST


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).parents[1] / "docs" / "side.png")
