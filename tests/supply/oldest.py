"""Which are the oldest packages that ours says it works with? Written as constraints for pip."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import requires

from packaging.requirements import Requirement

from tests.supply.installed import ROOT

DEVELOPMENT = ("dev", "docs")
"""Extras that nobody who uses it needs."""

BESIDE = ("accelerate==0.30", "peft==0.10", "transformers==4.40")
"""Of the time of the oldest torch: today's ask for a newer one than is promised."""


def oldest(requirements: Iterable[str]) -> list[str]:
    """Return what is asked for at the lowest version that is allowed, ``name==version`` each.

    Raises:
        ValueError: where a package may be as old as it likes.
    """
    lowest = []
    for line in requirements:
        asked = Requirement(line)
        if any(f'extra == "{extra}"' in str(asked.marker) for extra in DEVELOPMENT):
            continue
        versions = [one.version for one in asked.specifier if one.operator == ">="]
        if not versions:
            raise ValueError(
                f"Expected the lowest version of each package; got {line!r}. Write >= and which."
            )
        lowest.append(f"{asked.name}=={versions[0]}")
    return lowest


if __name__ == "__main__":
    print("\n".join([*oldest(requires(ROOT) or ()), *BESIDE]))
