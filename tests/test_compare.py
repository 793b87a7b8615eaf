import copy

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

import landscape_widget as lw

GENERATOR = torch.Generator().manual_seed(0)
DATA = (torch.randn(40, 6, generator=GENERATOR), torch.arange(40) % 3)
TEST = (torch.randn(20, 6, generator=GENERATOR), torch.arange(20) % 3)


def network(width: int = 8, seed: int = 0) -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return nn.Sequential(nn.Linear(6, width), nn.ReLU(), nn.Linear(width, 3))


def normed(seed: int = 0) -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3))


@pytest.fixture
def close():
    opened = []
    yield opened.append
    for comparison in opened:
        comparison.close()


def test_each_member_is_computed_as_if_alone(close):
    networks = {"narrow": network(4), "wide": network(16)}
    comparison = lw.compare(networks, F.cross_entropy, DATA, resolution=9, test_data=TEST)
    close(comparison)
    surfaces = comparison.wait()
    for title, model in networks.items():
        alone = lw.compute(model, F.cross_entropy, DATA, resolution=9, test_data=TEST)
        for metric in ("loss", "accuracy", "test_loss"):
            np.testing.assert_allclose(surfaces[title][metric], alone[metric], rtol=1e-5)
    assert comparison.kind == "contour" and comparison.differences == []


def test_the_table_is_true(close):
    model = network()
    comparison = lw.compare(
        {"a": model, "b": network(16)}, F.cross_entropy, DATA, resolution=5, test_data=TEST
    )
    close(comparison)
    comparison.wait()
    row = comparison.table[0]
    with torch.no_grad():
        loss, wrong = F.cross_entropy(model(DATA[0]), DATA[1]), (model(TEST[0]).argmax(1) != TEST[1])
    norm = torch.cat([parameter.flatten() for parameter in model.parameters()]).norm()
    assert row["loss"] == pytest.approx(loss.item(), rel=1e-5)
    assert row["test_error"] == pytest.approx(100 * wrong.float().mean().item())
    assert row["norm"] == pytest.approx(norm.item(), rel=1e-5)


def test_widths_are_those_of_lines_along_the_same_seeds(close):
    model = network()
    comparison = lw.compare(
        {"a": model, "b": network(16)}, F.cross_entropy, DATA, resolution=5, widths_over=3
    )
    close(comparison)
    comparison.wait()
    lines = [
        lw.compute(
            model, F.cross_entropy, DATA, directions=[lw.RandomDirection(seed)], x=(-1, 1), resolution=33
        )
        for seed in range(3)
    ]
    risen = [line["loss"] <= line.at("origin")["loss"] + 0.1 for line in lines]
    steps = sorted(np.count_nonzero(stretch) / 16 for stretch in risen)
    assert comparison.table[0]["width_0.1"] == pytest.approx(steps[1], abs=2 / 16)


def test_data_are_read_and_kept_once(close):
    class Counted(torch.utils.data.TensorDataset):
        def __getitem__(self, index):
            read.append(index)
            return super().__getitem__(index)

    read = []
    comparison = lw.compare({"a": network(), "b": network(16)}, F.cross_entropy, Counted(*DATA), resolution=5)
    close(comparison)
    comparison.wait()
    assert len(read) == 40


def test_what_was_read_in_another_precision_is_not_shared(close):
    members = {"a": network(), "b": lw.Landscape(network(), dtype=torch.float64)}
    comparison = lw.compare(members, F.cross_entropy, DATA, resolution=5)
    close(comparison)
    surfaces = comparison.wait()
    assert surfaces["b"].settings["dtype"] == "float64"
    np.testing.assert_allclose(surfaces["a"]["loss"], surfaces["b"]["loss"], rtol=1e-4)


def test_a_member_may_have_a_loss_data_and_settings_of_its_own(close):
    double = lw.batch_loss(lambda model, batch: 2 * F.cross_entropy(model(batch[0]), batch[1]))
    own = lw.Landscape(network(), double, TEST, about={"wd": "5e-4", "bs": 128}, normalization="none")
    comparison = lw.compare({"a": network(), "b": own}, F.cross_entropy, DATA, resolution=5)
    close(comparison)
    surfaces = comparison.wait()
    expected = 2 * F.cross_entropy(network()(TEST[0]), TEST[1]).item()
    assert surfaces["b"].at("origin")["loss"] == pytest.approx(expected, rel=1e-5)
    assert comparison.members[1]["about"] == comparison.table[1]["about"] == "wd 5e-4 · bs 128"
    said = " ".join(comparison.differences)
    assert "normalization: filter for 'a', none for 'b'" in said and "samples: 40 for 'a', 20 for 'b'" in said
    comparison.normalization = "layer"
    assert comparison["a"].normalization == "layer" and comparison["b"].normalization == "none"


