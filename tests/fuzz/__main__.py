"""Do all readers hold whatever bytes come? ``python -m tests.fuzz`` feeds each and says what it found."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fuzz.targets import TARGETS

INPUTS = 110_000
EXECUTED = re.compile(r"^stat::number_of_executed_units:\s*(\d+)", re.MULTILINE)
FOUND = Path("test-output") / "fuzz"


def fuzz(name: str, runs: int) -> tuple[int, str]:
    """Return how many inputs a reader was fed, and what it did that it may not; empty if nothing."""
    command = [sys.executable, "-m", "tests.fuzz.one", name, str(runs)]
    ran = subprocess.run(command, capture_output=True, text=True, errors="replace")
    counted = EXECUTED.search(ran.stderr)
    fed = int(counted[1]) if counted else 0
    if ran.returncode == 0 and fed >= runs:
        return fed, ""
    FOUND.mkdir(parents=True, exist_ok=True)
    report = FOUND / f"{name.replace(' ', '-')}.txt"
    report.write_text(ran.stdout + ran.stderr)
    return fed, f"ended with {ran.returncode}, see {report}"


def report(fed: Mapping[str, tuple[int, str]], seconds: float) -> list[str]:
    """Return a table of what was fed and found."""
    rows = [f"{name:24} {count:>9,}  {finding or 'nothing found'}" for name, (count, finding) in fed.items()]
    total = sum(count for count, _ in fed.values())
    found = sum(bool(finding) for _, finding in fed.values())
    return [*rows, f"{'all':24} {total:>9,}  {found} with findings, {seconds:.0f} s"]


def main(inputs: int = INPUTS) -> int:
    """Feed all, each its share; return 1 if anything was found."""
    began = time.monotonic()
    runs = {name: round(inputs * target.share) for name, target in TARGETS.items()}
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        fed = dict(zip(runs, pool.map(fuzz, runs, runs.values()), strict=True))
    print("\n".join(report(fed, time.monotonic() - began)))
    return int(any(finding for _, finding in fed.values()))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
