"""Do the external links of the docs lead anywhere? Tries each; says *not reachable* where it can't know.

Run it as ``make docs-links``. It fails on a page that isn't there (404, 410); a host that can't be reached,
or that refuses programs, proves nothing and is listed as what it is.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[2]
GONE = (404, 410)
PATIENCE = 10.0
"""Seconds for each."""

Open = Callable[[str], int]
"""From an address to the status of its answer; raises `OSError` where there is none."""


def links_in(pages: Iterable[Path]) -> dict[str, list[Path]]:
    """Return address → the pages it stands on."""
    found: dict[str, list[Path]] = {}
    for page in pages:
        for address in re.findall(r"\]\((https?://[^)\s#]+)", page.read_text(encoding="utf-8")):
            if page not in (on := found.setdefault(address, [])):
                on.append(page)
    return found


def verdict(address: str, opened: Open) -> str:
    """Return ``"there"``, ``"gone"``, ``"answers 403"`` or ``"not reachable: …"``."""
    try:
        status = opened(address)
    except HTTPError as error:
        return "gone" if error.code in GONE else f"answers {error.code}"
    except OSError as error:
        return f"not reachable: {getattr(error, 'reason', error)}"
    return "there" if status < 400 else f"answers {status}"


def report(links: dict[str, list[Path]], opened: Open) -> tuple[list[str], bool]:
    """Return a line a link, and whether none is gone."""
    verdicts = {address: verdict(address, opened) for address in sorted(links)}
    lines = [
        f"{said}: {address} ({', '.join(page.name for page in links[address])})"
        for address, said in verdicts.items()
    ]
    return lines, "gone" not in verdicts.values()


def asked(address: str) -> int:
    """Ask for a page over the network."""
    request = Request(address, headers={"User-Agent": "landscape-widget docs"})
    with urlopen(request, timeout=PATIENCE) as answer:
        return answer.status


if __name__ == "__main__":
    lines, is_whole = report(links_in([ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]), asked)
    print("\n".join(lines))
    sys.exit(not is_whole)
