"""Do real trainers leave a trajectory, epoch by epoch?"""

from __future__ import annotations

import logging
import math
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from filter_cases import place
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

from landscape_widget import callbacks
from landscape_widget.callbacks import lightning_callback, trainer_callback
from landscape_widget.subspace.same_network import check_fits
from landscape_widget.subspace.trajectory import Trajectory
from tests.cases import draw, draw_classes, mlp

X, Y = draw(48, 4), draw_classes(3, 48)

quiet = pytest.mark.filterwarnings("ignore")  # of the trainers' own


class Samples(Dataset):
    def __len__(self) -> int:
        return len(X)

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        return {"x": X[index], "labels": Y[index]}


class Labelled(nn.Module):
    """Returns a loss, as Hugging Face's models do."""

    def __init__(self) -> None:
        super().__init__()
        self.net = mlp()

    def forward(self, x: Tensor, labels: Tensor) -> dict[str, Tensor]:
        output = self.net(x)
        return {"loss": F.cross_entropy(output, labels), "logits": output}


def fit_with_lightning(callback: Any, epochs: int = 3, fails_at: int | None = None) -> nn.Module:
    lightning = pytest.importorskip("lightning")
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)

    class Classifier(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.net = mlp()

        def training_step(self, batch: tuple[Tensor, Tensor], index: int) -> Tensor:
            if self.global_step == fails_at:
                raise ZeroDivisionError
            return F.cross_entropy(self.net(batch[0]), batch[1])

        def configure_optimizers(self) -> Any:
            optimizer = torch.optim.SGD(self.parameters(), lr=0.1)
            return [optimizer], [torch.optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.1)]

    module = Classifier()
    trainer = lightning.Trainer(
        max_epochs=epochs,
        accelerator="cpu",
        callbacks=[callback],
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    trainer.fit(module, DataLoader(TensorDataset(X, Y), batch_size=12))
    return module


def train_with_transformers(callback: Any, folder: Path) -> nn.Module:
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("accelerate")
    arguments = transformers.TrainingArguments(
        str(folder),
        num_train_epochs=3,
        per_device_train_batch_size=12,
        gradient_accumulation_steps=2,
        lr_scheduler_type="constant",
        learning_rate=0.01,
        report_to=[],
        save_strategy="no",
        disable_tqdm=True,
        use_cpu=True,
    )
    model = Labelled()
    transformers.Trainer(model, arguments, train_dataset=Samples(), callbacks=[callback]).train()
    return model


def moments(trajectory: Trajectory) -> list[tuple[int, float]]:
    return [(checkpoint.step, checkpoint.epoch) for checkpoint in trajectory]


def ends_at(trajectory: Trajectory, model: nn.Module) -> bool:
    return all(torch.equal(t, trajectory[-1].state()[name]) for name, t in model.state_dict().items())


@quiet
def test_lightning_leaves_a_checkpoint_an_epoch() -> None:
    pytest.importorskip("lightning")
    callback = lightning_callback()
    module = fit_with_lightning(callback)
    assert moments(callback.trajectory) == [(0, 0), (4, 1), (8, 2), (12, 3)]
    rates = [checkpoint.learning_rate for checkpoint in callback.trajectory]
    assert math.isnan(rates[0])
    assert rates[1:] == pytest.approx([0.1, 0.01, 0.001])
    assert ends_at(callback.trajectory, module)
    assert not callback.trajectory.is_recording
    check_fits(callback.trajectory, place(module.net))


@quiet
def test_lightning_leaves_a_checkpoint_every_so_many_steps() -> None:
    pytest.importorskip("lightning")
    trajectory = Trajectory()
    fit_with_lightning(lightning_callback(trajectory, every=5))
    assert moments(trajectory) == [(0, 0), (5, 1.25), (10, 2.5), (12, 3)]


@quiet
def test_a_lightning_training_that_fails_leaves_what_there_was() -> None:
    pytest.importorskip("lightning")
    callback = lightning_callback()
    with pytest.raises(ZeroDivisionError):
        fit_with_lightning(callback, fails_at=6)
    assert moments(callback.trajectory) == [(0, 0), (4, 1)]
    assert not callback.trajectory.is_recording


@quiet
def test_transformers_leave_a_checkpoint_an_epoch(tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    callback = trainer_callback()
    model = train_with_transformers(callback, tmp_path)
    assert moments(callback.trajectory) == [(0, 0), (2, 1), (4, 2), (6, 3)]
    assert [c.learning_rate for c in callback.trajectory][1:] == [0.01] * 3
    assert ends_at(callback.trajectory, model)
    check_fits(callback.trajectory, place(model))


@quiet
def test_transformers_leave_a_checkpoint_every_so_many_steps(tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    callback = trainer_callback(every=4)
    train_with_transformers(callback, tmp_path)
    assert moments(callback.trajectory) == [(0, 0), (4, 2), (6, 3)]


def test_a_trajectory_may_be_drawn_before_training_begins() -> None:
    pytest.importorskip("transformers")
    trajectory = trainer_callback().trajectory
    check_fits(trajectory, place(mlp()))
    with pytest.raises(RuntimeError, match="a training that has begun; give the callback to a trainer"):
        trajectory.snapshot()


@pytest.mark.parametrize(
    ("make", "package"), [(lightning_callback, "lightning"), (trainer_callback, "transformers")]
)
def test_a_package_that_is_missing_is_named(make: Any, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(callbacks, "import_module", missing)
    with pytest.raises(ImportError, match=rf"expects the package '{package}', .* `pip install {package}`"):
        make()
