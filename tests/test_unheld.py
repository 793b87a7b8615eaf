"""Is a direction that nobody holds the one that is held, bit for bit, at every look?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from landscape_widget.objective.lazy_tensors import LazyTensors, like_of, thinned, without_numbers
from landscape_widget.objective.params import fingerprint, is_finite
from landscape_widget.objective.pieces import PIECE, cut_axis, pieces
from landscape_widget.subspace.draw import draw, draws
from landscape_widget.subspace.filters import filter_axes
from landscape_widget.subspace.normalize import NORMALIZATIONS, ONE_DIMENSIONAL, block_norms, normalize
from landscape_widget.subspace.unheld import normalize_unheld
from tests.filter_cases import Complex, LowRank, Tied

MODELS = [
    lambda: nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.Linear(4, 1)),
    lambda: nn.Linear(5, 4).to(torch.bfloat16),
    lambda: nn.Linear(5, 4, dtype=torch.float64),
    LowRank,
    Complex,
    Tied,
]


@pytest.mark.parametrize("one_dimensional", ONE_DIMENSIONAL)
@pytest.mark.parametrize("how", NORMALIZATIONS)
@pytest.mark.parametrize("make", MODELS)
def test_a_direction_is_the_same_held_or_not(make: type[nn.Module], how: str, one_dimensional: str) -> None:
    model = make()
    weights = {name: parameter.detach() for name, parameter in model.named_parameters()}
    rules = filter_axes(model)
    drawn = draws(3, weights)
    held = normalize(dict(drawn), weights, rules, how, one_dimensional)
    unheld = normalize_unheld(drawn, weights, rules, how, one_dimensional)
    for ours, theirs in ((unheld.vector, held.vector), (unheld.variance, held.variance)):
        assert list(ours) == list(theirs)
        assert all(torch.equal(ours[name], theirs[name]) for name in ours)
        assert all(ours[name].dtype == theirs[name].dtype for name in ours)
        assert all(torch.equal(ours[name], ours[name]) for name in ours)
        assert all(torch.equal(thinned(ours, name, 3), thinned(theirs, name, 3)) for name in ours)
        assert all(like_of(ours, name).shape == ours[name].shape for name in ours)
        assert all(like_of(ours, name).dtype == ours[name].dtype for name in ours)
    assert fingerprint(unheld.vector) == fingerprint(held.vector)
    counted = (unheld.zero_filters, unheld.single_weight_filters)
    assert counted == (held.zero_filters, held.single_weight_filters)
    assert (unheld.blocks is None) == (held.blocks is None)
    if unheld.blocks is not None and held.blocks is not None:
        assert (unheld.blocks.kind, unheld.blocks.of) == (held.blocks.kind, held.blocks.of)


def test_a_tensor_is_made_when_it_is_looked_at_and_not_before() -> None:
    made: list[str] = []

    def parts(name: str) -> Iterator[Tensor]:
        made.append(name)
        yield torch.zeros(2)
        yield torch.ones(1)

    like = without_numbers((3, 1), torch.float32)
    lazy = LazyTensors({"a": like, "b": like}, parts)
    assert list(lazy) == ["a", "b"] and len(lazy) == 2 and "a" in lazy and "c" not in lazy
    assert made == []
    assert lazy["b"] is not lazy["b"]
    assert lazy["b"].tolist() == [[0], [0], [1]]
    assert made == ["b", "b", "b"]
    with pytest.raises(KeyError):
        lazy["c"]


@pytest.mark.parametrize("shape", [(3,), (1, 7), (1, 400, 500), (300, 1000), (1, 1), (0,), (0, 4), (2, 0, 5)])
def test_pieces_are_small_and_cover_a_tensor_once(shape: tuple[int, ...]) -> None:
    tensor = torch.zeros(shape)
    for some in pieces(tensor):
        assert tensor[some].numel() <= max(PIECE, tensor.numel() // max(1, shape[cut_axis(tensor)]))
        tensor[some] += 1
    assert bool((tensor == 1).all())


def test_lengths_of_rows_are_the_same_however_they_are_cut() -> None:
    tensor = draw(0, "w", torch.empty(1, 700, 300))
    expected = tensor.double().square().sum((2,), keepdim=True).sqrt()
    torch.testing.assert_close(block_norms(tensor, (2,)), expected, rtol=1e-14, atol=0)
    whole = tensor.double().norm().reshape(1, 1, 1)
    torch.testing.assert_close(block_norms(tensor, (0, 1, 2)), whole, rtol=1e-12, atol=0)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_one_number_that_is_not_finite_is_found(bad: float) -> None:
    tensor = torch.zeros(2, PIECE)
    assert is_finite(tensor) and is_finite(torch.tensor(1.0))
    tensor[1, -1] = bad
    assert not is_finite(tensor) and not is_finite(torch.tensor(bad))
