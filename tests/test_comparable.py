"""Is a difference that makes one scale a lie named, and nothing else; and is the scale that of all?"""

import numpy as np
import pytest
from export_cases import measured

from landscape_widget.surface.comparable import common_extent, differing, title_words

SAME = {
    "loss": "cross_entropy",
    "normalization": "filter",
    "one_dimensional": "fixed",
    "batch_norm": "frozen",
    "mode": "eval",
    "data_fingerprint": "a" * 64,
    "samples": 1797,
    "directions": [{"key": "random", "seed": 0, "normalization": None}] * 2,
}


def two(**changes):
    return {"A": SAME, "B": SAME | changes}


def test_members_measured_alike_may_share_a_scale():
    assert differing({"A": SAME, "B": SAME, "C": dict(SAME)}) == ()
    assert differing({"A": SAME}) == differing({}) == ()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"loss": "MSELoss()"}, "loss: cross_entropy for 'A', MSELoss() for 'B'"),
        ({"normalization": "none"}, "normalization: filter for 'A', none for 'B'"),
        ({"one_dimensional": "copy"}, "biases and gains: fixed for 'A', copy for 'B'"),
        ({"batch_norm": "reestimate"}, "BatchNorm: frozen for 'A', re-estimated for 'B'"),
        ({"mode": "train"}, "mode: eval for 'A', train for 'B'"),
        ({"data_fingerprint": "b" * 64}, "data: aaaaaaaaaaaa for 'A', bbbbbbbbbbbb for 'B'"),
        ({"samples": 100}, "samples: 1,797 for 'A', 100 for 'B'"),
    ],
)
def test_each_difference_says_what_and_between_whom(changes, sentence):
    assert differing(two(**changes)) == (sentence,)


def test_members_that_agree_stand_together():
    settings = {"A": SAME, "B": SAME | {"mode": "train"}, "C": SAME, "D": SAME}
    assert differing(settings) == ("mode: eval for 'A', 'C' and 'D', train for 'B'",)


def test_what_a_member_does_not_have_is_no_difference():
    assert differing(two(batch_norm=None)) == ()
    assert differing({"A": SAME, "B": {}}) == ()


def test_the_normalization_is_that_of_the_random_axes():
    towards = [{"key": "given 0", "seed": 0, "normalization": None}]
    assert differing(two(directions=towards, normalization="none", one_dimensional="copy")) == ()
    own = [{"key": "random", "seed": 0, "normalization": "layer"}, SAME["directions"][1]]
    assert differing(two(directions=own)) == ("normalization: filter for 'A', layer and filter for 'B'",)
    rule = [{"key": "random, layer", "seed": 0, "normalization": None}] * 2
    assert differing(two(directions=rule)) == ("normalization: filter for 'A', layer for 'B'",)
    assert differing({"A": SAME | {"normalization": "layer"}, "B": SAME | {"directions": rule}}) == ()
    chosen = [{"key": "random, layer", "seed": 0, "normalization": "filter"}] * 2
    assert differing(two(directions=chosen)) == ()


def test_a_cell_of_a_matrix_is_called_by_its_row_and_column():
    settings = {("depth 20", "k = 1"): SAME, ("depth 20", "k = 2"): SAME | {"mode": "train"}}
    assert differing(settings) == ("mode: eval for 'depth 20 · k = 1', train for 'depth 20 · k = 2'",)
    assert title_words(("depth", 3)) == "depth · 3"


def test_the_common_extent_is_that_of_all_finished_levels():
    small, large = measured([lambda a, b: a + b]), measured([lambda a, b: 10 * a])
    assert common_extent([small, large], ["loss"]) == (-10, 10)
    growing = measured([lambda a, b: 100 * a * b], 9, 9, cells=2 + 25 + 3)
    assert common_extent([growing], ["loss"]) == (-200, 200)
    assert common_extent([measured([lambda a, b: a], 9, 9, cells=3)], ["loss"]) is None


def test_what_is_not_finite_and_what_one_does_not_have_is_left_out():
    holed = measured([lambda a, b: np.where(a > 0, np.nan, a)])
    assert common_extent([holed], ["loss", "accuracy"]) == (-1, 0)


def test_a_flat_landscape_has_room_on_both_sides():
    assert common_extent([measured([lambda a, b: 0 * a + 2])], ["loss"]) == pytest.approx((1.8, 2.2))
    assert common_extent([measured([lambda a, b: 0 * a])], ["loss"]) == (-1, 1)
