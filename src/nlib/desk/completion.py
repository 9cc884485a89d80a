"""Names that Tab completes in the arguments of a call, in IPython and Jupyter: `view.figure("pend<TAB>`, `nlib.table("<TAB>`.

IPython completes keys and attributes by itself. Nothing that is typed is run to complete it: what a call gives is found by the
annotation of its function.
"""

import ast
import inspect
import re
import typing
from collections.abc import Callable
from types import ModuleType

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, completion_matcher
from IPython.core.getipython import get_ipython

from nlib.core.errors import NlibError

OPEN = re.compile(r"(?P<before>.*)\(\s*(?:\w+\s*=\s*)?(?P<quote>[\"'])(?P<begun>(?:(?!(?P=quote)).)*)")


def register() -> None:
    """Let the IPython that this runs in, if any, ask `matches` first; once, however often nlib is imported."""
    shell = get_ipython()
    if shell is not None and matches not in shell.Completer.custom_matchers:
        shell.Completer.custom_matchers.append(matches)


@completion_matcher(identifier="nlib", priority=50, api_version=2)
def matches(context: CompletionContext) -> SimpleMatcherResult:
    """IPython's matcher: what the first argument of the call at the cursor may be, where it is one of ours."""
    shell = get_ipython()
    found, begun = completions(context.text_until_cursor, shell.user_ns if shell else {})
    return {
        "completions": [SimpleCompletion(name, type="str") for name in found],
        "matched_fragment": begun,
        "suppress": bool(found),
    }


def completions(line: str, names: dict) -> tuple[list[str], str]:
    """What may end the text argument that a line stops in, and what there is of it; names: what the line's names are."""
    opened = OPEN.fullmatch(line)
    if opened is None:
        return [], ""
    function = _meant(_called(opened["before"]), names)
    offers = _offers().get(function) if inspect.isfunction(function) else None
    try:
        offered = offers() if offers else []
    except NlibError:  # no edition, or one that is not built: the call itself will say so
        offered = []
    begun = opened["begun"]
    return [name for name in offered if name.casefold().startswith(begun.casefold())], begun


def _offers() -> dict[object, Callable[[], list[str]]]:
    """Functions by what their first argument may be."""
    from nlib.build import pipeline
    from nlib.desk import research as desk
    from nlib.desk.view import View, figure_ids, themes

    return {
        desk.view: lambda: list(desk.kommuner),
        desk.indicator: lambda: list(desk.CATALOGUE.index),
        **dict.fromkeys([desk.table, desk.describe, View.table], lambda: sorted(pipeline.datasets())),
        View.figure: figure_ids,
        View.front: themes,
    }


def _called(before: str) -> ast.expr | None:
    """The longest expression, of names, attributes, calls and keys, that a text ends in."""
    for start in range(len(before)):
        try:
            node = ast.parse(before[start:].strip(), mode="eval").body
        except SyntaxError:
            continue
        if isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
            return node
    return None


def _meant(node: ast.expr | None, names: dict):
    """The function or object that an expression is, or the class of what it gives; None where only running it would tell."""
    match node:
        case ast.Name(id=name):
            return names.get(name)
        case ast.Attribute(value=value, attr=name):
            owner = _meant(value, names)
            if isinstance(owner, ModuleType):
                return getattr(owner, name, None)
            own = owner if isinstance(owner, type) else type(owner)
            return getattr(own, name, None) or _given(getattr(own, "__getattr__", None))
        case ast.Call(func=function):
            called = _meant(function, names)
            return called if isinstance(called, type) else _given(called)
        case ast.Subscript(value=value):
            owner = _meant(value, names)
            return _given(getattr(owner if isinstance(owner, type) else type(owner), "__getitem__", None))
    return None


def _given(function):
    """The class that a function of ours says that it gives."""
    ours = inspect.isfunction(function) and function.__module__.startswith("nlib.")
    return typing.get_type_hints(function).get("return") if ours else None
