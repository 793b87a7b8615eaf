"""Does a file that lies cost anything? A process that may take 100 MB more than it has opens them all."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.hostile_cases import SURFACES
from tests.test_hostile_checkpoints import LIES

pytestmark = pytest.mark.processes

OPENS = """
import json, resource, sys, time
from pathlib import Path

from landscape_widget.files.load import load
from landscape_widget.subspace.checkpoint_files import read_checkpoints
from tests.test_files import some_surface

folder = Path(sys.argv[1])
load(some_surface().save(folder / "right.npz"))  # so that all is imported
taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (taken + 100_000_000, resource.RLIM_INFINITY))
said = {}
for path in sorted(folder.glob("hostile-*")):
    began = time.process_time()
    try:
        load(path) if path.suffix == ".npz" else read_checkpoints([path])
        said[path.name] = "read", 0.0
    except BaseException as error:
        said[path.name] = type(error).__name__, time.process_time() - began
print(json.dumps(said))
"""


def test_each_is_refused_by_its_own_error_within_a_second_and_100_megabytes(tmp_path):
    for number, write in enumerate(SURFACES.values()):
        write(tmp_path / f"hostile-{number:03}.npz")
    for number, content in enumerate(LIES.values()):
        (tmp_path / f"hostile-{number:03}.safetensors").write_bytes(content)
    ran = subprocess.run([sys.executable, "-c", OPENS, tmp_path], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr[-2000:]
    said = json.loads(ran.stdout)
    assert len(said) == len(SURFACES) + len(LIES)
    expected = {".npz": "DamagedFile", ".safetensors": "ValueError"}
    assert {name: kind for name, (kind, _) in said.items() if kind != expected[name[11:]]} == {}
    assert max(seconds for _, seconds in said.values()) < 1
