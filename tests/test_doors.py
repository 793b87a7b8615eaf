"""What a user reads who hands over something that can't be measured: expected, came, what to do."""

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.objective.criterion import batch_loss
from landscape_widget.objective.read_objective import read_objective
from tests.cases import draw, draw_classes, mlp

X, Y = draw(37, 4), draw_classes(3, 37)
MODEL = mlp()


class Dropping(nn.Module):
    """Forgets that dropout has a training flag."""

    def __init__(self) -> None:
        super().__init__()
        self.body = mlp()

    def forward(self, x: Tensor) -> Tensor:
        return self.body(F.dropout(x))


def swapped(target: Tensor, output: Tensor) -> Tensor:
    return F.cross_entropy(output, target)


REFUSED: dict[str, tuple[tuple[Any, Any, Any], type[Exception], str]] = {
    "no module": (
        (F.relu, F.cross_entropy, (X, Y)),
        TypeError,
        r"Expected model to be a torch.nn.Module; got .*function.* The order is \(model, loss, data\)",
    ),
    "a class": (
        (nn.Linear, F.cross_entropy, (X, Y)),
        TypeError,
        r"got the class Linear\. Make an instance of it",
    ),
    "a loss class": (
        (MODEL, nn.CrossEntropyLoss, (X, Y)),
        TypeError,
        r"Expected loss to be a function of \(output, target\).*Make an instance: `CrossEntropyLoss\(\)`",
    ),
    "no loss": ((MODEL, "mse", (X, Y)), TypeError, r"Expected loss to be a function.*got str"),
    "loss and data mixed up": (
        (MODEL, (X, Y), F.cross_entropy),
        TypeError,
        r"got tuple\. The order is \(model, loss, data\)",
    ),
    "empty data": ((MODEL, F.cross_entropy, []), ValueError, r"at least one sample; got none"),
    "lengths that differ": (
        (MODEL, F.cross_entropy, (X, Y[:-1])),
        ValueError,
        r"all of one length; got \(float32\[37, 4\], int64\[36\]\)",
    ),
    "data mixed up": (
        (MODEL, F.cross_entropy, (Y, X)),
        ValueError,
        r"(?s)calling the model as model\(int64\[37\]\), with target float32\[37, 4\], raised "
        r"RuntimeError: .+Check the order and dtypes",
    ),
    "arguments mixed up": (
        (MODEL, swapped, (X, Y)),
        ValueError,
        r"(?s)loss\(output, target\); with output float32\[37, 3\] and target int64\[37\] it raised .+order",
    ),
    "classes that don't exist": (
        (MODEL, F.cross_entropy, (X, Y + 5)),
        ValueError,
        r"(?s)it raised IndexError: Target \d is out of bounds",
    ),
    "wrong size": (
        (MODEL, lambda output, target: output[:5, 0], (X, Y)),
        ValueError,
        r"one number or one value for each of the 37 samples of the batch; got float64\[5\]",
    ),
    "no number": (
        (MODEL, lambda output, target: None, (X, Y)),
        TypeError,
        r"the loss to return a number or one value a sample; got NoneType",
    ),
    "no target": (
        (MODEL, F.cross_entropy, X),
        ValueError,
        r"Expected a batch of inputs and a target; got float32\[37, 4\].*lw.batch_loss",
    ),
    "no named target": (
        (MODEL, F.cross_entropy, {"input": X, "class": Y}),
        ValueError,
        r"under one of 'labels', 'label', 'targets', 'target', 'y'; got the keys \['input', 'class'\]",
    ),
    "a single sample": (
        (MODEL, F.cross_entropy, [(X[0], Y[0]), (X[1], Y[1])]),
        ValueError,
        r"one target a sample; got \(float32\[4\], int64\[\]\).*Give the data set itself, or a DataLoader",
    ),
    "a single sample with a number": (
        (MODEL, F.cross_entropy, [{"input": X[0], "label": 2}]),
        ValueError,
        r"one target a sample; got \{'input': float32\[4\], 'label': int\}, which looks like one sample",
    ),
    "random numbers": (
        (Dropping(), F.cross_entropy, (X, Y)),
        ValueError,
        r"Expected the same loss for the same weights; .*draws random numbers.*training=self.training",
    ),
    "another model": (
        (MODEL, batch_loss(lambda model, batch: F.cross_entropy(MODEL(batch[0]), batch[1])), (X, Y)),
        ValueError,
        r"Expected a loss that uses the model it is handed.*the same, bit for bit.*must call its argument",
    ),
    "a function that raises": (
        (MODEL, batch_loss(lambda model, batch: batch["labels"]), (X, Y)),
        ValueError,
        r"called as fn\(model, batch\); with batch \(float32\[37, 4\], int64\[37\]\) it raised TypeError",
    ),
    "a dict without loss": (
        (MODEL, batch_loss(lambda model, batch: {"error": model(batch[0]).mean()}), (X, Y)),
        ValueError,
        r"Expected 'loss' among the metrics the loss returns; got \['error'\]",
    ),
    "a function of the wrong size": (
        (MODEL, batch_loss(lambda model, batch: model(batch[0])[:3]), (X, Y)),
        ValueError,
        r"the loss \('loss'\) to return one number or one value for each of the 37 samples",
    ),
    "a pair of two sizes": (
        (MODEL, batch_loss(lambda model, batch: (model(batch[0])[:, 0], 1.0)), (X, Y)),
        ValueError,
        r"a pair \(sum, weight\) of one size.*Give both for each sample, or both for the whole batch",
    ),
    "meta": (
        (nn.Linear(4, 3, device="meta"), F.cross_entropy, (X, Y)),
        ValueError,
        r"'weight' is on the meta device",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_input_is_refused_with_a_sentence(name: str) -> None:
    arguments, error, sentence = REFUSED[name]
    with pytest.raises(error, match=sentence):
        read_objective(*arguments)


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"device": "warp"}, ValueError, r"Expected a device of this machine.*got 'warp' \(.+Leave it out"),
        ({"device": "meta"}, ValueError, r"Expected a device with values; got 'meta'.*Try 'cpu'"),
        ({"dtype": "float64"}, TypeError, r"one of torch's, such as torch.float64; got 'float64'"),
        ({"dtype": torch.int8}, ValueError, r"a floating point dtype.*got torch.int8"),
        ({"dtype": torch.complex64}, ValueError, r"got torch.complex64. Complex weights stay complex"),
        ({"parameters": ["0.weight"]}, TypeError, r"regular expression; got \['0.weight'\].*'first|second'"),
        (
            {"metrics": {"f1": lambda output, target: None}},
            TypeError,
            r"metric 'f1' to return a number.*; got NoneType: it ends without `return`. Return a tensor",
        ),
        ({"metrics": {"test_f1": F.l1_loss}}, ValueError, r"doesn't begin with test_; got 'test_f1'"),
        ({"metrics": {3: F.l1_loss}}, ValueError, r"names of metrics as text.*got 3"),
        ({"test_data": (X, Y[:-1])}, ValueError, r"^test_data: .*all of one length"),
        ({"test_data": 3}, TypeError, r"^test_data: Expected data as a DataLoader"),
        (
            {"test_data": (X[:, :3], Y)},
            ValueError,
            r"(?s)test_data in the form of data; a batch \(float32\[37, 3\], int64\[37\]\) of it raised",
        ),
    ],
)
def test_bad_options_are_refused_with_a_sentence(
    options: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        read_objective(MODEL, F.cross_entropy, (X, Y), **options)


@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")
def test_a_model_compiled_by_torch_jit_is_refused() -> None:
    with pytest.raises(TypeError, match=r"can be told apart; \w+ is compiled by torch.jit. Give the module"):
        read_objective(torch.jit.trace(MODEL, X), F.cross_entropy, (X, Y))


def test_numpys_whole_numbers_are_taken() -> None:
    assert read_objective(MODEL, F.cross_entropy, (X, Y), samples=np.int64(5)).samples == 5


@pytest.mark.parametrize(
    ("samples", "error", "sentence"),
    [
        (0, ValueError, r"samples between 1 and 37, the size of the data; got 0"),
        (38, ValueError, r"samples between 1 and 37, the size of the data; got 38"),
        (3.5, TypeError, r"samples to be a whole number or None for all 37; got 3.5"),
        (True, TypeError, r"samples to be a whole number"),
    ],
)
def test_samples_out_of_range_are_refused(samples: Any, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        read_objective(MODEL, F.cross_entropy, (X, Y), samples=samples)


def test_metrics_of_the_wrong_kind_are_refused() -> None:
    with pytest.raises(TypeError, match=r"Expected metrics as a mapping.*got list"):
        read_objective(MODEL, F.cross_entropy, (X, Y), metrics=[F.l1_loss])
    with pytest.raises(ValueError, match=r"Expected metrics beside the loss; got one named 'loss'"):
        read_objective(MODEL, F.cross_entropy, (X, Y), metrics={"loss": F.l1_loss})
    with pytest.raises(ValueError, match=r"no metrics beside lw.batch_loss.*got \['f1'\].*return a dict"):
        fn = batch_loss(lambda model, batch: F.cross_entropy(model(batch[0]), batch[1]))
        read_objective(MODEL, fn, (X, Y), metrics={"f1": F.l1_loss})


def test_a_function_whose_metrics_change_is_refused() -> None:
    def fn(model: nn.Module, batch: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
        loss = F.cross_entropy(model(batch[0]), batch[1])
        return {"loss": loss} if len(batch[0]) != 7 else {"loss": loss, "extra": loss}

    objective = read_objective(MODEL, batch_loss(fn), [(X[:30], Y[:30]), (X[30:], Y[30:])])
    with pytest.raises(
        ValueError, match=r"the same metrics for every batch, \['loss'\]; got \['loss', 'extra'\]"
    ):
        objective.measure(objective.model, objective.portions(37))


def test_nothing_is_refused_for_a_loss_that_is_not_finite() -> None:
    broken = mlp()
    nn.init.constant_(broken.get_parameter("0.bias"), float("nan"))
    objective = read_objective(
        broken, batch_loss(lambda model, b: F.cross_entropy(model(b[0]), b[1])), (X, Y)
    )
    measurement = objective.measure(objective.model, objective.portions(37))
    assert measurement is not None
    assert torch.isnan(torch.tensor(measurement.mean)).all()
    assert "0.bias holds NaN or infinities, so no cell near the origin may be finite." in objective.notes
