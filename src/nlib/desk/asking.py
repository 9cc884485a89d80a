"""What may be asked: a function's arguments held against what it says that it takes, before anything is done with them."""

import functools
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from numbers import Integral
from types import UnionType
from typing import Annotated, Any, ParamSpec, TypeVar, get_args, get_origin

import pandas as pd

from nlib.core.errors import WrongParameter
from nlib.core.meant import near, question

SHORT = 60  # signs of a value that an error shows
P = ParamSpec("P")
R = TypeVar("R")
KINDS = {  # that a parameter may be declared as, with the words for each
    str: "tekst",
    int: "et helt tall",
    bool: "True eller False",
    pd.DataFrame: "en tabell (pandas DataFrame)",
    pd.Series: "en pandas Series",
    Sequence: "en liste",
    range: "range",
    type(None): "None",
}


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """A function that answers what it cannot take with `WrongParameter`: which argument, what it must be, and an example of a call
    from its own description."""

    @functools.wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        signature, called = inspect.signature(function), _called(function)
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError as error:
            raise WrongParameter(f"{_unbound(called, signature, args, kwargs)} {_example(function)}".rstrip()) from error
        for name, value in given.items():
            parameter = signature.parameters[name]
            if value is None and parameter.default == "":  # not given, as «» is
                continue
            several = parameter.kind is inspect.Parameter.VAR_KEYWORD
            for each, one in value.items() if several else [(name, value)]:
                if name != "self" and (must := wrong(one, parameter.annotation)):
                    raise WrongParameter(f"{called}: {each} må være {must}, ikke {told(one)}. {_example(function)}".rstrip())
        return function(*args, **kwargs)

    return asked


def wrong(value: object, declared: Any) -> str:
    """What a value must be that is declared so and is not; empty where it is. An `Annotated` declaration has words of its own."""
    fits = declared is inspect.Parameter.empty or any(_is(value, kind) for kind in _kinds(declared))
    return "" if fits else _words(declared)


def _kinds(declared: Any) -> Sequence[Any]:
    declared = get_args(declared)[0] if get_origin(declared) is Annotated else declared
    return get_args(declared) if isinstance(declared, UnionType) else (declared,)


def _words(declared: Any) -> str:
    if get_origin(declared) is Annotated:
        return get_args(declared)[1]
    words = []
    for kind in _kinds(declared):
        of, *within = get_origin(kind) or kind, *get_args(kind)
        words.append(KINDS.get(of, getattr(of, "__name__", "")) + (f" av {_words(within[0])}" if of is Sequence else ""))
    return " eller ".join(dict.fromkeys(words))


def _is(value: object, kind: Any) -> bool:
    of = get_origin(kind) or kind
    if of is Sequence:
        listed = hasattr(value, "__iter__") and not isinstance(value, str | Mapping | pd.DataFrame)
        return listed and all(not wrong(each, get_args(kind)[0]) for each in value)  # type: ignore[attr-defined]
    if of is int:
        return isinstance(value, Integral) and not isinstance(value, bool)
    return not isinstance(of, type) or isinstance(value, of)


def told(value: object) -> str:
    """A value as an error tells it: itself where it is short, or what it is."""
    if isinstance(value, pd.DataFrame | pd.Series):
        return "en tabell" if isinstance(value, pd.DataFrame) else "en pandas Series"
    text = " ".join(repr(value).split())
    return text if len(text) <= SHORT else f"{text[:SHORT]}…"


def _called(function: Callable) -> str:
    """A function as it is called: «nlib.table», «view.figure», «View»."""
    owner, _, name = function.__qualname__.rpartition(".")
    return f"nlib.{name}" if not owner else owner if name == "__init__" else f"{owner.lower()}.{name}"


def _unbound(called: str, signature: inspect.Signature, args: Sequence, kwargs: Mapping) -> str:
    """Why arguments are not those of a function."""
    takes = [name for name in signature.parameters if name != "self"]
    every = ", ".join(takes) or "ingenting"
    for name in kwargs:
        if name not in takes:
            return f"{called} tar ikke imot {name}. {question(near(name, takes), f'Den tar {every}.')}"
    given = {*takes[: len(args)], *kwargs}  # a method's own place is among neither
    lacking = [name for name in takes if name not in given and signature.parameters[name].default is inspect.Parameter.empty]
    return f"{called} tar bare {every}." if len(args) > len(takes) else f"{called} må få {', '.join(lacking)}."


def _example(function: Callable) -> str:
    """A call of a function from its description; empty where there is none."""
    found = re.search(rf">>> .*?((?:nlib|view)\.{function.__name__}\((?:[^()]|\([^()]*\))*\))", function.__doc__ or "")
    return f"For eksempel: {found[1]}" if found else ""
