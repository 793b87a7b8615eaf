"""Are wheel and sdist what they should be, and the same bytes wherever and whenever they are built?"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.project_copy import copy_project

EPOCH = "1577836800"  # 2020, whenever it is built
TIMES = (1_500_000_000, 1_700_000_000)


def built_twice(one: Path, other: Path) -> tuple[Mapping[str, bytes], Mapping[str, bytes]]:
    """Return what is built of two copies of the project, of files of another time."""
    copy_project(one)
    shutil.copytree(one, other, symlinks=True)
    first, second = (built_in(place, time) for place, time in zip((one, other), TIMES, strict=True))
    return first, second


def built_in(folder: Path, time: int) -> Mapping[str, bytes]:
    """Return both packages of a copy of the project, built anew from files of that time."""
    for path in folder.rglob("*"):
        if not path.is_symlink():
            os.utime(path, (time, time))
    said(["node", "build.mjs"], folder / "js")
    said([sys.executable, "-m", "build", "--no-isolation", "--outdir", "made"], folder)
    return {path.name: path.read_bytes() for path in (folder / "made").iterdir()}


def differing(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    """Return the names of packages that are not the same bytes in both."""
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def checks(folder: Path) -> str:
    """Return what twine and check-wheel-contents say of what lies in a folder; fails where they complain."""
    packages = sorted(map(str, folder.iterdir()))
    wheels = [package for package in packages if package.endswith(".whl")]
    strict = said([sys.executable, "-m", "twine", "check", "--strict", *packages], folder)
    return strict + said([sys.executable, "-m", "check_wheel_contents", *wheels], folder)


def said(command: list[str], folder: Path) -> str:
    """Return what a command prints; fails with that where it fails."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "NO_COLOR": "1"}
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if ran.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {ran.returncode}:\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def main() -> int:
    """Build both twice and say what they are; return 1 where they differ."""
    with TemporaryDirectory() as first, TemporaryDirectory(prefix="somewhere-else-") as second:
        places = Path(first) / "here", Path(second) / "there" / "deeper"
        made = built_twice(*places)
        for name, content in sorted(made[0].items()):
            print(f"{name}: {len(content):,} bytes, sha256 {hashlib.sha256(content).hexdigest()}")
        different = differing(*made)
        print(f"built twice: {'DIFFERENT: ' + ', '.join(different) if different else 'the same bytes'}")
        print(checks(places[0] / "made"))
    return int(bool(different))


if __name__ == "__main__":
    sys.exit(main())
