"""Holds requirements.lock against the published vulnerabilities of PyPI, with pip-audit in an environment of its own.

    make audit

Exit code 1 where a locked version has a known vulnerability. A service that cannot be reached, and packages that it does not know,
are told and do not fail: what was not looked up is never counted as sound.
"""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements.lock"
PIP_AUDIT = "pip-audit==2.10.1"


def asked(lock: Path) -> dict | None:
    """pip-audit's report; None where it cannot be installed or gets no answer, which it says itself on stderr."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = next(path for path in (Path(folder, "bin", "python"), Path(folder, "Scripts", "python.exe")) if path.exists())
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PIP_AUDIT]
        if subprocess.run(install, check=False).returncode:
            return None
        options = ["--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "20"]
        told = subprocess.run([python, "-m", "pip_audit", "-r", lock, *options], stdout=subprocess.PIPE, text=True, check=False)
        return json.loads(told.stdout) if told.stdout.strip() else None


def verdict(report: dict | None) -> tuple[list[str], int]:
    """What is told of a report, and the exit code."""
    if report is None:
        return ["Ikke sett etter: tjenesten med sårbarheter svarer ikke. Kjør make audit igjen der nettet når pypi.org."], 0
    packages = report["dependencies"]
    known = [package for package in packages if "vulns" in package]
    lines = [
        f"{package['name']} {package['version']}: {found['id']}, rettet i {', '.join(found['fix_versions']) or 'ingen utgave'}"
        for package in known
        for found in package["vulns"]
    ]
    told = f"{len(known)} av {len(packages)} pakker er sett etter, {len(lines)} kjente sårbarheter."
    if len(known) < len(packages):
        told += f" {len(packages) - len(known)} er ikke sett etter: tjenesten kjenner dem ikke eller svarer ikke."
    return [*lines, told], bool(lines)


if __name__ == "__main__":
    said, code = verdict(asked(LOCK))
    print("\n".join(said))
    sys.exit(code)
