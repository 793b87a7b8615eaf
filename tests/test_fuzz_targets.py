"""Are the readers that are fuzzed by night the right ones, fed with what is right, and is a finding seen?"""

from __future__ import annotations

import random

import pytest

from tests.fuzz.__main__ import INPUTS, report
from tests.fuzz.targets import TARGETS


def test_each_night_has_a_hundred_thousand_inputs_and_more():
    shares = [target.share for target in TARGETS.values()]
    assert sum(shares) == pytest.approx(1)
    assert sum(round(INPUTS * share) for share in shares) >= 100_000


@pytest.mark.parametrize("name", TARGETS)
def test_mutations_begin_with_what_is_right(name, tmp_path):
    target = TARGETS[name]
    read = 0
    for seed in target.seeds(tmp_path):
        try:
            target.reads(seed, tmp_path)
            read += 1
        except target.refuses:
            assert name.startswith("HDF5")  # a seed of those says what is to be changed
    assert read > 0


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_wrong_is_refused_as_it_may_be(name, tmp_path):
    target, draw = TARGETS[name], random.Random(0)
    for size in (0, 1, 7, 60, 300):
        try:
            target.reads(draw.randbytes(size), tmp_path)
        except target.refuses as refusal:
            assert str(refusal)


def test_a_finding_is_said_and_counted():
    said = report({"one": (1000, ""), "another": (17, "ended with 77, see a.txt")}, 2.4)
    assert said == [
        "one                          1,000  nothing found",
        "another                         17  ended with 77, see a.txt",
        "all                          1,017  1 with findings, 2 s",
    ]
