"""Settings: what goes before what, where each comes from, and what is told of a file that is wrong."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nlib import cli
from nlib.core import settings
from nlib.core.errors import WrongUse


@pytest.fixture
def told(tmp_path, monkeypatch):
    """Writes the file of settings of a folder that one stands in, and a home that has none."""
    for name in settings.SETTINGS.values():
        monkeypatch.delenv(name.variable, raising=False)
    monkeypatch.delenv("NLIB_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    settings.in_file.cache_clear()

    def write(text, name=settings.FILE):
        (tmp_path / name).write_text(text, encoding="utf-8")
        settings.in_file.cache_clear()
        return tmp_path / name

    yield write
    settings.in_file.cache_clear()


def test_the_environment_goes_before_the_file_and_the_file_before_what_is_usual(told, monkeypatch):
    assert (settings.value("jobs"), settings.source("jobs")) == ("", settings.USUAL)
    path = told("jobs = 3\n")
    assert (settings.value("jobs"), settings.source("jobs")) == ("3", str(path))
    monkeypatch.setenv("NLIB_JOBS", "5")
    assert (settings.value("jobs"), settings.source("jobs")) == ("5", "miljøet (NLIB_JOBS)")


def test_a_path_in_the_file_is_from_where_the_file_lies(told, monkeypatch, tmp_path):
    path = told('home = "tall"\n', "annet.toml")
    (tmp_path / "tall").mkdir()
    monkeypatch.setenv("NLIB_CONFIG", str(path))
    monkeypatch.chdir("/")
    settings.in_file.cache_clear()
    assert settings.value("home") == str(tmp_path / "tall")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("jobbs = 3", "«jobbs» er ingen innstilling. Mente du jobs?"),
        ("farge = 1", "Innstillingene er home, api"),
        ("jobs = [1]", "jobs må være tekst eller et helt tall"),
        ("jobs = true", "jobs må være tekst eller et helt tall"),
        ("jobs =", "kan ikke leses"),
    ],
)
def test_a_file_that_is_wrong_is_told_with_its_place(told, text, why):
    path = told(text)
    with pytest.raises(WrongUse) as refused:
        settings.value("jobs")
    assert str(path) in str(refused.value) and why in str(refused.value)


def test_a_file_that_is_named_and_not_there_is_told(told, monkeypatch):
    monkeypatch.setenv("NLIB_CONFIG", "borte.toml")
    with pytest.raises(WrongUse, match=r"borte\.toml"):
        settings.file()


def test_a_setting_is_an_option_where_the_option_is_not_given_and_config_tells_where_each_comes_from(told, tmp_path):
    told('home = "."\nengine = "fort"\nlog_file = "nlib.log"\n')
    run = [sys.executable, "-m", "nlib.cli"]
    done = subprocess.run([*run, "report", "Oslo"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2 and f"{tmp_path / settings.FILE}: engine kan ikke være «fort»" in done.stderr
    done = subprocess.run(
        [*run, "report", "Oslo"], cwd=tmp_path, capture_output=True, text=True, env=os.environ | {"NLIB_JOBS": "0"}
    )
    assert done.returncode == 2 and "miljøet (NLIB_JOBS): jobs kan ikke være «0»" in done.stderr
    done = subprocess.run([*run, "config", "--json"], cwd=tmp_path, capture_output=True)
    assert done.returncode == 2 and "engine kan ikke være «fort»" in done.stderr.decode()
    rows = {row["name"]: row for row in json.loads(done.stdout)}
    assert rows["engine"]["value"] == "fort" and rows["engine"]["source"].endswith(settings.FILE)
    assert rows["home"]["value"] == str(tmp_path) and rows["engine"]["meaning"]
    assert rows["api"] == rows["api"] | {"value": "https://data.ssb.no/api", "source": "standard"}
    assert "utgangskode 2" in (tmp_path / "nlib.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "cannot", "can"),
    [
        ("home", "/nope/deeper", "."),
        ("home", "/etc/passwd", "./new"),
        ("api", "foo", "http://127.0.0.1:8765/api"),
        ("language", "xx", "nn"),
        ("jobs", "0", "2"),
        ("engine", "fort", "kernel"),
        ("scheduler", "klyngen", "tcp://10.0.0.1:8786"),
    ],
)
def test_a_setting_that_cannot_be_is_told_by_whoever_asks_for_it_with_where_it_stands(told, monkeypatch, name, cannot, can):
    told(f'{name} = "{cannot}"\n')
    with pytest.raises(WrongUse, match=f"{settings.FILE}: {name} kan ikke være «.*{cannot}». Det må være "):
        settings.value(name)
    monkeypatch.setenv(settings.SETTINGS[name].variable, cannot)
    assert settings.fault(name).startswith(f"miljøet (NLIB_{name.upper()}): {name} kan ikke være «{cannot}»")
    monkeypatch.setenv(settings.SETTINGS[name].variable, can)
    assert settings.value(name) == can


def test_config_shows_every_setting_and_comparison_and_tells_all_that_cannot_be(told, monkeypatch, tmp_path, capsys):
    def config():
        settings.in_file.cache_clear()
        try:
            cli.run(["config"])
        except SystemExit as done:
            return (done.code, *capsys.readouterr())
        return (0, *capsys.readouterr())

    path = told('home = "."\n[compare]\n3222 = ["3205", "Oslo"]\n')
    code, shown, _ = config()
    assert code == 0 and re.search(rf"compare 3222 +3205, Oslo +{path}", shown)
    for wrong, why in (('["3222", "Oslo"]', "måles mot seg selv"), ('["Osslo"]', "Mente du Oslo"), ('"Våler"', "flere kommuner")):
        told(f'home = "."\n[compare]\n3222 = {wrong}\n')
        code, shown, refused = config()
        assert code == 2 and "compare 3222" in shown and f"{path}" in refused and why in refused
    monkeypatch.setenv("NLIB_API", "foo")
    monkeypatch.setenv("NLIB_LANGUAGE", "xx")
    code, shown, refused = config()
    assert code == 2 and "foo" in shown and refused.count("kan ikke være") == 2


def test_a_run_without_a_file_or_environment_needs_neither(told, tmp_path):
    done = subprocess.run([sys.executable, "-m", "nlib.cli", "config"], cwd=tmp_path, env=dict(os.environ), capture_output=True)
    assert done.returncode == 0 and done.stdout.count(b"standard") == len(settings.SETTINGS)
    assert f"home       {Path(__file__).parents[1]} ".encode() in done.stdout, "the folder itself, also where nobody has said it"


def test_a_municipality_s_standing_comparison_stands_in_the_file(told):
    assert settings.comparisons() == {}
    told('jobs = 2\n[compare]\n3222 = ["3205", "Oslo"]\n"Utsira" = "Karmøy"\n')
    assert settings.comparisons() == {"3222": ["3205", "Oslo"], "Utsira": ["Karmøy"]}
    assert settings.value("jobs") == "2"
    for wrong in ("compare = 3205\n", "[compare]\n3222 = 3205\n", "[compare]\n3222 = [3205]\n"):
        told(wrong)
        with pytest.raises(WrongUse, match="hvem den måles mot"):
            settings.comparisons()
