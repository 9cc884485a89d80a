"""Writes the locks: exact versions with hashes for every Python from 3.11, one file a group, from the bounds in pyproject.toml.

    make lock                 # keeps the versions of the locks that still fit the bounds
    make lock UPGRADE=1       # the newest of everything

`report.lock` is what a page needs, with what installs nlib itself; every extra's is what it adds to that; `audit.lock` is for an
environment of its own. Needs `uv` on the path; `pip install uv` in an environment of its own is enough. The locks name no index.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = ROOT / "requirements"
REQUIREMENT = re.compile(r"^(?=[A-Za-z0-9])", re.MULTILINE)
COMPILE = [
    *("uv", "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header"),
    *("--no-emit-index-url", "--no-annotate", "--no-emit-package", "nlib", "--quiet"),
]


def main(upgrade: bool) -> None:
    """The locks as they are to be, written where they stand."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    builds = "\n".join(project["build-system"]["requires"])
    asked: dict[str, list[str]] = {"report": []}
    asked |= {name: ["--extra", name] for name in project["project"]["optional-dependencies"] if name != "dev"}
    kept = {name: "" if upgrade else lock(name) for name in (*asked, "audit")}
    every = [word for words in asked.values() for word in words]
    whole = compiled("pyproject.toml", "-", *every, near="".join(kept[name] for name in asked), builds=builds)
    groups = {name: parts(compiled("pyproject.toml", "-", *words, near=whole, builds=builds)) for name, words in asked.items()}
    for name in asked.keys() - {"report"}:
        groups[name] = [each for each in groups[name] if each not in groups["report"]]
    groups["audit"] = parts(compiled("--group", "pyproject.toml:audit", near=kept["audit"] or whole))
    LOCKS.mkdir(exist_ok=True)
    for name, requirements in groups.items():
        (LOCKS / f"{name}.lock").write_text("".join(requirements), encoding="utf-8")
        print(f"{name}.lock: {len(requirements)} pakker")


def lock(name: str) -> str:
    """A lock as it stands, empty where there is none yet."""
    path = LOCKS / f"{name}.lock"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def compiled(*options: str, near: str, builds: str = "") -> str:
    """The lock that uv resolves these to, with the versions of the lock `near` where they fit; `builds` stand for «-»."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "lock.txt")
        path.write_text(near, encoding="utf-8")
        subprocess.run([*COMPILE, *options, "--output-file", path], cwd=ROOT, input=builds, text=True, check=True)
        return path.read_text(encoding="utf-8")


def parts(lock: str) -> list[str]:
    """Every requirement of a lock with its marker and hashes."""
    return [part for part in REQUIREMENT.split(lock) if part]


if __name__ == "__main__":
    main("--upgrade" in sys.argv[1:])
