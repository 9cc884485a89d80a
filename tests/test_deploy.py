"""What starts the yearly run by itself: systemd, cron, Windows' task scheduler and GitHub Actions ask for what there is."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from click.testing import CliRunner

from nlib import cli
from nlib.build import pipeline
from tests.editions import with_notebooks

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
HOME = "/opt/nlib"
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "update.yml").read_text(encoding="utf-8"))


def unit(name: str) -> dict[str, list[tuple[str, str]]]:
    """A unit's settings by section, those that stand more than once too."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            section.append(tuple(line.split("=", 1)))
    return sections


def accepted(words: list[str]) -> bool:
    """Whether the command line knows these words; nothing is run."""
    return CliRunner().invoke(cli.main, [*words, "--help"]).exit_code == 0


def commands() -> dict[str, list[str]]:
    """What each of them calls, from the program on."""
    cron = next(line for line in (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines() if line[0].isdigit())
    task = ElementTree.parse(DEPLOY / "nlib-update.xml").find(f".//{TASK}Exec")
    steps = "\n".join(step.get("run", "") for step in WORKFLOW["jobs"]["update"]["steps"])
    return {
        "systemd": shlex.split(dict(unit("nlib-update.service")["Service"])["ExecStart"]),
        "cron": shlex.split(re.search(r"\S*bin/nlib [^>\d]*", cron)[0]),
        "windows": [task.find(f"{TASK}Command").text, *shlex.split(task.find(f"{TASK}Arguments").text)],
        "github": shlex.split(re.search(r"\S*bin/nlib \w+", steps)[0]),
    }


@pytest.mark.parametrize("by", ["systemd", "cron", "windows", "github"])
def test_each_calls_a_command_that_there_is_where_make_puts_it(by):
    program, *words = commands()[by]
    assert words == ["update"] and accepted(words)
    assert re.search(r"\.venv[/\\](bin|Scripts)[/\\]nlib(\.exe)?$", program)
    assert "VENV := .venv" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_service_may_write_its_figures_and_pages_and_nothing_else():
    service = unit("nlib-update.service")["Service"]
    settings = dict(service)
    assert settings["Type"] == "oneshot" and settings["User"] != "root"
    assert settings["ReadWritePaths"].split() == [f"{HOME}/data", f"{HOME}/reports"]
    assert (settings["ProtectSystem"], settings["NoNewPrivileges"], settings["PrivateTmp"]) == ("strict", "yes", "yes")
    assert {"MemoryMax", "TimeoutStartSec", "Nice", "TasksMax"} <= settings.keys()
    allowed = settings["SystemCallFilter"].split()
    assert {"landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "@mount"} <= set(allowed)
    assert settings["SystemCallErrorNumber"] == "EPERM", "a system that lacks one says so and goes on"
    given = dict(value.split("=", 1) for name, value in service if name == "Environment")
    assert given["NLIB_HOME"] == HOME == settings["WorkingDirectory"]
    written = [value for name, value in given.items() if name in ("HOME", "MPLCONFIGDIR")]
    assert all(value.startswith(f"/var/cache/{settings['CacheDirectory']}") for value in written)


def test_the_timer_starts_that_service_and_makes_up_for_a_machine_that_was_off():
    timer = dict(unit("nlib-update.timer")["Timer"])
    assert timer["Unit"] == "nlib-update.service" and (DEPLOY / timer["Unit"]).is_file()
    assert timer["Persistent"] == "true" and timer["RandomizedDelaySec"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze finnes ikke")
def test_systemd_finds_no_fault_with_the_units(tmp_path):
    program = tmp_path / ".venv" / "bin" / "nlib"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for path in DEPLOY.glob("nlib-update.[st]*"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8").replace(HOME, str(tmp_path)), encoding="utf-8")
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, tmp_path.glob("nlib-update.*"))], capture_output=True, text=True
    )
    assert (told.returncode, told.stderr) == (0, "")
    calendar = dict(unit("nlib-update.timer")["Timer"])["OnCalendar"]
    assert subprocess.run(["systemd-analyze", "calendar", calendar], capture_output=True).returncode == 0


def calls(words: list[str]) -> set[str]:
    """The system calls that words of a filter are, as this machine's systemd knows its sets."""
    found = set()
    for word in words:
        if not word.startswith("@"):
            found.add(word)
            continue
        told = subprocess.run(["systemd-analyze", "syscall-filter", word], capture_output=True, text=True, check=True).stdout
        found |= calls([line.strip() for line in told.splitlines()[1:] if line.strip() and "#" not in line])
    return found


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze finnes ikke")
def test_what_keeps_notebooks_in_is_among_the_calls_that_the_service_may_make():
    allowed = calls(dict(unit("nlib-update.service")["Service"])["SystemCallFilter"].split())
    entered = {"unshare", "mount", "capset", "prctl"}  # namespaces, the covers, and seccomp, which is asked for by `prctl`
    assert entered | {"landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "setrlimit"} <= allowed
    assert {"reboot", "init_module", "ptrace"}.isdisjoint(allowed)


def test_the_service_as_it_stands_runs_the_command_and_gives_its_exit_code(tmp_path):
    service = unit("nlib-update.service")["Service"]
    home = tmp_path / "nlib"
    program = home / ".venv" / "bin" / "nlib"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!{sys.executable}\nfrom nlib.cli import run\nrun()\n", encoding="utf-8")
    program.chmod(0o755)
    with_notebooks(home)

    def here(text):
        return text.replace(HOME, str(home)).replace("/var/cache/nlib", str(tmp_path / "cache"))

    given = dict(here(value).split("=", 1) for name, value in service if name == "Environment")
    given |= {"NLIB_API": "http://127.0.0.1:9", "PATH": "/usr/bin:/bin", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = shlex.split(here(dict(service)["ExecStart"]))
    done = subprocess.run(command, cwd=home, env=given, capture_output=True, text=True)
    assert done.returncode == 1 and "har ingen tabeller å lage sider av" in done.stderr
    run = next((home / "reports").glob("*/run.json")).read_text(encoding="utf-8")
    assert "ingen tjeneste svarer der" in run
    assert sorted(path.name for path in home.iterdir()) == [".venv", "data", "notebooks", "reports"]


def test_the_task_of_windows_is_what_its_schema_asks_for():
    task = ElementTree.parse(DEPLOY / "nlib-update.xml").getroot()
    assert task.tag == f"{TASK}Task" and task.get("version") == "1.2"
    order = [part.tag.removeprefix(TASK) for part in task]
    assert order == ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]
    assert task.find(f"{TASK}Actions").get("Context") == task.find(f".//{TASK}Principal").get("id")
    months = task.find(f".//{TASK}Months")
    assert len(months) == 12 and task.find(f".//{TASK}Day").text == "2"
    settings = {part.tag.removeprefix(TASK): part.text for part in task.find(f"{TASK}Settings")}
    assert settings["MultipleInstancesPolicy"] == "IgnoreNew" and settings["StartWhenAvailable"] == "true"


def test_the_cron_line_is_one_line_with_five_times():
    lines = [line for line in (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines() if line and line[0] not in "#M"]
    assert len(lines) == 1 and "%" not in lines[0]
    assert re.match(r"(\S+\s+){5}cd /opt/nlib && ", lines[0])


def test_what_cron_mails_names_every_source_that_a_run_lost_however_many_pages_failed(tmp_path):
    line = next(line for line in (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines() if line[0].isdigit())
    program = tmp_path / ".venv" / "bin" / "nlib"
    program.parent.mkdir(parents=True)
    (tmp_path / "data").mkdir()
    sources = list(pipeline.raws())
    failed = [f"{number}/side.html: feilet" for number in range(357)] + [f"hent: {name}: borte" for name in sources]
    said = "\n".join(["nlib: ting feilet i kjøringen:", *(f"  - {line}" for line in failed)])
    program.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{said}\nEND\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    command = re.sub(r"^(\S+\s+){5}", "", line).replace(HOME, str(tmp_path))
    mailed = subprocess.run(["sh", "-c", command], capture_output=True, text=True).stdout
    assert mailed.startswith("nlib update feilet:") and all(f"hent: {name}: borte" in mailed for name in sources)


def test_the_workflow_can_read_and_no_more_and_hands_over_its_pages_whatever_happens():
    assert WORKFLOW["permissions"] == {"contents": "read"}
    steps = WORKFLOW["jobs"]["update"]["steps"]
    upload = next(step for step in steps if step.get("uses", "").startswith("actions/upload-artifact"))
    assert upload["with"]["path"] == "reports" and "!cancelled()" in upload["if"]
    assert not any(step.get("continue-on-error") for step in steps)
    used = [step["uses"] for step in steps if "uses" in step]
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", each) for each in used), "a tag can be moved"
    assert next(step for step in steps if "checkout" in step.get("uses", ""))["with"]["persist-credentials"] is False
    assert all("${{" not in step.get("run", "") for step in steps), "what a user writes reaches the shell by environment only"
    targets = re.findall(r"^(\S+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert "$(VENV)/ready" in targets and any(step.get("run") == "make .venv/ready" for step in steps)


def test_the_runs_exit_code_is_that_of_the_workflows_step(tmp_path):
    step = next(step for step in WORKFLOW["jobs"]["update"]["steps"] if "bin/nlib" in step.get("run", ""))
    program = tmp_path / ".venv" / "bin" / "nlib"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "$#:$*" > sagt\nexit 1\n')
    program.chmod(0o755)
    for edition, told in {"": "1:update", "2026; rm -rf x": "3:update --edition 2026; rm -rf x"}.items():
        done = subprocess.run(["bash", "-e", "-c", step["run"]], cwd=tmp_path, env={"EDITION": edition, "PATH": "/usr/bin:/bin"})
        assert done.returncode == 1 and (tmp_path / "sagt").read_text().strip() == told
