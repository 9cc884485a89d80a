"""What somebody probably meant who wrote a name that does not exist."""

import difflib
from collections.abc import Iterable

ALIKE, WORSE = 0.6, 0.05  # how like a name must be, and how much less so than the one most like


def near(word: str, names: Iterable[str], most: int = 3) -> list[str]:
    """The names that are most like a word in any case, best first: those that it is a part of, or those written nearly so."""
    word, names = word.casefold(), list(dict.fromkeys(names))
    if parts := [name for name in names if word and word in name.casefold().replace(".", " ").replace("_", " ").split()]:
        return sorted(parts, key=lambda name: name.casefold() != word)[:most]
    likeness = {name: difflib.SequenceMatcher(None, word, name.casefold()).ratio() for name in names}
    best = max(likeness.values(), default=0.0)
    alike = [name for name, ratio in likeness.items() if ratio >= max(ALIKE, best - WORSE)]
    return sorted(alike, key=lambda name: -likeness[name])[:most]


def question(found: Iterable[str], otherwise: str = "") -> str:
    """«Mente du a, b eller c?», or what is to be said where nothing is near."""
    names = list(found)
    if not names:
        return otherwise
    return f"Mente du {' eller '.join(filter(None, (', '.join(names[:-1]), names[-1])))}?"
