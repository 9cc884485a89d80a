"""Names that Tab completes in the arguments of a call, in IPython and Jupyter: `view.figure("pend<TAB>`, `nlib.table("<TAB>`.

IPython completes keys and attributes by itself, and finds what stands before the parenthesis without running what is typed.
"""

import ast
import inspect
import re
from collections.abc import Callable

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, completion_matcher
from IPython.core.getipython import get_ipython
from IPython.core.guarded_eval import EVALUATION_POLICIES, EvaluationContext, SelectivePolicy, guarded_eval

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
    try:
        offered = _offers(_called(opened["before"], names))
    except NlibError:  # no edition, or one that is not built: the call itself will say so
        offered = []
    begun = opened["begun"]
    return [name for name in offered if name.casefold().startswith(begun.casefold())], begun


def _offers(function) -> list[str]:
    """What the first argument of a function may be."""
    from nlib.build import pipeline
    from nlib.desk import research as desk
    from nlib.desk.view import View, figure_ids, themes

    offers: dict[object, Callable[[], list[str]]] = {
        desk.view: lambda: list(desk.kommuner),
        desk.indicator: lambda: list(desk.CATALOGUE.index),
        **dict.fromkeys([desk.table, desk.describe, View.table], lambda: sorted(pipeline.datasets())),
        View.figure: figure_ids,
        View.front: themes,
    }
    return offers[function]() if function in offers else []


def _called(before: str, names: dict):
    """The function that a text ends in, by the longest part of it that is an expression; None where only running it would tell."""
    from nlib.desk.research import Kommuner

    limited = EVALUATION_POLICIES["limited"]
    assert isinstance(limited, SelectivePolicy)
    limited.allowed_getattr.add(Kommuner)  # looks its municipalities up, and does nothing else
    limited.allowed_getitem.add(Kommuner)  # type: ignore[arg-type]
    for start in range(len(before)):
        try:
            ast.parse(before[start:].strip(), mode="eval")
        except SyntaxError:
            continue
        try:
            found = guarded_eval(before[start:].strip(), EvaluationContext(globals=names, locals={}, evaluation="limited"))
        except Exception:  # it is not known, or may not be run
            return None
        found = getattr(found, "__func__", found)
        return found if inspect.isfunction(found) else None
    return None
