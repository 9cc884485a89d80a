"""What the audit of the locked packages makes of pip-audit's report."""

import runpy
from pathlib import Path

verdict = runpy.run_path(str(Path(__file__).parents[1] / "scripts" / "audit.py"), run_name="prøve")["verdict"]
SOUND = {"name": "click", "version": "8.1", "vulns": []}
UNKNOWN = {"name": "egen", "skip_reason": "Dependency not found on PyPI"}
BROKEN = {"name": "jinja2", "version": "3.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1.6"], "aliases": []}]}


def test_a_known_vulnerability_fails_and_is_named_with_the_version_that_mends_it():
    told, code = verdict({"dependencies": [SOUND, BROKEN]})
    assert code == 1 and told[0] == "jinja2 3.0: PYSEC-1, rettet i 3.1.6"


def test_packages_that_are_sound_pass():
    assert verdict({"dependencies": [SOUND]}) == (["1 av 1 pakker er sett etter, 0 kjente sårbarheter."], 0)


def test_what_was_not_looked_up_is_told_and_never_counted_as_sound():
    told, code = verdict({"dependencies": [UNKNOWN, UNKNOWN]})
    assert code == 0 and told[-1].startswith("0 av 2 pakker er sett etter") and "2 er ikke sett etter" in told[-1]


def test_a_service_that_does_not_answer_is_told_and_does_not_fail():
    told, code = verdict(None)
    assert code == 0 and "svarer ikke" in told[0]
