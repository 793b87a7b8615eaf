"""How much memory does the whole surface of a large model need, beyond the model itself?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench import Bench
from tables import Must, table

WORKERS = 2
PROGRAM = """
import sys, time
sys.path.append(sys.argv[1])
import torch
import torch.nn.functional as F
import landscape_widget as lw
from networks import perceptron

def peak():
    # Not getrusage, which begins with the peak of the process that started this one.
    status = open("/proc/self/status").read()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024

torch.manual_seed(0)
model = perceptron(1024, 4096, 5120, 10)
data = torch.randn(16, 1024), torch.randint(10, (16,))
lw.compute(perceptron(4, 3), F.cross_entropy, (torch.randn(8, 4), torch.randint(3, (8,))), resolution=5)
size = sum(parameter.nbytes for parameter in model.parameters())
before, began = peak(), time.perf_counter()
lw.compute(model, F.cross_entropy, data, resolution=int(sys.argv[2]))
print(size, before, peak(), time.perf_counter() - began)
"""


def measure_peak_memory(bench: Bench, resolution: int = 51) -> list[str]:
    """In a process of its own, since a peak never falls."""
    bench.say("peak memory")
    program = sys.executable, "-c", PROGRAM, str(Path(__file__).parent), str(resolution)
    ran = subprocess.run(program, check=True, stdout=subprocess.PIPE, text=True)
    size, before, after, seconds = map(float, ran.stdout.split())
    needed = Must(3 + 2 * WORKERS, at_most=True)((after - before) / size, "{:.1f}")
    return [
        *table(
            ("model", "before", "peak", "needed, in sizes of the model", "s"),
            [
                [
                    f"{size / 1e6:.0f} MB",
                    f"{before / 1e6:.0f} MB",
                    f"{after / 1e6:.0f} MB",
                    needed,
                    f"{seconds:.0f}",
                ]
            ],
        ),
        "",
        f"All {resolution}×{resolution} cells on 16 samples, in a process of its own.",
    ]
