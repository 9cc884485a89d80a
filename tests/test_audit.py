"""What the audit of the locked packages makes of pip-audit's report."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[1]
AUDIT = runpy.run_path(str(ROOT / "scripts" / "audit.py"), run_name="prøve")
verdict = AUDIT["verdict"]
SOUND = {"name": "click", "version": "8.1", "vulns": []}
UNKNOWN = {"name": "egen", "skip_reason": "Dependency not found on PyPI"}
BROKEN = {"name": "jinja2", "version": "3.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1.6"], "aliases": []}]}


def test_a_known_vulnerability_fails_and_is_named_with_the_version_that_mends_it():
    for allowed in (False, True):
        lines, code = verdict({"dependencies": [SOUND, BROKEN]}, allowed)
        assert code == 1 and lines[0] == "jinja2 3.0: PYSEC-1, rettet i 3.1.6"


def test_packages_that_are_sound_pass():
    assert verdict({"dependencies": [SOUND]}) == (["1 av 1 pakker er sett etter, 0 kjente sårbarheter."], 0)


def test_a_package_that_was_not_looked_up_is_told_and_never_counted_as_sound():
    lines, code = verdict({"dependencies": [SOUND, UNKNOWN]})
    assert code == 0 and lines[-1].startswith("1 av 2 pakker er sett etter") and "1 er IKKE SETT ETTER" in lines[-1]


def test_an_audit_that_could_look_up_nothing_fails_unless_that_is_allowed_and_is_told_either_way():
    for report in (None, {"dependencies": []}, {"dependencies": [UNKNOWN, UNKNOWN]}):
        lines, code = verdict(report)
        assert code == 1 and lines[0].startswith("IKKE SETT ETTER")
        lines, code = verdict(report, allow_unchecked=True)
        assert code == 0 and lines[0].startswith("IKKE SETT ETTER")


def test_only_the_build_server_allows_what_was_not_looked_up():
    assert "--allow-unchecked" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "--allow-unchecked" not in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_a_version_that_several_locks_have_is_asked_for_once_and_two_versions_of_a_library_both():
    locks = ["a==1 --hash=x\nb==1 ; python_version < '3.12'\nb==2 ; python_version >= '3.12'\n", "a==1 ; os_name == 'nt'\nc==1\n"]
    assert [each.split()[0] for each in AUDIT["merged"](locks)] == ["a==1", "b==1", "b==2", "c==1"]
