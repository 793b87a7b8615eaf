"""Engines beside the usual ones, for real: MPI's and ipyparallel's workers measure what this process does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("engine_script.py")
STARTED = {
    "MPI": [
        str(Path(sys.executable).with_name("mpiexec")),
        "-n",
        "3",
        sys.executable,
        "-m",
        "mpi4py.futures",
    ],
    "ipyparallel": [sys.executable],
}

pytestmark = pytest.mark.processes


@pytest.mark.parametrize("engine", STARTED)
def test_its_workers_measure_the_same(engine: str) -> None:
    pytest.importorskip("mpi4py" if engine == "MPI" else engine)
    command = [*STARTED[engine], str(SCRIPT), engine]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told.pop("off") < 1e-6
    assert told == {
        "same bits": True,
        "untouched": True,
        "executor": engine,
        "workers": 2,
        "machines": 1,
        "notes": [],
    }
