"""How does the user's random state stay as it was while we read the data and try the model?"""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch

TRIES = 3
ODD_SEED = 1_357_908_642
"""One that no loss sets."""


@contextmanager
def kept_random_state(*generators: torch.Generator) -> Iterator[None]:
    """Put torch's, numpy's and python's global random states back on leaving, and those of ``generators``.

    The states belong to the whole process: use it in the user's own thread only.
    """
    before = _states()
    own = [generator.get_state() for generator in generators]
    try:
        yield
    finally:
        _restore(before)
        for generator, state in zip(generators, own, strict=True):
            generator.set_state(state)


def random_state_digest() -> bytes:
    """Return bytes that change when somebody draws from a global random state."""
    cpu, cuda, legacy, python = _states()
    return pickle.dumps((cpu.numpy(), [state.numpy() for state in cuda], legacy, python))


def draws(measured: Callable[[], object]) -> bool:
    """Whether each of several calls changes a global random state, whatever that was.

    Other threads draw at times, as those of a Dask client do; a loss that draws does so every time.
    """
    return all(_changed(measured, seed) for seed in range(ODD_SEED, ODD_SEED + TRIES))


def _changed(measured: Callable[[], object], seed: int) -> bool:
    with kept_random_state():
        torch.default_generator.manual_seed(seed)
        np.random.seed(seed)
        random.seed(seed)
        before = random_state_digest()
        measured()
        return random_state_digest() != before


def _states() -> tuple[torch.Tensor, list[torch.Tensor], dict, tuple]:
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else []
    return torch.get_rng_state(), cuda, np.random.get_state(legacy=False), random.getstate()


def _restore(states: tuple[torch.Tensor, list[torch.Tensor], dict, tuple]) -> None:
    cpu, cuda, legacy, python = states
    torch.set_rng_state(cpu)
    if cuda:
        torch.cuda.set_rng_state_all(cuda)
    np.random.set_state(legacy)
    random.setstate(python)
