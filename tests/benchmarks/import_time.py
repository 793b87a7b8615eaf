"""How long does `import landscape_widget` take, once torch is there?"""

from __future__ import annotations

import subprocess
import sys

from measurement import Goal, Measurement, repeat

PROGRAM = """
import time
import torch
began = time.perf_counter()
import landscape_widget
print(time.perf_counter() - began)
"""


def measure_import() -> list[Measurement]:
    own_share()  # compiles what was edited since the last import
    return [
        Measurement(
            "`import landscape_widget` after `import torch`, fresh processes",
            repeat(own_share, times=9, seconds=20),
            Goal(0.150),
        )
    ]


def own_share() -> float:
    run = subprocess.run([sys.executable, "-c", PROGRAM], check=True, stdout=subprocess.PIPE, text=True)
    return float(run.stdout)