def test_a_network_without_batch_norm_stands_beside_one_that_has_it(close):
    comparison = lw.compare({"plain": network(), "normed": normed()}, F.cross_entropy, DATA, resolution=5)
    close(comparison)
    comparison.wait()
    assert comparison.differences == [] and comparison.batch_norm == "frozen"
    comparison.batch_norm = "reestimate"
    surfaces = comparison.wait()
    assert surfaces["normed"].settings["batch_norm"] == "reestimate"
    assert surfaces["plain"].settings["batch_norm"] is None


def test_lines_between_models_stand_side_by_side(close):
    members = {
        f"seed {seed}": lw.Landscape(network(8, seed), directions=[lw.TowardsModel(network(8, seed + 5))])
        for seed in (0, 1)
    }
    comparison = lw.compare(members, F.cross_entropy, DATA, resolution=11)
    close(comparison)
    surfaces = comparison.wait()
    assert comparison.x == (-0.5, 1.5)
    assert all(surface.barrier() is not None for surface in surfaces.values())


def test_the_memory_is_shared_out(close, monkeypatch):
    budgets = []
    from landscape_widget.scene import measuring

    evaluator = measuring.Evaluator

    def recording(*args, budget, **options):
        budgets.append(budget)
        return evaluator(*args, budget=budget, **options)

    monkeypatch.setattr(measuring, "Evaluator", recording)
    comparison = lw.compare(
        {"a": network(), "b": network()}, F.cross_entropy, DATA, resolution=5, memory=2**30
    )
    close(comparison)
    comparison.wait()
    assert set(budgets) == {2**29}


def test_the_users_models_are_left_alone(close):
    models = {"a": network().train(), "b": normed()}
    before = {title: copy.deepcopy(model.state_dict()) for title, model in models.items()}
    state = torch.get_rng_state()
    comparison = lw.compare(models, F.cross_entropy, DATA, resolution=5)
    close(comparison)
    comparison.wait()
    assert torch.equal(torch.get_rng_state(), state)
    for title, model in models.items():
        assert model.training
        assert all(torch.equal(tensor, model.state_dict()[name]) for name, tensor in before[title].items())


def test_a_figure_holds_all_members(close):
    comparison = lw.compare({"a": network(4), "b": network(16)}, F.cross_entropy, DATA, resolution=5)
    close(comparison)
    comparison.wait()
    figure = comparison.figure("heatmap", "linear")
    maps = [trace for trace in figure.data if trace.type == "heatmap"]
    assert len(maps) == 2


@pytest.mark.parametrize("count", [0, 1, 13])
def test_a_comparison_has_two_to_twelve_members(count):
    with pytest.raises(ValueError, match=f"2 to 12 members; got {count}"):
        lw.compare({str(i): network() for i in range(count)}, F.cross_entropy, DATA)


@pytest.mark.parametrize(
    "members, loss, options, error, sentence",
    [
        ([network()], F.cross_entropy, {}, TypeError, "title → model; got list"),
        ({"a": network(), "b": 3}, F.cross_entropy, {}, TypeError, "member 'b': expected a model .* got int"),
        ({"a": network(), ("b", "c"): network()}, F.cross_entropy, {}, ValueError, "all text or all"),
        ({"a": network(), "b": nn.Linear(5, 3)}, F.cross_entropy, {}, ValueError, "member 'b': "),
        (
            {"a": network(), "b": network()},
            F.cross_entropy,
            {"samples": 50},
            ValueError,
            "member 'a': Expected samples",
        ),
        (
            {("x", 1): network(), ("x", 2): lw.Landscape(network(), samples=0)},
            F.cross_entropy,
            {},
            ValueError,
            "member 'x · 2': Expected samples",
        ),
        (
            {"a": network(), "b": network()},
            F.cross_entropy,
            {"normalisation": "layer"},
            ValueError,
            "An option of compare must be one of .* Did you mean 'normalization'",
        ),
        (
            {"a": network(), "b": lw.Landscape(network(), kind="surface")},
            F.cross_entropy,
            {},
            ValueError,
            "An option of Landscape",
        ),
        (
            {"a": network(), "b": lw.Landscape(network(), directions=[lw.RandomDirection()])},
            F.cross_entropy,
            {},
            ValueError,
            "all lines or all planes; 'b' has one direction and 'a' has two",
        ),
        (
            {"a": network(), "b": network(16)},
            F.cross_entropy,
            {"directions": [lw.TowardsModel(network(seed=1))]},
            ValueError,
            "member 'b': ",
        ),
        ({"a": network(), "b": network()}, F.cross_entropy, {"widths_over": 0}, ValueError, "widths_over"),
        ({"a": network(), "b": network()}, F.cross_entropy, {"memory": -1}, ValueError, "memory"),
        ({"a": network(), "b": network()}, F.cross_entropy, {"columns": 0}, ValueError, "columns counts"),
    ],
)
def test_bad_input_is_refused_at_the_door_in_the_members_name(members, loss, options, error, sentence):
    with pytest.raises(error, match=sentence):
        lw.compare(members, loss, DATA, **options)
