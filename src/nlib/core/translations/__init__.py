"""The texts that readers see in nynorsk and English: written in bokmål where they are used, and exchanged by the catalogue of the
language beside this file (PO, as gettext and Babel have it): `_("{name} har {jobs} arbeidsplasser", name=name, jobs=number(jobs))`.

A translation moves values about, and never holds code. `pgettext("goal", "Mål")` is for a word that is several words in another
language.
"""

import functools
import importlib.resources
import os
import re

from nlib.core.errors import WrongUse

LANGUAGES = {"nb": "bokmål", "nn": "nynorsk", "en": "engelsk"}
WRITTEN = "nb"  # what the code is written in
VARIABLE = "NLIB_LANGUAGE"
VALUE = re.compile(r"\{(\w+)\}")


def spoken() -> str:
    """The language of this process and those it starts: «nb», «nn» or «en». WrongUse where it is asked for another."""
    language = os.environ.get(VARIABLE) or WRITTEN
    if language not in LANGUAGES:
        raise WrongUse(f"{VARIABLE}={language}: språket må være {', '.join(LANGUAGES)}")
    return language


def speak(language: str) -> None:
    """Make this process, and those it starts, speak this language; before any text is asked for."""
    if language != spoken() and _texts.cache_info().currsize:
        raise WrongUse(f"Språket må velges før figurene er lastet: sett {VARIABLE}={language} før Python startes")
    os.environ[VARIABLE] = language


def _(text: str, /, **values: object) -> str:
    """A text in the language of this process with its values in place; as it is written where the catalogue does not have it."""
    return pgettext(None, text, **values)


def pgettext(context: str | None, text: str, /, **values: object) -> str:
    """A text that is several in another language, in the sense that the context names."""
    translated = _texts(spoken()).get((context, text), text)
    return VALUE.sub(lambda found: str(values[found[1]]), translated) if values else translated


@functools.cache
def _texts(language: str) -> dict[tuple[str | None, str], str]:
    return {} if language == WRITTEN else catalogue(language)


@functools.cache
def catalogue(language: str) -> dict[tuple[str | None, str], str]:
    """What is translated, by context (None as a rule) and text in bokmål."""
    from babel.messages.pofile import read_po  # a process that speaks bokmål has no use for it

    with importlib.resources.files(__name__).joinpath(f"{language}.po").open("rb") as file:
        return {
            (message.context, str(message.id)): str(message.string) for message in read_po(file) if message.id and message.string
        }
