"""Are the shipped networks what their files say, and can they be made again?"""

from __future__ import annotations

import builtins
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

import landscape_widget as lw
from landscape_widget import zoo
from landscape_widget.objective.random_state import random_state_digest
from landscape_widget.zoo import train as script
from landscape_widget.zoo.checkpoints import FOLDER, checkpoint_path
from landscape_widget.zoo.data import Digits
from landscape_widget.zoo.recipes import SHIPPED, Shipped

EVERY = [(name, seed) for name in zoo.names() for seed in zoo.seeds(name)]


@pytest.fixture(scope="module")
def data() -> Digits:
    return zoo.digits()


@pytest.fixture(scope="module")
def few(data: Digits) -> Digits:
    return Digits((data.train[0][:64], data.train[1][:64]), (data.test[0][:50], data.test[1][:50]))


def test_each_digit_is_either_trained_on_or_tested_with(data: Digits):
    (images, labels), (others, theirs) = data
    assert (images.shape, others.shape) == ((1200, 1, 8, 8), (597, 1, 8, 8))
    assert (images.dtype, labels.dtype) == (torch.float32, torch.int64)
    together = torch.cat([images, others]).flatten(1)
    assert (float(together.min()), float(together.max())) == (0, 1)
    assert len(together.unique(dim=0)) == 1797
    assert torch.cat([labels, theirs]).bincount().min() > 170


def test_the_split_follows_from_the_seed(data: Digits):
    assert torch.equal(zoo.digits(0).test[0], data.test[0])
    assert not torch.equal(zoo.digits(1).test[0], data.test[0])


def test_who_lacks_scikit_learn_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch):
    there = builtins.__import__

    def without_it(name: str, *given, **named):
        if name.startswith("sklearn"):
            raise ModuleNotFoundError(name)
        return there(name, *given, **named)

    monkeypatch.setattr(builtins, "__import__", without_it)
    with pytest.raises(ModuleNotFoundError, match=r"come with scikit-learn, .*`pip install scikit-learn`"):
        zoo.digits()


@pytest.mark.parametrize(("name", "seed"), EVERY)
def test_a_shipped_network_reaches_what_its_file_says(name: str, seed: int, data: Digits):
    model = zoo.load(name, seed)
    assert not model.training
    settings = model.settings
    assert (settings["name"], settings["seed"]) == (name, seed)
    recipe = replace(SHIPPED[name].recipe, seed=seed)
    assert settings.items() >= {**asdict(recipe), "drops": list(recipe.drops)}.items()
    assert len(settings["norms"]) == len(settings["learning_rates"]) == recipe.epochs + 1
    with torch.no_grad():
        for which, (images, labels) in data._asdict().items():
            loss = float(F.cross_entropy(model(images), labels))
            assert loss == pytest.approx(settings[f"{which}_loss"], rel=1e-3, abs=1e-6)
            assert zoo.error(model, (images, labels)) == pytest.approx(settings[f"{which}_error"], abs=0.002)


def test_shipped_networks_have_learned_but_for_the_thinnest_without_shortcuts():
    errors = {(name, seed): zoo.load(name, seed).settings["test_error"] for name, seed in EVERY}
    assert {name for (name, _), wrong in errors.items() if wrong > 0.05} == {"plain-20-1"}


def test_files_are_small_and_none_is_left_over():
    files = list(FOLDER.iterdir())
    assert {checkpoint_path(name, seed) for name, seed in EVERY} == set(files)
    assert sum(file.stat().st_size for file in files) < 3_000_000


def test_a_recorded_run_begins_untrained_ends_at_the_shipped_network_and_knows_its_learning_rates():
    run = zoo.trajectory("sgd")
    assert [checkpoint.epoch for checkpoint in run] == list(range(61))
    rates = [round(checkpoint.learning_rate, 6) for checkpoint in run]
    assert [rates.count(rate) for rate in (0.1, 0.01, 0.001, 0.0001)] == [31, 15, 10, 5]
    assert rates == sorted(rates, reverse=True)
    untrained, trained = zoo.convolutional(seed=0), zoo.load("sgd")
    for model, checkpoint in ((untrained, run[0]), (trained, run[-1])):
        state = checkpoint.state()
        for name, tensor in model.state_dict().items():
            torch.testing.assert_close(state[name], tensor, rtol=1e-3, atol=1e-6)


