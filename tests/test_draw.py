"""Are numbers that are drawn, or cut, in parts those of the whole, bit for bit?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from landscape_widget.objective.lazy_tensors import LazyTensors, cut, without_numbers
from landscape_widget.objective.pieces import PIECE, in_pieces, pieces, recut
from landscape_widget.subspace import draw as drawing
from landscape_widget.subspace.draw import draw, draw_parts, draws

SIZES = [0, 1, 15, 16, 17, 31, PIECE - 1, PIECE, PIECE + 1, PIECE + 15, PIECE + 16, 3 * PIECE + 7]


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.complex64])
@pytest.mark.parametrize("size", SIZES)
def test_parts_of_a_draw_are_the_draw(size: int, dtype: torch.dtype) -> None:
    like = torch.empty(size, dtype=dtype)
    parts = list(draw_parts(3, "weight", like))
    assert torch.equal(torch.cat(parts), draw(3, "weight", like))
    assert max(map(len, parts)) < PIECE + 16
    assert len(parts) > 1 or size < PIECE + 16


def test_a_torch_that_draws_in_parts_what_differs_is_asked_for_the_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def differs(shape: tuple[int, ...], *_: object, **__: object) -> Tensor:
        return torch.full(shape, float(torch.Size(shape).numel()))

    drawing._can_be_parted.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(torch, "randn", differs)
        (whole,) = draw_parts(0, "weight", torch.empty(3 * PIECE))
    drawing._can_be_parted.cache_clear()
    assert whole.tolist() == [3 * PIECE] * (3 * PIECE)


@given(st.lists(st.integers(0, 9), min_size=1), st.data())
def test_recut_parts_hold_the_same_numbers_in_order(lengths: list[int], data: st.DataObject) -> None:
    numbers = torch.arange(sum(lengths))
    places = sorted(data.draw(st.lists(st.integers(0, len(numbers)))))
    parts = torch.tensor_split(numbers, places)
    found = list(recut(parts, lengths))
    assert [len(part) for part in found] == lengths
    assert torch.equal(torch.cat(found), numbers)


@pytest.mark.parametrize("shape", [(), (3,), (1, 7), (1, 400, 500), (300, 1000), (0,), (0, 4), (2, 0, 5)])
@pytest.mark.parametrize("held", [dict, lambda lazy: lazy])
def test_a_tensor_is_cut_as_pieces_say_held_or_not(shape: tuple[int, ...], held: Callable) -> None:
    tensors = held(draws(5, {"weight": torch.empty(shape)}))
    whole = draw(5, "weight", torch.empty(shape or (1,)))
    found = list(cut(tensors, "weight", shape))
    assert [some for some, _ in found] == list(pieces(whole))
    assert all(torch.equal(whole[some], piece) for some, piece in found)


def test_parts_that_are_too_few_are_no_tensor() -> None:
    lazy = LazyTensors({"w": without_numbers((4,), torch.float32)}, lambda name: iter([torch.zeros(3)]))
    with pytest.raises(RuntimeError):
        list(in_pieces(lazy.parts("w"), (4,)))
