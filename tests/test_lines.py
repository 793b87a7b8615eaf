"""Does a working copy stand where its lines say, whatever it was before, in any memory format?"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import torch
from torch import Tensor, nn

import landscape_widget.evaluate.lines as lines_room
from landscape_widget.evaluate.lines import read_lines
from landscape_widget.evaluate.working_copy import WorkingCopy
from tests.cases import CASES, TiedNet, classification, draw, mlp, seeded
from tests.fast_cases import CELLS, Bench

ODD = ["classification", "convolution, BatchNorm, sum", "LSTM, no reduction, data set", "complex"]


def weights(model: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}


def expected(bench: Bench, cell: tuple[float, ...], name: str) -> Tensor:
    tensor = dict(bench.objective.model.state_dict())[name]
    wide = tensor.to(torch.complex128 if tensor.is_complex() else torch.float64)
    for c, vector in zip(cell, bench.vectors, strict=True):
        wide = wide + c * vector.get(name, torch.zeros_like(wide))
    return wide


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("axes", [1, 2])
@pytest.mark.parametrize("channels_last", [False, True])
def test_every_weight_is_where_it_belongs(name: str, axes: int, channels_last: bool) -> None:
    bench = Bench(CASES[name](), axes, statistics=True)
    copy = WorkingCopy(bench.objective.model, bench.lines_of(channels_last))
    for cell in CELLS:
        copy.move(cell[:axes])
        for key, tensor in copy.model.state_dict().items():
            if tensor.is_floating_point() or tensor.is_complex():
                right = expected(bench, cell[:axes], key)
                torch.testing.assert_close(tensor.to(right.dtype), right, rtol=1e-6, atol=1e-6)


def test_the_centre_is_met_bit_for_bit_after_any_journey() -> None:
    bench = Bench(classification())
    copy = WorkingCopy(bench.objective.model, bench.lines)
    for cell in [*CELLS, (0.0, 0.5), (0.0, 0.0)]:
        copy.move(cell)
    for name, tensor in copy.model.state_dict().items():
        assert torch.equal(tensor, bench.objective.params[name])


def test_the_order_of_the_points_changes_no_bit() -> None:
    bench = Bench(CASES["convolution, BatchNorm, sum"](), statistics=True)

    def at(points: list[tuple[float, float]]) -> dict[str, Tensor]:
        copy = WorkingCopy(bench.objective.model, bench.lines)
        for point in points:
            copy.move(point)
        return weights(copy.model)

    first, second = at([(0.3, 0.7)]), at([(1.0, 0.7), (0.2, -1.0), (0.3, -1.0), (0.3, 0.7)])
    assert all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize("axes", [1, 2])
@pytest.mark.parametrize("name", ["classification", "convolution, BatchNorm, sum"])
def test_the_weights_of_large_models_need_no_second_buffer(
    monkeypatch: pytest.MonkeyPatch, name: str, axes: int
) -> None:
    bench = Bench(CASES[name](), axes, statistics=True)
    usual = bench.lines_of().worker_nbytes
    monkeypatch.setattr(lines_room, "LARGE", 0)
    lines = bench.lines_of()
    kept = sum(group.centre.nbytes for group in lines.groups if group.dtype != group.centre.dtype)
    centre = sum(group.centre.nbytes for group in lines.groups)
    assert lines.worker_nbytes == (usual if axes == 1 else centre + kept)
    copy = WorkingCopy(bench.objective.model, lines)
    for cell in [*CELLS, (0.3, 1.0), (0.4, 1.0), (0.0, 0.0)]:
        copy.move(cell[:axes])
        for key, tensor in copy.model.state_dict().items():
            if tensor.is_floating_point():
                right = expected(bench, cell[:axes], key)
                torch.testing.assert_close(tensor.double(), right, rtol=1e-6, atol=1e-6)


def test_the_other_memory_format_holds_the_same() -> None:
    bench = Bench(CASES["convolution, BatchNorm, sum"](), statistics=True)
    there = lines_room.relaid(bench.lines, bench.objective.model)
    back = lines_room.relaid(there, bench.objective.model)
    assert there.channels_last and not back.channels_last
    assert there.names == back.names == bench.lines.names
    for name in there.names:
        for way in (there, back):
            for ours, theirs in zip(way.tensors(name) or (), bench.lines.tensors(name) or (), strict=True):
                assert torch.equal(ours, theirs) and ours.dtype == theirs.dtype


def test_two_copies_share_what_stays_and_the_lines() -> None:
    bench = Bench(classification(), parameters="^0")
    copies = [WorkingCopy(bench.objective.model, bench.lines) for _ in range(2)]
    stays = [copy.model.get_parameter("2.weight").data_ptr() for copy in copies]
    moves = [copy.model.get_parameter("0.weight").data_ptr() for copy in copies]
    assert stays == [bench.objective.model.get_parameter("2.weight").data_ptr()] * 2
    assert len({*moves, bench.objective.model.get_parameter("0.weight").data_ptr()}) == 3
    copies[0].move((1.0, 1.0))
    assert torch.equal(copies[1].model.get_parameter("0.weight"), bench.objective.params["0.weight"])


def test_the_weights_are_views_of_one_buffer_at_addresses_that_suit_matrix_products() -> None:
    bench = Bench(classification())
    copy = WorkingCopy(bench.objective.model, bench.lines)
    storages = {p.untyped_storage().data_ptr() for p in copy.model.parameters()}
    assert len(storages) == 1
    (group,) = bench.lines.groups
    assert all(slot.offset * 4 % 64 == 0 for slot in group.slots)


def test_what_no_direction_moves_is_left_out() -> None:
    bench = Bench(classification())
    still = [{**vector, "0.bias": torch.zeros(8)} for vector in bench.vectors]
    lines = read_lines(bench.objective.model, bench.objective.params, still)
    assert "0.bias" not in lines.names and lines.tensors("0.bias") is None
    only = [bench.vectors[0], still[1]]
    tensors = read_lines(bench.objective.model, bench.objective.params, only).tensors("0.bias")
    assert tensors is not None and not tensors[2].any()


def test_lines_that_move_nothing_are_empty() -> None:
    bench = Bench(classification())
    still = [{name: torch.zeros_like(v) for name, v in bench.vectors[0].items()}]
    lines = read_lines(bench.objective.model, bench.objective.params, still)
    assert lines.groups == () and lines.nbytes == 0
    WorkingCopy(bench.objective.model, lines).move((1.0,))


def test_a_direction_in_float64_keeps_its_digits_until_the_end() -> None:
    bench = Bench(classification())
    fine = [{name: v.double() / 3 for name, v in vector.items()} for vector in bench.vectors]
    lines = read_lines(bench.objective.model, bench.objective.params, fine)
    assert {group.centre.dtype for group in lines.groups} == {torch.float64}
    copy = WorkingCopy(bench.objective.model, lines)
    copy.move((0.1, 0.2))
    assert copy.model.get_parameter("0.weight").dtype == torch.float32
    right = (
        bench.objective.params["0.weight"].double() + 0.2 * fine[1]["0.weight"] + 0.1 * fine[0]["0.weight"]
    )
    assert torch.equal(copy.model.get_parameter("0.weight"), right.float())


def test_convolutions_lie_channels_last_where_that_is_asked() -> None:
    bench = Bench(CASES["convolution, BatchNorm, sum"]())
    lines = bench.lines_of(channels_last=True)
    tensors: Mapping[str, Tensor] = dict(WorkingCopy(bench.objective.model, lines).model.named_parameters())
    assert tensors["conv.weight"].is_contiguous(memory_format=torch.channels_last)
    assert tensors["head.weight"].is_contiguous()


def test_tied_weights_move_together() -> None:
    model = seeded(TiedNet)
    vector = {"embedding.weight": draw(11, 5)}
    lines = read_lines(model, dict(model.named_parameters()), [vector])
    copy = WorkingCopy(model, lines)
    copy.move((0.5,))
    moved = copy.model.get_parameter("embedding.weight")
    assert copy.model.get_parameter("head.weight").data_ptr() == moved.data_ptr()
    torch.testing.assert_close(
        moved, model.get_parameter("embedding.weight") + 0.5 * vector["embedding.weight"]
    )


def test_weights_that_are_views_of_something_larger_are_written_where_they_are() -> None:
    model = mlp()
    flat = torch.cat([p.detach().reshape(-1) for p in model.parameters()])
    nn.utils.vector_to_parameters(flat, model.parameters())
    bench = Bench(classification())
    lines = read_lines(model, bench.objective.params, bench.vectors)
    copy = WorkingCopy(model, lines)
    for cell in CELLS:
        copy.move(cell)
        for name, tensor in copy.model.state_dict().items():
            right = expected(bench, cell, name)
            torch.testing.assert_close(tensor.double(), right, rtol=1e-6, atol=1e-6)


def test_buffers_begin_anew_at_every_point() -> None:
    class Counting(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = mlp()
            self.register_buffer("calls", torch.zeros(()))

        def forward(self, x: Tensor) -> Tensor:
            self.calls += 1
            return self.body(x) + self.calls

    model = Counting()
    vector = {f"body.{name}": v for name, v in Bench(classification()).vectors[0].items()}
    copy = WorkingCopy(model, read_lines(model, dict(model.named_parameters()), [vector]))
    for _ in range(3):
        copy.move((0.0,))
        copy.model(draw(2, 4))
        assert copy.model.get_buffer("calls") == 1


def test_variances_below_zero_are_held_and_counted() -> None:
    bench = Bench(CASES["convolution, BatchNorm, sum"](), axes=1, statistics=True)
    bench.vectors[0]["norm.running_var"].fill_(-1e3)
    copy = WorkingCopy(bench.objective.model, bench.lines)
    copy.move((0.0,))
    assert copy.clamped == 0
    copy.move((1.0,))
    assert copy.clamped == 4
    assert (copy.model.get_buffer("norm.running_var") == 0).all()
    copy.move((0.0,))
    assert copy.clamped == 4
    assert torch.equal(
        copy.model.get_buffer("norm.running_var"), bench.objective.model.get_buffer("norm.running_var")
    )
