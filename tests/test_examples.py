"""The examples in the docstrings of what a researcher calls: every function has one, and it gives what it says."""

import doctest
import importlib
import inspect

import numpy as np
import pandas as pd
import pytest

import nlib

LIBRARIES = ("attractiveness", "composite", "projection", "survey", "value_creation")


def promised():
    """Every function that `nlib` and its libraries promise, by name, and what is known where its example stands."""
    known = {"np": np, "pd": pd, "nlib": nlib}
    found = {f"nlib.{name}": (getattr(nlib, name), known) for name in nlib.__all__}
    for library in LIBRARIES:
        module = importlib.import_module(f"nlib.methods.{library}")
        names = {name: getattr(module, name) for name in module.__all__}
        found |= {f"nlib.methods.{library}.{name}": (thing, known | names) for name, thing in names.items()}
    return {name: (thing, known) for name, (thing, known) in found.items() if inspect.isfunction(thing)}


ROOMS = {
    "nlib.kommuner": (type(nlib.kommuner), {"nlib": nlib}),
    "nlib.indicators": (nlib.indicators.__call__, {"nlib": nlib}),
}
EXAMPLES = promised() | ROOMS


@pytest.fixture(autouse=True)
def at_home(own_home, small_statbank, monkeypatch):
    monkeypatch.setenv("NLIB_HOME", str(own_home))
    monkeypatch.setenv("NLIB_API", small_statbank[0])


def test_there_is_something_to_show():
    assert len(EXAMPLES) > 40


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_holds(name):
    thing, known = EXAMPLES[name]
    found = [test for test in doctest.DocTestFinder(recurse=False).find(thing, name, globs=known) if test.examples]
    assert found, f"{name} has no example"
    assert len(found[0].docstring.splitlines()) < 40
    told = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    runner.run(found[0], out=told.append)
    assert runner.failures == 0, "".join(told)


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_taken_and_given_has_a_type(name):
    thing, _ = EXAMPLES[name]
    if inspect.isfunction(thing):
        told = inspect.signature(thing)
        assert [p.name for p in told.parameters.values() if p.annotation is inspect.Parameter.empty] == []
        assert told.return_annotation is not inspect.Signature.empty
