"""Does recording take every state it promises, and leave the training alone?"""

from __future__ import annotations

import gc
import math
import weakref

import pytest
import torch
from torch import Tensor, nn
from torch.optim.optimizer import _global_optimizer_post_hooks as hooks

from landscape_widget.subspace import recorder
from landscape_widget.subspace.recorder import record
from landscape_widget.subspace.trajectory import Trajectory
from tests.cases import draw, draw_classes, mlp

X, Y = draw(24, 4), draw_classes(3, 24)


def sgd(model: nn.Module, lr: float = 0.1) -> torch.optim.Optimizer:
    return torch.optim.SGD(model.parameters(), lr=lr)


def train(model: nn.Module, optimizer: torch.optim.Optimizer, steps: int) -> list[dict[str, Tensor]]:
    """So many steps; the state after each."""
    states = []
    for _ in range(steps):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(X), Y).backward()
        optimizer.step()
        states.append({name: tensor.clone() for name, tensor in model.state_dict().items()})
    return states


def steps_of(trajectory: Trajectory) -> list[int]:
    return [checkpoint.step for checkpoint in trajectory]


def test_each_state_is_taken_from_the_first_to_the_last() -> None:
    model = mlp()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    with record(model) as trajectory:
        assert len(trajectory) == 1
        states = [before, *train(model, sgd(model), 5)]
        assert len(trajectory) == 6
    assert steps_of(trajectory) == [0, 1, 2, 3, 4, 5]
    for checkpoint, state in zip(trajectory, states, strict=True):
        assert checkpoint.state().keys() == state.keys()
        assert all(torch.equal(tensor, state[name]) for name, tensor in checkpoint.state().items())


def test_every_so_many_steps_and_the_end_that_falls_between() -> None:
    model = mlp()
    with record(model, every=4, steps_per_epoch=8) as trajectory:
        train(model, sgd(model), 10)
    assert steps_of(trajectory) == [0, 4, 8, 10]
    assert [checkpoint.epoch for checkpoint in trajectory] == [0, 0.5, 1, 1.25]


def test_the_end_is_not_taken_twice() -> None:
    model = mlp()
    with record(model, every=2) as trajectory:
        train(model, sgd(model), 4)
    assert steps_of(trajectory) == [0, 2, 4]
    with record(model) as untrained:
        pass
    assert len(untrained) == 1


def test_the_end_of_a_training_that_diverged_is_not_taken_twice_either() -> None:
    model = mlp()
    optimizer = sgd(model, lr=0.0)
    with record(model) as trajectory:
        optimizer.step()
        with torch.no_grad():
            next(model.parameters()).fill_(math.nan)
        optimizer.step()
    assert steps_of(trajectory) == [0, 1, 2]


def test_snapshots_are_taken_where_they_are_asked_for() -> None:
    model = mlp()
    with record(model, every=None) as trajectory:
        for epoch in (1, 2):
            train(model, sgd(model), 3)
            trajectory.snapshot(epoch)
    assert steps_of(trajectory) == [0, 3, 6]
    assert [checkpoint.epoch for checkpoint in trajectory][1:] == [1, 2]
    with pytest.raises(RuntimeError, match="a model that is being recorded; nothing is"):
        trajectory.snapshot()


def test_learning_rates_are_those_of_the_step_before() -> None:
    model = mlp()
    optimizer = sgd(model, 0.5)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, 2, gamma=0.1)
    with record(model) as trajectory:
        for _ in range(4):
            train(model, optimizer, 1)
            schedule.step()
    rates = [checkpoint.learning_rate for checkpoint in trajectory]
    assert math.isnan(rates[0])
    assert rates[1:] == pytest.approx([0.5, 0.5, 0.05, 0.05])


def test_another_model_that_trains_beside_does_not_count() -> None:
    model, other = mlp(), mlp()
    with record(model) as trajectory, record(other, every=2) as beside:
        train(other, sgd(other), 5)
        train(model, sgd(model), 2)
    assert (steps_of(trajectory), steps_of(beside)) == ([0, 1, 2], [0, 2, 4, 5])


@pytest.mark.parametrize("first", ["large", "small"])
def test_of_two_optimizers_the_one_that_holds_most_counts(first: str) -> None:
    model = mlp()
    large = torch.optim.SGD(model[0].parameters(), lr=0.1)
    small = torch.optim.Adam(model[2].parameters(), lr=0.01)
    order = [large, small] if first == "large" else [small, large]
    with record(model, every=2) as trajectory:
        for _ in range(6):
            for optimizer in order:
                train(model, optimizer, 1)
    assert steps_of(trajectory)[:4] == [0, 2, 4, 6]
    assert trajectory[2].learning_rate == 0.1


def test_a_second_stage_with_an_optimizer_of_its_own_goes_on_counting() -> None:
    model = mlp()
    whole = sgd(model)
    with record(model) as trajectory:
        train(model, whole, 3)
        train(model, again := sgd(model), 3)
        head = torch.optim.SGD(model[2].parameters(), lr=0.1)
        train(model, head, 30)
    noticed = [5, 6], [27, 28]  # after one step of an equal optimizer, after 20 of a smaller one
    assert steps_of(trajectory) == [0, 1, 2, 3, *noticed[0], *noticed[1], *range(29, 37)]
    assert again is not whole


def test_parameters_that_join_the_optimizer_later_count() -> None:
    model = mlp()
    optimizer = torch.optim.SGD(model[2].parameters(), lr=0.1)
    with record(model) as trajectory:
        train(model, optimizer, 2)
        optimizer.add_param_group({"params": model[0].parameters()})
        train(model, optimizer, 2)
    assert steps_of(trajectory) == [0, 1, 2, 3, 4]


