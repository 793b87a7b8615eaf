"""The same samples for every cell, however the data is nested."""

from collections import namedtuple

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from landscape_widget.objective.batches import Batches, parts
from landscape_widget.objective.structures import Ragged, fresh, joined, shapes, size_of, taken
from tests.cases import draw

Pair = namedtuple("Pair", "x y")


def batches(*sizes: int) -> Batches:
    numbers = torch.arange(sum(sizes)).split(sizes)
    return Batches((part.float()[:, None], part) for part in numbers)


def numbers(taken_batches: tuple) -> list[int]:
    return [number for _, target in taken_batches for number in target.tolist()]


def test_all_samples_come_as_they_were_read() -> None:
    data = batches(4, 4, 3)
    assert data.size == 11
    assert [len(x) for x, _ in data.take(11)] == [4, 4, 3]
    assert numbers(data.take(11)) == list(range(11))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(0, 3), st.data())
def test_a_subset_is_in_order_without_repeats_and_nested(
    sizes: list[int], seed: int, data: st.DataObject
) -> None:
    source = batches(*sizes)
    n = data.draw(st.integers(1, source.size))
    chosen = numbers(source.take(n, seed))
    assert len(chosen) == n
    assert chosen == sorted(set(chosen))
    assert set(numbers(source.take((n + 1) // 2, seed))) <= set(chosen)
    assert all(torch.equal(x[:, 0].long(), y) for x, y in source.take(n, seed))


def test_subsets_depend_on_the_seed_alone() -> None:
    assert numbers(batches(50, 50).take(20, 1)) == numbers(batches(30, 70).take(20, 1))
    assert numbers(batches(100).take(20, 1)) != numbers(batches(100).take(20, 2))


def test_a_subset_leaves_the_global_random_state_alone() -> None:
    before = torch.get_rng_state()
    batches(100).take(20)
    assert torch.equal(torch.get_rng_state(), before)


def test_small_pieces_are_joined_to_batches_no_larger_than_the_users() -> None:
    sizes = [len(x) for x, _ in batches(*[8] * 20).take(40)]
    assert max(sizes) <= 8
    assert len(sizes) < 10  # 20 pieces of two or so


def test_ragged_batches_are_not_joined() -> None:
    data = Batches([(draw(6, 3), draw(6)), (draw(6, 4), draw(6))])
    shapes_taken = [tuple(x.shape[1:]) for x, _ in data.take(7)]
    assert shapes_taken == [(3,), (4,)]


def test_shuffled_samples_are_the_same_subset_in_pieces_of_nearly_one_size() -> None:
    data = batches(4, 4, 3)
    pieces = data.shuffled(9, 0, 4)
    assert [len(x) for x, _ in pieces] == [3, 3, 3]
    assert sorted(numbers(tuple(pieces))) == numbers(data.take(9, 0)) != numbers(tuple(pieces))
    assert numbers(tuple(data.shuffled(9, 0, 4))) == numbers(tuple(pieces))
    assert numbers(tuple(pieces[1:])) == numbers(tuple(pieces))[3:]
    assert numbers(tuple(data.shuffled(9, 1, 4))) != numbers(tuple(pieces))


def test_what_is_shuffled_is_not_kept_twice() -> None:
    data = batches(400, 400)
    pieces = data.shuffled(800, 0, 128)
    stored = {tensor.untyped_storage().data_ptr() for batch in data.take(800) for tensor in batch}
    assert {tensor.untyped_storage().data_ptr() for tensor in pieces.whole} == stored
    assert len(stored) == 2


def test_ragged_batches_are_shuffled_by_nobody() -> None:
    data = Batches([(draw(6, 3), draw(6)), (draw(6, 4), draw(6))])
    assert [x.shape for x, _ in data.shuffled(12, 0, 4)] == [(6, 3), (6, 4)]


def test_a_fingerprint_is_the_same_however_the_samples_are_batched() -> None:
    one = batches(100).fingerprint
    assert len(one) == 64
    assert batches(30, 70).fingerprint == batches(*[1] * 100).fingerprint == one
    assert batches(99).fingerprint != one


@pytest.mark.parametrize("index", [0, 63, 199])
def test_a_fingerprint_looks_all_over_the_data(index: int) -> None:
    x = draw(200, 3)
    before = Batches([(x[:50],), (x[50:],)]).fingerprint
    changed = x.clone()
    changed[[index - 1, index, (index + 1) % 200, (index + 2) % 200]] += 1
    assert Batches([(changed,)]).fingerprint != before


def test_a_fingerprint_knows_types_shapes_texts_and_nests() -> None:
    x = torch.zeros(4, 6)
    data = [(x,), (x.double(),), (x.reshape(4, 2, 3),), (x, list("abcd")), (x, list("abcx")), {"x": (x, x)}]
    assert len({Batches([batch]).fingerprint for batch in data}) == len(data)


def test_a_fingerprint_is_cheap_for_large_data_and_leaves_out_what_all_samples_share() -> None:
    shared = {"x": torch.zeros(3, 2), "scale": torch.tensor(2.0), "edges": torch.zeros(2, 9).to_sparse()}
    assert Batches([shared]).fingerprint == Batches([shared | {"scale": torch.tensor(3.0)}]).fingerprint
    large = Batches([(torch.zeros(1).expand(2_000_000, 500),)])
    assert len(large.fingerprint) == 64


def test_parts_keep_samples_and_order() -> None:
    (whole,) = batches(10).take(10)
    assert [len(x) for x, _ in parts(whole, 4)] == [4, 4, 2]
    assert numbers(tuple(parts(whole, 4))) == list(range(10))


@pytest.mark.parametrize("n", [0, -1, 12])
def test_a_subset_out_of_range_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match=rf"Expected samples between 1 and 11.*got {n}"):
        batches(11).take(n)


def test_nests_are_rebuilt_in_kind() -> None:
    batch = {"pair": Pair(draw(4, 2), [draw(4), "name"]), "texts": list("abcd"), "scale": torch.tensor(2.0)}
    some = taken(batch, torch.tensor([1, 3]))
    assert isinstance(some["pair"], Pair)
    assert torch.equal(some["pair"].x, batch["pair"].x[[1, 3]])
    assert some["pair"].y[1] == "name"
    assert some["texts"] == ["b", "d"]
    assert some["scale"] is batch["scale"]
    assert taken(batch, slice(1, 3))["texts"] == ["b", "c"]


def test_joining_undoes_cutting() -> None:
    batch = {"pair": Pair(draw(4, 2), draw(4)), "texts": list("abcd"), "kind": "train"}
    whole = joined([taken(batch, slice(0, 1)), taken(batch, slice(1, 4))])
    assert torch.equal(whole["pair"].x, batch["pair"].x)
    assert (whole["texts"], whole["kind"]) == (batch["texts"], "train")


@pytest.mark.parametrize(
    "parts",
    [
        (draw(2, 3), draw(2, 4)),
        (draw(2), (draw(2),)),
        ({"a": draw(2)}, {"b": draw(2)}),
        ((draw(2), draw(2)), (draw(2),)),
        ((draw(2), "a"), (draw(2), "b")),
        ((draw(2), torch.tensor(1.0)), (draw(2), torch.tensor(2.0))),
    ],
)
def test_what_does_not_fit_is_not_joined(parts: tuple) -> None:
    with pytest.raises(Ragged):
        joined(parts)


def test_a_fresh_batch_can_be_popped_from() -> None:
    batch = {"x": draw(2), "labels": draw(2)}
    fresh(batch).pop("labels")
    assert "labels" in batch


def test_the_size_is_the_first_length() -> None:
    assert size_of({"scale": torch.tensor(1.0), "x": draw(5, 2)}) == 5
    assert size_of("a graph") == 1


def test_shapes_read_like_shapes() -> None:
    batch = (draw(2, 3), {"y": torch.zeros(2, dtype=torch.long)}, [1, "a"])
    assert shapes(batch) == "(float32[2, 3], {'y': int64[2]}, [int, str])"
