"""Old editions, and taking them away: their raw files, tables and pages."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from nlib.core import store
from nlib.core.errors import many
from nlib.core.store import Edition

KEPT = 2  # editions with real figures that always stay, beside the one that `reports/latest` points at


@dataclass(frozen=True)
class Old:
    """An edition that can go: its size in bytes, and the names of the files in it that came by hand and cannot be fetched again."""

    edition: Edition
    size: int
    by_hand: tuple[str, ...]

    def __str__(self) -> str:
        text = f"{self.edition.name}: {self.size / 1e6:.0f} MB"
        return f"{text}, med {many(len(self.by_hand), 'fil', 'filer')} tatt inn for hånd" if self.by_hand else text


def old(root: Path) -> list[Old]:
    """The editions that are neither among the newest two with real figures, nor `demo`, nor what `reports/latest` points at."""
    names = [name for name in store.editions(root) if name != store.DEMO]
    editions = [store.edition(name, root) for name in names[KEPT:] if name != latest(root)]
    return [Old(each, _size(each), tuple(entry["name"] for entry in each.imports())) for each in editions]


def latest(root: Path) -> str | None:
    """The edition that `reports/latest` points at, a text file where the system has no links; None where there is none."""
    link = root / "reports" / "latest"
    if link.is_symlink():
        return Path(os.readlink(link)).name
    file = link.with_suffix(".txt")
    return file.read_text(encoding="utf-8").strip() if file.is_file() else None


def remove(edition: Edition) -> None:
    """Take an edition away. Its manifests go first: what is killed half way is no edition that seems whole."""
    for manifest in edition.manifests:
        manifest.unlink(missing_ok=True)
    for folder in _folders(edition):
        if folder.is_symlink():
            folder.unlink()
        elif folder.is_dir():
            shutil.rmtree(folder)


def _folders(edition: Edition) -> tuple[Path, Path, Path]:
    return edition.root / "reports" / edition.name, edition.processed, edition.raw


def _size(edition: Edition) -> int:
    return sum(path.lstat().st_size for folder in _folders(edition) for path in folder.rglob("*") if path.is_file())
