"""Does a scene mean what was asked: directions, treatment of BatchNorm, corners, notes?"""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

import landscape_widget as lw

INPUTS = torch.randn(60, 6, generator=torch.Generator().manual_seed(0))
DATA = (INPUTS, (INPUTS[:, 0] * INPUTS[:, 1] > 0).long())


def trained(seed: int, norm: bool = True) -> nn.Module:
    """A small network after a few steps, so that its statistics are its own."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        middle = [nn.BatchNorm1d(8)] if norm else []
        model = nn.Sequential(nn.Linear(6, 8), *middle, nn.Tanh(), nn.Linear(8, 2))
    train(model, steps=30)
    return model.eval()


def train(model: nn.Module, steps: int) -> None:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
    model.train()
    for _ in range(steps):
        optimizer.zero_grad()
        F.cross_entropy(model(DATA[0]), DATA[1]).backward()
        optimizer.step()


def recorded(every: int = 5) -> tuple[nn.Module, lw.Trajectory]:
    model = trained(0)
    with lw.record(model, every=every) as trajectory:
        train(model, steps=30)
    return model.eval(), trajectory


def loss_of(model: nn.Module) -> float:
    with torch.no_grad():
        return F.cross_entropy(model(DATA[0]), DATA[1]).item()


def computed(model: nn.Module, **options) -> lw.Surface:
    return lw.compute(model, F.cross_entropy, DATA, **{"resolution": 5, **options})


def test_between_models_statistics_are_interpolated_unless_somebody_asks_otherwise():
    here, there = trained(0), trained(1)
    towards = [lw.TowardsModel(there)]
    assert computed(here, directions=towards).settings["batch_norm"] == "interpolate"
    assert computed(here).settings["batch_norm"] == "frozen"
    frozen = computed(here, directions=towards, batch_norm="frozen")
    assert frozen.at("other model")["loss"] != pytest.approx(loss_of(there), rel=1e-3)
    assert "BatchNorm statistics stay those of the origin" in " ".join(frozen.settings["notes"])
    assert computed(here, directions=towards).at("other model")["loss"] == pytest.approx(loss_of(there))


def test_a_model_without_batch_norm_has_no_treatment_of_it():
    assert computed(trained(0, norm=False)).settings["batch_norm"] is None
    with pytest.raises(ValueError, match="has no BatchNorm with running statistics; got batch_norm='frozen'"):
        computed(trained(0, norm=False), batch_norm="frozen")
    with pytest.raises(ValueError, match="Did you mean 'frozen'"):
        computed(trained(0), batch_norm="freeze")


def test_statistics_are_interpolated_only_towards_a_model():
    with pytest.raises(ValueError, match=r"and no direction goes to one\. Give `TowardsModel\(other\)`"):
        computed(trained(0), batch_norm="interpolate")


def test_what_is_no_answer_to_orthogonalize_is_refused():
    with pytest.raises(TypeError, match="orthogonalize is True, False or None; got 'yes'"):
        computed(trained(0), orthogonalize="yes")


def test_what_a_filter_is_holds_for_principal_components_too():
    model, trajectory = recorded()
    weight = next(name for name, p in model.named_parameters() if p.ndim > 1)
    components = [lw.PrincipalDirection(trajectory, rank) for rank in (0, 1)]
    surface = computed(model, trajectory=trajectory, directions=components, filter_axes={weight: None})
    default = computed(model, trajectory=trajectory, filter_axes={weight: None})
    assert surface.path.explained == default.path.explained
    assert not surface.directions[0][weight].any()


def test_what_a_component_explains_is_said_of_its_own_run_only():
    (model, drawn), (_, other) = recorded(), recorded(every=3)
    components = [lw.PrincipalDirection(other, rank) for rank in (0, 1)]
    surface = computed(model, trajectory=drawn, directions=components)
    assert surface.path.explained == surface.path.by_chance == (None, None)
    assert all(label.endswith("% of another run") for label in surface.settings["labels"])
    assert "another" not in computed(model, directions=components).settings["labels"][0]


def test_what_is_blended_is_scaled_as_it_would_be_alone():
    settings = {"normalization": "layer", "one_dimensional": "scaled", "filter_axes": {"0.weight": (1,)}}
    first, second = lw.RandomDirection(0), lw.RandomDirection(1, normalization="none")
    blends = [lw.BlendedDirection(first, second, degrees) for degrees in (0, 90)]
    blended = [computed(trained(0), directions=[one], **settings)["loss"] for one in blends]
    alone = [computed(trained(0), directions=[one], **settings)["loss"] for one in (first, second)]
    assert np.array_equal(blended, alone)


def test_re_estimated_statistics_say_how():
    surface = computed(trained(0), batch_norm="reestimate")
    assert surface.settings["calibration"] == {"batch_size": 128, "seed": 0}
    assert surface["loss"][0, 0] != computed(trained(0))["loss"][0, 0]


def test_the_corners_of_a_triangle_are_the_models():
    here, second, third = (trained(seed) for seed in range(3))
    towards = [lw.TowardsModel(second, "second"), lw.TowardsModel(third, "third")]
    surface = computed(here, directions=towards)
    for label, model in {"origin": here, "second": second, "third": third}.items():
        assert surface.at(label)["loss"] == pytest.approx(loss_of(model), rel=1e-5)
    (aa, ab), (_, bb) = surface.settings["gram"]
    assert abs(ab) < 1e-5 * np.sqrt(aa * bb)
    assert surface.settings["is_triangle"] and surface.settings["is_to_scale"]
    corners = np.array([point.coordinates for point in surface.points])
    low, high = corners.min(axis=0), corners.max(axis=0)
    assert surface.x[[0, -1]] == pytest.approx(
        [low[0] - 0.2 * (high - low)[0], high[0] + 0.2 * (high - low)[0]]
    )
    assert surface.y[[0, -1]] == pytest.approx([-0.2, 1.2])


def test_a_triangle_may_be_left_as_it_is():
    towards = [lw.TowardsModel(trained(1), "second"), lw.TowardsModel(trained(2), "third")]
    surface = computed(trained(0), directions=towards, orthogonalize=False)
    assert surface.points[2].coordinates == (0.0, 1.0) and abs(surface.settings["gram"][0][1]) > 1e-3


def test_models_on_one_line_span_no_plane():
    here, there = trained(0, norm=False), trained(1, norm=False)
    middle = trained(0, norm=False)
    for half, a, b in zip(middle.parameters(), here.parameters(), there.parameters(), strict=True):
        half.data = (a + b).data / 2
    with pytest.raises(ValueError, match="lie on one line, so they span no plane"):
        computed(here, directions=[lw.TowardsModel(there, "there"), lw.TowardsModel(middle, "middle")])


def test_random_axes_are_made_orthogonal_when_asked():
    surface = computed(trained(0), orthogonalize=True)
    assert abs(surface.settings["gram"][0][1]) < 1e-6 * surface.settings["gram"][0][0]
    assert any("made orthogonal to the first" in note for note in surface.settings["notes"])


def test_the_far_field_is_a_range_like_any_other():
    surface = computed(trained(0), x=(-3, 3), y=(-3, 3))
    assert surface.x[[0, -1]].tolist() == surface.y[[0, -1]].tolist() == [-3, 3]


def test_axes_may_be_mixed_each_with_its_own_normalization():
    surface = computed(
        trained(0),
        directions=[
            lw.RandomDirection(0, "layer"),
            lw.BlendedDirection(lw.RandomDirection(1), lw.GradientDirection(), 30),
        ],
    )
    layer = surface.directions[0]["0.weight"]
    assert layer.norm().item() == pytest.approx(surface.origin["0.weight"].norm().item(), rel=1e-6)
    assert surface.settings["directions"][0]["normalization"] == "layer"
    assert surface.settings["labels"][1] == "random, seed 1, turned 30° towards −gradient"


def test_a_trajectory_chooses_the_plane_and_lies_in_the_picture():
    model, trajectory = recorded()
    surface = computed(model, trajectory=trajectory)
    path = surface.path
    assert path is not None and len(path) == len(trajectory) == 7
    assert path.known.all() and path.values[0, -1] == pytest.approx(loss_of(model), rel=1e-6)
    assert path.coordinates[-1] == pytest.approx([0, 0], abs=1e-9)
    low, high = surface.x[[0, -1]]
    assert (low < path.coordinates[:, 0]).all() and (path.coordinates[:, 0] < high).all()
    assert [label[:6] for label in surface.settings["labels"]] == ["1st PC", "2nd PC"]
    assert sum(path.explained) <= 1 and all(share is not None for share in path.by_chance)
    assert surface.settings["is_to_scale"] and not surface.settings["is_triangle"]


def test_a_checkpoints_loss_is_its_own_with_its_own_statistics():
    model, trajectory = recorded()
    surface = computed(
        model, trajectory=trajectory, directions=[lw.RandomDirection(0), lw.RandomDirection(1)]
    )
    first = trained(9)
    first.load_state_dict(trajectory[0].state(), strict=False)
    assert surface.path.values[0, 0] == pytest.approx(loss_of(first.eval()), rel=1e-5)
    assert surface.path.explained == (None, None)


def test_a_trajectory_that_has_only_begun_is_followed_from_other_axes():
    model = trained(0)
    with lw.record(model, every=1) as trajectory:
        surface = computed(model, trajectory=trajectory)
        assert surface.settings["labels"][0] == "−gradient"
        assert "spans no plane yet (1 checkpoints)" in " ".join(surface.settings["notes"])


def test_the_first_checkpoints_alone_may_span_the_plane():
    model, trajectory = recorded()
    widget = lw.explore(model, F.cross_entropy, DATA, trajectory=trajectory, resolution=5)
    first = widget.wait().settings["labels"]
    widget.directions = [{"key": "principal 0", "seed": 4}, {"key": "principal 1", "seed": 4}]
    assert widget.wait().settings["labels"] != first
    widget.close()


def test_presets_lead_from_one_view_of_a_trajectory_to_the_next():
    model, trajectory = recorded()
    widget = lw.explore(model, F.cross_entropy, DATA, trajectory=trajectory, resolution=5)
    widget.wait()
    widget.preset("start and random, zoomed")
    surface = widget.wait()
    assert surface.settings["labels"] == ["towards start", "random, seed 1"]
    across = surface.path.coordinates[:, 1]
    assert surface.y[0] < across.min() and across.max() < surface.y[-1]
    assert surface.y[-1] - surface.y[0] == pytest.approx(1.3 * np.ptp(across), rel=0.02)
    widget.preset("principal components")
    assert widget.wait().path.explained[0] is not None
    widget.preset("two random axes")
    assert widget.wait().x[[0, -1]].tolist() == [-1, 1]
    widget.kind = "contour"
    widget.preset("paper")
    assert (widget.levels, widget.scale) == ("paper", "linear")
    with pytest.raises(ValueError, match="Did you mean 'two random axes'"):
        widget.preset("two random axis")
    widget.close()


def test_a_preset_of_the_page_changes_axes_and_ranges_at_once():
    model, trajectory = recorded()
    widget = lw.explore(model, F.cross_entropy, DATA, trajectory=trajectory, resolution=5)
    widget.preset("two random axes")
    widget.wait()
    seen = []
    widget.observe(lambda _: seen.append((widget.directions[0]["key"], widget.x)), ["x", "directions"])
    widget._received(widget, {"kind": "preset", "key": "principal components"}, [])
    surface = widget.wait()
    assert {key for key, _ in seen} == {"principal 0"} and (-1, 1) not in [x for _, x in seen]
    along = surface.path.coordinates[:, 0]
    assert surface.x[0] < along.min() and along.max() < surface.x[-1]
    widget.close()


def test_axes_anew_look_along_all_checkpoints_there_are():
    model, trajectory = recorded()
    widget = lw.explore(model, F.cross_entropy, DATA, trajectory=trajectory, resolution=5)
    widget.preset("two random axes")
    widget.wait()
    widget.refit()
    surface = widget.wait()
    assert [choice["seed"] for choice in widget.directions] == [len(surface.path)] * 2
    across = surface.path.coordinates[:, 0]
    assert surface.x[0] < across.min() and across.max() < surface.x[-1]
    widget.close()


def test_a_preset_that_is_not_on_offer_is_refused():
    widget = lw.explore(trained(0), F.cross_entropy, DATA, resolution=3)
    said = []
    widget.send = lambda content, buffers: said.append(content)
    widget._received(widget, {"kind": "preset", "key": "principal components"}, [])
    refusals = [content for content in said if content["kind"] == "refusal"]
    assert "Expected a preset on offer" in refusals[0]["reason"]
    widget.close()


def test_a_line_is_drawn_as_the_papers_lines_are():
    widget = lw.explore(trained(0), F.cross_entropy, DATA, directions=[lw.RandomDirection(0)], resolution=3)
    widget.preset("paper")
    assert (widget.kind, widget.limits, widget.scale) == ("surface", (0.0, 5.0), "linear")
    widget.close()


def test_only_a_trajectory_can_be_fitted_again():
    widget = lw.explore(trained(0), F.cross_entropy, DATA, resolution=3)
    with pytest.raises(RuntimeError, match="There is no trajectory; give one with"):
        widget.refit()
    widget.close()


@pytest.mark.parametrize(
    ("trajectory", "error", "sentence"),
    [
        ([trained(0).state_dict()], TypeError, "trajectory is a `Trajectory`; got list. Record one with"),
        (lw.Trajectory(), ValueError, "needs two checkpoints or more; got 0"),
    ],
)
def test_what_is_no_trajectory_is_refused_at_the_door(trajectory, error, sentence):
    with pytest.raises(error, match=sentence):
        computed(trained(0), trajectory=trajectory)


def test_a_trajectory_of_another_network_is_refused_at_the_door():
    _, trajectory = recorded()
    with pytest.raises(ValueError, match="trajectory"):
        computed(nn.Linear(6, 2), trajectory=trajectory)


def test_the_second_axis_is_turned_towards_a_third_direction():
    widget = lw.explore(trained(0), F.cross_entropy, DATA, resolution=5)
    still = widget.wait()
    widget.third, widget.rotation = {"key": "gradient"}, 90
    turned = widget.wait()
    assert turned.settings["labels"][1] == "−gradient" and turned.settings["rotation"] == 90
    assert torch.equal(turned.directions[0]["0.weight"], still.directions[0]["0.weight"])
    widget.rotation = 0
    assert widget.wait().settings["fingerprints"] == still.settings["fingerprints"]
    widget.close()


def test_dropout_draws_the_same_numbers_in_every_cell():
    model = nn.Sequential(trained(0)[:-1], nn.Dropout(0.5), trained(0)[-1]).eval()
    before = torch.get_rng_state()
    first, second = (computed(model, mode="train") for _ in range(2))
    assert np.array_equal(first["loss"], second["loss"])
    assert first.settings["mode"] == "train"
    assert first.at("origin")["loss"] != pytest.approx(computed(model).at("origin")["loss"], rel=1e-3)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_treatments_of_batch_norm_are_compared_before_anybody_asks():
    widget = lw.explore(trained(0), F.cross_entropy, DATA, resolution=5)
    widget.wait()
    found = widget.status["sensitivity"]
    assert found["samples"] == 60 and set(found["losses"]) == {"frozen", "reestimate"}
    assert found["worst"] == pytest.approx(max(found["losses"].values()) / min(found["losses"].values()))
    assert sorted(map(abs, found["at"])) == [0, 0.5]
    widget.close()
    between = lw.explore(
        trained(0), F.cross_entropy, DATA, directions=[lw.TowardsModel(trained(1))], resolution=5
    )
    between.wait()
    assert set(between.status["sensitivity"]["losses"]) == {"frozen", "reestimate", "interpolate"}
    between.close()
    plain = lw.explore(trained(0, norm=False), F.cross_entropy, DATA, resolution=5)
    plain.wait()
    assert plain.status["sensitivity"] is None
    plain.close()
