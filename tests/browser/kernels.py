"""Which older kernels do we test with, beside the one in the environment?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

IPYKERNEL_6 = "ipykernel-6"
REQUIREMENTS = ("ipykernel==6.31.0", "nest-asyncio==1.6.0")


def add_ipykernel_6(kernels: Path) -> None:
    """Write a kernelspec into ``kernels`` whose ipykernel has no subshells: comms wait for the running cell.

    The older packages live in a folder of their own, in front of the environment's on the kernel's path.
    """
    packages = Path(sys.prefix) / IPYKERNEL_6
    if not packages.exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        subprocess.run([*pip, "--target", str(packages), *REQUIREMENTS], check=True)
    spec = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": IPYKERNEL_6,
        "language": "python",
        "env": {"PYTHONPATH": os.pathsep.join([str(packages), os.environ.get("PYTHONPATH", "")])},
    }
    folder = kernels / IPYKERNEL_6
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(spec))
