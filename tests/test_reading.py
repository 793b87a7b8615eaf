"""Every common form of data says the same, and is left as it was."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset

from landscape_widget.objective.random_state import random_state_digest
from landscape_widget.objective.reading import read_batches
from tests.cases import draw, draw_classes

X, Y = draw(11, 4), draw_classes(3, 11)


class Samples(Dataset):
    def __getitem__(self, index: int) -> dict[str, Tensor]:
        return {"x": X[index], "y": Y[index]}

    def __len__(self) -> int:
        return 11


class Stream(IterableDataset):
    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        yield from zip(X, Y, strict=True)


def endless() -> Iterator[tuple[Tensor, Tensor]]:
    while True:
        yield X, Y


FORMS = {
    "tuple": (X, Y),
    "dict": {"x": X, "y": Y},
    "data set": TensorDataset(X, Y),
    "data set of dicts": Samples(),
    "loader": DataLoader(TensorDataset(X, Y), batch_size=3),
    "loader of dicts": DataLoader(Samples(), batch_size=3),
    "list of tuples": [(X[:5], Y[:5]), (X[5:], Y[5:])],
    "list of dicts": [{"x": X[:5], "y": Y[:5]}, {"x": X[5:], "y": Y[5:]}],
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_holds_the_same_samples(form: str) -> None:
    batches = read_batches(FORMS[form])
    assert batches.size == 11
    pairs = [tuple(b.values()) if isinstance(b, dict) else b for b in batches.take(11)]
    assert torch.equal(torch.cat([x for x, _ in pairs]), X)
    assert torch.equal(torch.cat([y for _, y in pairs]), Y)


@pytest.mark.parametrize("form", FORMS)
def test_later_changes_to_the_users_tensors_are_not_seen(form: str) -> None:
    batches = read_batches(FORMS[form])
    theirs = {X.untyped_storage().data_ptr(), Y.untyped_storage().data_ptr()}
    for batch in batches.take(11):
        for tensor in batch.values() if isinstance(batch, dict) else batch:
            assert tensor.untyped_storage().data_ptr() not in theirs


def test_many_samples_are_cut_into_batches() -> None:
    batches = read_batches((draw(1200, 2), draw(1200)))
    assert [len(x) for x, _ in batches.take(1200)] == [512, 512, 176]


def test_a_shuffled_loader_is_read_once_without_a_trace() -> None:
    generator = torch.Generator().manual_seed(5)
    data = TensorDataset(X, Y)
    for loader in (
        DataLoader(data, shuffle=True, batch_size=4),
        DataLoader(data, shuffle=True, batch_size=4, generator=generator),
    ):
        before, own = random_state_digest(), generator.get_state()
        batches = read_batches(loader)
        assert random_state_digest() == before
        assert torch.equal(generator.get_state(), own)
        order = [y.tolist() for _, y in batches.take(11)]
        assert [y.tolist() for _, y in batches.take(11)] == order
        assert sorted(label for batch in order for label in batch) == sorted(Y.tolist())


def test_data_without_length_is_read_up_to_the_samples() -> None:
    assert read_batches(endless(), samples_limit=30).size == 30
    assert read_batches(Stream(), samples_limit=5).size == 5
    assert read_batches(DataLoader(Stream(), batch_size=4), samples_limit=100).size == 11


@pytest.mark.parametrize("data", [endless(), Stream(), DataLoader(Stream(), batch_size=4)])
def test_data_without_length_needs_samples(data: object) -> None:
    with pytest.raises(ValueError, match=r"Expected data with an end.*may never stop.*samples=1024"):
        read_batches(data)


def test_floats_are_cast_and_classes_are_not() -> None:
    ((x, y),) = read_batches((X, Y), dtype=torch.float64).take(11)
    assert (x.dtype, y.dtype) == (torch.float64, torch.int64)


def test_inputs_that_need_gradients_keep_that() -> None:
    ((x, _),) = read_batches((X.clone().requires_grad_(), Y)).take(11)
    assert x.requires_grad and x.is_leaf


def test_progress_is_told() -> None:
    told: list[int] = []
    read_batches(DataLoader(TensorDataset(X, Y), batch_size=4), on_progress=told.append)
    assert told == [4, 8, len(X)]


@pytest.mark.parametrize(
    "data", [[], (torch.zeros(0, 4), torch.zeros(0)), DataLoader(TensorDataset(X[:0], Y[:0]))]
)
def test_empty_data_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match=r"Expected data with at least one sample; got none"):
        read_batches(data)


@pytest.mark.parametrize("data", [(X, Y[:-1]), {"x": X, "y": Y[:-1]}])
def test_lengths_that_differ_are_refused(data: object) -> None:
    with pytest.raises(
        ValueError, match=r"all of one length; got .*float32\[11, 4\].*int64\[10\].*row by row"
    ):
        read_batches(data)


def test_columns_without_tensors_are_refused() -> None:
    with pytest.raises(TypeError, match=r"Expected tensors; entry 1 of the data is list.*as_tensor"):
        read_batches((X, [1, 2, 3]))


@pytest.mark.parametrize("data", [3, "data", nn.Linear(2, 2), None])
def test_something_else_is_refused(data: object) -> None:
    with pytest.raises(
        TypeError, match=r"Expected data as a DataLoader.*got .*order is \(model, loss, data\)"
    ):
        read_batches(data)
