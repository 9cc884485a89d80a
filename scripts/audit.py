"""Holds the locks in requirements/ against the published vulnerabilities of PyPI, with pip-audit in an environment of its own.

    make audit
    python scripts/audit.py --allow-unchecked   # where no service of vulnerabilities can be reached

Exit code 1 where a locked version has a known vulnerability, and where not one package could be looked up, unless that is allowed:
then it is told. What was not looked up is never counted as sound.
"""

import json
import re
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable
from pathlib import Path

LOCKS = Path(__file__).parents[1] / "requirements"
INSTALL = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r")


def asked(folder: Path) -> dict | None:
    """pip-audit's report; None where it cannot be installed or gets no answer, which it says itself on stderr."""
    venv.create(folder, with_pip=True)
    python = next(path for path in (Path(folder, "bin", "python"), Path(folder, "Scripts", "python.exe")) if path.exists())
    if subprocess.run([python, *INSTALL, LOCKS / "audit.lock"], check=False).returncode:
        return None
    whole = folder / "whole.txt"
    whole.write_text("".join(merged(path.read_text(encoding="utf-8") for path in sorted(LOCKS.glob("*.lock")))), encoding="utf-8")
    options = ["--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "20"]
    answer = subprocess.run([python, "-m", "pip_audit", "-r", whole, *options], stdout=subprocess.PIPE, text=True, check=False)
    return json.loads(answer.stdout) if answer.stdout.strip() else None


def merged(locks: Iterable[str]) -> list[str]:
    """The requirements of all the locks, each version of a library once: pip-audit refuses the same one twice."""
    requirements = (part for lock in locks for part in re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE) if part)
    return list({requirement.split()[0]: requirement for requirement in requirements}.values())


def verdict(report: dict | None, allow_unchecked: bool = False) -> tuple[list[str], int]:
    """The lines that tell of a report, and the exit code."""
    packages = report["dependencies"] if report else []
    known = [package for package in packages if "vulns" in package]
    lines = [
        f"{package['name']} {package['version']}: {found['id']}, rettet i {', '.join(found['fix_versions']) or 'ingen utgave'}"
        for package in known
        for found in package["vulns"]
    ]
    if not known:
        why = f"tjenesten kjenner ingen av de {len(packages)} pakkene" if packages else "tjenesten med sårbarheter svarer ikke"
        todo = "Det er tillatt her." if allow_unchecked else "Kjør make audit der nettet når pypi.org."
        return [f"IKKE SETT ETTER: {why}. {todo}"], 0 if allow_unchecked else 1
    total = f"{len(known)} av {len(packages)} pakker er sett etter, {len(lines)} kjente sårbarheter."
    if len(known) < len(packages):
        total += f" {len(packages) - len(known)} er IKKE SETT ETTER: tjenesten kjenner dem ikke eller svarer ikke."
    return [*lines, total], int(bool(lines))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as apart:
        lines, code = verdict(asked(Path(apart)), "--allow-unchecked" in sys.argv[1:])
    print("\n".join(lines))
    sys.exit(code)
