"""What a command would do, and about how long it would take: `--dry-run`. Nothing is written, and no figures are asked for."""

from collections.abc import Collection
from dataclasses import dataclass, field

from nlib.build import pipeline
from nlib.core.store import Edition
from nlib.press import publish

TABLE, PAGE = 0.7, 0.87  # seconds of one core for a table and for a page, measured on two cores (docs/scale.md)


@dataclass(frozen=True)
class _Asked(Edition):
    """An edition whose tables all seem to stand, so that a build of it builds nothing; `lacking` are those that do not."""

    lacking: list[str] = field(default_factory=list, compare=False)

    def has_table(self, name: str, inputs: str) -> bool:
        if not super().has_table(name, inputs):
            self.lacking.append(name)
        return True

    @property
    def outdated(self) -> bool:
        return False


def building(edition: Edition) -> list[str]:
    """What `nlib build` would build."""
    asked = _Asked(edition.name, edition.root)
    pipeline.build(asked, lambda line: None, edition.processed_manifest().get("accepted", {}))
    if not asked.lacking:
        return [f"Utgaven {edition.name}: ingen tabeller er endret, ingenting bygges"]
    stand = len(pipeline.datasets()) - len(asked.lacking)
    told = f"Utgaven {edition.name}: {len(asked.lacking)} tabeller bygges, {stand} er uendret. {about(TABLE * len(asked.lacking))}"
    return [told, *(f"  {name}" for name in asked.lacking)]


def reporting(edition: Edition, kommuner: Collection[str], names: Collection[str], jobs: int, **options) -> list[str]:
    """What `nlib report` would make; options as for `nlib.press.publish.foreseen`."""
    made, stand = publish.foreseen(edition, kommuner, names, **options)
    return [f"Utgaven {edition.name}: {made} sider lages, {stand} er uendret. {about(PAGE * made / jobs)}"]


def about(seconds: float) -> str:
    """So many seconds as a rough time."""
    if seconds < 90:
        return f"Omtrent {round(seconds)} sekunder" if seconds >= 1.5 else "Et øyeblikk"
    return f"Omtrent {round(seconds / 60)} minutter"
