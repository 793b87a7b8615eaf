"""How were the shipped networks made? ``python -m landscape_widget.zoo.train NAME …``, or ``all``."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.atomic import replaced
from landscape_widget.names import one_of
from landscape_widget.zoo.checkpoints import FOLDER, checkpoint_path, names, seeds
from landscape_widget.zoo.data import Digits, digits
from landscape_widget.zoo.recipes import BUILDERS, SHIPPED, Shipped
from landscape_widget.zoo.training import error, fit

State = dict[str, Tensor]


def make(name: str, shipped: Shipped, seed: int, data: Digits, path: Path) -> dict[str, Any]:
    """Train one network, write it, and return what is written beside it.

    Tensors of two dimensions and more are kept in float16, and the errors and losses are of the network
    as it is kept; norms are of these tensors while it trains.
    """
    model = BUILDERS[shipped.network](**shipped.shape, seed=seed)
    recipe = replace(shipped.recipe, seed=seed)
    states: list[State] = []
    norms: list[float] = []

    def keep(epoch: int) -> None:
        norms.append(_norm(model))
        if shipped.is_recorded or epoch == recipe.epochs:
            states.append(_kept(model))

    fit(model, data.train, recipe, keep)
    model.load_state_dict(states[-1])
    settings = {
        "name": name,
        "network": shipped.network,
        "shape": shipped.shape,
        **asdict(recipe),
        "learning_rates": [recipe.rate(max(0, epoch - 1)) for epoch in range(recipe.epochs + 1)],
        **_what_became_of(model, data),
        "norms": norms,
        "versions": {"torch": torch.__version__.partition("+")[0]},
    }
    _write(path, states, settings)
    return settings


def main(arguments: Sequence[str] | None = None) -> None:
    """Train what the command line names, and say what became of it."""
    parser = argparse.ArgumentParser("python -m landscape_widget.zoo.train", description=__doc__)
    parser.add_argument("names", nargs="+", metavar="NAME", help=f"all, {', '.join(names())}")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the files go")
    given = parser.parse_args(arguments)
    wanted = names() if given.names == ["all"] else [one_of(n, names(), "A network") for n in given.names]
    data = digits()
    for name in wanted:
        for seed in seeds(name):
            settings = make(name, SHIPPED[name], seed, data, checkpoint_path(name, seed, given.folder))
            wrong = [f"{which} error {settings[f'{which}_error']:.2%}" for which in data._fields]
            print(f"{name}, seed {seed}: {', '.join(wrong)}", flush=True)


def _kept(model: nn.Module) -> State:
    state = {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}
    return {name: tensor.half() if tensor.dim() >= 2 else tensor for name, tensor in state.items()}


def _norm(model: nn.Module) -> float:
    squares = [
        float(weight.detach().double().square().sum()) for weight in model.parameters() if weight.dim() >= 2
    ]
    return round(math.sqrt(math.fsum(squares)), 6)


def _what_became_of(model: nn.Module, data: Digits) -> dict[str, float]:
    became = {}
    with torch.no_grad():
        for which, (images, labels) in data._asdict().items():
            became[f"{which}_error"] = error(model, (images, labels))
            became[f"{which}_loss"] = float(F.cross_entropy(model(images), labels))
    return became


def _write(path: Path, states: Sequence[State], settings: dict[str, Any]) -> None:
    """Write one state_dict as it is; of several the names begin with their number."""
    from safetensors.torch import save

    numbered = {
        f"{epoch}/{name}": tensor for epoch, state in enumerate(states) for name, tensor in state.items()
    }
    written = save(numbered if len(states) > 1 else states[0], {"settings": json.dumps(settings)})
    with replaced(path) as file:
        file.write(written)


if __name__ == "__main__":
    main()
