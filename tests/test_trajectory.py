"""Does a trajectory grow, tell who listens, and refuse what doesn't belong to it?"""

from __future__ import annotations

import threading

import pytest
import torch
from filter_cases import Tied, place
from torch import nn
from trajectory_cases import from_rows, trajectory_of

from landscape_widget.subspace.checkpoint import Checkpoint, InMemory, Part, plain_names
from landscape_widget.subspace.same_network import check_fits, names_in
from landscape_widget.subspace.trajectory import Trajectory


def test_it_is_a_sequence_of_checkpoints() -> None:
    trajectory = from_rows([[1.0, 2.0], [3.0, 4.0]])
    assert (len(trajectory), [checkpoint.step for checkpoint in trajectory]) == (2, [0, 1])
    assert trajectory[-1].state()["weight"].tolist() == [[3.0, 4.0]]
    assert repr(trajectory) == "<Trajectory of 2 checkpoints>"


def test_listeners_hear_of_each_checkpoint_until_they_stop() -> None:
    trajectory = Trajectory()
    heard: list[tuple[str, int]] = []
    stops = [trajectory.listen(lambda who=who: heard.append((who, len(trajectory)))) for who in "ab"]
    trajectory.append(Checkpoint(0, InMemory({"w": torch.ones(2)})))
    stops[0]()
    trajectory.append(Checkpoint(1, InMemory({"w": torch.ones(2)})))
    assert heard == [("a", 1), ("b", 1), ("b", 2)]


def test_one_function_may_listen_twice() -> None:
    trajectory, heard = Trajectory(), []
    stop = trajectory.listen(lambda: heard.append(1))
    trajectory.listen(lambda: heard.append(2))
    stop()
    stop()
    trajectory.append(Checkpoint(0, InMemory({"w": torch.ones(2)})))
    assert heard == [2]


def test_checkpoints_may_come_while_others_read() -> None:
    trajectory = Trajectory()
    state = InMemory({"w": torch.ones(2)})
    thread = threading.Thread(target=lambda: [trajectory.append(Checkpoint(i, state)) for i in range(2000)])
    thread.start()
    while len(trajectory) < 2000:
        steps = [checkpoint.step for checkpoint in trajectory]
        assert steps == list(range(len(steps)))
    thread.join()
    assert [checkpoint.step for checkpoint in trajectory] == list(range(2000))


def test_a_checkpoint_of_another_network_is_refused() -> None:
    trajectory = trajectory_of([{"a": torch.ones(2), "b": torch.ones(3)}])
    for state, message in [
        ({"a": torch.ones(2)}, r"Checkpoint 1 lacks 'b' \(1 missing, 0 unexpected names\)\. All checkpoints"),
        ({"a": torch.ones(2), "b": torch.ones(3), "c": torch.ones(1)}, "has 'c', which checkpoint 0 lacks"),
        ({"a": torch.ones(2), "b": torch.ones(4)}, r"shape \[4\] for 'b'; expected \[3\] as in checkpoint 0"),
    ]:
        with pytest.raises(ValueError, match=message):
            trajectory.append(Checkpoint(1, InMemory(state)))
    assert len(trajectory) == 1


def test_integer_buffers_are_no_matter_of_architecture() -> None:
    count = {"num_batches_tracked": torch.tensor(3)}
    assert len(trajectory_of([{"a": torch.ones(2)} | count, {"a": torch.ones(2)}])) == 2


def test_a_snapshot_without_a_recording_is_refused() -> None:
    with pytest.raises(RuntimeError, match=r"nothing is\. Take snapshots inside `with lw\.record\("):
        from_rows([[1.0], [2.0]]).snapshot()


def test_what_was_computed_is_remembered_for_the_latest_few_questions() -> None:
    trajectory, made = Trajectory(), []

    def remembered(key: int) -> int:
        return trajectory.remembered(key, lambda: made.append(key) or 10 * key)

    assert [remembered(key) for key in (1, 1, 2, 3, 4, 5, 5, 1)] == [10, 10, 20, 30, 40, 50, 50, 10]
    assert made == [1, 2, 3, 4, 5, 1]