def test_the_training_is_the_same_bit_for_bit() -> None:
    alone, recorded = mlp(), mlp()
    torch.manual_seed(0)
    expected = train(alone, sgd(alone), 5)[-1]
    state = torch.get_rng_state()
    torch.manual_seed(0)
    with record(recorded) as trajectory:
        optimizer = sgd(recorded)
        found = train(recorded, optimizer, 5)[-1]
    assert all(torch.equal(found[name], tensor) for name, tensor in expected.items())
    assert torch.equal(torch.get_rng_state(), state)
    assert recorded.training
    assert all(parameter.requires_grad for parameter in recorded.parameters())
    trajectory[-1].state()["0.weight"].zero_()
    assert recorded[0].weight.any()


def test_an_error_ends_the_recording_and_the_trajectory_stays() -> None:
    model, before = mlp(), len(hooks)
    with pytest.raises(ZeroDivisionError), record(model, every=2) as trajectory:
        train(model, sgd(model), 3)
        raise ZeroDivisionError
    train(model, sgd(model), 3)
    assert (steps_of(trajectory), trajectory.is_recording, len(hooks)) == ([0, 2], False, before)


def test_who_stops_a_training_still_gets_its_end() -> None:
    model = mlp()
    with pytest.raises(KeyboardInterrupt), record(model, every=2) as trajectory:
        train(model, sgd(model), 3)
        raise KeyboardInterrupt
    assert steps_of(trajectory) == [0, 2, 3]


def test_the_hook_does_not_keep_a_model() -> None:
    model = mlp()
    with record(model):
        train(model, sgd(model), 1)
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


def test_buffers_come_along_and_what_stays_is_shared() -> None:
    model = nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.Linear(5, 3))
    model[0].requires_grad_(False)
    model.register_buffer("table", torch.arange(3))
    with record(model) as trajectory:
        train(model, torch.optim.SGD(model[2].parameters(), lr=0.1), 2)
    first, last = trajectory[0].state(), trajectory[-1].state()
    assert first["table"] is last["table"]
    assert first["0.weight"] is last["0.weight"]
    assert not torch.equal(first["1.running_mean"], last["1.running_mean"])
    assert "table" not in trajectory.shapes


def test_tied_tensors_are_copied_once() -> None:
    model = nn.Sequential(nn.Linear(3, 3, bias=False), nn.Linear(3, 3, bias=False))
    model[1].weight = model[0].weight
    with record(model) as trajectory:
        pass
    state = trajectory[0].state()
    assert state["0.weight"] is state["1.weight"]


def test_wrapped_models_have_plain_names() -> None:
    model = mlp()
    with record(nn.DataParallel(model)) as trajectory:
        train(model, sgd(model), 1)
    assert list(trajectory[0].state()) == list(model.state_dict())
    assert steps_of(trajectory) == [0, 1]


def test_copies_may_be_smaller() -> None:
    model = nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.Linear(5, 3))
    with record(model, dtype=torch.bfloat16) as trajectory:
        train(model, sgd(model), 1)
    state = trajectory[-1].state()
    assert state["0.weight"].dtype == state["1.running_var"].dtype == torch.bfloat16
    assert state["1.num_batches_tracked"].dtype == torch.int64
    torch.testing.assert_close(state["0.weight"], model[0].weight.detach().bfloat16())


def test_a_listener_hears_on_the_thread_that_trains() -> None:
    model, heard = mlp(), []
    with record(model) as trajectory:
        trajectory.listen(lambda: heard.append(len(trajectory)))
        train(model, sgd(model), 3)
    assert heard == [2, 3, 4]


def test_recording_leaves_half_of_the_free_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    model = mlp()
    size = sum(tensor.nbytes for tensor in model.state_dict().values())
    monkeypatch.setattr(recorder, "free_memory", lambda: 7 * size)
    words = "half of the memory that was free, with 3 checkpoints; no more are taken but the last"
    with pytest.warns(UserWarning, match=words) as told, record(model) as trajectory:
        train(model, sgd(model), 6)
    assert steps_of(trajectory) == [0, 1, 2, 6]
    assert len(told) == 1


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"model": 7}, TypeError, r"Expected the model that trains, a torch\.nn\.Module; got int"),
        ({"every": 0}, ValueError, r"every is a number of optimizer steps, 1 or more, or None; got 0"),
        ({"every": 1.5}, ValueError, r"or None; got 1\.5\. With None, call `trajectory\.snapshot\(\)`"),
        (
            {"steps_per_epoch": 0},
            ValueError,
            r"steps_per_epoch is a number above 0, as `len\(loader\)`; got 0",
        ),
        ({"dtype": torch.int8}, TypeError, r"a floating point type such as torch\.bfloat16; got torch\.int8"),
        (
            {"model": nn.LazyLinear(3)},
            ValueError,
            r"'weight' has no shape yet \(a lazy module\)\. Run the model",
        ),
    ],
)
def test_bad_arguments_are_refused_before_training(options, error, message: str) -> None:
    with pytest.raises(error, match=message), record(**{"model": mlp()} | options):
        pass


def test_a_trajectory_can_be_gone_on_with() -> None:
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def step() -> None:
        optimizer.zero_grad()
        model(torch.ones(1, 3)).sum().backward()
        optimizer.step()

    with record(model) as trajectory:
        step()
    with record(model, trajectory=trajectory) as the_same:
        step()
    assert the_same is trajectory and [checkpoint.step for checkpoint in trajectory] == [0, 1, 2]
