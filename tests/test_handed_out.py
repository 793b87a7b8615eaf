"""What a user gets of centre and directions: right, complete, and without a way back into the cells."""

import torch

from landscape_widget.evaluate.handed_out import hand_out
from landscape_widget.evaluate.lines import read_lines
from tests.cases import mlp


def handed(dtype: torch.dtype = torch.float32):
    model = mlp().to(dtype)
    origin = {name: parameter.detach() for name, parameter in model.named_parameters()}
    steps = [{name: torch.full(w.shape, float(axis)) for name, w in origin.items()} for axis in (1, 2)]
    for step in steps:
        step["0.bias"].zero_()
    lines = read_lines(model, origin, steps)
    return origin, steps, lines, hand_out(lines, origin, 2)


def test_centre_and_directions_are_those_that_cells_use() -> None:
    origin, steps, _, (centre, *directions) = handed()
    for mapping, expected in zip((centre, *directions), (origin, *steps), strict=True):
        assert list(mapping) == list(expected) and len(mapping) == len(expected)
        for name, tensor in mapping.items():
            assert torch.equal(tensor, expected[name]) and tensor.is_contiguous()


def test_what_no_direction_moves_is_there_as_zeros() -> None:
    origin, _, lines, (centre, *directions) = handed()
    assert "0.bias" not in lines.names
    assert torch.equal(centre["0.bias"], origin["0.bias"])
    assert all(not direction["0.bias"].any() for direction in directions)


def test_whatever_is_done_to_them_reaches_no_cell() -> None:
    origin, _, lines, mappings = handed()
    before = [flat.clone() for group in lines.groups for flat in (group.centre, *group.directions)]
    for mapping in mappings:
        for tensor in mapping.values():
            tensor.fill_(7.0)
    after = [flat for group in lines.groups for flat in (group.centre, *group.directions)]
    assert all(map(torch.equal, before, after))
    assert not (origin["0.bias"] == 7.0).any()
    assert not (mappings[1]["0.bias"] == 7.0).any()


def test_low_precision_is_handed_out_as_the_arithmetic_has_it() -> None:
    _, _, _, mappings = handed(torch.bfloat16)
    assert {tensor.dtype for mapping in mappings for tensor in mapping.values()} == {torch.float32}
