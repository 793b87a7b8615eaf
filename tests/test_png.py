"""Are the pixels of a PNG those that went in, and is it known by its inscription whatever its size?"""

import base64
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape_widget.files.png import encode, inscribed, inscription, width_of

image = pytest.importorskip("PIL.Image")


def read(png):
    return image.open(io.BytesIO(png))


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 9))
def test_another_program_reads_the_same_pixels(height, width, seed):
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    png = encode(pixels)
    np.testing.assert_array_equal(np.asarray(read(png)), pixels)
    assert width_of(png) == width


@given(st.integers(1, 300), st.text("0123456789abcdef", min_size=1, max_size=40))
def test_in_base64_it_contains_its_inscription_and_no_other(width, key):
    png = encode(np.zeros((3, width, 3), np.uint8))
    page = base64.b64encode(inscribed(png, f"{key}-ours")).decode()
    assert inscription(f"{key}-ours") in page
    assert inscription(f"{key}-others") not in page
    assert inscription(f"{key}-ours") not in base64.b64encode(png).decode()


def test_an_inscribed_picture_is_still_read():
    pixels = np.full((4, 5, 3), 7, np.uint8)
    found = read(inscribed(encode(pixels), "a1b2"))
    np.testing.assert_array_equal(np.asarray(found), pixels)
    assert found.text == {"landscape-widget": "a1b2"}
