"""How much memory do the principal components of 200 checkpoints on disk need, and how long do they take?"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from bench import Bench
from networks import resnet
from tables import Must, table
from torch import Tensor

CHECKPOINTS = 200
MOST = 100e6  # bytes that the memory may grow by
PROGRAM = """
import sys, time
from pathlib import Path
sys.path.append(sys.argv[1])
import torch
import torch.nn.functional as F
from landscape_widget.evaluate.checkpoints import CheckpointEvaluator
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.direction import as_direction
from landscape_widget.subspace.principal_direction import PrincipalDirection
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.subspace.track import TrajectoryTrack
from landscape_widget.subspace.trajectory import Trajectory
from networks import resnet

def memory(which):  # RSS counts pages of files that are mapped, too
    return int(Path("/proc/self/status").read_text().split(which + ":")[1].split()[0]) * 1024

def plane(model, trajectory, lap):
    objective = read_objective(model, F.cross_entropy, (torch.randn(4, 3, 32, 32), torch.arange(4)))
    directions = tuple(as_direction(PrincipalDirection(trajectory, rank), objective) for rank in (0, 1))
    lap()
    subspace = Subspace(objective.params, directions)
    measure = CheckpointEvaluator(objective, trajectory)
    path = TrajectoryTrack(trajectory, objective, subspace, measure).path(2)
    lap()
    return [direction.explained for direction in directions], path

torch.set_num_threads(max(1, torch.get_num_threads() - 1))  # as on the thread that draws
small = resnet(8)
states = [{name: t + torch.rand(()) * (t != 0) for name, t in small.state_dict().items()} for _ in range(4)]
plane(small, Trajectory.from_checkpoints(states), lambda: None)
model = resnet(56)
Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew, from what is in use now
before, times = memory("VmRSS"), [time.perf_counter()]
lap = lambda: times.append(time.perf_counter())
trajectory = Trajectory.from_checkpoints(sys.argv[2])
lap()
model.load_state_dict(trajectory[-1].state())
explained, path = plane(model, trajectory, lap)
assert len(path) == len(trajectory)
print(memory("VmHWM") - before, *(b - a for a, b in zip(times, times[1:])), *explained)
"""


def measure_principal_components(bench: Bench) -> list[str]:
    """Both components, then the path in their plane, each file format in a process of its own."""
    rows = []
    for suffix, save in formats().items():
        with TemporaryDirectory() as folder:
            bench.say(f"{CHECKPOINTS} checkpoints, {suffix}")
            nbytes = write_checkpoints(Path(folder), suffix, save)
            bench.say("their principal components")
            program = sys.executable, "-c", PROGRAM, str(Path(__file__).parent), f"{folder}/*{suffix}"
            ran = subprocess.run(program, check=True, stdout=subprocess.PIPE, text=True)
        growth, opened, components, path, *explained = map(float, ran.stdout.split())
        rows.append(
            [
                f"`{suffix}`, {nbytes / 1e6:.0f} MB",
                Must(MOST / 1e6, at_most=True)(growth / 1e6, "{:.0f} MB"),
                f"{opened:.1f} s",
                f"{components:.1f} s",
                f"{path:.1f} s",
                ", ".join(f"{share:.1%}" for share in explained),
            ]
        )
    header = "files", "growth of the peak memory", "opened", "two components", "path", "explained"
    return [
        *table(header, rows),
        "",
        f"{CHECKPOINTS} checkpoints of a ResNet-56 from disk; the peak counts pages of files, too.",
    ]


def formats() -> dict[str, Callable[[dict[str, Tensor], Path], None]]:
    from safetensors.torch import save_file

    return {".pt": torch.save, ".safetensors": save_file}


def write_checkpoints(folder: Path, suffix: str, save: Callable[[dict[str, Tensor], Path], None]) -> int:
    """A random walk of the weights; return its bytes."""
    draw = torch.Generator().manual_seed(0)
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(0)
        state = resnet(56).state_dict()
    nbytes = 0
    for number in range(CHECKPOINTS):
        for tensor in state.values():
            if tensor.is_floating_point():
                tensor += 0.01 * torch.randn(tensor.shape, generator=draw)
        file = folder / f"epoch_{number}{suffix}"
        save(state, file)
        nbytes += file.stat().st_size
    return nbytes


def main() -> None:
    print(time.strftime("%Y-%m-%d"), *measure_principal_components(Bench([])), sep="\n")


if __name__ == "__main__":
    main()