def test_a_recorded_run_is_a_trajectory_that_can_be_looked_along(few: Digits):
    model, run = zoo.load("adam"), zoo.trajectory("adam")
    surface = lw.compute(model, F.cross_entropy, few.train, trajectory=run, resolution=3)
    assert surface.path is not None
    assert surface.is_done


def test_other_networks_and_seeds_are_refused():
    with pytest.raises(ValueError, match=r"A trained network must be one of .* got 'plain'\. Did you mean"):
        zoo.load("plain")
    with pytest.raises(
        ValueError, match=r"was trained from the seeds 0; got 7\. Train others with `python -m"
    ):
        zoo.load("mlp", 7)
    with pytest.raises(ValueError, match="A recorded training run must be one of 'sgd', 'adam'; got 'mlp'"):
        zoo.trajectory("mlp")


def test_a_network_that_is_not_in_the_folder_is_said_with_the_way_to_make_it(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match=r"at .*mlp-seed-0\.safetensors; .* Make it with `python -m"):
        zoo.load("mlp", folder=tmp_path)


def test_loading_needs_no_safetensors_package_and_no_random_numbers(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "safetensors", None)
    before = random_state_digest()
    zoo.load("mlp")
    assert random_state_digest() == before


def test_training_twice_writes_the_same_bytes(few: Digits, tmp_path: Path):
    tiny = Shipped("small_resnet", {"depth": 8, "width": 1}, zoo.Recipe(epochs=2, batch=16), is_recorded=True)
    paths = [tmp_path / name for name in ("once", "again", "otherwise")]
    for path, seed in zip(paths, (1, 1, 2), strict=True):
        script.make("tiny", tiny, seed, few, path)
    once, again, otherwise = (path.read_bytes() for path in paths)
    assert once == again
    assert once != otherwise


def test_a_shipped_network_is_what_the_script_makes_of_the_digits(tmp_path: Path):
    """Another processor may round otherwise; here it is the same to the last bit."""
    script.main(["mlp", "--folder", str(tmp_path)])
    made, shipped = zoo.load("mlp", folder=tmp_path).settings, zoo.load("mlp").settings
    assert made["test_error"] == pytest.approx(shipped["test_error"], abs=0.01)
    assert made["norms"] == pytest.approx(shipped["norms"], rel=0.01)


def test_the_command_line_trains_what_it_is_told(
    few: Digits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(script, "digits", lambda: few)
    script.main(["mlp", "--folder", str(tmp_path)])
    assert capsys.readouterr().out.startswith("mlp, seed 0: train error ")
    settings = zoo.load("mlp", folder=tmp_path).settings
    assert settings["norms"] != zoo.load("mlp").settings["norms"]
    assert settings["train_error"] == zoo.error(zoo.load("mlp", folder=tmp_path), few.train)
    with pytest.raises(ValueError, match=r"A network must be one of .* got 'mpl'\. Did you mean 'mlp'\?"):
        script.main(["mpl"])


def test_training_leaves_the_users_random_numbers_alone_and_the_model_in_eval_mode(few: Digits):
    model, told = zoo.convolutional(), []
    before = random_state_digest()
    zoo.fit(model, few.train, zoo.Recipe(epochs=2), lambda epoch: told.append((epoch, model.training)))
    assert random_state_digest() == before
    assert told == [(0, False), (1, False), (2, False)]
    assert not model.training


def test_the_learning_rate_falls_where_the_papers_does():
    recipe = zoo.Recipe(epochs=300)
    falls = [epoch for epoch in range(1, 300) if recipe.rate(epoch) < recipe.rate(epoch - 1)]
    assert falls == [150, 225, 275]
    assert recipe.rate(299) == pytest.approx(1e-4)


def test_adam_and_weight_decay_make_a_difference(few: Digits):
    ends = []
    for recipe in (
        zoo.Recipe(epochs=2),
        zoo.Recipe(epochs=2, weight_decay=0.1),
        zoo.Recipe(epochs=2, optimizer="adam"),
    ):
        model = zoo.mlp()
        zoo.fit(model, few.train, recipe)
        ends.append(float(next(model.parameters()).detach().norm()))
    plain, decayed, adam = ends
    assert decayed < plain
    assert adam != plain
