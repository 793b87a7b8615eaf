"""Is what stays of a line just what lies inside the limits?"""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from landscape_widget.files.image.inside import inside, pieces

SQUARE = np.array([[-1.0, 1.0], [-1.0, 1.0]])
GAP = [np.nan, np.nan]


def test_a_line_that_stays_inside_is_as_it_was():
    places = np.array([[-1, -1], [0, 1], GAP, [1, 0]])
    assert pieces(places, SQUARE) is places


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([[0, 0], [2, 1]], [GAP, [0, 0], [1, 0.5]]),
        ([[0, 0], [0.5, 0], [2, 0]], [GAP, [0, 0], [0.5, 0], [1, 0]]),
        ([[-2, 0], [2, 0]], [GAP, [-1, 0], [1, 0]]),
        ([[0, 0], [0, 2], [1, 0]], [GAP, [0, 0], [0, 1], GAP, [0.5, 1], [1, 0]]),
        ([[-2, 0], [0, 2]], []),
        ([[2, -1], [2, 1]], []),
        ([[0, 0], GAP, [0, 0], [0, 2]], [GAP, [0, 0], [0, 1]]),
        ([[2, 0]], []),
    ],
)
def test_a_line_that_leaves_ends_at_the_edge_and_begins_again_there(places, expected):
    found = pieces(np.array(places, float), SQUARE)
    np.testing.assert_allclose(found, np.array(expected, float).reshape(-1, 2), atol=1e-12)


def walked(line):
    """Places along a line, close to each other; none across its gaps."""
    share = np.linspace(0, 1, 200)[:, None]
    steps = [start + share * (end - start) for start, end in pairwise(line)]
    places = np.concatenate(steps) if steps else np.empty((0, line.shape[1]))
    return places[np.isfinite(places).all(axis=1)]


@given(arrays(float, (6, 3), elements=st.floats(-3, 3, width=16)))
def test_all_that_lies_inside_is_drawn_and_nothing_else(line):
    box = np.array([[-1.0, 1.0], [-2.0, 1.5], [0.0, 2.0]])
    found = walked(pieces(line, box))
    assert (found >= box[:, 0] - 1e-9).all() and (found <= box[:, 1] + 1e-9).all()
    expected = walked(line)
    expected = expected[((expected > box[:, 0] + 0.02) & (expected < box[:, 1] - 0.02)).all(axis=1)]
    for place in expected:
        assert np.linalg.norm(found - place, axis=1).min() < 0.03


def test_the_edge_is_inside_by_a_hair():
    places = np.array([[1 + 1e-12, -1], [1 + 1e-6, 0], [np.nan, 0]])
    assert inside(places, SQUARE).tolist() == [True, False, False]
