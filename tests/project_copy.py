"""How does a test get a copy of the project that it may change?"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
STATIC = "landscape_widget/static"
BUILT = {
    f"{STATIC}/{name}"
    for name in (
        "library.js",
        "landscape.js",
        "comparison.js",
        "page.js",
        "widget.css",
        "THIRD-PARTY.txt",
    )
}


def run(*command: object, cwd: Path, path: str = os.environ["PATH"]) -> str:
    """What ``command`` prints; fails with what it said when it fails."""
    ran = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def copy_project(target: Path) -> None:
    """Copy what git would, and what is built; each npm package by a link of its own.

    A link to their folder would let an `npm ci` in the copy empty the real one.
    """
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT).splitlines()
    for name in {*listed, *BUILT}:
        if not (ROOT / name).exists():
            continue  # removed, and git not told yet
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target / name)
    packages = target / "js" / "node_modules"
    packages.mkdir()
    for package in (ROOT / "js" / "node_modules").iterdir():
        if package.is_dir():
            (packages / package.name).symlink_to(package)
        else:
            shutil.copy2(package, packages)
