"""What is installed with us, and under which licence?"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = "landscape-widget"


def needed(name: str = ROOT, extras: tuple[str, ...] = ()) -> set[str]:
    """Return the names of all that comes with a package on this machine, without itself; extras by name."""
    found: set[str] = set()
    waiting = list(_asked(name, extras))
    while waiting:
        asked = waiting.pop()
        if (one := canonicalize_name(asked.name)) not in found and _is_installed(one):
            found.add(one)
            waiting += _asked(one, tuple(asked.extras))
    return found


def pinned(names: set[str]) -> list[str]:
    """Return a requirement a package, in the version that is installed, without the name of a build."""
    return [f"{name}=={distribution(name).version.partition('+')[0]}" for name in sorted(names)]


def licence_of(name: str) -> str:
    """Return what a package says of its licence, in one line."""
    told = distribution(name).metadata
    expression = told.get("License-Expression")
    classified = [
        line.rpartition(" :: ")[2] for line in told.get_all("Classifier", []) if "License ::" in line
    ]
    return expression or "; ".join(classified) or (told.get("License") or "").partition("\n")[0]


def _asked(name: str, extras: tuple[str, ...]) -> Iterator[Requirement]:
    for line in requires(name) or []:
        asked = Requirement(line)
        if asked.marker is None or any(asked.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield asked


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True
