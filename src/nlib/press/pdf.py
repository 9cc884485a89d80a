"""A page on paper: its PDF, printed by the Chromium of the machine: tagged for screen readers, A4, page numbers, bookmarks."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from nlib.core.errors import NlibError, WrongUse

SECONDS = 120
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-pdf-header-footer",
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
)


def chromium() -> str:
    """The program that prints; `WrongUse` where the machine has none."""
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        if found := shutil.which(name):
            return found
    raise WrongUse(
        "PDF lages av Chromium, som ikke er installert her: apt-get install chromium, eller skriv ut siden fra en nettleser"
    )


def print_page(page: Path) -> Path:
    """The PDF beside a page, whole or not at all. `NlibError` where Chromium fails or takes more than two minutes."""
    program, target = chromium(), page.with_suffix(".pdf")
    with tempfile.TemporaryDirectory() as folder:
        printed = Path(folder) / "side.pdf"
        command = [program, *FLAGS, f"--user-data-dir={folder}/profil", f"--print-to-pdf={printed}", page.resolve().as_uri()]
        try:
            told = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        except subprocess.TimeoutExpired as error:
            raise NlibError(f"{page}: Chromium brukte mer enn {SECONDS} sekunder på utskriften") from error
        if not printed.is_file() or not printed.read_bytes().startswith(b"%PDF"):
            said = (told.stderr.strip().splitlines() or [f"kode {told.returncode}"])[-1]
            raise NlibError(f"{page}: Chromium laget ingen PDF: {said}")
        aside = target.with_name(f".{target.name}.aside")
        shutil.copyfile(printed, aside)
        os.replace(aside, target)
    return target
