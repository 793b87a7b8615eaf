"""How long does a map of curvature take, and was that announced? And what do warm starts save?"""

from __future__ import annotations

import time
from itertools import product

import numpy as np
import torch
import torch.nn.functional as F
from bench import Bench
from sklearn.datasets import load_digits
from tables import Must, table
from torch import Tensor, nn

from landscape_widget import shared
from landscape_widget.curvature.extremes import extremes
from landscape_widget.curvature.hessian_extremes import HessianExtremes
from landscape_widget.curvature.place import Place
from landscape_widget.evaluate.curvature_map import NOISE, CurvatureMap
from landscape_widget.evaluate.lines import read_lines
from landscape_widget.evaluate.working_copy import WorkingCopy
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.objective.torch_threads import one_torch_thread
from landscape_widget.subspace.direction import as_direction
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.subspace import Subspace

ASKED = HessianExtremes(samples=256, resolution=13)
BOX = 180.0  # seconds a map may take here; what is left is reckoned from the cells that are done
OFF = 0.3  # share by which the announced cost may be off
TIMES = 10


def measure_curvature(bench: Bench) -> list[str]:
    """A map of the digits CNN, its announced cost beside what it took, and what a product costs."""
    objective = read_objective(*digits_cnn())
    rules = (RandomDirection(seed, "filter") for seed in (0, 1))
    subspace = Subspace(objective.params, tuple(as_direction(rule, objective) for rule in rules))
    bench.say("curvature: the map")
    announced, took, cells, unconverged = map_times(objective, subspace)
    bench.say("curvature: products")
    with one_torch_thread():
        kept, again, cold, warm = product_times(objective, subspace)
    size = sum(weight.numel() for weight in objective.params.values())
    rows = [
        ["announced", f"{announced:.1f} s"],
        ["took", f"{took:.1f} s ({cells} of {ASKED.resolution**2} cells measured)"],
        ["off by", Must(100 * OFF, at_most=True)(100 * abs(announced / took - 1), "{:.0f} %")],
        ["unconverged cells", str(unconverged)],
        ["a product, graph kept", f"{1000 * kept:.1f} ms"],
        ["a product, graph computed again", f"{1000 * again:.1f} ms"],
        ["products a cell, from noise", f"{cold:.1f}"],
        ["products a cell, from the origin's eigenvectors", f"{warm:.1f}"],
    ]
    return [
        f"A CNN of {size:,} weights on {ASKED.samples} of {objective.train.size:,} digits, 13×13 cells, "
        f"both ends to {ASKED.tolerance:.0%} of the larger, {shared.pool().count} workers.",
        "",
        *table(("curvature", "measured"), rows),
    ]


def map_times(objective: Objective, subspace: Subspace) -> tuple[float, float, int, int]:
    """Announced seconds, seconds, cells done, cells that did not converge."""
    made = CurvatureMap(objective, subspace, pool=shared.pool(), asked=ASKED, name="curvature")
    axis = np.linspace(-1, 1, ASKED.resolution if isinstance(ASKED.resolution, int) else ASKED.resolution[0])
    lattice = np.random.default_rng(0).permutation(np.array(list(product(axis, axis))))
    announced = made.cost(len(lattice), lambda: False)
    assert announced is not None
    began = time.perf_counter()
    answers = list(made(lattice, made.samples, lambda: time.perf_counter() - began > BOX))
    took = (time.perf_counter() - began) * len(lattice) / len(answers)
    return announced, took, len(answers), sum(int((answer.state != 1).sum()) for answer in answers)


def product_times(objective: Objective, subspace: Subspace) -> tuple[float, float, float, float]:
    """Seconds a product, its graph kept and not; products a cell from a cold start and from a warm one."""
    vectors = [direction.vector for direction in subspace.directions]
    copy = WorkingCopy(objective.model, read_lines(objective.model, subspace.origin, vectors))
    place = Place(objective, copy.model, [name for name in objective.params if name not in subspace.unmoved])
    batches = objective.portions(ASKED.samples)[0]
    seconds = []
    for keep in (True, False):
        with place.hessian(batches, keep=keep) as hessian:
            vector = np.ones(hessian.size)
            hessian(vector)
            began = time.thread_time()
            for _ in range(TIMES):
                hessian(vector)
            seconds.append((time.thread_time() - began) / TIMES)
    noise = np.random.default_rng(0).standard_normal(len(vector))
    noise /= np.linalg.norm(noise)
    copy.move((0.0, 0.0))
    with place.hessian(batches) as hessian:
        warm = extremes(hessian, noise, ASKED.tolerance).vectors.sum(0) + NOISE * noise
    counts = []
    for start in (noise, warm):
        products = []
        for point in product((-1.0, -0.3, 0.4, 1.0), repeat=2):
            copy.move(point)
            with place.hessian(batches) as hessian:
                extremes(hessian, start, ASKED.tolerance)
                products.append(hessian.products)
        counts.append(float(np.mean(products)))
    return seconds[0], seconds[1], counts[0], counts[1]


def digits_cnn() -> tuple[nn.Module, object, tuple[Tensor, Tensor]]:
    """Three convolutions with BatchNorm, trained on the 1,797 digits for a moment."""
    pixels, targets = load_digits(return_X_y=True)
    images, labels = torch.tensor(pixels, dtype=torch.float32).view(-1, 1, 8, 8) / 16, torch.tensor(targets)
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(0)
        model = nn.Sequential(
            *(nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()),
            *(nn.Conv2d(16, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(32, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU()),
            *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10)),
        )
        optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
        for _ in range(4):
            for part in torch.randperm(len(images)).split(64):
                optimizer.zero_grad()
                F.cross_entropy(model(images[part]), labels[part]).backward()
                optimizer.step()
    return model, F.cross_entropy, (images, labels)


def main() -> None:
    print(time.strftime("%Y-%m-%d"), *measure_curvature(Bench([])), sep="\n")


if __name__ == "__main__":
    main()
