"""A page on paper: its PDF, printed by the Chromium of the machine: tagged for screen readers, A4, page numbers, bookmarks."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from nlib.core.errors import NlibError, WrongUse
from nlib.core.translations import _

SECONDS = 120
ASKED, SHEETS = 5, 2  # questions of a report that its note answers at most, and the sheets that they have room on
SHEET = re.compile(rb"/Type\s*/Page\b")
ANSWER = re.compile(r'<section id="rapport-[\w-]+" class="answer">.*?</section>\n?', re.DOTALL)
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


def print_page(page: Path, target: Path | None = None) -> Path:
    """A page as a PDF beside it, whole or not at all. `NlibError` where Chromium fails or takes more than two minutes."""
    program, target = chromium(), target or page.with_suffix(".pdf")
    with tempfile.TemporaryDirectory() as folder:
        printed = Path(folder) / "side.pdf"
        command = [program, *FLAGS, f"--user-data-dir={folder}/profil", f"--print-to-pdf={printed}", page.resolve().as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        except subprocess.TimeoutExpired as error:
            raise NlibError(f"{page}: Chromium brukte mer enn {SECONDS} sekunder på utskriften") from error
        if not printed.is_file() or not printed.read_bytes().startswith(b"%PDF"):
            why = (done.stderr.strip().splitlines() or [f"kode {done.returncode}"])[-1]
            raise NlibError(f"{page}: Chromium laget ingen PDF: {why}")
        aside = target.with_name(f".{target.name}.aside")
        shutil.copyfile(printed, aside)
        os.replace(aside, target)
    return target


def printouts(page: Path) -> list[tuple[Path, Callable[[Path], Path]]]:
    """What is printed of a page, each with what prints it: the page itself, and the note of a report."""
    note = [(page.with_name("notat.pdf"), print_note)] if page.stem == "rapport" else []
    return [(page.with_suffix(".pdf"), print_page), *note]


def print_note(page: Path) -> Path:
    """As many of the first questions of a report as two sheets that can lie on a table hold; errors as for `print_page`."""
    report, target = page.read_text(encoding="utf-8"), page.with_name("notat.pdf")
    with tempfile.TemporaryDirectory() as folder:
        note = Path(folder) / "notat.html"
        for asked in range(ASKED, 0, -1):
            note.write_text(note_html(report, asked), encoding="utf-8")
            if len(SHEET.findall(print_page(note, target).read_bytes())) <= SHEETS:
                break
    return target


def note_html(report: str, asked: int) -> str:
    """A report of its first questions, for paper alone: without script, and so without the rules for what may run."""
    answers = [match.span() for match in ANSWER.finditer(report)]
    if len(answers) > asked:
        report = report[: answers[asked][0]] + report[report.index("</main>") :]
    report = re.sub(r"<script.*?</script>|<meta http-equiv[^>]*>", "", report, flags=re.DOTALL)
    sources = _("Kildene står under figurene, og med lenker og lisens i rapporten, som svarer på flere spørsmål.")
    report = re.sub(r"<footer>.*?</ul>", f"<footer>\n<p>{sources}</p>", report, flags=re.DOTALL)
    return re.sub(r'(<title>|<h1>|--foot: "[^:]*: )[^<.–]*(?=\.| –|</h1>)', lambda found: found[1] + _("Notat"), report)