def test_wrappers_are_taken_out_of_names_wherever_they_stand() -> None:
    names = ["module.0.weight", "_orig_mod.module.1.bias", "2._orig_mod.weight", "module_list.0.weight"]
    assert list(plain_names(names)) == ["0.weight", "1.bias", "2.weight", "module_list.0.weight"]
    twice = ["module.weight", "weight"]
    assert plain_names(twice) == {"module.weight": "module.weight", "weight": "weight"}


def test_parts_of_a_tensor_are_flat() -> None:
    tensors = InMemory({"w": torch.arange(6.0).reshape(2, 3).T})
    assert [part.tolist() for part in tensors.parts([Part("w", 1, 3), Part("w", 5, 6)])] == [[3, 1], [5]]


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))


def test_a_network_finds_its_tensors_under_wrapped_names() -> None:
    model = network()
    for wrapped in (nn.DataParallel(model), torch.compile(model, backend="eager")):
        trajectory = trajectory_of([wrapped.state_dict()] * 2)
        assert names_in(trajectory, place(model))["0.weight"].endswith("0.weight")
    trajectory = trajectory_of([{f"module.{name}": t for name, t in model.state_dict().items()}] * 2)
    check_fits(trajectory, place(model))


def test_a_part_of_what_was_saved_finds_its_own() -> None:
    model = network()
    saved = {f"net.{name}": tensor for name, tensor in model.state_dict().items()}
    found = names_in(trajectory_of([saved | {"loss.weight": torch.ones(4)}] * 2), place(model))
    assert found["0.weight"] == "net.0.weight"
    assert found["1.running_var"] == "net.1.running_var"


def test_a_part_is_found_where_the_whole_has_some_of_the_same_names() -> None:
    part = network()
    whole = nn.Sequential(part, nn.Linear(2, 2))
    found = names_in(trajectory_of([whole.state_dict()] * 2), place(part))
    assert (found["0.weight"], found["1.weight"]) == ("0.0.weight", "0.1.weight")


def test_tied_tensors_are_found_by_the_name_that_was_saved() -> None:
    saved = {"head.weight": torch.ones(7, 3)}
    assert names_in(trajectory_of([saved] * 2), place(Tied()))["embedding.weight"] == "head.weight"


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (
            {"0.weight": torch.ones(2, 3)},
            r"lacks the model's '0\.bias' \(3 missing names\)\. Give the network",
        ),
        ({"conv.weight": torch.ones(2, 3)}, r"lacks the model's '0\.weight' and has 'conv\.weight', unknown"),
    ],
)
def test_missing_names_are_refused(state: dict[str, torch.Tensor], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_fits(trajectory_of([state] * 2), place(network()))


def test_statistics_may_be_missing_but_not_be_of_another_shape() -> None:
    model = network()
    state = {name: p.detach() for name, p in model.named_parameters()}
    check_fits(trajectory_of([state] * 2), place(model))
    with pytest.raises(ValueError, match=r"has shape \[5\] for '1\.running_mean'; the model has \[2\]"):
        check_fits(trajectory_of([state | {"1.running_mean": torch.ones(5)}] * 2), place(model))


def test_counters_saved_as_floating_point_numbers_are_known() -> None:
    model = network()
    trajectory = trajectory_of([{name: t.float() for name, t in model.state_dict().items()}] * 2)
    assert "1.num_batches_tracked" in trajectory.shapes
    assert "1.num_batches_tracked" not in names_in(trajectory, place(model))


def test_checkpoints_of_a_network_with_more_in_it_are_refused() -> None:
    normalized = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    plain = nn.Sequential(nn.Linear(3, 2), nn.Identity())
    states = {prefix: {prefix + n: t for n, t in normalized.state_dict().items()} for prefix in ("", "net.")}
    for prefix, state in states.items():
        with pytest.raises(ValueError, match=rf"has '{prefix}1\.weight', which the model lacks \(4 unknown"):
            check_fits(trajectory_of([state] * 2), place(plain))


def test_one_point_is_refused_unless_it_will_grow() -> None:
    trajectory = trajectory_of([network().state_dict()])
    with pytest.raises(
        ValueError, match=r"two checkpoints or more; got 1\. A trajectory of one point has no path"
    ):
        check_fits(trajectory, place(network()))
    trajectory.follow(lambda epoch: None)
    check_fits(trajectory, place(network()))
    with pytest.raises(TypeError, match=r"Expected a trajectory from .* got dict"):
        check_fits({}, place(network()))  # type: ignore[arg-type]
