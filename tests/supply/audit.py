"""Is anything that comes with us known to be broken? Three answers: no, yes, nobody could be asked."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.supply.installed import needed, pinned

CLEAN, FOUND, NOT_REACHABLE = 0, 1, 3
"""What the process ends with; what could not be asked is never clean."""

PATIENCE = 300  # seconds

Run = Callable[[Sequence[str], Path], str]


@dataclass(frozen=True)
class Answer:
    """What one database said.

    Attributes:
        of: what was asked about.
        code: one of the three.
        said: a sentence each.
    """

    of: str
    code: int
    said: tuple[str, ...]


def python_answer(run: Run, requirements: Sequence[str]) -> Answer:
    """Ask pip-audit about the packages that are installed with us."""
    of = f"{len(requirements)} Python packages"
    with TemporaryDirectory() as folder:
        asked = Path(folder) / "requirements.txt"
        asked.write_text("\n".join(requirements))
        options = ("--requirement", str(asked), "--no-deps", "--disable-pip", "--format", "json")
        told = _json(
            run([sys.executable, "-m", "pip_audit", "--progress-spinner", "off", *options], Path(folder))
        )
    packages = told.get("dependencies")
    if not isinstance(packages, list) or len(packages) < len(requirements):
        return Answer(of, NOT_REACHABLE, ("pip-audit has asked nobody, or not about all.",))
    skipped = [f"{one['name']}: not asked, {one['skip_reason']}" for one in packages if "skip_reason" in one]
    found = [
        f"{one['name']} {one['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'none'}"
        for one in packages
        for flaw in one.get("vulns", ())
    ]
    return Answer(of, FOUND if found else NOT_REACHABLE if skipped else CLEAN, (*found, *skipped))


def npm_answer(run: Run, folder: Path) -> Answer:
    """Ask npm about what is bundled."""
    of = "npm packages in the bundle"
    told = _json(run(["npm", "audit", "--omit=dev", "--json"], folder))
    flaws = told.get("vulnerabilities")
    if "error" in told or not isinstance(flaws, dict) or "metadata" not in told:
        return Answer(of, NOT_REACHABLE, ("npm audit has asked nobody.",))
    found = tuple(
        f"{name}: {flaw.get('severity')}, versions {flaw.get('range')}" for name, flaw in flaws.items()
    )
    return Answer(of, FOUND if found else CLEAN, found)


def report(answers: Sequence[Answer]) -> tuple[list[str], int]:
    """Return what to print, and what to end with: what was found counts before what could not be asked."""
    words = {CLEAN: "clean", FOUND: "FOUND", NOT_REACHABLE: "NOT REACHABLE: nothing is known"}
    lines = [
        line for one in answers for line in (f"{one.of}: {words[one.code]}", *(f"  {s}" for s in one.said))
    ]
    codes = {answer.code for answer in answers}
    return lines, next(code for code in (FOUND, NOT_REACHABLE, CLEAN) if code in codes)


def run_tool(command: Sequence[str], folder: Path) -> str:
    """Return what a tool prints; nothing where it isn't there or doesn't answer."""
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _json(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


if __name__ == "__main__":
    extras = ("executors", "hdf5", "image", "xarray")
    answers = [python_answer(run_tool, pinned(needed(extras=extras))), npm_answer(run_tool, Path("js"))]
    said, ending = report(answers)
    print("\n".join(said))
    sys.exit(ending)
